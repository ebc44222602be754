"""Queueing, running, failing, retrying, sweeping: in the database, without a broker."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.db.models.functions import Now

from eds.jobs import domain, queries, registry
from eds.jobs.clock import from_now
from eds.jobs.errors import JobFailed, JobNotFailed, LostLease, UnknownKind
from eds.jobs.models import Job, WorkerSeen
from eds.jobs.running import RunningJob, see_worker

pytestmark = pytest.mark.django_db

Handler = Callable[[RunningJob], Callable[[], None] | None]
done: list[str] = []
todo: dict[str, Handler] = {}


def _by_test(running: RunningJob) -> Callable[[], None] | None:
    return todo["now"](running)


registry.register("test.by-test", _by_test)


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    done.clear()
    todo["now"] = lambda running: lambda: done.append(running.job_id)
    yield
    todo.clear()


def _job(key: str = "k", **values: Any) -> Job:
    with transaction.atomic():
        return domain.enqueue(kind="test.by-test", subject="thing", key=key, **values)


def _fresh(job: Job) -> Job:
    return Job.objects.get(pk=job.pk)


def _let_go(job: Job) -> None:
    """As if the worker that has the job had been silent for longer than its lease."""
    Job.objects.filter(pk=job.pk).update(lease_until=from_now(-1))


def _due(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(not_before=None)


def _raises(error: Exception) -> Handler:
    def handler(running: RunningJob) -> None:
        raise error

    return handler


def test_done_once_however_often_it_is_asked_for() -> None:
    job = _job(args={"format": "pdf"})
    assert domain.run(job.public_id)
    assert not domain.run(job.public_id)
    assert done == [job.public_id]
    job = _fresh(job)
    assert (job.state, job.attempts, job.token, job.lease_until, job.error) == ("done", 1, None, None, "")
    assert job.started_at is not None
    assert job.finished_at is not None


def test_handler_is_given_what_was_queued() -> None:
    seen: list[RunningJob] = []
    todo["now"] = lambda running: seen.append(running)
    job = _job(args={"format": "pdf"})
    assert domain.run(job.public_id, worker="w1")
    assert [(r.job_id, r.kind, r.subject, r.args, r.worker) for r in seen] == [
        (job.public_id, "test.by-test", "thing", {"format": "pdf"}, "w1")
    ]


def test_same_key_is_the_same_job() -> None:
    assert _job().pk == _job().pk
    assert Job.objects.count() == 1
    with pytest.raises(ValueError, match="belongs to a job"), transaction.atomic():
        domain.enqueue(kind="test.by-test", subject="another thing", key="k")


def test_unknown_kind_is_refused_at_once() -> None:
    with pytest.raises(UnknownKind), transaction.atomic():
        domain.enqueue(kind="test.nobody", subject="x", key="k")


def test_second_handler_for_a_kind_is_refused() -> None:
    registry.register("test.by-test", _by_test)
    with pytest.raises(ValueError, match="already"):
        registry.register("test.by-test", lambda running: None)


def test_queued_rolls_back_with_its_transaction() -> None:
    with transaction.atomic():
        domain.enqueue(kind="test.by-test", subject="x", key="k")
        transaction.set_rollback(True)
    assert not Job.objects.exists()


def test_error_is_tried_again_later_then_fails_with_the_handlers_words() -> None:
    todo["now"] = _raises(JobFailed("The chart of outcome 1.1 has no figures."))
    job = _job()
    for attempt in (1, 2):
        assert not domain.run(job.public_id)
        waiting = _fresh(job)
        assert (waiting.state, waiting.attempts, waiting.error) == ("queued", attempt, "")
        assert waiting.not_before is not None
        assert not domain.run(job.public_id), "it has to wait"
        assert _fresh(job).attempts == attempt
        _due(job)
    assert not domain.run(job.public_id)
    failed = _fresh(job)
    assert (failed.state, failed.attempts) == ("failed", 3)
    assert failed.error == "The chart of outcome 1.1 has no figures."
    assert not domain.run(job.public_id)


def test_final_error_is_not_tried_again() -> None:
    todo["now"] = _raises(JobFailed("The file is damaged.", final=True))
    job = _job()
    domain.run(job.public_id)
    assert (_fresh(job).state, _fresh(job).attempts, _fresh(job).error) == ("failed", 1, "The file is damaged.")


def test_unexpected_error_tells_people_a_reference_and_the_log_the_rest(caplog: pytest.LogCaptureFixture) -> None:
    todo["now"] = _raises(ZeroDivisionError("secret detail"))
    job = _job()
    Job.objects.filter(pk=job.pk).update(max_attempts=1)
    domain.run(job.public_id)
    error = _fresh(job).error
    assert job.public_id in error
    assert "secret detail" not in error
    assert "ZeroDivisionError: secret detail" in caplog.text
    assert job.public_id in caplog.text


def test_what_the_finish_writes_is_taken_back_when_it_fails() -> None:
    def handler(running: RunningJob) -> Callable[[], None]:
        def finish() -> None:
            see_worker("half written")
            raise ZeroDivisionError

        return finish

    todo["now"] = handler
    job = _job()
    assert not domain.run(job.public_id)
    assert _fresh(job).state == "queued"
    assert not WorkerSeen.objects.filter(name="half written").exists()


def test_job_taken_over_in_the_middle_gives_one_result() -> None:
    job = _job()
    makers: list[str] = []

    def second(running: RunningJob) -> Callable[[], None]:
        return lambda: makers.append("second")

    def first(running: RunningJob) -> Callable[[], None]:
        _let_go(job)
        todo["now"] = second
        assert domain.run(job.public_id, worker="second")
        with pytest.raises(LostLease):
            running.progress(1, 2)
        return lambda: makers.append("first")

    todo["now"] = first
    assert not domain.run(job.public_id, worker="first")
    assert makers == ["second"]
    assert (_fresh(job).state, _fresh(job).attempts) == ("done", 2)


def test_error_of_one_who_lost_the_job_changes_nothing() -> None:
    job = _job()

    def first(running: RunningJob) -> None:
        _let_go(job)
        todo["now"] = lambda again: None
        assert domain.run(job.public_id)
        raise ZeroDivisionError

    todo["now"] = first
    assert not domain.run(job.public_id)
    assert _fresh(job).state == "done"


def test_progress_is_kept_in_bounds_and_beats_the_lease() -> None:
    seen: list[Any] = []

    def handler(running: RunningJob) -> None:
        _let_go(job)
        running.progress(5, 3, "Page 5")
        now = _fresh(job)
        seen.append((now.progress_done, now.progress_total, now.progress_words))
        seen.append(Job.objects.filter(pk=job.pk, lease_until__gt=Now()).exists())

    todo["now"] = handler
    job = _job()
    assert domain.run(job.public_id)
    assert seen == [(3, 3, "Page 5"), True]


def test_retry_gives_a_failed_job_all_its_attempts() -> None:
    actor = get_user_model().objects.create_user("lead@example.org")
    job = _job()
    todo["now"] = _raises(JobFailed("No.", final=True))
    domain.run(job.public_id)
    again = domain.retry(_fresh(job), actor=actor)
    assert (again.state, again.attempts, again.error, again.retried_by) == ("queued", 0, "", actor)
    todo["now"] = lambda running: None
    assert domain.run(job.public_id)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("queued", "This is already waiting to be done."),
        ("running", "This is already under way."),
        ("done", "This is already done."),
    ],
)
def test_only_a_failed_job_can_be_retried(state: str, words: str) -> None:
    actor = get_user_model().objects.create_user("lead@example.org")
    job = _job()

    def ask(running: RunningJob | None = None) -> None:
        with pytest.raises(JobNotFailed) as refused:
            domain.retry(_fresh(job), actor=actor)
        assert refused.value.sentence == words

    if state == "running":
        todo["now"] = ask
    if state != "queued":
        assert domain.run(job.public_id)
    if state != "running":
        ask()


def test_job_that_kills_its_worker_every_time_ends_with_words() -> None:
    class Killed(BaseException):
        """Stands for a process that ends in the middle: nothing of ours runs after it."""

    def dies(running: RunningJob) -> None:
        raise Killed

    todo["now"] = dies
    job = _job()
    for attempt in (1, 2, 3):
        with pytest.raises(Killed):
            domain.run(job.public_id)
        assert (_fresh(job).state, _fresh(job).attempts) == ("running", attempt)
        assert not domain.run(job.public_id), "the lease still runs"
        _let_go(job)
    domain.sweep()
    ended = _fresh(job)
    assert ended.state == "failed"
    assert "every time it was tried (3 times)" in ended.error
    assert job.public_id in ended.error


@pytest.fixture
def sent() -> Iterator[Callable[[Job], int]]:
    """Gives how many messages about a job lie in the broker's folder, and takes them away in the end."""
    assert settings.CELERY_BROKER_URL.startswith("filesystem:")
    found: set[Path] = set()

    def count(job: Job) -> int:
        messages = Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"]).glob("*.celery.msg")
        of_job = {path for path in messages if job.public_id in json.loads(path.read_text())["headers"]["argsrepr"]}
        found.update(of_job)
        return len(of_job)

    yield count
    for path in found:
        path.unlink()


