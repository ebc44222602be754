"""Installs what is missing for `demo` or `test`: system packages, Python packages, front-end packages.

    python3 scripts/install.py demo|test

What is there is left alone; when all of it is there, nothing is run and no network is asked. Standard library only.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import prepare_frontend
from common import ROOT, VENV, digest, say
from postgres import server_programs

OLDEST_PYTHON = (3, 11)
NODE_MODULES = ROOT / "node_modules"


class SetupError(Exception):
    """Setting up cannot go on; the message says why and what to do."""


@dataclass(frozen=True)
class Need:
    """A system package of Debian, how to tell that what it gives is there, and whether we can do without."""

    package: str
    there: Callable[[], bool]
    essential: bool = True
    why: str = ""


def _command(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def _library(name: str) -> Callable[[], bool]:
    def there() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return there


def _file(*patterns: str) -> Callable[[], bool]:
    """Whether a file matches one of the patterns, which are relative to the root of the file system."""
    return lambda: any(next(Path("/").glob(pattern), None) for pattern in patterns)


def _font(name: str) -> Callable[[], bool]:
    homes = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts"]
    return lambda: any(next(home.rglob(name), None) for home in homes)


def _python_header() -> bool:
    return (Path(sysconfig.get_paths()["include"]) / "Python.h").is_file()


FOR_DEMO = [
    Need("python3-venv", lambda: importlib.util.find_spec("ensurepip") is not None),
    Need("gcc", _command("gcc")),
    Need("libc6-dev", _file("usr/include/stdio.h", "usr/include/*/stdio.h")),
    Need("python3-dev", _python_header),
    Need("libpq-dev", _file("usr/include/libpq-fe.h", "usr/include/*/libpq-fe.h", "usr/local/include/libpq-fe.h")),
    Need("libpango-1.0-0", _library("libpango-1.0.so.0")),
    Need("libpangoft2-1.0-0", _library("libpangoft2-1.0.so.0")),
    Need("libharfbuzz0b", _library("libharfbuzz.so.0")),
    Need("libharfbuzz-subset0", _library("libharfbuzz-subset.so.0"), essential=False, why="PDFs take much longer"),
    Need("fonts-noto-core", _font("NotoSans-Regular.*"), essential=False, why="PDFs use another font"),
    Need("fonts-noto-cjk", _font("NotoSansCJK-*"), essential=False, why="Chinese text in PDFs shows as boxes"),
    Need("poppler-utils", _command("pdftotext"), essential=False, why="the words of PDFs are not looked through"),
    Need("nodejs", _command("node")),
    Need("npm", _command("npm")),
]
FOR_TEST = [
    *FOR_DEMO,
    Need("postgresql", lambda: server_programs() is not None),
    Need("redis-server", _command("redis-server")),
    Need("redis-tools", _command("redis-cli")),
    Need("chromium", _command("chromium")),
    Need("default-jre-headless", _command("java")),
    Need("poppler-utils", _command("pdfinfo")),
    Need("qpdf", _command("qpdf")),
]


def missing(needs: list[Need]) -> list[Need]:
    """Those needs whose thing is not on this machine."""
    return [need for need in needs if not need.there()]


def install_system_packages(needs: list[Need]) -> None:
    """Installs the missing system packages with apt; elsewhere says which they are.

    Raises SetupError when something that we cannot do without is not there in the end.
    """
    lacking = missing(needs)
    if not lacking:
        return
    names = list(dict.fromkeys(need.package for need in lacking))
    if shutil.which("apt-get"):
        say(f"Installing system packages: {' '.join(names)}")
        _apt(names)
        lacking = missing(needs)
    for need in lacking:
        if not need.essential:
            say(f"Going on without {need.package} (that is its name in Debian): {need.why}.")
    hard = [need.package for need in lacking if need.essential]
    if hard:
        raise SetupError(f"These are missing (Debian's names): {', '.join(hard)}. Install them and run this again.")


def _apt(names: list[str]) -> None:
    apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=300"]
    if os.geteuid() != 0:
        if not shutil.which("sudo"):
            raise SetupError(f"Ask an administrator to install these packages: {' '.join(names)}. Then run this again.")
        apt = ["sudo", *apt]
    _run([*apt, "update"])
    if names:
        _run([*apt, "install", "--yes", "--no-install-recommends", *names])


def install_proxy() -> None:
    """Puts the reverse proxy of docker-compose.yml into .venv, without the service that its package would start.

    Raises SetupError where it is not there in the end.
    """
    own = VENV / "bin" / "caddy"
    if own.exists() or shutil.which("caddy"):
        return
    if not shutil.which("apt-get"):
        raise SetupError("This is missing: caddy. Install it and run this again.")
    say("Installing the reverse proxy")
    with tempfile.TemporaryDirectory(dir=VENV) as folder:
        try:
            _run(["apt-get", "-q", "download", "caddy"], folder)
        except SetupError:
            _apt([])  # the lists of packages may be missing
            _run(["apt-get", "-q", "download", "caddy"], folder)
        package = next(Path(folder).glob("caddy*.deb"))
        _run(["dpkg-deb", "-x", str(package), folder])
        (Path(folder) / "usr" / "bin" / "caddy").rename(own)


def _run(command: list[str], folder: Path | str = ROOT) -> None:
    say(f"$ {' '.join(command)}")
    try:
        subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, check=True)
    except subprocess.CalledProcessError as error:
        raise SetupError(f"This command failed with status {error.returncode}: {' '.join(command)}") from error


def _read_stamp(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return found if isinstance(found, dict) else {}


def install_python_packages(which: str) -> None:
    """Makes .venv where there is none that runs, and installs base.txt or test.txt (`which`), checked by hash."""
    own = VENV / "bin" / "python"
    if not _runs(own):
        say("Making a virtual environment in .venv")
        _run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    stamp = VENV / "installed.json"
    locks = {name: digest(ROOT / "requirements" / f"{name}.txt") for name in ("base", "test")}
    before = _read_stamp(stamp)
    if before.get(which) == locks[which]:
        return
    say("Installing Python packages")
    stamp.unlink(missing_ok=True)
    _run([str(own), "-m", "pip", "install", "--quiet", "--require-hashes", "-r", f"requirements/{which}.txt"])
    # test.txt holds all of base.txt
    stamp.write_text(json.dumps(locks if which == "test" else {"base": locks["base"]}))


def _runs(own: Path) -> bool:
    """Whether .venv works here with the Python that is running now: a moved folder or another Python does not."""
    if not own.exists():
        return False
    asked = [str(own), "-c", "import sys, pip; print(sys.prefix, *sys.version_info[:2])"]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    return done.stdout.split() == [str(VENV), *(str(part) for part in sys.version_info[:2])]


def install_front_end(which: str) -> None:
    """Installs the npm packages that the lock file names, and prepares what pages use of them."""
    stamp = NODE_MODULES / ".installed.json"
    lock = digest(ROOT / "package-lock.json")
    before = _read_stamp(stamp)
    if before.get("lock") != lock or (which == "test" and before.get("which") != "test"):
        say("Installing front-end packages")
        _run(["npm", "ci", *(["--omit=dev"] if which == "base" else [])])
        stamp.write_text(json.dumps({"lock": lock, "which": which}))
    prepare_frontend.main()


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description="Install what is missing.")
    parser.add_argument("what", choices=["demo", "test"])
    what = parser.parse_args().what
    try:
        if sys.version_info < OLDEST_PYTHON:
            raise SetupError("Python 3.11 or newer is needed, and python3 here is older.")
        install_system_packages(FOR_DEMO if what == "demo" else FOR_TEST)
        install_python_packages("base" if what == "demo" else "test")
        if what == "test":
            install_proxy()
        install_front_end("base" if what == "demo" else "test")
    except SetupError as stop:
        say(str(stop))
        return 1
    except KeyboardInterrupt:
        say("\nStopped. Run the command again to go on.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
