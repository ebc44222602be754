"""Store a file for good, and open it only while it is still the same."""

from __future__ import annotations

import hashlib
import logging
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.validators import validate_slug
from django.db import connection, transaction

from eds.ui.ids import new_public_id

from .errors import FileDamaged
from .models import Destroyed, StoredFile
from .names import content_disposition

logger = logging.getLogger(__name__)

CHUNK = 1 << 16
UNFINISHED_SECONDS = 86_400


class _MovedFile(File):
    """A complete file on disk; Django's file storage moves it into place instead of copying it."""

    def temporary_file_path(self) -> str:
        return str(self.name)


@dataclass(frozen=True)
class Kept:
    """The name that bytes got, their hash and how many they are."""

    name: str
    sha256: str
    size: int


def store(content: bytes | File, *, content_type: str, kind: str) -> StoredFile:
    """Write `content` under a new random name and give its row, made in the caller's transaction.

    The bytes are complete and on the disk before they get their name, and the name is never one that exists. A crash or
    a rollback between the file and the row leaves a file that no row names: wasted space, nothing else. `kind` is a
    short word such as "evidence" or "rendition"; it becomes the folder.
    Raises ValidationError for any other kind.
    """
    validate_slug(kind)
    public_id = new_public_id()
    kept = keep_bytes(content, f"{kind}/{public_id[:2]}/{public_id}")
    stored = StoredFile(
        public_id=public_id,
        sha256=kept.sha256,
        size=kept.size,
        content_type=content_type,
        stored_name=kept.name,
        kind=kind,
    )
    stored.clean_fields()
    stored.save()
    stored.refresh_from_db()
    return stored


def keep_bytes(content: bytes | File, name: str) -> Kept:
    """Write bytes under a name: they are complete and on the disk before they get it, so a crash leaves no part there.

    Where something has that name already they get another one, which is given.
    """
    digest = hashlib.sha256()
    size = 0
    descriptor, temporary = tempfile.mkstemp(prefix="unfinished-", dir=_temporary_folder())
    try:
        with os.fdopen(descriptor, "wb") as target:
            for chunk in _chunks(content):
                target.write(chunk)
                digest.update(chunk)
                size += len(chunk)
            target.flush()
            os.fsync(target.fileno())
        with Path(temporary).open("rb") as source:
            stored_name = default_storage.save(name, _MovedFile(source, name=temporary))
    finally:
        Path(temporary).unlink(missing_ok=True)
    _sync_folder(stored_name)
    return Kept(stored_name, digest.hexdigest(), size)


def open_stored(stored: StoredFile) -> File:
    """Open a stored file for reading, after checking every byte of it. The caller closes it.

    Raises FileDamaged where the bytes are missing or are not those that were stored.
    """
    try:
        opened = default_storage.open(stored.stored_name, "rb")
    except FileNotFoundError as error:
        raise FileDamaged(f"The bytes of file {stored.public_id} are missing.") from error
    digest = hashlib.sha256()
    size = 0
    while chunk := opened.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    if size != stored.size or digest.hexdigest() != stored.sha256:
        opened.close()
        raise FileDamaged(f"The bytes of file {stored.public_id} are not those that were stored.")
    opened.seek(0)
    return opened


def read_stored(stored: StoredFile) -> bytes:
    """Give all bytes of a stored file. Raises FileDamaged like open_stored."""
    with open_stored(stored) as opened:
        return bytes(opened.read())


def signed_link(stored: StoredFile, *, as_name: str) -> str:
    """Give a short-lived address at which the store itself sends a file, or "" where files are on this machine.

    Whether this person may have the file is the caller's job. Raises FileDamaged like open_stored.
    """
    if isinstance(default_storage, FileSystemStorage):
        return ""
    return str(
        default_storage.link(  # type: ignore[attr-defined]
            stored.stored_name,
            sha256=stored.sha256,
            size=stored.size,
            disposition=content_disposition(as_name, inline=False),
            content_type=stored.content_type,
        )
    )


def destroy(stored: StoredFile, *, why: str) -> None:
    """Take the bytes of a stored file away for good, once the caller's transaction commits.

    Its row, with hash and size, stays: it says what there was. For what must not be disclosed any longer; whoever calls
    this has recorded who decided it. Doing it again changes nothing. Bytes that outlive the commit, because the process
    died or the store was away, are taken away by `finish_destroying`.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("A file is destroyed inside the transaction that decides it.")
    Destroyed.objects.get_or_create(stored=stored, defaults={"why": why})
    transaction.on_commit(partial(_take_away, stored.stored_name))


def finish_destroying() -> int:
    """Take away the bytes that should be gone and are not, and say how many they were."""
    left = [name for name in _destroyed_names() if default_storage.exists(name)]
    for name in left:
        default_storage.delete(name)
    return len(left)


def forget_unfinished() -> int:
    """Delete files that were never finished and are older than a day, and say how many they were."""
    folder = _temporary_folder()
    if folder is None:
        return 0
    oldest = time.time() - UNFINISHED_SECONDS
    left = [path for path in Path(folder).iterdir() if path.stat().st_mtime < oldest]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)


def _destroyed_names() -> list[str]:
    return list(Destroyed.objects.order_by("pk").values_list("stored__stored_name", flat=True))


def _take_away(name: str) -> None:
    try:
        default_storage.delete(name)
    except OSError:
        logger.warning("A file that is to be destroyed cannot be reached; it is tried again.", exc_info=True)


def _chunks(content: bytes | File) -> Iterator[bytes]:
    return (content if isinstance(content, File) else ContentFile(content)).chunks(CHUNK)


def _temporary_folder() -> str | None:
    """Beside the stored files, so that moving one into place is a rename; the system's folder for other storages."""
    if not isinstance(default_storage, FileSystemStorage):
        return None
    folder = Path(default_storage.path("unfinished"))
    folder.mkdir(parents=True, exist_ok=True)
    return str(folder)


def _sync_folder(stored_name: str) -> None:
    """Have the new name itself on the disk before a row points to it."""
    if not isinstance(default_storage, FileSystemStorage):
        return
    descriptor = os.open(Path(default_storage.path(stored_name)).parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