def test_sweep_sends_what_was_lost_once(sent: Callable[[Job], int]) -> None:
    job = _job()
    assert domain.sweep() == 0, "just sent"
    Job.objects.filter(pk=job.pk).update(sent_at=from_now(-3600))
    assert domain.sweep() == 1
    assert domain.sweep() == 0, "another sweep finds it sent"
    assert sent(job) == 1


@pytest.mark.parametrize(
    ("queued", "last_sent", "again"),
    [(40, 40, True), (40, 20, False), (100, 40, False), (100, 61, True), (10_000, 230, False), (10_000, 250, True)],
)
def test_what_stands_in_a_long_queue_is_sent_again_ever_more_seldom(
    settings: Any, sent: Callable[[Job], int], queued: int, last_sent: int, again: bool
) -> None:
    """Each message more would make the queue longer; one that was lost is sent again all the same."""
    settings.EDS_JOB_LEASE_SECONDS, settings.EDS_SWEEP_SECONDS = 30, 5
    job = _job()
    Job.objects.filter(pk=job.pk).update(created_at=from_now(-queued), sent_at=from_now(-last_sent))
    assert domain.sweep() == again
    assert sent(job) == again


def test_sweep_waits_for_the_back_off_and_for_the_lease(sent: Callable[[Job], int]) -> None:
    job = _job()
    Job.objects.filter(pk=job.pk).update(sent_at=None, not_before=from_now(60))
    assert domain.sweep() == 0
    _due(job)

    def in_the_middle(running: RunningJob) -> None:
        assert domain.sweep() == 0
        _let_go(job)
        assert domain.sweep() == 1
        assert domain.sweep() == 0

    todo["now"] = in_the_middle
    domain.run(job.public_id)
    assert sent(job) == 1


