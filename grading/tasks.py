"""Thin Celery entries of the grading room."""

from celery import shared_task

from eds.history.models import today

from .domain import settle_overdue


@shared_task
def settle_overdue_outcomes() -> None:
    """Agree what the rounds' deadlines have decided (R1). Safe to run twice."""
    settle_overdue(today())
