"""Thin Celery entries of the composed pages."""

from celery import shared_task

from eds.people.links import forget_requests

from .mails.telling import remind_before_dates


@shared_task(ignore_result=True)
def remind() -> None:
    """Queue the reminders that are due. Safe to run twice."""
    remind_before_dates()


@shared_task(ignore_result=True)
def forget() -> None:
    """Delete what is kept for a day only."""
    forget_requests()
