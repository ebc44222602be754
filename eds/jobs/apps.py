from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "eds.jobs"
    label = "jobs"

    def ready(self) -> None:
        from . import signals  # noqa: F401 - connects what a starting worker does
