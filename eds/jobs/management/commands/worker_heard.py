"""Says whether a worker runs, for start-up scripts and health checks."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from eds.jobs.queries import worker_is_heard


class Command(BaseCommand):
    """Ends with 0 if a worker was heard of lately (EDS_WORKER_SILENT_SECONDS), else with 1."""

    help = "Ends with 0 if a worker was heard of within EDS_WORKER_SILENT_SECONDS, else with 1."

    def handle(self, *args: Any, **options: Any) -> None:
        if not worker_is_heard():
            raise CommandError("No worker has been heard of lately.", returncode=1)
        self.stdout.write("A worker is at work.")
