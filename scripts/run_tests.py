"""Runs everything that `make test` promises: linters, types, layers, then the tests on SQLite and on PostgreSQL.

    python3 scripts/run_tests.py                  everything; the last line is pytest's own
    python3 scripts/run_tests.py --lint           linters, types and layers only
    python3 scripts/run_tests.py PYTEST-ARGUMENT… only these tests, on PostgreSQL (--sqlite first: on SQLite)

Standard library only.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from common import ROOT, STATIC_ROOT, collect_static, python, say
from postgres import ServerError, server
from redis_broker import BrokerError, broker

PACKAGES = ["eds", "evidence", "grading", "objectives", "reports", "scripts"]
LINTERS = {
    "ruff check": ["-m", "ruff", "check", "--quiet", "."],
    "ruff format": ["-m", "ruff", "format", "--quiet", "--diff", "."],
    "import layers": ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
    "types": ["-m", "mypy", *PACKAGES],
    "Django's checks": ["manage.py", "check"],
    "migrations are complete": ["manage.py", "makemigrations", "--check", "--dry-run"],
}
DURATIONS = "--durations=10"
ON_SQLITE = ["-q", "-m", "engine", DURATIONS]
ON_POSTGRESQL = ["-n", "2", "--dist", "loadgroup", DURATIONS]


class StopAskedError(Exception):
    """Somebody asked to stop."""


def _stop(number: int, frame: object) -> None:
    raise StopAskedError


def environment_for(folder: Path) -> dict[str, str]:
    """The tests' environment: nothing of the caller's own settings, and data in a folder that goes away."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EDS_")}
    return kept | {
        "EDS_DEMO": "1",
        "EDS_DATA_DIR": str(folder),
        "EDS_LOG_LEVEL": "WARNING",  # a line a request would bury what a failed test has to say
        "EDS_STATIC_ROOT": str(STATIC_ROOT),
        "PYTHONPATH": str(ROOT),
        "TMPDIR": str(folder),  # so that what a test forgets goes away as well
    }


def wait(process: subprocess.Popen[bytes]) -> int:
    """Waits for a process, and when asked to stop ends it before letting go."""
    try:
        return process.wait()
    except StopAskedError:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise


def lint(environment: dict[str, str]) -> list[str]:
    """Runs all linters, prints what those that fail have to say, and gives the names of those."""
    failed = []
    for name, arguments in LINTERS.items():
        began = time.monotonic()
        with tempfile.TemporaryFile() as output:
            status = wait(
                subprocess.Popen(
                    [python(), *arguments],
                    cwd=ROOT,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                )
            )
            output.seek(0)
            printed = output.read().decode(errors="replace")
        say(f"{name}: {'FAILED' if status else 'passed'} ({time.monotonic() - began:.1f} s)")
        if status:
            failed.append(name)
            say(printed.rstrip())
    return failed


def pytest(environment: dict[str, str], arguments: list[str]) -> int:
    """Runs pytest and gives its exit status."""
    command = [python(), "-m", "pytest", *arguments]
    return wait(subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL))


def on_postgresql(environment: dict[str, str], arguments: list[str]) -> int:
    """Runs pytest beside a PostgreSQL server and a Redis server that live only as long."""
    with server() as running, broker() as messages:
        urls = {
            "EDS_DATABASE_URL": running.app_url,
            "EDS_MIGRATE_DATABASE_URL": running.owner_url,
            "EDS_TEST_REDIS_URL": messages.url,
        }
        return pytest(environment | urls, arguments)


def everything(environment: dict[str, str]) -> int:
    """Linters, then the tests marked "engine" on SQLite, then all tests on PostgreSQL."""
    if failed := lint(environment):
        say(f"\nNot tested any further. To be mended first: {', '.join(failed)}.")
        return 1
    say("\nTests that run on each engine, on SQLite:")
    began = time.monotonic()
    if status := pytest(environment, ON_SQLITE):
        # 5 is pytest's word for "no test collected", which would hide that the engine tests are gone
        return status
    say(f"On SQLite: {time.monotonic() - began:.1f} s\n\nAll tests, on PostgreSQL:")
    return on_postgresql(environment, ON_POSTGRESQL)


def main() -> int:
    """The command line."""
    arguments = sys.argv[1:]
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    folder = Path(tempfile.mkdtemp(prefix="eds-test-"))
    environment = environment_for(folder)
    try:
        if arguments == ["--lint"]:
            return 1 if lint(environment) else 0
        if trouble := collect_static(environment):
            say(trouble)
            return 1
        if not arguments:
            return everything(environment)
        if arguments[0] == "--sqlite":
            return pytest(environment, arguments[1:])
        return on_postgresql(environment, arguments)
    except (ServerError, BrokerError) as failure:
        say(str(failure))
        return 1
    except StopAskedError:
        return 130
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
