"""Store a file for good, and open it only while it is still the same."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.validators import validate_slug

from eds.ui.ids import new_public_id

from .errors import FileDamaged
from .models import StoredFile

CHUNK = 1 << 16


class _MovedFile(File):
    """A complete file on disk; Django's file storage moves it into place instead of copying it."""

    def temporary_file_path(self) -> str:
        return str(self.name)


def store(content: bytes | File, *, content_type: str, kind: str) -> StoredFile:
    """Write `content` under a new random name and give its row, made in the caller's transaction.

    The bytes are complete and on the disk before they get their name, and the name is never one that exists. A crash or
    a rollback between the file and the row leaves a file that no row names: wasted space, nothing else. `kind` is a
    short word such as "evidence" or "rendition"; it becomes the folder.
    Raises ValidationError for any other kind.
    """
    validate_slug(kind)
    public_id = new_public_id()
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
            stored_name = default_storage.save(
                f"{kind}/{public_id[:2]}/{public_id}", _MovedFile(source, name=temporary)
            )
    finally:
        Path(temporary).unlink(missing_ok=True)
    _sync_folder(stored_name)
    stored = StoredFile(
        public_id=public_id,
        sha256=digest.hexdigest(),
        size=size,
        content_type=content_type,
        stored_name=stored_name,
        kind=kind,
    )
    stored.clean_fields()
    stored.save()
    stored.refresh_from_db()
    return stored


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


def destroy_bytes(stored: StoredFile) -> None:
    """Take the bytes of a stored file away for good. Its row, with hash and size, stays: it says what there was.

    For what must not be disclosed any longer; whoever calls this has recorded who decided it and why. Doing it again
    changes nothing.
    """
    default_storage.delete(stored.stored_name)


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
