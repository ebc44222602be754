from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "eds.assessments"
    label = "assessments"

    def ready(self) -> None:
        from . import conditions, contracts, triggers

        triggers.declare_all()
        contracts.phase_condition(conditions.panels_are_ready)
        contracts.phase_condition(conditions.every_outcome_has_a_round)
