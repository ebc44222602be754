"""Processes that tests start beside themselves: their environment, their start and their end, and waiting for them."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 90
WORKER = ["-m", "celery", "-A", "eds.project", "worker", "-B", "-c", "1", "--loglevel", "INFO"]
"""Python's arguments for a worker with a scheduler of its own."""


def wait_until(
    condition: Callable[[], Any], what: str, told: Callable[[], str] = str, seconds: float = PATIENCE
) -> Any:
    """Ask again until the condition holds, and give what it gave. Raises AssertionError with `what` after a deadline."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain for {what}\n{told()}")
        time.sleep(0.05)
    return value


def plain_environment(*more: str) -> dict[str, str]:
    """Give the environment of somebody who has set nothing of ours; nor any name that begins with one of `more`."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("EDS_", *more)) and name != "PORT"
    }


def start(command: Sequence[str], log: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own; what it writes is added to `log`. End it with `end`."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill a process that `start` started, with all its children, also those that outlived it, and wait for its end."""
    with suppress(ProcessLookupError):
        with_children(process.pid, signal.SIGKILL)
    process.wait()


def children_of(pid: int) -> list[int]:
    """Give the numbers of a process's children."""
    return [int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()]


def with_children(pid: int, number: int) -> None:
    """Signal a process that began a session of its own, and all of its children, one by one where they left its group."""
    children = children_of(pid)
    os.killpg(pid, number)
    for child in children:
        try:
            os.kill(child, number)
        except ProcessLookupError:
            continue
