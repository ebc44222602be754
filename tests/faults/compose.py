"""What docker-compose.yml and the Dockerfile say about a service, read for processes on this machine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
_VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::?(?P<how>[-?])(?P<other>[^}]*))?\}")


@dataclass(frozen=True)
class Service:
    """A service as the file says it: nothing is replaced yet."""

    name: str
    command: list[str]
    environment: dict[str, str]
    health_check: list[str]


def filled_in(text: str, variables: Mapping[str, str]) -> str:
    """Put the values of .env into a text, as compose does it. Raises KeyError for one that must be set and is not."""

    def value(found: re.Match[str]) -> str:
        given = variables.get(found["name"], "")
        if given or found["how"] == "-":
            return given or found["other"]
        raise KeyError(f"{found['name']}: {found['other']}")

    return _VARIABLE.sub(value, text)


def image_environment() -> dict[str, str]:
    """Give what the last stage of the Dockerfile sets with ENV, PATH left out."""
    stage = (ROOT / "Dockerfile").read_text().rpartition("\nFROM ")[2]
    pairs = (pair.split("=", 1) for line in re.findall(r"^ENV (.*)$", stage, re.MULTILINE) for pair in line.split())
    return {name: value for name, value in pairs if name != "PATH"}


def service(name: str, variables: Mapping[str, str]) -> Service:
    """Give a service of docker-compose.yml with the values of .env put in."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"][name]
    test = found.get("healthcheck", {}).get("test", ["CMD"])
    return Service(
        name=name,
        command=[filled_in(word, variables) for word in found["command"]],
        environment=image_environment()
        | {key: filled_in(str(value), variables) for key, value in found["environment"].items()},
        health_check=[filled_in(word, variables) for word in test[1:]],
    )


@dataclass(frozen=True)
class Places:
    """Where things are on this machine that have names of their own among containers."""

    database_port: int
    broker_port: int
    web_port: int
    data: Path
    temporary: Path
    static: Path

    def put(self, text: str) -> str:
        """Replace names of hosts, the web server's port and the image's folders in a word of a command or a setting."""
        text = text.replace("@database:5432/", f"@127.0.0.1:{self.database_port}/")
        text = text.replace("//broker:6379/", f"//127.0.0.1:{self.broker_port}/")
        text = text.replace("0.0.0.0:8000", f"127.0.0.1:{self.web_port}")
        if text == "8000":
            return str(self.web_port)
        for folder, here in (("/app/var/static", self.static), ("/data", self.data), ("/tmp", self.temporary)):
            if text == folder or text.startswith(f"{folder}/"):
                return str(here) + text.removeprefix(folder)
        return text
