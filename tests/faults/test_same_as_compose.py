"""What runs here is what docker-compose.yml says: command, environment and health check of each service."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from postgres import ROLES
from redis_broker import COMMAND, broker

from .compose import ROOT
from .house import HASTE, House
from .stage import SERVICES, Stage

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
PROCESSES = {"web": 3, "worker": 2, "beat": 0}
"""How many processes each service starts: `--workers 3`, `-c 2`."""


def as_in_a_container(house: House, text: str) -> str:
    """Put back the names that things have among containers."""
    places = house.places
    for here, there in (
        (f"@127.0.0.1:{places.database_port}/", "@database:5432/"),
        (f"//127.0.0.1:{places.broker_port}/", "//broker:6379/"),
        (f"127.0.0.1:{places.web_port}", "0.0.0.0:8000"),
        (str(places.web_port), "8000"),
        (str(places.static), "/app/var/static"),
        (str(places.data), "/data"),
        (str(places.temporary), "/tmp"),
    ):
        text = text.replace(here, there)
    return text


def said(house: House, text: object) -> str:
    """What .env makes of a value of docker-compose.yml."""
    found = re.sub(r"\$\{(\w+)(:[-?][^}]*)?\}", lambda each: house.variables.get(each[1], each[0]), str(text))
    return re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", found)


@pytest.mark.parametrize("name", SERVICES)
def test_the_command(stage: Stage, name: str) -> None:
    line = Path(f"/proc/{stage.house.pid(name)}/cmdline").read_bytes().decode().rstrip("\0").split("\0")
    program, *arguments = COMPOSE[name]["command"]
    # The kernel puts the interpreter of a script before it.
    interpreter, script, *rest = line
    assert Path(interpreter).name.startswith("python")
    assert Path(script).name == program
    assert [as_in_a_container(stage.house, word) for word in rest] == arguments


@pytest.mark.parametrize("name", SERVICES)
def test_the_environment(stage: Stage, name: str) -> None:
    pairs = Path(f"/proc/{stage.house.pid(name)}/environ").read_bytes().decode().rstrip("\0").split("\0")
    running = {
        key: as_in_a_container(stage.house, value)
        for key, _, value in (pair.partition("=") for pair in pairs)
        if key.startswith(("EDS_", "DJANGO_"))
    }
    image = dict(re.findall(r"(EDS_\w+)=(\S+)", *re.findall(r"^ENV .*$", DOCKERFILE, re.MULTILINE)))
    told = {key: said(stage.house, value) for key, value in COMPOSE[name]["environment"].items()}
    assert running == image | told | HASTE


@pytest.mark.parametrize("name", SERVICES)
def test_the_health_check(stage: Stage, name: str) -> None:
    assert stage.house.is_healthy(name)
    asked = [as_in_a_container(stage.house, word) for word in stage.house.asked[name]]
    assert ["CMD", *asked] == COMPOSE[name]["healthcheck"]["test"]


@pytest.mark.parametrize("name", SERVICES)
def test_as_many_processes_as_asked_for(stage: Stage, name: str) -> None:
    assert len(stage.house.processes(name)) == 1 + PROCESSES[name]


def on_this_machine(name: str, port: int) -> list[str]:
    """A health check of docker-compose.yml, asked of a server that has another port here."""
    program, *arguments = COMPOSE[name]["healthcheck"]["test"][1:]
    return [program, "-p", str(port), *arguments]


def test_the_broker_is_started_and_asked_as_there() -> None:
    with broker() as running:
        assert ["redis-server", *COMMAND] == COMPOSE["broker"]["command"]
        asked = ["CONFIG", "GET", "save", "appendonly", "maxmemory", "maxmemory-policy"]
        told = subprocess.run(
            ["redis-cli", "-p", str(running.port), *asked], capture_output=True, text=True, check=True
        )
        lines = told.stdout.split("\n")
        found = dict(zip(lines[0::2], lines[1::2], strict=False))
        assert (found["save"], found["appendonly"]) == ("", "no")
        assert (found["maxmemory"], found["maxmemory-policy"]) == (str(200 * 2**20), "volatile-lru")
        check = on_this_machine("broker", running.port)
        assert subprocess.run(check, capture_output=True, text=True, check=False).stdout == "PONG\n"
    assert subprocess.run(check, capture_output=True, check=False).returncode != 0


def test_the_database_is_the_release_and_is_asked_as_there(stage: Stage) -> None:
    major = COMPOSE["database"]["image"].split(":")[1].split("-")[0]
    assert int(stage.house.rows("SHOW server_version")[0][0].split(".")[0]) >= int(major)
    check = on_this_machine("database", stage.house.places.database_port)
    assert subprocess.run(check, capture_output=True, check=False).returncode == 0
    assert COMPOSE["database"]["volumes"][1].split(":")[0] == f"./{ROLES.relative_to(ROOT)}"
