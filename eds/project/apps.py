from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "eds.project"
    label = "project"
