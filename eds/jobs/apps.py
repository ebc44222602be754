from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "eds.jobs"
    label = "jobs"

    def ready(self) -> None:
        from . import outbox, registry, signals  # noqa: F401 - signals connects what a starting worker does

        registry.register(outbox.SEND, outbox.deliver, failed=outbox.failed, patient=True)
