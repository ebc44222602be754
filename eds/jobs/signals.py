"""What happens when a worker or a scheduler starts."""

from __future__ import annotations

from typing import Any

from celery.signals import beat_init, celeryd_after_setup, worker_ready
from django.db import connection

from .broker import ensure_folders
from .running import see_worker


@celeryd_after_setup.connect(dispatch_uid="eds.jobs folders for the worker")
@beat_init.connect(dispatch_uid="eds.jobs folders for the scheduler")
def make_folders(**kwargs: Any) -> None:
    """Make the filesystem broker's folders before anything looks into them."""
    ensure_folders()


@worker_ready.connect(dispatch_uid="eds.jobs worker is heard")
def worker_is_ready(sender: Any, **kwargs: Any) -> None:
    """Let the worker be heard at once, not only with its first sweep."""
    try:
        see_worker(sender.hostname)
    finally:
        # The worker's main process forks: its children must not inherit an open connection.
        connection.close()
