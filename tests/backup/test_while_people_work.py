"""A backup shows one moment: whole transactions only, with the files of that moment, while people go on working."""

from __future__ import annotations

import json
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection, transaction
from django.test import override_settings

from eds.files.domain import destroy, store
from eds.files.models import Destroyed, StoredFile
from eds.people.models import User
from eds.project.backup import BackupRefused, backup
from eds.ui.models import UnsavedText
from tests.matrix.scene import keep_mail
from tests.world import build_world

pytestmark = pytest.mark.engine


@pytest.fixture
def files(own_database: str, tmp_path: Path) -> Iterator[None]:
    with override_settings(MEDIA_ROOT=tmp_path / "files"):
        yield
    connection.close()


def rows(archive: Path, table: str) -> list[dict[str, Any]]:
    with tarfile.open(archive) as tar:
        head, *lines = tar.extractfile(f"rows/{table}.jsonl").read().decode().splitlines()  # type: ignore[union-attr]
    return [dict(zip(json.loads(head), json.loads(line), strict=True)) for line in lines]


def names(archive: Path) -> set[str]:
    with tarfile.open(archive) as tar:
        return {name.removeprefix("files/") for name in tar.getnames() if name.startswith("files/")}


class Working(threading.Thread):
    """Somebody who writes, transaction after transaction: each over the whole alphabet of tables, and a file."""

    def __init__(self) -> None:
        super().__init__()
        self.done = 0
        self.enough = threading.Event()
        self.began = threading.Event()

    def run(self) -> None:
        try:
            while not self.enough.is_set():
                with transaction.atomic():
                    number = self.done
                    user = User.objects.create_user(f"w{number}@example.org", name=f"Writer {number}")
                    stored = store(b"%d" % number, content_type="text/plain", kind="evidence")
                    keep_mail(f"working-{number}")
                    UnsavedText.objects.create(
                        user=user, place=stored.public_id, saved_at=user.date_joined, fields={"number": number}
                    )
                self.done += 1
                self.began.set()
        finally:
            connection.close()


def test_it_holds_whole_transactions_only(files: None, tmp_path: Path) -> None:
    build_world()
    working = [Working()]
    working[0].start()
    assert working[0].began.wait(30)
    try:
        for number in range(3):
            target, before = tmp_path / f"{number}.tar", working[0].done
            backup(target)
            after = working[0].done
            assert after > before + 1, (
                "nobody worked meanwhile"
            )  # so a table read later would hold more than one read before
            users = {row["id"] for row in rows(target, "people_user") if row["name"].startswith("Writer")}
            unsaved = rows(target, "ui_unsavedtext")
            stored = {row["public_id"]: row["stored_name"] for row in rows(target, "files_storedfile")}
            mails = {row["id"] for row in rows(target, "jobs_outboxmail") if row["key"].startswith("working-")}
            kept = {row["outbox_id"] for row in rows(target, "jobs_keptmail")}
            assert before <= len(users) <= after
            assert {row["user_id"] for row in unsaved} == users
            assert {row["place"] for row in unsaved} == stored.keys()
            assert mails == kept
            assert len(mails) == len(users)
            assert names(target) == set(stored.values())
    finally:
        working[0].enough.set()
        working[0].join()


class DestroyedMeanwhile(FileSystemStorage):
    """Files on this machine, where somebody destroys one while the first is being read."""

    left: list[int] = []

    def _open(self, name: str, mode: str = "rb") -> Any:
        if self.left and self.exists(name):
            somebody = threading.Thread(target=destroy_now, args=[self.left.pop()])
            somebody.start()
            somebody.join()
        return super()._open(name, mode)


def destroy_now(pk: int) -> None:
    try:
        with transaction.atomic():
            destroy(StoredFile.objects.get(pk=pk), why="It named somebody.")
    finally:
        connection.close()


@pytest.fixture
def destroyed_meanwhile(files: None) -> Iterator[list[StoredFile]]:
    where = {"BACKEND": f"{__name__}.DestroyedMeanwhile"}
    from django.conf import settings

    with override_settings(STORAGES={**settings.STORAGES, "default": where}):
        yield [store(b"%d" % number, content_type="text/plain", kind="evidence") for number in range(5)]
        DestroyedMeanwhile.left.clear()


def test_a_file_destroyed_meanwhile_is_not_in_it(destroyed_meanwhile: list[StoredFile], tmp_path: Path) -> None:
    """It begins again, from a moment that knows of it."""
    gone = destroyed_meanwhile[-1]
    DestroyedMeanwhile.left[:] = [gone.pk]
    summary = backup(tmp_path / "backup.tar")
    assert (summary.files, summary.gone, summary.damaged) == (4, 1, [])
    assert [row["stored_id"] for row in rows(tmp_path / "backup.tar", "files_destroyed")] == [gone.pk]
    assert names(tmp_path / "backup.tar") == {each.stored_name for each in destroyed_meanwhile[:-1]}


def test_files_destroyed_again_and_again_are_told(destroyed_meanwhile: list[StoredFile], tmp_path: Path) -> None:
    """With each file that is read the last one goes, so no try is of one moment."""
    folder = tmp_path / "there"
    folder.mkdir()
    more = [store(b"%d" % number, content_type="text/plain", kind="evidence") for number in range(100)]
    DestroyedMeanwhile.left[:] = [each.pk for each in more]
    with pytest.raises(BackupRefused, match="Try again"):
        backup(folder / "backup.tar")
    assert list(folder.iterdir()) == []
    assert Destroyed.objects.count() > 3
    assert default_storage.exists(destroyed_meanwhile[0].stored_name)
