from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "eds.files"
    label = "files"
