from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "eds.people"
    label = "people"

    def ready(self) -> None:
        from . import mails

        mails.register_all()
