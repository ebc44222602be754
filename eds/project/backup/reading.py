"""Reads an archive into an empty installation, all or nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError, OperationalError, ProgrammingError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from eds.files.domain import keep_bytes
from eds.history import triggers
from eds.people.models import Organisation, User

from . import rows
from .archive import NOTHING, Archive, hash_of, opened
from .errors import BackupRefused
from .writing import Summary

_PATIENCE = 10


def restore(source: Path) -> Summary:
    """Put all rows and files of an archive into this installation, which is migrated and holds nothing yet.

    Run it as the role that migrates. Every hash is checked before anything is written. Raises BackupRefused where the
    archive is damaged or of another release, or where something is here already; then all is as it was before.
    """
    with opened(source) as archive, _words():
        summary = Summary(damaged=archive.damaged, gone=archive.gone)
        _refuse_another_release(archive)
        _refuse_unless_empty(archive)
        with _files_of_a_failure_go() as kept, transaction.atomic():
            _lock()
            _refuse_unless_empty(archive)
            summary.rows = _put_rows(archive)
            for name in archive.files:
                _put_file(archive, name, kept)
                summary.files += 1
            if isinstance(default_storage, FileSystemStorage):
                os.sync()  # the files are on the disk before the rows that name them
    return summary


def check(source: Path) -> Summary:
    """Read all of an archive and compare it with its list, and change nothing. Raises BackupRefused."""
    with opened(source) as archive:
        return Summary(
            rows=sum(each["rows"] for each in archive.tables.values()),
            files=len(archive.files),
            gone=archive.gone,
            damaged=archive.damaged,
        )


def _refuse_another_release(archive: Archive) -> None:
    here = {f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()}
    tables = {model._meta.db_table for model in rows.tables()}
    if here != archive.migrations or tables != set(archive.tables):
        raise BackupRefused(
            "The backup is of another release, or this installation is not migrated. "
            f"Restore it with the release that wrote it, then upgrade. {NOTHING}"
        )


def _refuse_unless_empty(archive: Archive) -> None:
    if User.objects.exists() or Organisation.objects.exists():
        raise BackupRefused(
            f"There are people or organisations here already. Restore into an empty installation. {NOTHING}"
        )
    for name, told in archive.files.items():
        if default_storage.exists(name) and not _the_same(name, told["sha256"]):
            raise BackupRefused(f"The file {name} is here already. Restore into an empty store of files. {NOTHING}")


def _the_same(name: str, sha256: str) -> bool:
    """A restoration that was killed may have left files, which the next one takes as they are."""
    with default_storage.open(name, "rb") as found:
        return hash_of(found) == sha256


def _lock() -> None:
    """Let nobody come in between: on SQLite the transaction itself sees to it."""
    if connection.vendor == "postgresql":
        every = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in rows.tables())
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{_PATIENCE}s'")
            cursor.execute(f"LOCK TABLE {every} IN ACCESS EXCLUSIVE MODE")


@contextmanager
def _words() -> Iterator[None]:
    try:
        yield
    except OperationalError as error:
        raise BackupRefused(
            f"Something else is at work in this database. Stop web, worker and beat, and try again. {NOTHING} ({error})"
        ) from error
    except ProgrammingError as error:
        raise BackupRefused(
            f"This role may not change tables. Restore as the role that migrates. {NOTHING} ({error})"
        ) from error
    except (DatabaseError, ValidationError, ValueError, TypeError) as error:
        raise BackupRefused(f"The database does not take what the backup holds. {NOTHING} ({error})") from error
    except OSError as error:
        raise BackupRefused(f"The files cannot be reached or written. {NOTHING} ({error})") from error


@contextmanager
def _files_of_a_failure_go() -> Iterator[list[str]]:
    kept: list[str] = []
    try:
        yield kept
    except BaseException as error:
        left = [name for name in kept if not _went(name)]
        if left:
            raise BackupRefused(
                f"Nothing was restored, and {len(left)} files that were written could not be taken away again; the next "
                f"restoration of this backup takes them as they are. ({error})"
            ) from error
        raise


def _went(name: str) -> bool:
    try:
        default_storage.delete(name)
    except OSError:
        return False
    return True


def _put_file(archive: Archive, name: str, kept: list[str]) -> None:
    if default_storage.exists(name):
        return
    with archive.member(f"files/{name}") as content:
        given = keep_bytes(File(content, name=name), name).name
    kept.append(given)
    if given != name:
        raise BackupRefused(f"The file {name} is here already. Restore into an empty store of files. {NOTHING}")


def _put_rows(archive: Archive) -> int:
    models = {model._meta.db_table: model for model in rows.tables()}
    # What is decided is never changed or deleted, and triggers see to it; here it is only put back.
    triggers.drop_all()
    with connection.cursor() as cursor:
        for table in models:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608 - names of our own tables
    number = 0
    for table, model in models.items():
        with archive.member(f"rows/{table}.jsonl") as content:
            written = rows.write(model, _text(content))
        if written != archive.tables[table]["rows"]:
            raise BackupRefused(f"{table} holds another number of rows than the list says. {NOTHING}")
        number += written
    rows.reset_sequences()
    connection.check_constraints()
    triggers.create_all()
    ContentType.objects.clear_cache()
    return number


def _text(content: IO[bytes]) -> Iterator[str]:
    for line in content:
        yield line.decode()
