from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "eds.people"
    label = "people"
