"""What /readyz and /metrics say, part by part."""

from __future__ import annotations

import datetime
import os
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.storage import default_storage
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from eds.jobs.models import OutboxMail, WorkerSeen
from eds.jobs.queries import worker_is_heard
from eds.project import health


@pytest.fixture
def worker(db: None) -> WorkerSeen:
    return WorkerSeen.objects.create(name="w", seen_at=timezone.now())


def parts(client: Client) -> tuple[int, dict[str, str]]:
    answer = client.get("/readyz")
    lines = (line.split(": ", 1) for line in answer.content.decode().splitlines())
    return answer.status_code, dict(lines)


def test_an_installation_that_has_everything_is_ready(client: Client, worker: WorkerSeen) -> None:
    assert parts(client) == (200, dict.fromkeys(["database", "migrations", "broker", "storage", "worker"], "ok"))


@pytest.mark.django_db
def test_no_worker_was_ever_heard_of(client: Client) -> None:
    status, said = parts(client)
    assert (status, said["worker"]) == (503, f"not heard of for {django_settings.EDS_WORKER_SILENT_SECONDS} seconds")


@pytest.mark.parametrize("seconds", [5, 3000])
def test_the_silence_that_counts_is_the_setting_that_the_publish_page_asks_too(
    client: Client, worker: WorkerSeen, settings: Any, seconds: int
) -> None:
    settings.EDS_WORKER_SILENT_SECONDS = seconds
    WorkerSeen.objects.update(seen_at=timezone.now() - datetime.timedelta(seconds=seconds - 3))
    assert parts(client)[0] == 200
    assert worker_is_heard()
    WorkerSeen.objects.update(seen_at=timezone.now() - datetime.timedelta(seconds=seconds + 3))
    assert parts(client)[0] == 503
    assert not worker_is_heard()


def test_a_migration_that_was_not_run(client: Client, worker: WorkerSeen) -> None:
    MigrationRecorder.Migration.objects.filter(app="jobs", name="0003_request_id").delete()
    assert parts(client) == (503, {**ready(), "migrations": "1 not run yet"})


def test_files_that_cannot_be_kept(client: Client, worker: WorkerSeen, settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file"
    assert parts(client) == (503, {**ready(), "storage": "cannot be written to"})


def test_a_disk_that_is_nearly_full(client: Client, worker: WorkerSeen, settings: Any) -> None:
    settings.EDS_UPLOAD_MAX_BYTES = 10**18
    assert parts(client) == (503, {**ready(), "storage": "is nearly full"})


def test_a_database_that_is_away(client: Client, worker: WorkerSeen) -> None:
    def away(execute: Any, sql: str, *rest: Any) -> None:
        raise OperationalError("the server closed the connection, and its password is s3cret")

    with connection.execute_wrapper(away):
        status, said = parts(client)
    assert status == 503
    assert said == {
        "database": "does not answer",
        "migrations": "cannot be read",
        "broker": "ok",
        "storage": "ok",
        "worker": "cannot be asked for",
    }


def ready() -> dict[str, str]:
    return dict.fromkeys(health.PARTS, "ok")


@pytest.mark.django_db
def test_healthz_asks_nothing(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "sent", "status"),
    [
        ("", "", 404),
        ("", "Bearer ", 404),
        ("k" * 40, "", 404),
        ("k" * 40, "Bearer x", 404),
        ("k" * 40, "Bearer " + "k" * 40, 200),
    ],
)
def test_metrics_are_for_whoever_has_the_key(client: Client, settings: Any, key: str, sent: str, status: int) -> None:
    settings.EDS_METRICS_KEY = key
    assert client.get("/metrics", headers={"Authorization": sent}).status_code == status


@pytest.mark.django_db
def test_metrics_count_what_waits_and_name_nobody(client: Client, settings: Any, django_user_model: Any) -> None:
    settings.EDS_METRICS_KEY = "k" * 40
    somebody = django_user_model.objects.create_user("planted@example.org", name="Planted Person")
    for number in range(3):
        OutboxMail.objects.create(kind="x", to=somebody, subject="s", key=f"{number}")
    said = client.get("/metrics", headers={"Authorization": f"Bearer {'k' * 40}"}).content.decode()
    assert 'eds_mails{state="queued"} 3.0' in said
    assert "eds_worker_silent_seconds -1.0" in said
    assert "lanted" not in said
    WorkerSeen.objects.create(name="w", seen_at=timezone.now())
    said = client.get("/metrics", headers={"Authorization": f"Bearer {'k' * 40}"}).content.decode()
    assert "eds_worker_silent_seconds -1.0" not in said


def test_the_storage_of_this_run_is_the_local_one() -> None:
    assert os.access(Path(default_storage.location).parent, os.W_OK)  # type: ignore[attr-defined]
