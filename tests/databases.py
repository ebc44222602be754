"""Databases for tests: a migrated template made once a run, and copies of it.

Append-only tables refuse to be emptied, so no test cleans up after itself: each worker process works in a copy, inside
transactions that are rolled back, and tests with real processes or real commits get a copy of their own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = "EDS_TEST_TEMPLATE"
BARE = "EDS_TEST_BARE_TEMPLATE"


def on_postgresql() -> bool:
    """Say whether this run works on PostgreSQL."""
    return "EDS_MIGRATE_DATABASE_URL" in os.environ


def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _as_owner(sql: str) -> None:
    import psycopg2

    connection = psycopg2.connect(os.environ["EDS_MIGRATE_DATABASE_URL"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql)
    connection.close()


def _copy(template: str) -> str:
    name = f"eds_test_{uuid.uuid4().hex[:12]}"
    if on_postgresql():
        _as_owner(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name
    path = Path(tempfile.gettempdir()) / f"{name}.sqlite3"
    shutil.copy(template, path)
    return str(path)


def _drop(name: str) -> None:
    if on_postgresql():
        _as_owner(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        return
    for suffix in ("", "-wal", "-shm"):
        Path(name + suffix).unlink(missing_ok=True)


def _manage(url: str, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "EDS_DATABASE_URL": url, "EDS_DEMO": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")


def make_templates() -> None:
    """Make the two templates, bare and with the editions loaded, and name them in the environment for all workers."""
    unique = uuid.uuid4().hex[:8]
    if on_postgresql():
        bare, full = f"eds_bare_{unique}", f"eds_template_{unique}"
        _as_owner(f'CREATE DATABASE "{bare}"')
        owner = os.environ["EDS_MIGRATE_DATABASE_URL"]
        _manage(_named(owner, bare), "migrate", "--verbosity=0")
        _as_owner(f'CREATE DATABASE "{full}" TEMPLATE "{bare}"')
        _manage(_named(os.environ["EDS_DATABASE_URL"], full), "load_frameworks")
    else:
        folder = Path(tempfile.mkdtemp(prefix="eds-test-"))
        bare, full = str(folder / "bare.sqlite3"), str(folder / "template.sqlite3")
        _manage(f"sqlite:///{bare}", "migrate", "--verbosity=0")
        _settle(bare)
        shutil.copy(bare, full)
        _manage(f"sqlite:///{full}", "load_frameworks")
        _settle(full)
    os.environ[BARE], os.environ[TEMPLATE] = bare, full


def _settle(path: str) -> None:
    import sqlite3

    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def drop_templates() -> None:
    """Drop what make_templates made."""
    for variable in (TEMPLATE, BARE):
        if variable in os.environ:
            _drop(os.environ.pop(variable))


@contextmanager
def copied(template_variable: str) -> Iterator[tuple[str, str]]:
    """A fresh copy for other processes as long as the block lasts: its URLs for the application and for the migrator."""
    name = _copy(os.environ[template_variable])
    try:
        if on_postgresql():
            yield _named(os.environ["EDS_DATABASE_URL"], name), _named(os.environ["EDS_MIGRATE_DATABASE_URL"], name)
        else:
            yield f"sqlite:///{name}", f"sqlite:///{name}"
    finally:
        _drop(name)


@contextmanager
def addresses_of_a_copy() -> Iterator[dict[str, str]]:
    """Give the settings with which a process uses a fresh bare database on this run's server, then drop it."""
    name = _copy(os.environ[BARE])
    try:
        yield {
            variable: _named(os.environ[variable], name)
            for variable in ("EDS_DATABASE_URL", "EDS_MIGRATE_DATABASE_URL")
        }
    finally:
        _drop(name)


@contextmanager
def switched(template_variable: str = TEMPLATE, *, owner: bool = False) -> Iterator[str]:
    """Let Django's default connection work in a fresh copy as long as the block lasts; give the copy's URL.

    It works as the application's role, or with `owner` as the one that migrates.
    """
    name = _copy(os.environ[template_variable])
    with _working_in(name, owner=owner) as url:
        yield url


@contextmanager
def empty() -> Iterator[str]:
    """Let Django's default connection work in a database without tables, as the role that migrates; give its URL."""
    name = f"eds_test_{uuid.uuid4().hex[:12]}"
    if on_postgresql():
        _as_owner(f'CREATE DATABASE "{name}"')
    else:
        name = str(Path(tempfile.gettempdir()) / f"{name}.sqlite3")
    with _working_in(name, owner=True) as url:
        yield url


@contextmanager
def _working_in(name: str, *, owner: bool) -> Iterator[str]:
    from django.db import connection

    before = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict["NAME"] = name
    if owner and on_postgresql():
        parts = urlsplit(os.environ["EDS_MIGRATE_DATABASE_URL"])
        connection.settings_dict.update(USER=parts.username, PASSWORD=parts.password)
    try:
        yield _named(os.environ["EDS_DATABASE_URL"], name) if on_postgresql() else f"sqlite:///{name}"
    finally:
        connection.close()
        connection.settings_dict.update(before)
        _drop(name)
