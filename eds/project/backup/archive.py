"""An archive that is being read: compared with its own list before anybody uses it."""

from __future__ import annotations

import hashlib
import json
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from eds.files.domain import CHUNK

from .errors import BackupRefused
from .writing import FORMAT, HASH_OF_LIST, LIST

NOTHING = "Nothing was changed."
_NAME = re.compile(r"[a-z0-9_-]+/[A-Za-z0-9_-]{2}/[A-Za-z0-9_-]+")
_TABLE = re.compile(r"[a-z0-9_]+")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@contextmanager
def opened(source: Path) -> Iterator[Archive]:
    """Open an archive whose every member is what its list says. Raises BackupRefused."""
    try:
        with tarfile.open(source, mode="r:") as tar:
            archive = Archive(tar)
            archive.check()
            yield archive
    except (tarfile.TarError, EOFError) as error:
        raise BackupRefused(f"{source} is no backup, or a damaged one. {NOTHING}") from error


class Archive:
    """The members of an archive by name, and what its list tells of them."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._members: dict[str, tarfile.TarInfo] = {}
        for member in tar:
            if member.name in self._members or not member.isreg():
                raise BackupRefused(f"The backup holds {member.name} twice, or not as a file. {NOTHING}")
            self._members[member.name] = member
        self._told = self._list()

    def _list(self) -> dict[str, Any]:
        if LIST not in self._members or HASH_OF_LIST not in self._members:
            raise BackupRefused(f"This is no complete backup of the Equality Delivery System. {NOTHING}")
        with self.member(LIST) as content, self.member(HASH_OF_LIST) as its_hash:
            text = content.read()
            if hashlib.sha256(text).hexdigest().encode() != its_hash.read():
                raise BackupRefused(f"The list in the backup is damaged. {NOTHING}")
        told = json.loads(text)
        if told.get("format") != FORMAT:
            raise BackupRefused(f"This backup has a form that this release does not read. {NOTHING}")
        return dict(told)

    @property
    def migrations(self) -> set[str]:
        """The migrations that were run where the backup was written."""
        return set(self._told["migrations"])

    @property
    def tables(self) -> dict[str, Any]:
        """By table, the number of its rows and the hash of their lines."""
        return dict(self._told["tables"])

    @property
    def files(self) -> dict[str, Any]:
        """By stored name, size and hash of a file."""
        return dict(self._told["files"])

    @property
    def damaged(self) -> list[str]:
        """Files that were damaged already, and are not in the backup."""
        return list(self._told["damaged"])

    @property
    def gone(self) -> int:
        """How many files had been destroyed on purpose."""
        return int(self._told["gone"])

    def member(self, name: str) -> IO[bytes]:
        """Open a member, which the list names."""
        content = self._tar.extractfile(self._members[name])
        assert content is not None  # every member is a file
        return content

    def check(self) -> None:
        """Read everything once and compare it with the list. Raises BackupRefused."""
        for name in self.files:
            if not _NAME.fullmatch(name):
                raise BackupRefused(f"The backup names a file {name}, which no installation would. {NOTHING}")
        for table in self.tables:
            if not _TABLE.fullmatch(table):
                raise BackupRefused(f"The backup names a table {table}, which no installation would. {NOTHING}")
        wanted = {f"rows/{table}.jsonl": each["sha256"] for table, each in self.tables.items()}
        wanted |= {f"files/{name}": each["sha256"] for name, each in self.files.items()}
        if set(self._members) != {*wanted, LIST, HASH_OF_LIST}:
            raise BackupRefused(f"The backup is not complete, or holds what its list does not name. {NOTHING}")
        for name, sha256 in wanted.items():
            with self.member(name) as content:
                if not _SHA256.fullmatch(sha256) or hash_of(content) != sha256:
                    raise BackupRefused(f"{name} in the backup is damaged. {NOTHING}")


def hash_of(content: Any) -> str:
    """Give the SHA-256 of all that can be read."""
    digest = hashlib.sha256()
    while chunk := content.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()
