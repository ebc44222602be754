"""Thin Celery entries. A message only says that a row waits: lost, late or doubled ones do no harm."""

from __future__ import annotations

from celery import Task, shared_task
from django.conf import settings

from . import domain


@shared_task(bind=True, ignore_result=True)
def run_job(self: Task, public_id: str) -> None:
    """Do the job, if it is still to be done."""
    domain.run(public_id, worker=self.request.hostname or "")


# A sweep that waited behind a long job is worth nothing: the next one is on its way.
@shared_task(bind=True, ignore_result=True, expires=max(2 * settings.EDS_SWEEP_SECONDS, 10))
def sweep(self: Task) -> None:
    """Send again what got lost, and let this worker be heard. The worker runs it; the scheduler only asks for it."""
    domain.sweep(worker=self.request.hostname or "")
