"""Real workers that are killed, stopped and told everything twice: each job is done once."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.jobs.processes import Project
from tests.processes import end, wait_until


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Project(tmp_path_factory.mktemp("migrated")).database


@pytest.fixture
def project(tmp_path: Path, migrated: Path) -> Iterator[Project]:
    project = Project(tmp_path, migrated=migrated)
    yield project
    project.end()


def _hold_in_the_middle(project: Project, job: str) -> set[str]:
    before = project.started()
    wait_until(lambda: project.started() - before, f"a handler to be in the middle of {job}", project.logs)
    return project.started()


def test_killed_worker_loses_nothing_and_doubles_nothing(project: Project) -> None:
    assert project.run("-m", "django", "worker_heard", check=False).returncode == 1
    job = project.enqueue("test.waits", "once")
    first = project.start_worker()
    _hold_in_the_middle(project, job)
    assert project.state(job) == ("running", 1)
    assert project.run("-m", "django", "worker_heard", check=False).returncode == 0
    end(first)

    second = project.start_worker()
    _hold_in_the_middle(project, job)
    assert project.state(job) == ("running", 2)
    assert project.results(job) == 0
    (project.folder / "go").touch()
    project.wait_until_done(job)
    assert project.results(job) == 1

    # Messages that come twice, and one that was never written to its end. The worker takes messages in turn: when the
    # job that was sent last is done, all of them were taken.
    (project.messages / "0_half-written.celery.msg").write_text("")
    project.script(f"from eds.jobs.domain import send\nfor _ in range(2): assert send({job!r}, 'test.waits')")
    last = project.enqueue("test.quick", "last")
    project.wait_until_done(last)
    assert (project.results(job), project.results(last)) == (1, 1)
    assert project.state(job) == ("done", 2)
    assert second.poll() is None


def test_worker_that_was_away_cannot_finish_what_another_took_over(project: Project) -> None:
    job = project.enqueue("test.waits", "taken over")
    first = project.start_worker()
    _hold_in_the_middle(project, job)
    project.signal(first, signal.SIGSTOP)

    project.start_worker()
    _hold_in_the_middle(project, job)
    (project.folder / "go").touch()
    project.wait_until_done(job)
    project.signal(first, signal.SIGCONT)
    log = project.folder / "worker-0.log"
    wait_until(lambda: "its result is thrown away" in log.read_text(), "the first worker to notice", project.logs)
    assert project.results(job) == 1
    assert project.state(job) == ("done", 2)


def test_broker_that_cannot_be_reached_is_no_error_for_the_person(tmp_path: Path, migrated: Path) -> None:
    project = Project(tmp_path, migrated=migrated, EDS_BROKER_URL="redis://127.0.0.1:1/0")
    job = project.enqueue("test.quick", "unsent")
    assert project.state(job) == ("queued", 0)
    (tmp_path / "broker").write_text("a file where the folder should be")
    project.env.pop("EDS_BROKER_URL")
    other = project.enqueue("test.quick", "also unsent")
    assert project.state(other) == ("queued", 0)

    (tmp_path / "broker").unlink()
    project.script("from eds.jobs.models import Job\nJob.objects.update(sent_at=None)")
    project.start_worker()
    try:
        project.wait_until_done(job)
        project.wait_until_done(other)
    finally:
        project.end()


def test_of_many_that_take_a_job_at_once_one_gets_it(project: Project) -> None:
    got = project.script(
        "import threading\nfrom django.db import connection, transaction\n"
        "from eds.jobs.domain import enqueue, run\nfrom tests.jobs.testapp.models import Result\n"
        "rounds = []\n"
        "for number in range(10):\n"
        "    with transaction.atomic():\n"
        "        job = enqueue(kind='test.quick', subject='x', key=f'race {number}')\n"
        "    barrier = threading.Barrier(4)\n"
        "    won = []\n"
        "    def take():\n"
        "        barrier.wait()\n"
        "        won.append(run(job.public_id))\n"
        "        connection.close()\n"
        "    threads = [threading.Thread(target=take) for _ in range(4)]\n"
        "    [thread.start() for thread in threads]\n"
        "    [thread.join() for thread in threads]\n"
        "    rounds.append((sum(won), len(won), Result.objects.filter(job_id=job.public_id).count()))\n"
        "print(set(rounds))"
    )
    assert got == "{(1, 4, 1)}"
