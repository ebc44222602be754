from django.apps import AppConfig


class FrameworksConfig(AppConfig):
    name = "eds.frameworks"
    label = "frameworks"

    def ready(self) -> None:
        from . import triggers

        triggers.declare_all()
