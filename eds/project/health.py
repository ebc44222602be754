"""Whether this installation is ready to serve, part by part, and numbers of what waits."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count
from kombu.exceptions import KombuError, OperationalError
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from eds.files.errors import StoreUnreachable
from eds.jobs.models import Job, OutboxMail
from eds.jobs.queries import seconds_since_a_worker, worker_is_heard

ASKED_SECONDS = 2


def database() -> str:
    """Give "" where the database answers, else why not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "does not answer"
    return ""


def migrations() -> str:
    """Give "" where every migration of this release has been run."""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "cannot be read"
    return f"{len(waiting)} not run yet" if waiting else ""


def broker() -> str:
    """Give "" where messages can be sent."""
    try:
        with current_app.connection_for_write() as link:
            link.ensure_connection(max_retries=0, timeout=ASKED_SECONDS)
    except (OperationalError, KombuError, OSError):
        return "cannot be reached"
    return ""


def storage() -> str:
    """Give "" where files can be kept."""
    try:
        if isinstance(default_storage, FileSystemStorage):
            return _disk(Path(default_storage.location))
        default_storage.exists("readyz")
    except (OSError, StoreUnreachable):
        return "cannot be reached"
    return ""


def _disk(folder: Path) -> str:
    while not folder.exists():
        folder = folder.parent
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return "cannot be written to"
    return "" if shutil.disk_usage(folder).free > 2 * settings.EDS_UPLOAD_MAX_BYTES else "is nearly full"


def worker() -> str:
    """Give "" where a worker was heard of within EDS_WORKER_SILENT_SECONDS, as the page for publishing asks too."""
    try:
        heard = worker_is_heard()
    except DatabaseError:
        return "cannot be asked for"
    return "" if heard else f"not heard of for {settings.EDS_WORKER_SILENT_SECONDS} seconds"


PARTS: dict[str, Callable[[], str]] = {
    "database": database,
    "migrations": migrations,
    "broker": broker,
    "storage": storage,
    "worker": worker,
}


def readiness() -> dict[str, str]:
    """Give, part by part, "" where it is ready, else why not."""
    return {name: asked() for name, asked in PARTS.items()}


class Waiting(Collector):
    """What waits and what failed, read from the rows: it is the same whichever process is asked."""

    def collect(self) -> Iterator[Metric]:
        """Give the numbers (three queries)."""
        jobs = GaugeMetricFamily("eds_jobs", "Jobs by kind and state", labels=["kind", "state"])
        by_kind = Job.objects.values_list("kind", "state").annotate(number=Count("pk")).order_by("kind", "state")
        for kind, state, number in by_kind:
            jobs.add_metric([kind, state], number)
        yield jobs
        mails = GaugeMetricFamily("eds_mails", "Mails by state", labels=["state"])
        by_state = OutboxMail.objects.values_list("state").annotate(number=Count("pk")).order_by("state")
        for state, number in by_state:
            mails.add_metric([state], number)
        yield mails
        silent = seconds_since_a_worker()
        heard = GaugeMetricFamily("eds_worker_silent_seconds", "Seconds since any worker was heard of; -1 for never")
        heard.add_metric([], -1 if silent is None else silent)
        yield heard
