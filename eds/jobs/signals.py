"""What happens when a worker or a scheduler starts."""

from __future__ import annotations

from typing import Any

from celery.signals import beat_init, celeryd_after_setup, task_postrun, task_prerun, worker_ready
from django.db import connection

from eds.ui import request_id

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


@task_prerun.connect(dispatch_uid="eds.jobs id of a task")
def task_begins(task_id: str, **kwargs: Any) -> None:
    """Give a task an id in the logs; a job takes that of the request which queued it."""
    request_id.begin(f"task-{task_id[:12]}")


@task_postrun.connect(dispatch_uid="eds.jobs id of no task")
def task_ends(**kwargs: Any) -> None:
    """What the worker logs between tasks belongs to none."""
    request_id.begin("")
