"""The processes that are measured: what docker-compose.yml starts as the web service, in front of a given database."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml
from common import ROOT, STATIC_ROOT, free_port, web_answers

START_SECONDS = 60


def environment(folder: Path, database: str, redis: str) -> dict[str, str]:
    """The environment of an installation as it stands in production: no demo, no DEBUG, HTTPS behind a proxy."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EDS_")}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'scripts'}",
        "EDS_DATA_DIR": str(folder),
        "EDS_STATIC_ROOT": str(STATIC_ROOT),
        "EDS_SECRET_KEY": secrets.token_hex(32),
        "EDS_DATABASE_URL": database,
        "EDS_BROKER_URL": redis,
        "EDS_HOSTS": "127.0.0.1,localhost",
        "EDS_BASE_URL": "https://127.0.0.1",
        "EDS_BEHIND_PROXY": "1",
        "EDS_LOG_FORMAT": "json",
        "EDS_LOG_LEVEL": "WARNING",
    }


def web_command(port: int, workers: int | None = None) -> list[str]:
    """The web service's command of docker-compose.yml, on a port of this machine alone; with other workers where asked."""
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    program, *arguments = compose["services"]["web"]["command"]
    arguments[arguments.index("--bind") + 1] = f"127.0.0.1:{port}"
    if workers is not None:
        arguments[arguments.index("--workers") + 1] = str(workers)
    return [str(Path(sys.executable).parent / program), *arguments]


@contextmanager
def web(environ: dict[str, str], log: Path, workers: int | None = None) -> Iterator[int]:
    """Run the web service as long as the block lasts, and give its port. Raises RuntimeError where it does not start."""
    port = free_port()
    with log.open("wb") as output:
        process = subprocess.Popen(
            web_command(port, workers),
            cwd=ROOT,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        deadline = time.monotonic() + START_SECONDS
        while not web_answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The web server did not start:\n{log.read_text(errors='replace')[-3000:]}")
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def manage(environ: dict[str, str], *arguments: str) -> None:
    """Run manage.py. Raises RuntimeError with what it printed where it fails."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
