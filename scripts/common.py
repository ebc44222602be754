"""What the commands of the Makefile share: where things are, and the static files.

Standard library only, since these scripts run before anything is installed.
"""

from __future__ import annotations

import fcntl
import hashlib
import http.client
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STATIC_ROOT = ROOT / "var" / "static"


def python() -> str:
    """The Python that has the project's packages: the one of .venv where there is one, else the running one."""
    own = VENV / "bin" / "python"
    return str(own) if own.exists() else sys.executable


def say(text: str = "") -> None:
    """Prints a line at once, also into a pipe."""
    print(text, flush=True)


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def free_port() -> int:
    """A port of 127.0.0.1 on which nothing listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_taken(port: int) -> bool:
    """Whether something on this machine already listens on that port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def web_answers(port: int) -> bool:
    """Whether the web server on that port of 127.0.0.1 says that it is well (/healthz answers 200)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        # A proxy in front would say the same; without it a site that insists on HTTPS answers with a redirect.
        connection.request("GET", "/healthz", headers={"Host": "localhost", "X-Forwarded-Proto": "https"})
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Holds a file lock, waiting for whoever holds it; it goes with the process, however that ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _static_state() -> str:
    """A fingerprint of everything that collectstatic reads: it changes when a file does."""
    state = hashlib.sha256()
    for part in ("requirements/base.txt", "eds/project/settings.py", "scripts/common.py"):
        state.update((ROOT / part).read_bytes())
    state.update(os.environ.get("EDS_DEBUG", "").encode())
    folders = [ROOT / "static", ROOT / "var" / "frontend", *ROOT.glob("*/static"), *ROOT.glob("eds/*/static")]
    for folder in sorted(set(folders) - {STATIC_ROOT}):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                facts = path.stat()
                state.update(f"{path.relative_to(ROOT)} {facts.st_size} {facts.st_mtime_ns}\n".encode())
    return state.hexdigest()


def collect_static(environment: dict[str, str]) -> str:
    """Collects, names by content and compresses the static files, unless the last time still holds.

    Takes the environment for Django, whose EDS_STATIC_ROOT says where to. Gives "" when all went well, else what
    Django printed (a CSS file that names a file which is not there, for example).
    """
    target = Path(environment["EDS_STATIC_ROOT"])
    stamp = target / ".collected"
    with locked(target.with_suffix(".lock")):
        state = _static_state()
        if stamp.is_file() and stamp.read_text() == state:
            return ""
        stamp.unlink(missing_ok=True)
        done = subprocess.run(
            [python(), "manage.py", "collectstatic", "--noinput", "--verbosity", "0"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if done.returncode:
            return done.stdout or "collectstatic failed without a word"
        stamp.write_text(state)
    return ""
