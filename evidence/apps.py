from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "evidence"
    label = "evidence"

    def ready(self) -> None:
        from eds.assessments import contracts

        from . import conditions, domain, queries

        contracts.phase_effect(domain.pin_citations)
        contracts.phase_condition(conditions.questions_are_answered)
        contracts.conflict_fact(queries.authors_conflict)
