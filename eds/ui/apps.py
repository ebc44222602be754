from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "eds.ui"
    label = "ui"
