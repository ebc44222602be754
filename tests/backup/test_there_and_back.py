"""Whatever an installation holds is there again after a backup and a restoration, on the same engine and across."""

from __future__ import annotations

import hashlib
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import databases

from . import plain
from .installations import Installation

pytestmark = pytest.mark.engine

NOT_CARRIED = {"django_session", "django_migrations"}
NOT_FILLED = {
    # Addresses and rights have one place here; those of the libraries stay empty (eds/people/admin.py, tests/access).
    "account_emailaddress",
    "account_emailconfirmation",
    "auth_group_permissions",
    "people_user_user_permissions",
    "guardian_groupobjectpermission",
    "guardian_userobjectpermission",
}
"""Tables of the libraries that the product never writes."""
Empty = Callable[..., Installation]
needs_postgresql = pytest.mark.skipif(not databases.on_postgresql(), reason="This run has no PostgreSQL.")


def assert_the_same(source: Installation, target: Installation) -> None:
    """Every row of every table, every file's bytes, and every published text with its hash."""
    here, there = plain.rows(source.url), plain.rows(target.owner_url)
    assert here.keys() == there.keys()
    for table in here.keys() - NOT_CARRIED:
        assert there[table] == here[table], table
    names = [{(row["app"], row["name"]) for row in rows["django_migrations"]} for rows in (here, there)]
    assert names[0] == names[1]
    assert there["django_session"] == []

    kept = plain.files(source.data)
    gone = {row["stored_id"] for row in here["files_destroyed"]}
    named = {row["stored_name"].removeprefix("text ") for row in here["files_storedfile"] if row["id"] not in gone}
    assert plain.files(target.data) == {name: kept[name] for name in named}
    assert len(named) >= 5

    content = plain.published(source.url)
    assert plain.published(target.owner_url) == content
    assert len(content) >= 2
    for text, sha256 in content:
        assert hashlib.sha256(text.encode()).hexdigest() == sha256


def there_and_back(source: Installation, target: Installation, archive: Path) -> None:
    written = source.backup(archive)
    assert written.returncode == 0, written.stderr
    restored = target.restore(archive)
    assert restored.returncode == 0, restored.stderr
    assert_the_same(source, target)
    target.did("-m", "tests.backup.going_on")


def test_the_filled_installation_has_rows_of_every_kind(filled: Installation) -> None:
    """A new table is filled by tests/backup/populated.py, unless the product itself never writes it."""
    empty = {table for table, rows in plain.rows(filled.url).items() if not rows}
    assert empty == NOT_FILLED


def test_from_sqlite_to_sqlite(filled_sqlite: Installation, empty: Empty, tmp_path: Path) -> None:
    there_and_back(filled_sqlite, empty("sqlite"), tmp_path / "backup.tar")


@needs_postgresql
def test_from_sqlite_to_postgresql(filled_sqlite: Installation, empty: Empty, tmp_path: Path) -> None:
    there_and_back(filled_sqlite, empty(), tmp_path / "backup.tar")


@needs_postgresql
def test_from_postgresql_to_postgresql(filled_postgresql: Installation, empty: Empty, tmp_path: Path) -> None:
    """Into one that has its editions loaded, as the compose file leaves it: the backup's own take their place."""
    there_and_back(filled_postgresql, empty(loaded=True), tmp_path / "backup.tar")


def test_only_its_owner_may_read_the_archive(filled: Installation, tmp_path: Path) -> None:
    filled.backup(tmp_path / "backup.tar")
    assert (tmp_path / "backup.tar").stat().st_mode & 0o777 == 0o600
    with tarfile.open(tmp_path / "backup.tar") as tar:
        assert {member.mode for member in tar} == {0o600}


def test_a_restored_installation_can_be_backed_up_to_the_same_rows(
    filled: Installation, archive: Path, empty: Empty, tmp_path: Path
) -> None:
    second, third = empty(), empty()
    assert second.restore(archive).returncode == 0
    assert second.backup(tmp_path / "second.tar").returncode == 0
    assert third.restore(tmp_path / "second.tar").returncode == 0
    assert_the_same(filled, third)
