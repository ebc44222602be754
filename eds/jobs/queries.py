"""What pages ask about jobs."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.db.models import Max, QuerySet
from django.utils import timezone

from .clock import from_now
from .models import Job, WorkerSeen


def worker_is_heard() -> bool:
    """Say whether any worker was heard of within EDS_WORKER_SILENT_SECONDS. One query."""
    return WorkerSeen.objects.filter(seen_at__gte=from_now(-settings.EDS_WORKER_SILENT_SECONDS)).exists()


def seconds_since_a_worker() -> float | None:
    """Give how long ago any worker was heard of, by this machine's clock, or None for never. One query."""
    seen = WorkerSeen.objects.aggregate(last=Max("seen_at"))["last"]
    return None if seen is None else max(0.0, (timezone.now() - seen).total_seconds())


def jobs_about(subject: str) -> QuerySet[Job]:
    """Give the jobs about one thing (its public id), newest first."""
    return Job.objects.filter(subject=subject).order_by("-pk")


def latest_job(kind: str, subject: str) -> Job | None:
    """Give the newest job of a kind about one thing (its public id), or None. One query."""
    return jobs_about(subject).filter(kind=kind).first()


def latest_jobs(kind: str, subjects: Iterable[str]) -> dict[str, Job]:
    """Give the newest job of a kind about each of many things, by their public ids. One query."""
    return {job.subject: job for job in Job.objects.filter(kind=kind, subject__in=list(subjects)).order_by("pk")}
