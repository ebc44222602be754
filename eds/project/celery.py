"""The Celery application. Jobs are rows first; a message only says that one is waiting."""

import os

from celery import Celery
from kombu.transport import TRANSPORT_ALIASES

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eds.project.settings")

# By its name and not by CELERY_BROKER_TRANSPORT: kombu goes by the name where rediss:// asks for TLS.
TRANSPORT_ALIASES.update(dict.fromkeys(("redis", "rediss"), "eds.jobs.redis_transport:Transport"))

app = Celery("eds")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
