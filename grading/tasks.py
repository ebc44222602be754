"""Thin Celery entries of the grading room."""

from celery import shared_task

from eds.history.models import today, today_by_the_database

from .domain import settle_overdue


@shared_task
def settle_overdue_outcomes() -> None:
    """Agree what the rounds' deadlines have decided (R1). Safe to run twice.

    It cannot be undone, so a deadline has passed only when this machine's clock and the database's both say so.
    """
    settle_overdue(min(today(), today_by_the_database()))
