"""Queue a job, run it, try it again, and pick up what got lost."""

from __future__ import annotations

import datetime
import logging
import socket
import uuid
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest, Now
from kombu.exceptions import KombuError, OperationalError

from eds.ui import request_id

from .broker import ensure_folders
from .clock import from_now
from .errors import JobFailed, JobNotFailed, LostLease
from .models import Job, WorkerSeen
from .registry import Finish, handler_for, is_patient, tell_failed
from .running import RunningJob, see_worker

logger = logging.getLogger(__name__)

AT_ONCE, PATIENT = 0, 6
"""Priorities as Redis counts them: the lowest number first. The broker of files takes messages in their order."""
BACK_OFF_SECONDS = 5  # before the second attempt; three times as long before each one after that
LONGEST = 8
FORGET_WORKER_SECONDS = 86_400


def enqueue(
    *,
    kind: str,
    subject: str,
    key: str,
    args: Mapping[str, Any] | None = None,
    created_by: Any = None,
    max_attempts: int = 3,
) -> Job:
    """Queue a job, or give the one that has this key already, whatever became of it.

    Call it in the transaction that makes the work necessary: the message goes out when that commits. A broker that
    cannot be reached then is only logged, since the sweeper sends the message again. Raises UnknownKind for a kind
    without a handler, TransactionManagementError outside a transaction, and ValueError where the key belongs to other
    work.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A job is queued inside the transaction that needs it.")
    handler_for(kind)
    job, created = Job.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "subject": subject,
            "args": dict(args or {}),
            "created_by": created_by,
            "max_attempts": max_attempts,
            "request_id": request_id.current(),
            "sent_at": Now(),
        },
    )
    if (job.kind, job.subject) != (kind, subject):
        raise ValueError(f"The key {key!r} belongs to a job of kind {job.kind!r} about {job.subject!r}.")
    if created:
        transaction.on_commit(partial(send, job.public_id, kind))
        job.refresh_from_db()
    return job


def retry(job: Job, *, actor: Any) -> Job:
    """Queue a failed job again, with all its attempts. Raises JobNotFailed for a job in any other state."""
    with transaction.atomic():
        changed = Job.objects.filter(pk=job.pk, state=Job.State.FAILED).update(
            state=Job.State.QUEUED,
            attempts=0,
            error="",
            not_before=None,
            sent_at=Now(),
            finished_at=None,
            progress_done=0,
            progress_total=0,
            progress_words="",
            retried_by=actor,
            retried_at=Now(),
        )
        job.refresh_from_db()
        if not changed:
            raise JobNotFailed(
                {
                    Job.State.QUEUED: "This is already waiting to be done.",
                    Job.State.RUNNING: "This is already under way.",
                    Job.State.DONE: "This is already done.",
                }[Job.State(job.state)]
            )
        transaction.on_commit(partial(send, job.public_id, job.kind))
    return job


def send(public_id: str, kind: str) -> bool:
    """Tell a worker that a job waits. Gives False, and logs why, where the broker cannot be reached."""
    from .tasks import run_job  # here, since the tasks call this module

    try:
        ensure_folders()
        run_job.apply_async(args=[public_id], retry=False, priority=PATIENT if is_patient(kind) else AT_ONCE)
    except (OperationalError, KombuError, OSError):
        logger.warning("The broker cannot be reached: job %s waits for the sweeper.", public_id, exc_info=True)
        return False
    return True


def run(public_id: str, *, worker: str = "") -> bool:
    """Do a job now, unless somebody else has it, it ended, or it has to wait. Gives True where it was done.

    What the handler raises is logged and kept in the row, never raised. Must not be called inside a transaction that
    stays open while the handler works.
    """
    running = _claim(public_id, worker or socket.gethostname())
    if running is None:
        return False
    with request_id.working_as(running.request_id or request_id.current()):
        return _work(running)


def _work(running: RunningJob) -> bool:
    public_id = running.job_id
    logger.info("Job %s (%s) begins.", public_id, running.kind)
    try:
        with running.beating():
            finish = handler_for(running.kind)(running)
        _finish(running, finish)
    except LostLease:
        logger.warning("Job %s was lost to another worker; its result is thrown away.", public_id)
        return False
    except Exception as error:
        logger.exception("Job %s (%s, about %s) raised an error.", public_id, running.kind, running.subject)
        _record_error(running, error)
        return False
    logger.info("Job %s (%s) is done.", public_id, running.kind)
    return True


def sweep(*, worker: str = "") -> int:
    """Send again what waits too long and what a worker let go of; end what killed its worker every time.

    Gives how many messages were sent. It may run twice at once: each message is sent by whoever first marks its row.
    """
    see_worker(worker or socket.gethostname())
    WorkerSeen.objects.filter(seen_at__lt=from_now(-FORGET_WORKER_SECONDS)).delete()
    _end_the_exhausted()
    waiting = _waiting_too_long()
    sent = 0
    for public_id, kind in waiting.order_by("pk").values_list("public_id", "kind")[:1000]:
        if waiting.filter(public_id=public_id).update(sent_at=Now()):
            sent += send(public_id, kind)
    return sent


def _waiting_too_long() -> QuerySet[Job, Any]:
    """Give the jobs whose message may be lost.

    Of a job that merely stands in a long queue there is a message already, and each more makes the queue longer. So a
    message is sent again when the last is as old as the job had waited before it: after one, two, four, eight times
    the shortest time, and from then on in steps of LONGEST of it.
    """
    shortest = max(settings.EDS_JOB_LEASE_SECONDS, 2 * settings.EDS_SWEEP_SECONDS)
    longest = Value(datetime.timedelta(seconds=LONGEST * shortest), output_field=DurationField())
    since = Greatest(
        "created_at", *(Coalesce(each, "created_at") for each in ("retried_at", "started_at", "not_before"))
    )
    waited_before = ExpressionWrapper(F("sent_at") - since, output_field=DurationField())
    since_sent = ExpressionWrapper(Now() - F("sent_at"), output_field=DurationField())
    old = Q(sent_at__lt=from_now(-shortest)) & (Q(since_sent__gte=F("waited_before")) | Q(since_sent__gte=longest))
    jobs = Job.objects.filter(_may_start() | _was_let_go())
    return jobs.annotate(since_sent=since_sent, waited_before=waited_before).filter(Q(sent_at=None) | old)


def _may_start() -> Q:
    return Q(state=Job.State.QUEUED) & (Q(not_before=None) | Q(not_before__lte=Now()))


def _was_let_go() -> Q:
    return Q(state=Job.State.RUNNING, lease_until__lt=Now())


def _claim(public_id: str, worker: str) -> RunningJob | None:
    """Take the job by one conditional update, so that of two messages only one finds it free."""
    _end_the_exhausted()
    token = uuid.uuid4()
    taken = Job.objects.filter(_may_start() | _was_let_go(), public_id=public_id, attempts__lt=F("max_attempts"))
    if not taken.update(
        state=Job.State.RUNNING,
        token=token,
        lease_until=from_now(settings.EDS_JOB_LEASE_SECONDS),
        attempts=F("attempts") + 1,
        not_before=None,
        sent_at=None,
        started_at=Now(),
        progress_done=0,
        progress_total=0,
        progress_words="",
    ):
        return None
    see_worker(worker)
    job = Job.objects.get(public_id=public_id)
    return RunningJob(
        job_id=public_id,
        kind=job.kind,
        subject=job.subject,
        args=job.args,
        token=token,
        worker=worker,
        request_id=job.request_id,
    )


def _finish(running: RunningJob, finish: Finish | None) -> None:
    with transaction.atomic():
        if not Job.objects.filter(public_id=running.job_id, token=running.token).update(
            state=Job.State.DONE, token=None, lease_until=None, finished_at=Now(), progress_done=F("progress_total")
        ):
            raise LostLease(f"Job {running.job_id} is held by somebody else.")
        if finish is not None:
            finish()


def _record_error(running: RunningJob, error: Exception) -> None:
    held = Job.objects.filter(public_id=running.job_id, token=running.token)
    job = held.first()
    if job is None:
        return
    final = isinstance(error, JobFailed) and error.final
    if not final and job.attempts < job.max_attempts:
        held.update(
            state=Job.State.QUEUED,
            token=None,
            lease_until=None,
            not_before=from_now(BACK_OFF_SECONDS * 3 ** (job.attempts - 1)),
            progress_done=0,
            progress_total=0,
            progress_words="This did not work. It will be tried again in a moment.",
        )
        return
    if isinstance(error, JobFailed):
        sentence = error.sentence
    else:
        sentence = (
            "Something went wrong that was not expected. "
            f"If it goes wrong again, give this reference to whoever looks after the site: {job.public_id}."
        )
    with transaction.atomic():
        if held.update(state=Job.State.FAILED, token=None, lease_until=None, finished_at=Now(), error=sentence):
            tell_failed(running.kind, running.subject, sentence)


def _end_the_exhausted() -> None:
    exhausted = Job.objects.filter(_was_let_go(), attempts__gte=F("max_attempts"))
    for job in exhausted:
        sentence = (
            f"The worker stopped in the middle of this every time it was tried ({job.attempts} times). "
            f"If it happens again, give this reference to whoever looks after the site: {job.public_id}."
        )
        with transaction.atomic():
            ended = exhausted.filter(pk=job.pk).update(
                state=Job.State.FAILED, token=None, lease_until=None, finished_at=Now(), error=sentence
            )
            if ended:
                tell_failed(job.kind, job.subject, sentence)
        if ended:
            logger.error("Job %s ended as failed: its worker stopped %s times.", job.public_id, job.attempts)
