"""Installations that real processes work with: a database of either engine, and a folder for files."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests import databases
from tests.databases import ROOT


@dataclass(frozen=True)
class Installation:
    """Its database's address for the application and for the role that migrates, its folder, and further settings."""

    url: str
    owner_url: str
    data: Path
    more: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, owner: bool = False) -> subprocess.CompletedProcess[str]:
        """Run Python with these arguments in this installation."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self._environment(owner),
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self, *arguments: str, owner: bool = False) -> subprocess.Popen[bytes]:
        """Start Python with these arguments, and wait for nothing. The caller ends it."""
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self._environment(owner),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _environment(self, owner: bool) -> dict[str, str]:
        settings = {
            "EDS_DATABASE_URL": self.owner_url if owner else self.url,
            "EDS_DATA_DIR": str(self.data),
            "EDS_DEMO": "1",
        }
        return {**os.environ, **settings, **self.more}

    def did(self, *arguments: str, owner: bool = False) -> str:
        """Run Python and give what it printed; fail with what it said where it did not end well."""
        done = self.run(*arguments, owner=owner)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def backup(self, target: Path) -> subprocess.CompletedProcess[str]:
        """Run the command as the application's role."""
        return self.run("manage.py", "backup", str(target))

    def restore(self, source: Path, *, owner: bool = True) -> subprocess.CompletedProcess[str]:
        """Run the command, as the role that migrates unless told otherwise."""
        return self.run("manage.py", "restore", str(source), owner=owner)


@contextmanager
def sqlite(folder: Path, template: Path, **more: str) -> Iterator[Installation]:
    """An installation on SQLite, from a migrated template."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "db.sqlite3"
    path.write_bytes(template.read_bytes())
    url = f"sqlite:///{path}"
    yield Installation(url, url, folder, more)


@contextmanager
def postgresql(folder: Path, *, loaded: bool = False, **more: str) -> Iterator[Installation]:
    """An installation on PostgreSQL, migrated, with the editions where `loaded`."""
    folder.mkdir(parents=True, exist_ok=True)
    with databases.copied(databases.TEMPLATE if loaded else databases.BARE) as (url, owner_url):
        yield Installation(url, owner_url, folder, more)
