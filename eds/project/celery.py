"""The Celery application. Jobs are rows first; a message only says that one is waiting."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eds.project.settings")

app = Celery("eds")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
