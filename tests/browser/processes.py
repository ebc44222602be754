"""The demo as a person starts it, and a web server with no worker beside it."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from tests.processes import ROOT, WORKER, end, plain_environment, start, wait_until

READY = "EDS is ready at "
DEADLINE = 300


class Demo:
    """`scripts/demo.py` in a folder of its own, from its start to Ctrl-C. `settings` are added to its environment."""

    def __init__(
        self, folder: Path, arguments: Sequence[str] = ("--port", "0"), settings: Mapping[str, str] | None = None
    ) -> None:
        self.data = folder / "data"
        self._printed = folder / "printed"
        began = time.monotonic()
        self._printed.unlink(missing_ok=True)
        # its years stay those that the tests name, whenever they run
        environment = plain_environment() | {"EDS_DATA_DIR": str(self.data), "EDS_DEMO_YEAR": "2026"}
        self._process = start(
            [sys.executable, "scripts/demo.py", *arguments], self._printed, environment | dict(settings or {})
        )
        wait_until(lambda: self._ended() or READY in self.printed(), "the demo to be ready", self.printed, DEADLINE)
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
        wait_until(lambda: self._ended() or "Ctrl-C again" in self.printed(), "the first Ctrl-C to be heard")
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
        wait_until(lambda: "Listening at: " in self.log("web"), "the web server", lambda: self.log("web"))
        self.url = self.log("web").split("Listening at: ")[1].split()[0].replace("127.0.0.1", "localhost")

    def _start(self, name: str, arguments: list[str]) -> None:
        self._processes[name] = start([sys.executable, *arguments], self.data / "log" / name, self._env)

    def log(self, name: str) -> str:
        """Give what a process wrote."""
        return (self.data / "log" / name).read_text()

    def start_worker(self) -> None:
        """Start a worker with its own scheduler, unless one runs."""
        if "worker" not in self._processes:
            self._start("worker", WORKER)

    def end(self) -> None:
        """End every process."""
        for process in self._processes.values():
            end(process)
