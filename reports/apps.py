from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    label = "reports"

    def ready(self) -> None:
        from eds.jobs.registry import register

        from . import checks  # noqa: F401 - registers them
        from .domain import RENDER, render

        register(RENDER, render)
