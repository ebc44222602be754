"""What is done by the clock."""

from celery import shared_task

from eds.ui import unsaved


@shared_task
def forget_old_unsaved_texts() -> None:
    """Delete drafts and kept texts that are too old."""
    unsaved.forget_old()
