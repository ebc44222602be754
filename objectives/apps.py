from django.apps import AppConfig


class ObjectivesConfig(AppConfig):
    name = "objectives"
    label = "objectives"

    def ready(self) -> None:
        from eds.people.links import part_fact
        from evidence.last_year.queries import offer_source

        from .equality import mails as of_objectives
        from .plan import mails, queries

        part_fact(queries.owns_something_open)
        offer_source(queries.proofs_of)
        mails.register_all()
        of_objectives.register_all()
