from django.apps import AppConfig


class FrameworksConfig(AppConfig):
    name = "eds.frameworks"
    label = "frameworks"
