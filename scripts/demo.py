"""Runs the demo: the web server and a worker with its own scheduler, on this machine's disk, until Ctrl-C.

    python3 scripts/demo.py [--port 8000] [--reset]

The data lie in EDS_DATA_DIR (var/demo unless set). A line that starts with READY is printed once both answer. One
SIGINT or SIGTERM ends it in order, a second one at once. Exit status: 0 when it was ended after it was ready, 130
when it was ended before or cut short, 1 when something failed. Standard library only.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from common import ROOT, STATIC_ROOT, collect_static, free_port, port_taken, python, say, web_answers

READY = "EDS is ready at "
MARK = ".eds-demo"
START_SECONDS = 90
STOP_SECONDS = 25


class DemoError(Exception):
    """The demo cannot start or go on; the message says why."""


class StoppedEarlyError(Exception):
    """Somebody asked to stop before the demo was ready."""


@dataclass
class Child:
    """A long-running process of the demo, and where it writes what it has to say."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


def tail(log: Path, lines: int = 15) -> str:
    """The last lines of a log, indented."""
    return "\n".join(f"    {line}" for line in log.read_text(errors="replace").splitlines()[-lines:])


def environment_for(data: Path, port: int) -> dict[str, str]:
    """The environment of every process of the demo; what the caller has set stays."""
    defaults = {
        "EDS_DEMO": "1",
        "EDS_BASE_URL": f"http://localhost:{port}",
        "EDS_STATIC_ROOT": str(STATIC_ROOT),
        "PYTHONUNBUFFERED": "1",
    }
    return defaults | os.environ | {"EDS_DATA_DIR": str(data)}


