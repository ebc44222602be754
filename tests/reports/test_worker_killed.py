"""A worker is killed while it lays out the pages: nothing is lost, and nothing appears twice."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from django.db import connection

from eds.files.domain import read_stored
from eds.jobs.models import Job
from evidence import domain as evidence
from reports.domain import RENDER
from reports.models import Rendition
from tests.processes import WORKER, end, plain_environment, start, wait_until
from tests.world import build_world


def start_worker(url: str, folder: Path, number: int) -> subprocess.Popen[bytes]:
    env = plain_environment() | {
        "DJANGO_SETTINGS_MODULE": "eds.project.settings",
        "EDS_DEMO": "1",
        "EDS_DEBUG": "1",
        "EDS_DATA_DIR": str(folder),
        "EDS_DATABASE_URL": url,
        "EDS_JOB_LEASE_SECONDS": "4",
        "EDS_SWEEP_SECONDS": "1",
    }
    return start([sys.executable, *WORKER], folder / f"worker-{number}.log", env)


def test_killed_in_mid_render(own_database: str, tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"  # type: ignore[attr-defined]
    world = build_world()
    text = "\n\n".join(f"Paragraph {number} of what people told us about the ward." for number in range(400))
    for number in range(12):
        evidence.write_and_cite(
            actor=world.contributor,
            assessed_outcome=world.outcome("4.1"),
            content=evidence.EvidenceText(f"Long account {number}", text),
        )
    world.to_published()

    def job() -> Job:
        connection.close()
        return Job.objects.get(kind=RENDER)

    def logs() -> str:
        return "\n".join(path.read_text() for path in tmp_path.glob("worker-*.log"))

    assert job().state == Job.State.QUEUED
    first = start_worker(own_database, tmp_path, 1)
    try:
        wait_until(lambda: job().progress_words == "Laying out the pages", "the layout to begin", logs)
        end(first)
        held = job()
        assert (held.state, held.attempts) == (Job.State.RUNNING, 1)
        assert not Rendition.objects.exists()
        second = start_worker(own_database, tmp_path, 2)
        try:
            wait_until(lambda: job().state == Job.State.DONE, "the second worker to finish", logs)
        finally:
            end(second)
    finally:
        end(first)
    assert job().attempts == 2
    rendition = Rendition.objects.get()
    assert read_stored(rendition.stored).startswith(b"%PDF-1.7")
