from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "eds.access"
    label = "access"

    def ready(self) -> None:
        from eds.assessments import contracts

        from . import grants

        contracts.belonging_hook(grants.derive)
