"""The demo as a person starts it, and a web server with no worker beside it."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
READY = "EDS is ready at "
DEADLINE = 300


def wait_for(condition: Callable[[], Any], what: str, told: Callable[[], str] = str, seconds: float = DEADLINE) -> Any:
    """Ask again until the condition holds, and give what it gave. Fails with `what` and `told()` after the deadline."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"waited in vain for {what}\n{told()}"
        time.sleep(0.05)
    return value


def plain_environment() -> dict[str, str]:
    """The environment of somebody who has set nothing of ours: embedded database, broker and files."""
    return {name: value for name, value in os.environ.items() if not name.startswith("EDS_") and name != "PORT"}


class Demo:
    """`scripts/demo.py` in a folder of its own, from its start to Ctrl-C. `settings` are added to its environment."""

    def __init__(
        self, folder: Path, arguments: Sequence[str] = ("--port", "0"), settings: Mapping[str, str] | None = None
    ) -> None:
        self.data = folder / "data"
        self._printed = folder / "printed"
        began = time.monotonic()
        with self._printed.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "scripts/demo.py", *arguments],
                cwd=ROOT,
                # its years stay those that the tests name, whenever they run
                env=plain_environment()
                | {"EDS_DATA_DIR": str(self.data), "EDS_DEMO_YEAR": "2026"}
                | dict(settings or {}),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_for(lambda: self._ended() or READY in self.printed(), "the demo to be ready", self.printed)
        assert not self._ended(), self.printed()
        self.seconds_to_start = time.monotonic() - began
        self.url = self.printed().split(READY)[1].split()[0].rstrip("/")

    def printed(self) -> str:
        """Give what it printed so far."""
        return self._printed.read_text()

    def _ended(self) -> bool:
        return self._process.poll() is not None

    def interrupt(self) -> tuple[int, str]:
        """Press Ctrl-C, wait for the end, and give exit status and what was printed."""
        if not self._ended():
            self._process.send_signal(signal.SIGINT)
        return self._process.wait(timeout=60), self.printed()

    def interrupt_twice(self) -> int:
        """Press Ctrl-C, and again as soon as the first has been heard; give the exit status."""
        self._process.send_signal(signal.SIGINT)
        wait_for(lambda: self._ended() or "Ctrl-C again" in self.printed(), "the first Ctrl-C to be heard")
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(timeout=60)

    def do_now(self, task: str) -> None:
        """Give the worker a task now that its scheduler gives it later."""
        subprocess.run(
            [sys.executable, "-m", "celery", "-A", "eds.project", "call", task],
            cwd=ROOT,
            env=plain_environment() | {"EDS_DEMO": "1", "EDS_DATA_DIR": str(self.data)},
            capture_output=True,
            check=True,
        )

    def kill(self) -> None:
        """End it whatever happens."""
        if not self._ended():
            self._process.send_signal(signal.SIGINT)
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=60)


class Stage:
    """A web server on a copy of the demo's data, with a worker only when one is asked for."""

    def __init__(self, folder: Path, demo: Demo) -> None:
        self.data = folder
        for part in ("broker/messages", "broker/control", "log"):
            (folder / part).mkdir(parents=True)
        (folder / "files").mkdir()
        if (demo.data / "files").exists():
            shutil.copytree(demo.data / "files", folder / "files", dirs_exist_ok=True)
        with (
            closing(sqlite3.connect(demo.data / "db.sqlite3")) as source,
            closing(sqlite3.connect(folder / "db.sqlite3")) as target,
        ):
            source.backup(target)
            target.execute("DELETE FROM jobs_workerseen")
            target.commit()
        self._env = plain_environment() | {
            "EDS_DEMO": "1",
            "EDS_DATA_DIR": str(folder),
            "EDS_STATIC_ROOT": str(ROOT / "var" / "static"),
            "EDS_SWEEP_SECONDS": "1",
            "PYTHONUNBUFFERED": "1",
        }
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        web = ["-m", "gunicorn", "eds.project.wsgi:application", "--bind", "127.0.0.1:0", "--threads", "4"]
        self._start("web", [*web, "--no-control-socket"])
        wait_for(lambda: "Listening at: " in self.log("web"), "the web server", lambda: self.log("web"))
        self.url = self.log("web").split("Listening at: ")[1].split()[0].replace("127.0.0.1", "localhost")

    def _start(self, name: str, arguments: list[str]) -> None:
        with (self.data / "log" / name).open("wb") as output:
            self._processes[name] = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def log(self, name: str) -> str:
        """Give what a process wrote."""
        return (self.data / "log" / name).read_text()

    def start_worker(self) -> None:
        """Start a worker with its own scheduler, unless one runs."""
        if "worker" not in self._processes:
            self._start(
                "worker", ["-m", "celery", "-A", "eds.project", "worker", "-B", "-c", "1", "--loglevel", "INFO"]
            )

    def end(self) -> None:
        """End every process."""
        for process in self._processes.values():
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
