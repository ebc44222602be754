"""Thin Celery entries of objectives and plans."""

from celery import shared_task

from .plan.telling import follow_up


@shared_task(ignore_result=True)
def follow_plans() -> None:
    """Queue the mails about plans that are due. Safe to run twice."""
    follow_up()
