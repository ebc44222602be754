"""A project of its own in a temporary folder, with real worker processes."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.processes import PATIENCE, ROOT, WORKER, end, plain_environment, start, wait_until

SETTINGS = "tests.jobs.settings_worker"


class Project:
    """A database, a broker's folder and workers. `end()` ends every process that was started.

    `migrated` is a database to copy, which saves the time to migrate a new one.
    """

    def __init__(self, folder: Path, *, migrated: Path | None = None, **env: str) -> None:
        self.folder = folder
        self.env = plain_environment() | {
            "DJANGO_SETTINGS_MODULE": SETTINGS,
            "EDS_DEMO": "1",
            "EDS_DEBUG": "1",
            "EDS_DATA_DIR": str(folder),
            "EDS_JOB_LEASE_SECONDS": "4",
            "EDS_SWEEP_SECONDS": "1",
            "PYTHONUNBUFFERED": "1",
            **env,
        }
        self.messages = folder / "broker" / "messages"
        self.workers: list[subprocess.Popen[bytes]] = []
        self.database = folder / "db.sqlite3"
        if migrated is None:
            self.run("-m", "django", "migrate", "--run-syncdb", "--verbosity=0")
        else:
            with closing(sqlite3.connect(migrated)) as source, closing(sqlite3.connect(self.database)) as target:
                source.backup(target)

    def run(self, *args: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run Python with these arguments in the project."""
        done = subprocess.run(
            [sys.executable, *args],
            cwd=ROOT,
            env=self.env,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert not check or done.returncode == 0, done.stderr
        return done

    def script(self, code: str) -> str:
        """Run lines of code with Django set up, and give what they print."""
        return self.run("-c", f"import django\ndjango.setup()\n{code}").stdout.strip()

    def enqueue(self, kind: str, key: str) -> str:
        """Queue a job, and give its public id."""
        return self.script(
            "from django.db import transaction\nfrom eds.jobs.domain import enqueue\n"
            f"with transaction.atomic():\n"
            f"    job = enqueue(kind={kind!r}, subject='x', key={key!r}, args={{'folder': {str(self.folder)!r}}})\n"
            "print(job.public_id)"
        )

    def start_worker(self) -> subprocess.Popen[bytes]:
        """Start a worker with its own scheduler, in a process group of its own."""
        log = self.folder / f"worker-{len(self.workers)}.log"
        worker = start([sys.executable, *WORKER], log, self.env)
        self.workers.append(worker)
        return worker

    def signal(self, worker: subprocess.Popen[bytes], number: signal.Signals) -> None:
        """Send a signal to a worker's whole process group."""
        os.killpg(worker.pid, number)

    def end(self) -> None:
        """End whatever still runs."""
        for worker in self.workers:
            end(worker)

    def logs(self) -> str:
        """Give what the workers wrote."""
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("worker-*.log")))

    def rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        """Ask the database."""
        with closing(sqlite3.connect(self.database, timeout=20)) as connection:
            return connection.execute(sql, values).fetchall()

    def state(self, public_id: str) -> tuple[Any, ...]:
        """Give state and attempts of a job."""
        return self.rows("SELECT state, attempts FROM jobs_job WHERE public_id = ?", public_id)[0]

    def results(self, public_id: str) -> int:
        """Count what a job made."""
        return int(self.rows("SELECT count(*) FROM jobs_testapp_result WHERE job_id = ?", public_id)[0][0])

    def started(self) -> set[str]:
        """Give the handlers that are, or were, in the middle."""
        return {path.name for path in self.folder.glob("started-*")}

    def wait_until_done(self, public_id: str) -> None:
        """Wait until a job is done."""
        wait_until(lambda: self.state(public_id)[0] == "done", f"job {public_id} to be done", self.logs)
