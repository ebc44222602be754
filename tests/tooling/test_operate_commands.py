"""The commands of docs/operate.md, run as they stand there, from an empty database to a restored one."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest
from common import free_port
from postgres import Server, server

from tests.databases import on_postgresql
from tests.processes import ROOT, end, plain_environment, start, wait_until

BLOCKS = re.findall(r"^```sh (\w+)\n(.*?)^```", (ROOT / "docs" / "operate.md").read_text(), re.MULTILINE | re.DOTALL)
LOAD = 'set -a; . "$ETC/eds.env"; set +a\n'


class Machine:
    """A server of one's own: folders, PostgreSQL, Redis, and a port for the web server."""

    def __init__(self, folder: Path, database: Server) -> None:
        self.folder, self.port = folder, free_port()
        self.environment = plain_environment("PG") | {
            **database.as_superuser,
            "POSTGRES_HOST": database.app_url.split("@")[1].split("/")[0],
            "REDIS_HOST": os.environ["EDS_TEST_REDIS_URL"].split("/")[2],
            "DJANGO_SUPERUSER_PASSWORD": "correct horse battery",
        }
        for name in ("ETC", "DATA", "BACKUPS"):
            (folder / name).mkdir()
            self.environment[name] = str(folder / name)
        self._services: list[subprocess.Popen[bytes]] = []

    def run(self, commands: str) -> str:
        """Run commands as a person would who stops at the first that fails."""
        done = subprocess.run(
            ["bash", "-eu", "-o", "pipefail", "-c", self._here(commands)],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{commands}\n{done.stdout}"
        return done.stdout

    def serve(self, commands: str) -> None:
        """Start each line as a service."""
        for number, line in enumerate(commands.splitlines()):
            command = ["bash", "-c", f"{LOAD}exec {self._here(line)}"]
            self._services.append(start(command, self.folder / f"service-{number}.log", self.environment))

    def wait(self, commands: str) -> None:
        """Try each line until it succeeds."""
        for line in commands.splitlines():
            wait_until(lambda line=line: self._succeeds(line), line, self._logs)

    def end(self) -> None:
        """End the services."""
        while self._services:
            end(self._services.pop())

    def _succeeds(self, command: str) -> bool:
        return subprocess.run(shlex.split(self._here(command)), capture_output=True, check=False).returncode == 0

    def _logs(self) -> str:
        return "\n".join(log.read_text() for log in self.folder.glob("service-*.log"))

    def _here(self, commands: str) -> str:
        return commands.replace("127.0.0.1:8000", f"127.0.0.1:{self.port}").replace(
            "localhost:8000", f"localhost:{self.port}"
        )


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    if not on_postgresql():
        pytest.fail("These commands need the servers of a run on PostgreSQL.")
    with server() as database:
        made = Machine(tmp_path, database)
        try:
            yield made
        finally:
            made.end()


def people(url: str) -> list[tuple[str, ...]]:
    connection = psycopg2.connect(url)
    with connection.cursor() as cursor:
        cursor.execute("SELECT email, name FROM people_user")
        found = cursor.fetchall()
    connection.close()
    return found


@pytest.mark.xdist_group("commands")
def test_the_commands_install_serve_upgrade_back_up_and_restore(machine: Machine, tmp_path: Path) -> None:
    kinds = [kind for kind, _ in BLOCKS]
    assert kinds == ["run", "run", "run", "serve", "wait", "run", "run", "restore"]
    loaded = ""
    for kind, commands in BLOCKS[:-1]:
        getattr(machine, kind)(loaded + commands if kind == "run" else commands)
        if (tmp_path / "ETC" / "eds.env").exists():
            loaded = LOAD
    assert len(list((tmp_path / "BACKUPS").iterdir())) == 2
    machine.end()
    machine.run(f"{LOAD}psql --set database=another --file scripts/postgres_roles.sql")
    databases = "EDS_DATABASE_URL=${EDS_DATABASE_URL%/*}/another OWNER_URL=${OWNER_URL%/*}/another"
    empty = f'{LOAD}export {databases} EDS_DATA_DIR="$DATA/another"\n'
    machine.run(empty + BLOCKS[-1][1])
    restored = machine.run(f"{empty}echo $EDS_DATABASE_URL").split()[-1]
    assert people(restored) == [("admin@example.org", "Site administrator")]


def test_commands_for_docker_name_services_that_exist() -> None:
    import yaml

    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    text = (ROOT / "docs" / "operate.md").read_text() + (ROOT / ".env.example").read_text()
    named = re.findall(r"docker compose run(?: --[a-z]+)* (\w+)", text)
    assert set(named) == {"web", "demo"} <= set(services)
