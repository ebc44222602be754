"""A job while it is worked on: progress, and the beat that keeps its lease."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models.functions import Now

from .clock import from_now
from .errors import LostLease
from .models import Job, WorkerSeen

logger = logging.getLogger(__name__)

BEATS_PER_LEASE = 4


def see_worker(name: str) -> None:
    """Record that this worker was heard of just now."""
    WorkerSeen.objects.update_or_create(name=name, defaults={"seen_at": Now()})


@dataclass(frozen=True)
class RunningJob:
    """What a handler is given. `worker` is the name of the worker that runs it."""

    job_id: str
    kind: str
    subject: str
    args: dict[str, Any]
    token: UUID
    worker: str
    request_id: str = ""
    _stop: threading.Event = field(default_factory=threading.Event, repr=False)

    def progress(self, done: int, total: int, words: str = "") -> None:
        """Say how far the work is, and keep the lease. Raises LostLease where somebody else took the job over."""
        total = max(total, 0)
        self._hold(progress_done=min(max(done, 0), total), progress_total=total, progress_words=words[:200])

    def beat(self) -> None:
        """Keep the lease and let the worker be heard. Raises LostLease where somebody else took the job over."""
        self._hold()
        see_worker(self.worker)

    def _hold(self, **changes: Any) -> None:
        held = Job.objects.filter(public_id=self.job_id, token=self.token)
        if not held.update(lease_until=from_now(settings.EDS_JOB_LEASE_SECONDS), **changes):
            raise LostLease(f"Job {self.job_id} is held by somebody else, or ended.")

    @contextmanager
    def beating(self) -> Iterator[None]:
        """Beat the lease from a thread while the body works, since a handler may say nothing for a long time."""
        thread = threading.Thread(target=self._beat_until_stopped, name=f"lease of {self.job_id}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._stop.set()
            thread.join()

    def _beat_until_stopped(self) -> None:
        try:
            while not self._stop.wait(settings.EDS_JOB_LEASE_SECONDS / BEATS_PER_LEASE):
                try:
                    self.beat()
                except LostLease:
                    logger.warning("Job %s was taken over by another worker.", self.job_id)
                    return
                except DatabaseError:
                    # The database may be back before the lease runs out; if not, finishing will find the token gone.
                    logger.warning("Could not beat the lease of job %s.", self.job_id, exc_info=True)
                    connection.close()
        finally:
            connection.close()
