from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class HistoryConfig(AppConfig):
    name = "eds.history"
    label = "history"

    def ready(self) -> None:
        from . import planned, prepared, triggers

        pre_migrate.connect(triggers.before_migrations, sender=self, dispatch_uid="drop triggers")
        post_migrate.connect(triggers.after_migrations, sender=self, dispatch_uid="make triggers")
        post_migrate.connect(prepared.forget, sender=self, dispatch_uid="forget prepared queries")
        connection_created.connect(planned.plan_for_all_values, dispatch_uid="plan for all values")