class Demo:
    """One run of the demo."""

    def __init__(self, data: Path, port: int) -> None:
        self.data = data
        self.port = port
        self.environment = environment_for(data, port)
        self.asked = 0
        self.children: list[Child] = []
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: object) -> None:
        self.asked += 1

    def lock(self) -> IO[str]:
        """Makes sure that no other demo uses these data. Give back the handle for as long as the demo runs."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        handle = self.data.with_name(f"{self.data.name}.lock").open("a")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise DemoError(f"A demo is already running with the data in {self.data}. End that one first.") from None
        return handle

    def check_port(self) -> None:
        """Raises DemoError when something else listens where the web server should."""
        if port_taken(self.port):
            other = self.port + 1 if self.port < 65535 else 8000
            raise DemoError(
                f"Port {self.port} is already in use. Choose another one, for example: PORT={other} make demo"
            )

    def wipe(self) -> None:
        """Deletes the demo's data: only a folder that a demo made, and never a database server's."""
        if "EDS_DATABASE_URL" in os.environ:
            raise DemoError("EDS_DATABASE_URL is set, and only data in the demo's own folder can be wiped.")
        if not self.data.exists():
            return
        if not (self.data / MARK).is_file():
            raise DemoError(f"{self.data} was not made by the demo, so it is not deleted.")
        shutil.rmtree(self.data)
        say("The demo's data are deleted.")

    def prepare(self) -> None:
        """Creates folders and database, loads what is to be there, and collects the static files."""
        for folder in ("log", "broker/messages", "broker/control"):
            (self.data / folder).mkdir(parents=True, exist_ok=True)
        (self.data / MARK).touch()
        setup_log = self.data / "log" / "setup.log"
        setup_log.write_bytes(b"")
        # On PostgreSQL the role that serves pages may not change tables; on SQLite there are no roles.
        owner = {"EDS_DATABASE_URL": url} if (url := os.environ.get("EDS_MIGRATE_DATABASE_URL")) else {}
        say("Preparing the database …")
        self._manage("migrate", setup_log, owner)
        self._manage("load_frameworks", setup_log)
        self._manage("load_demo", setup_log)
        self._check_asked()
        if trouble := collect_static(self.environment):
            raise DemoError(f"The static files could not be collected:\n{trouble}")

    def _manage(self, command: str, log: Path, extra: dict[str, str] | None = None) -> None:
        """Runs one command of manage.py to its end. Raises DemoError, or StoppedEarlyError when asked to stop."""
        with log.open("ab") as output:
            process = subprocess.Popen(
                [python(), "manage.py", command],
                cwd=ROOT,
                env=self.environment | (extra or {}),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            while process.poll() is None:
                if self.asked:
                    process.terminate()
                    process.wait()
                    raise StoppedEarlyError
                time.sleep(0.05)
        if process.returncode:
            raise DemoError(f"`manage.py {command}` failed:\n{tail(log)}")

    def start(self) -> None:
        """Starts the web server and the worker, each in a process group of its own."""
        web = ["-m", "gunicorn", "eds.project.wsgi:application", "--bind", f"127.0.0.1:{self.port}", "--workers", "2"]
        web += ["--threads", "4", "--graceful-timeout", "5", "--no-control-socket", "--access-logfile", "-"]
        web += [
            "--access-logformat",
            '%(h)s %(t)s "%(m)s %(U)s" %(s)s %(b)s',
        ]  # without queries: they hold keys of links
        worker = ["-m", "celery", "-A", "eds.project", "worker", "-B", "-c", "2", "--loglevel", "INFO"]
        worker += ["--hostname", f"demo-{self.port}@%h"]
        say("Starting the web server and the worker …")
        for name, arguments in (("web server", web), ("worker", worker)):
            log = self.data / "log" / f"{name.replace(' ', '-')}.log"
            with log.open("wb") as output:
                process = subprocess.Popen(
                    [python(), *arguments],
                    cwd=ROOT,
                    env=self.environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            self.children.append(Child(name, process, log))

    def wait_until_ready(self, began: float) -> None:
        """Comes back when the web server answers and the worker was heard of. Raises DemoError or StoppedEarlyError."""
        deadline = began + START_SECONDS
        heard_log = self.data / "log" / "worker-heard.log"
        web = worker = False
        while not (web and worker):
            self.check_children()
            self._check_asked()
            if time.monotonic() > deadline:
                silent = self.children[1 if web else 0]
                reason = f"\n{tail(heard_log)}" if web else ""
                raise DemoError(f"The {silent.name} did not answer in time:\n{tail(silent.log)}{reason}")
            web = web or web_answers(self.port)
            if web:
                worker = self._worker_heard(began, heard_log)
            time.sleep(0.2)

    def _worker_heard(self, began: float, log: Path) -> bool:
        # A worker of an earlier run must not count: so "lately" is made to mean "since this one was started".
        lately = {"EDS_WORKER_SILENT_SECONDS": str(int(time.monotonic() - began))}
        with log.open("wb") as output:
            done = subprocess.run(
                [python(), "manage.py", "worker_heard"],
                cwd=ROOT,
                env=self.environment | lately,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                check=False,
            )
        if done.returncode > 1:
            raise DemoError(f"`manage.py worker_heard` failed:\n{tail(log)}")
        return done.returncode == 0

    def greet(self) -> None:
        """Prints the people of the demo, and last where it is."""
        done = subprocess.run(
            [python(), "manage.py", "demo_people"],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            start_new_session=True,
            check=False,
        )
        if done.returncode:
            raise DemoError(f"`manage.py demo_people` failed:\n{done.stdout}{done.stderr}")
        say()
        say(done.stdout.rstrip())
        say()
        say(f"Logs: {self.data / 'log'}")
        say(f"{READY}http://localhost:{self.port}/ (Ctrl-C ends it)")

    def check_children(self) -> None:
        """Raises DemoError when a process of the demo has ended by itself."""
        for child in self.children:
            status = child.process.poll()
            if status is not None:
                raise DemoError(f"The {child.name} ended by itself with status {status}:\n{tail(child.log)}")

    def _check_asked(self) -> None:
        if self.asked:
            raise StoppedEarlyError

    def watch(self) -> None:
        """Comes back when somebody asks to stop. Raises DemoError when a process ends by itself."""
        while not self.asked:
            self.check_children()
            time.sleep(0.2)

    def stop(self) -> bool:
        """Ends what runs: TERM, and KILL after STOP_SECONDS or when asked again. Says whether TERM was enough."""
        if not self.children:
            return True
        say("\nEnding the web server and the worker (Ctrl-C again cuts it short) …")
        before = self.asked
        for child in self.children:
            if child.process.poll() is None:
                child.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        while any(child.process.poll() is None for child in self.children):
            if self.asked > before or time.monotonic() > deadline:
                break
            time.sleep(0.05)
        late = [child.name for child in self.children if child.process.poll() is None]
        for child in self.children:
            try:
                os.killpg(child.process.pid, signal.SIGKILL)  # the whole group: also what a child left behind
            except ProcessLookupError:
                continue
        for child in self.children:
            child.process.wait()
        say(f"Ended; had to kill the {' and the '.join(late)}." if late else "Ended.")
        return not late or self.asked == before

    def run(self, reset: bool) -> int:
        """The whole life of the demo; gives the exit status."""
        try:
            with self.lock():
                self.check_port()
                if reset:
                    self.wipe()
                try:
                    self.prepare()
                    began = time.monotonic()
                    self.start()
                    self.wait_until_ready(began)
                    self.greet()
                    self.watch()
                except DemoError as failure:
                    say(str(failure))
                    self.stop()
                    return 1
                except BaseException:
                    self.stop()
                    raise
                return 0 if self.stop() else 130
        except DemoError as failure:
            say(str(failure))
            return 1
        except StoppedEarlyError:
            say("Stopped before it was ready.")
            return 130


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Run the demo until Ctrl-C.")
    parser.add_argument("--port", default=os.environ.get("PORT") or "8000", help="where to listen; 0 takes a free one")
    parser.add_argument("--reset", action="store_true", help="delete the demo's data first")
    arguments = parser.parse_args()
    if not arguments.port.isdigit() or int(arguments.port) > 65535:
        say(f"PORT is {arguments.port!r}, and should be a number up to 65535.")
        return 1
    port = int(arguments.port) or free_port()
    data = Path(os.environ.get("EDS_DATA_DIR") or ROOT / "var" / "demo").resolve()
    return Demo(data, port).run(arguments.reset)


if __name__ == "__main__":
    sys.exit(main())
