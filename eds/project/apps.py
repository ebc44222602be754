from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "eds.project"
    label = "project"

    def ready(self) -> None:
        from . import checks  # noqa: F401 - they register themselves
