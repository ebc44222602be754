"""What the scheduler asks of people's log-ins."""

from __future__ import annotations

from celery import shared_task
from django.core.management import call_command


@shared_task(ignore_result=True)
def forget_old_sessions() -> None:
    """Delete sessions that have run out. Doing it twice at once changes nothing."""
    call_command("clearsessions")
