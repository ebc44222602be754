from django.apps import AppConfig

from eds.jobs import registry


class TestAppConfig(AppConfig):
    name = "tests.jobs.testapp"
    label = "jobs_testapp"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from eds.jobs import outbox

        from . import handlers

        registry.register("test.quick", handlers.quick)
        registry.register("test.waits", handlers.waits)
        outbox.register_mail(outbox.MailKind("test.mail", handlers.why_no_mail, handlers.write_mail))
