"""`manage.py restore` is killed while it writes: nothing was restored, and restoring again brings everything."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests import databases

from . import plain
from .installations import Installation
from .test_there_and_back import assert_the_same

pytestmark = pytest.mark.engine

LARGE = 64_000_000
TRIES = 5
_STORE = f"""
from django.db import transaction
from eds.files.domain import store
with transaction.atomic():
    store(bytes({LARGE}), content_type="application/octet-stream", kind="evidence")
"""
_FORGET = "from eds.files.domain import forget_unfinished; print(forget_unfinished())"
Empty = Callable[..., Installation]
Sign = Callable[[Installation], bool]


def writes_rows(target: Installation) -> bool:
    """Whether somebody holds what a writer of rows holds; on PostgreSQL, whether it is putting in one just now."""
    session = plain.connected(target.owner_url)
    try:
        if databases.on_postgresql():
            with session.cursor() as cursor:
                cursor.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                    " AND pid <> pg_backend_pid() AND query LIKE 'INSERT INTO %'"
                )
                return bool(cursor.fetchone()[0])
        session.execute("PRAGMA busy_timeout = 0")
        session.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        return "locked" in str(error)
    finally:
        session.close()
    return False


def writes_the_large_file(target: Installation) -> bool:
    """Whether a part of it is on the disk, and not all of it."""
    return any(1_000_000 < size < LARGE for size in _sizes(target.data / "files"))


def _sizes(folder: Path) -> Iterator[int]:
    for path in list(folder.rglob("*")):
        with suppress(FileNotFoundError):  # it got its name meanwhile
            yield path.stat().st_size


def killed(target: Installation, archive: Path, sign: Sign) -> bool:
    """Start restoring, kill it at the sign, and say whether that was in time: it stands still while we look again."""
    process = target.start("manage.py", "restore", str(archive), owner=True)
    try:
        deadline = time.monotonic() + 120
        while process.poll() is None:
            assert time.monotonic() < deadline, "waited in vain for a sign"
            if sign(target):
                process.send_signal(signal.SIGSTOP)
                if process.poll() is None and sign(target):
                    return True
                process.send_signal(signal.SIGCONT)
        assert process.returncode == 0
        return False
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("sign", [writes_rows, writes_the_large_file])
def test_a_restoration_that_was_killed(archive: Path, empty: Empty, tmp_path: Path, sign: Sign) -> None:
    source, backup = empty(), tmp_path / "large.tar"
    assert source.restore(archive).returncode == 0
    source.did("manage.py", "shell", "-c", _STORE)
    assert source.backup(backup).returncode == 0

    for _ in range(TRIES):  # it may be over before anybody looks
        target = empty()
        before = plain.rows(target.owner_url), plain.triggers(target.owner_url)
        if killed(target, backup, sign):
            break
    else:
        pytest.fail("It was always over before the sign was seen.")

    # What an operator finds: an installation as empty as it was, and nothing that could be taken for a whole file.
    assert (plain.rows(target.owner_url), plain.triggers(target.owner_url)) == before
    whole = plain.files(source.data)
    left = plain.files(target.data)
    unfinished = {name for name in left if name.startswith("unfinished/")}
    assert {name: left[name] for name in left.keys() - unfinished} == {
        name: whole[name] for name in left.keys() - unfinished
    }

    again = target.restore(backup)
    assert again.returncode == 0, again.stderr
    for name in unfinished:
        path = target.data / "files" / name
        os.utime(path, (0, 0))
    assert target.did("manage.py", "shell", "-c", _FORGET).split()[-1] == str(len(unfinished))
    assert_the_same(source, target)
    target.did("-m", "tests.backup.going_on")
