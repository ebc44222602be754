"""Installations to back up, filled once a run, and empty ones to restore into."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest

from tests import databases

from .installations import Installation, postgresql, sqlite

Make = Callable[..., AbstractContextManager[Installation]]


@pytest.fixture(scope="session")
def bare_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite database without rows, also in a run on PostgreSQL."""
    if not databases.on_postgresql():
        return Path(os.environ[databases.BARE])
    path = tmp_path_factory.mktemp("bare") / "bare.sqlite3"
    databases._manage(f"sqlite:///{path}", "migrate", "--verbosity=0")
    databases._settle(str(path))
    return path


@pytest.fixture(scope="session")
def filled_sqlite(bare_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation on SQLite with a row of every kind."""
    with sqlite(tmp_path_factory.mktemp("filled-sqlite"), bare_sqlite) as made:
        made.did("manage.py", "load_frameworks")
        made.did("-m", "tests.backup.populated")
        yield made


@pytest.fixture(scope="session")
def filled_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation on PostgreSQL with a row of every kind."""
    if not databases.on_postgresql():
        pytest.skip("This run has no PostgreSQL.")
    with postgresql(tmp_path_factory.mktemp("filled-postgresql"), loaded=True) as made:
        made.did("-m", "tests.backup.populated")
        yield made


@pytest.fixture
def filled(request: pytest.FixtureRequest) -> Installation:
    """The filled installation on the engine of this run. Nothing may be changed in it."""
    name = "filled_postgresql" if databases.on_postgresql() else "filled_sqlite"
    made: Installation = request.getfixturevalue(name)
    return made


@pytest.fixture(scope="session")
def archive(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup of the filled installation on the engine of this run."""
    name = "filled_postgresql" if databases.on_postgresql() else "filled_sqlite"
    target = tmp_path_factory.mktemp("archive") / "backup.tar"
    done = request.getfixturevalue(name).backup(target)
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture
def empty(bare_sqlite: Path, tmp_path: Path) -> Iterator[Callable[..., Installation]]:
    """A function that makes an empty installation: on this run's engine, or on SQLite with `engine="sqlite"`."""
    with ExitStack() as stack:

        def make(engine: str = "", *, loaded: bool = False, **more: str) -> Installation:
            folder = tmp_path / f"empty-{len(list(tmp_path.iterdir()))}"
            if engine == "sqlite" or not databases.on_postgresql():
                return stack.enter_context(sqlite(folder, bare_sqlite, **more))
            return stack.enter_context(postgresql(folder, loaded=loaded, **more))

        yield make
    shutil.rmtree(tmp_path, ignore_errors=True)
