"""What the scheduler asks of files."""

from __future__ import annotations

from celery import shared_task

from . import domain


@shared_task(ignore_result=True)
def finish_destroying() -> None:
    """Take away the bytes of destroyed files that outlived the decision. Doing it twice at once changes nothing."""
    domain.finish_destroying()


@shared_task(ignore_result=True)
def forget_unfinished() -> None:
    """Delete what a process left behind that ended in the middle of writing a file. Doing it twice changes nothing."""
    domain.forget_unfinished()
