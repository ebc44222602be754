from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    label = "reports"

    def ready(self) -> None:
        from eds.jobs.registry import register

        from .checks import machine  # noqa: F401 - registers them
        from .domain import RENDER, render
        from .objectives import domain as objectives

        register(RENDER, render)
        register(objectives.RENDER, objectives.render)