def test_message_goes_out_when_the_transaction_commits(
    sent: Callable[[Job], int], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = _job()
        _job()
        assert sent(job) == 0
    assert sent(job) == 1


def test_worker_is_heard_until_it_is_silent() -> None:
    assert not queries.worker_is_heard()
    with pytest.raises(CommandError):
        call_command("worker_heard")
    domain.sweep(worker="w1")
    domain.sweep(worker="w1")
    assert list(WorkerSeen.objects.values_list("name", flat=True)) == ["w1"]
    assert queries.worker_is_heard()
    call_command("worker_heard")
    WorkerSeen.objects.update(seen_at=from_now(-settings.EDS_WORKER_SILENT_SECONDS - 1))
    assert not queries.worker_is_heard()
    WorkerSeen.objects.update(seen_at=from_now(-domain.FORGET_WORKER_SECONDS - 1))
    domain.sweep(worker="w2")
    assert list(WorkerSeen.objects.values_list("name", flat=True)) == ["w2"]


def test_latest_jobs(django_assert_num_queries: Any) -> None:
    old, new = _job("old"), _job("new")
    assert queries.latest_job("test.by-test", "thing") == new
    assert queries.latest_job("test.by-test", "nothing") is None
    assert list(queries.jobs_about("thing")) == [new, old]
    with django_assert_num_queries(1):
        assert queries.latest_jobs("test.by-test", ["thing", "nothing"]) == {"thing": new}


@pytest.mark.parametrize(
    "values",
    [
        {"state": "running"},
        {"state": "running", "token": uuid.uuid4()},
        {"token": uuid.uuid4()},
        {"lease_until": Now()},
        {"state": "done"},
        {"state": "failed", "finished_at": Now()},
        {"error": "Words without failure."},
        {"finished_at": Now()},
        {"state": "asleep"},
        {"attempts": 4},
        {"max_attempts": 0},
        {"progress_done": 1},
        {"retried_at": Now()},
    ],
)
def test_database_refuses_states_that_cannot_be(values: dict[str, Any]) -> None:
    job = _job()
    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(**values)
