"""A whole installation as real processes: PostgreSQL, Redis, web, worker and beat, each of which can be broken.

Commands, environment and health checks are those of docker-compose.yml; only addresses and folders are other ones, and
a few seconds are shorter (HASTE). Files lie on a disk of their own that can be filled, where this machine allows it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg2
from common import ROOT, STATIC_ROOT, collect_static, free_port
from postgres import Server, server
from redis_broker import Broker, broker

from tests.jobs.smtp import MailServer
from tests.processes import PATIENCE, children_of, end, plain_environment, start, wait_until

from .compose import Places, Service, service
from .disk import Disk

HASTE = {
    "EDS_JOB_LEASE_SECONDS": "4",
    "EDS_SWEEP_SECONDS": "1",
    "EDS_WORKER_SILENT_SECONDS": "6",
    # People log in with a password alone: what an authenticator app does is tested elsewhere.
    "EDS_REQUIRE_SECOND_FACTOR": "0",
}
"""Settings beside those of docker-compose.yml, so that waiting takes seconds."""


class House:
    """The processes of an installation. `restart` takes a service down and up again, with other settings if need be."""

    def __init__(self, folder: Path, database: Server, messages: Broker) -> None:
        self.folder, self.database, self.broker = folder, database, messages
        for part in ("data", "tmp", "log"):
            (folder / part).mkdir()
        self.disk = Disk(folder / "data" / "files")
        self._password = database.app_url.split(":")[2].split("@")[0]
        self.places = Places(
            database_port=int(database.app_url.rpartition(":")[2].split("/")[0]),
            broker_port=messages.port,
            web_port=free_port(),
            data=folder / "data",
            temporary=folder / "tmp",
            static=STATIC_ROOT,
        )
        self.mails = MailServer()
        self.variables = {
            "EDS_EMAIL_URL": f"smtp://127.0.0.1:{self.mails.port}?tls=0",
            "EDS_SECRET_KEY": "0123456789abcdef" * 4,
            "EDS_APP_PASSWORD": self._password,
            "EDS_OWNER_PASSWORD": database.owner_url.split(":")[2].split("@")[0],
            "POSTGRES_PASSWORD": "not used here",
        }
        self.asked: dict[str, list[str]] = {}
        """The health check last run for each service."""
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def service(self, name: str) -> Service:
        """Give a service as docker-compose.yml says it, with the values of .env."""
        return service(name, self.variables)

    def environment(self, name: str, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """Give the whole environment of a service's process."""
        kept = plain_environment("DJANGO_", "PYTEST")
        kept["PATH"] = f"{Path(sys.executable).parent}:{kept['PATH']}"
        told = {key: self.places.put(value) for key, value in self.service(name).environment.items()}
        return kept | told | HASTE | dict(more or {})

    def start(self, name: str, more: Mapping[str, str] | None = None, *, called: str = "", waits: bool = True) -> None:
        """Start a service, and come back when it is healthy unless told not to wait. `called`: a second one of it."""
        called = called or name
        # A second one runs on another machine, with a temporary folder of its own.
        places = self.places if called == name else replace(self.places, temporary=self.folder / "tmp" / called)
        places.temporary.mkdir(exist_ok=True)
        command = [places.put(word) for word in self.service(name).command]
        self._running[called] = start(
            self.disk.inside(command), self.folder / "log" / called, self.environment(name, more)
        )
        if not waits:
            return
        wait_until(lambda: self._ended(called) or self.is_healthy(name), f"{called} to be healthy", self.logs)
        if self._ended(called):
            raise AssertionError(f"{called} ended by itself\n{self.logs()}")

    def is_healthy(self, name: str) -> bool:
        """Run the service's health check."""
        self.asked[name] = command = [self.places.put(word) for word in self.service(name).health_check]
        done = subprocess.run(command, cwd=ROOT, env=self.environment(name), capture_output=True, check=False)
        return done.returncode == 0

    def runs(self, called: str) -> bool:
        """Say whether a service was started and has not ended."""
        return called in self._running and not self._ended(called)

    def pid(self, called: str) -> int:
        """Give the number of a service's first process."""
        return self._running[called].pid

    def processes(self, called: str) -> list[int]:
        """Give the numbers of a service's first process and of its children."""
        return [self.pid(called), *children_of(self.pid(called))]

    def signal(self, called: str, number: int) -> None:
        """Send a signal to a service's first process, as a container's engine does."""
        os.kill(self.pid(called), number)

    def kill(self, called: str) -> None:
        """End a service with all its processes at once, without a chance to tidy up."""
        process = self._running.pop(called, None)
        if process is not None:
            end(process)

    def stop(self, called: str) -> None:
        """Ask a service to end, and wait until it has."""
        process = self._running.pop(called)
        process.terminate()
        process.wait(timeout=PATIENCE)

    def restart(self, name: str, more: Mapping[str, str] | None = None, *, waits: bool = True) -> None:
        """Kill a service if it runs, and start it."""
        self.kill(name)
        self.start(name, more, waits=waits)

    def _ended(self, called: str) -> bool:
        return self._running[called].poll() is not None

    def logs(self) -> str:
        """Give the last that every process wrote."""
        found = sorted((self.folder / "log").iterdir())
        return "\n".join(f"--- {path.name}\n{path.read_text(errors='replace')[-3000:]}" for path in found)

    def manage(self, *arguments: str, owner: bool = False) -> str:
        """Run one of the one-off commands; gives what it printed. Raises AssertionError where it fails."""
        return self.run_python("manage.py", *arguments, owner=owner)

    def run_python(self, *arguments: str, owner: bool = False) -> str:
        """Run Python in the environment of the web server, or of migrating, and give what it printed."""
        done = subprocess.run(
            self.disk.inside([sys.executable, *arguments]),
            cwd=ROOT,
            # Setting up may be fast: what must survive a crash comes later.
            env=self.environment("migrate" if owner else "web") | {"PGOPTIONS": "-c synchronous_commit=off"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"{arguments} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def start_python(self, *arguments: str, more: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start Python in the environment of the worker, for what is to run beside something else."""
        with (self.folder / "log" / "python").open("ab") as output:
            return subprocess.Popen(
                self.disk.inside([sys.executable, *arguments]),
                cwd=ROOT,
                env=self.environment("worker", more),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def change(self, sql: str, *values: object) -> None:
        """Change rows as the application's role, to set a scene."""
        connection = psycopg2.connect(self.database.app_url)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(sql, values)
        finally:
            connection.close()

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Ask the database itself."""
        connection = psycopg2.connect(self.database.app_url)
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(sql, values)
                return list(cursor.fetchall())
        finally:
            connection.close()

    def number(self, sql: str, *values: object) -> int:
        """Ask the database for one number."""
        return int(self.rows(sql, *values)[0][0])

    def end(self) -> None:
        """End every process."""
        for name in list(self._running):
            self.kill(name)
        self.disk.end()
        self.mails.shutdown()
        self.mails.server_close()


@contextmanager
def house() -> Iterator[House]:
    """Run an installation as long as the block lasts, migrated, with the frameworks, and web, worker and beat up."""
    folder = Path(tempfile.mkdtemp(prefix="eds-house-", dir="/tmp"))
    try:
        with server(durable=True) as database, broker() as messages:
            made = House(folder, database, messages)
            try:
                if trouble := collect_static(
                    {**os.environ, "EDS_DEMO": "1", "EDS_STATIC_ROOT": str(STATIC_ROOT), "EDS_DATA_DIR": str(folder)}
                ):
                    raise AssertionError(trouble)
                for name in ("migrate", "frameworks"):
                    command = made.service(name).command[1:]
                    made.run_python(*command, owner=name == "migrate")
                yield made
            finally:
                made.end()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
