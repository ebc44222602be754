"""Writes the archive, from one moment, while people go on working."""

from __future__ import annotations

import hashlib
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from eds.files.domain import CHUNK
from eds.files.models import Destroyed, StoredFile

from . import rows
from .errors import BackupRefused

FORMAT = 1
LIST = "list.json"
HASH_OF_LIST = "list.sha256"
TRIES = 3


@dataclass
class Summary:
    """What a backup holds. `damaged` names files whose bytes are missing or not those that were stored."""

    rows: int = 0
    files: int = 0
    gone: int = 0
    damaged: list[str] = field(default_factory=list)


class _BeginAgain(Exception):
    """A file was destroyed that the moment still had."""


@contextmanager
def one_moment() -> Iterator[None]:
    """See the database as it stands now, whatever is written meanwhile; writers do not wait."""
    if connection.in_atomic_block:
        raise BackupRefused("A backup is not written inside another transaction.")
    if connection.vendor == "sqlite":
        # Django's own transactions are IMMEDIATE here, which would hold up whoever writes.
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def backup(target: Path) -> Summary:
    """Write everything into a tar file at `target`, which appears when it is complete and only its owner may read.

    Raises BackupRefused where the target exists already, or cannot be written.
    """
    if target.exists():
        raise BackupRefused(f"{target} exists already. A backup never replaces a file.")
    try:
        descriptor, unfinished = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".unfinished", dir=target.parent)
        try:
            with os.fdopen(descriptor, "w+b") as stream:
                summary = _write_whole(stream, target.parent)
                stream.flush()
                os.fsync(stream.fileno())
            os.link(unfinished, target)  # fails where somebody made the target meanwhile
        finally:
            Path(unfinished).unlink(missing_ok=True)
    except FileExistsError as error:
        raise BackupRefused(f"{target} exists already. A backup never replaces a file.") from error
    except OSError as error:
        raise BackupRefused(f"The backup cannot be written: {error}") from error
    return summary


def _write_whole(stream: IO[bytes], folder: Path) -> Summary:
    for _ in range(TRIES):
        stream.seek(0)
        stream.truncate()
        summary = Summary()
        try:
            with tarfile.open(fileobj=stream, mode="w") as archive, one_moment():
                _Writer(archive, folder, summary).write()
        except _BeginAgain:
            continue
        return summary
    raise BackupRefused("Files were destroyed each time while the backup was being written. Try again.")


class _Writer:
    """Writes one moment into one archive. Its temporary files stand beside the archive, where there is room."""

    def __init__(self, archive: tarfile.TarFile, folder: Path, summary: Summary) -> None:
        self.archive, self.folder, self.summary = archive, folder, summary

    def write(self) -> None:
        """Write rows, files and the list of both. Raises _BeginAgain."""
        tables = self._rows()
        found = self._files()
        done = MigrationRecorder(connection).applied_migrations()
        told = {
            "format": FORMAT,
            "made_at": timezone.now().isoformat(),
            "engine": connection.vendor,
            "migrations": sorted(f"{app}.{name}" for app, name in done),
            "tables": tables,
            "files": found,
            "gone": self.summary.gone,
            "damaged": self.summary.damaged,
        }
        text = json.dumps(told, indent=1, sort_keys=True).encode()
        for name, data in ((LIST, text), (HASH_OF_LIST, hashlib.sha256(text).hexdigest().encode())):
            with self._temporary() as copy:
                copy.write(data)
                self._add(name, copy)

    def _rows(self) -> dict[str, Any]:
        tables: dict[str, Any] = {}
        for model in rows.tables():
            table = model._meta.db_table
            with self._temporary() as text:
                count, digest = -1, hashlib.sha256()
                for line in rows.lines(model):
                    data = f"{line}\n".encode()
                    digest.update(data)
                    text.write(data)
                    count += 1
                self._add(f"rows/{table}.jsonl", text)
            tables[table] = {"rows": count, "sha256": digest.hexdigest()}
            self.summary.rows += count
        return tables

    def _files(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self.summary.gone = Destroyed.objects.count()
        missing: list[StoredFile] = []
        for stored in StoredFile.objects.filter(destroyed__isnull=True).order_by("pk").iterator():
            with self._temporary() as copy:
                if not _copied(stored, copy):
                    missing.append(stored)
                    continue
                self._add(f"files/{stored.stored_name}", copy)
            found[stored.stored_name] = {"size": stored.size, "sha256": stored.sha256}
            self.summary.files += 1
        if missing and _destroyed_since(missing):
            raise _BeginAgain
        self.summary.damaged = [stored.public_id for stored in missing]
        return found

    def _temporary(self) -> IO[bytes]:
        return tempfile.TemporaryFile(dir=self.folder)

    def _add(self, name: str, content: IO[bytes]) -> None:
        info = tarfile.TarInfo(name)
        info.size = content.seek(0, os.SEEK_END)
        info.mtime = int(timezone.now().timestamp())
        info.mode = 0o600
        content.seek(0)
        self.archive.addfile(info, content)


def _copied(stored: StoredFile, copy: IO[bytes]) -> bool:
    """Copy the bytes of a file and say whether they are those that were stored."""
    digest, size = hashlib.sha256(), 0
    try:
        with default_storage.open(stored.stored_name, "rb") as opened:
            while chunk := opened.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
                copy.write(chunk)
    except FileNotFoundError:
        return False
    return size == stored.size and digest.hexdigest() == stored.sha256


def _destroyed_since(missing: list[StoredFile]) -> bool:
    """Say whether one of these is destroyed by now, which the moment of this backup cannot see."""
    now = connection.copy()
    try:
        with now.cursor() as cursor:
            marks = ", ".join(["%s"] * len(missing))
            cursor.execute(
                f"SELECT 1 FROM {Destroyed._meta.db_table} WHERE stored_id IN ({marks}) LIMIT 1",  # noqa: S608 - our own name
                [stored.pk for stored in missing],
            )
            return cursor.fetchone() is not None
    finally:
        now.close()
