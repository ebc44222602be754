from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "eds.access"
    label = "access"

    def ready(self) -> None:
        from eds.people.belonging import belonging_hook

        from . import grants, invitations

        belonging_hook(grants.derive)
        invitations.register_all()
