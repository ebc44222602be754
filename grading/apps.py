from django.apps import AppConfig


class GradingConfig(AppConfig):
    name = "grading"
    label = "grading"

    def ready(self) -> None:
        from eds.assessments import contracts

        from . import conditions, domain, timeline, triggers

        triggers.declare_all()
        contracts.phase_condition(conditions.every_outcome_is_proposed)
        contracts.phase_condition(conditions.every_outcome_is_closed)
        contracts.phase_effect(domain.settle_round)
        for source in timeline.SOURCES:
            contracts.timeline_source(source)
