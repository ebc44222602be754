"""Stored files: written once, checked when opened, sent with the right headers."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db import IntegrityError, transaction
from django.http import FileResponse, HttpResponseBase
from django.test import RequestFactory

from eds.files.domain import forget_unfinished, open_stored, read_stored, store
from eds.files.errors import FileDamaged, WriteOnce
from eds.files.models import StoredFile
from eds.files.serving import file_response

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def _store(content: Any = b"Minutes", content_type: str = "text/plain") -> StoredFile:
    with transaction.atomic():
        return store(content, content_type=content_type, kind="evidence")


def _close(response: HttpResponseBase) -> None:
    """Close the file alone: closing the answer would close the test's database connection as well."""
    assert isinstance(response, FileResponse)
    assert response.file_to_stream is not None
    response.file_to_stream.close()


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("content", [b"", b"Minutes", b"x" * 300_000])
def test_what_was_stored_is_read(content: bytes, tmp_path: Path) -> None:
    stored = StoredFile.objects.get(pk=_store(content).pk)
    assert (stored.size, stored.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert read_stored(stored) == content
    assert _files(tmp_path) == {stored.stored_name}
    assert stored.created_at is not None


def test_any_file_can_be_stored() -> None:
    with TemporaryUploadedFile("a.txt", "", 7, None) as upload:
        upload.write(b"Minutes")
        assert read_stored(_store(upload)) == b"Minutes"
        assert Path(upload.temporary_file_path()).exists()
    used = ContentFile(b"Minutes")
    used.read()
    assert read_stored(_store(used)) == b"Minutes"


def test_same_bytes_are_two_files() -> None:
    first, second = _store(), _store()
    assert first.sha256 == second.sha256
    assert first.stored_name != second.stored_name


def test_name_tells_nothing_and_is_never_a_path(tmp_path: Path) -> None:
    stored = _store()
    assert stored.stored_name == f"evidence/{stored.public_id[:2]}/{stored.public_id}"
    with pytest.raises(ValidationError):
        store(b"x", content_type="text/plain", kind="../up")
    assert all(path.startswith("evidence/") for path in _files(tmp_path))


def test_rolled_back_leaves_at_most_a_file() -> None:
    with transaction.atomic():
        store(b"x", content_type="text/plain", kind="evidence")
        transaction.set_rollback(True)
    assert not StoredFile.objects.exists()


def test_full_disk_leaves_nothing(tmp_path: Path) -> None:
    class Breaks(ContentFile):
        def chunks(self, chunk_size: int | None = None) -> Any:
            yield b"first part"
            raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space"), transaction.atomic():
        store(Breaks(b""), content_type="text/plain", kind="evidence")
    assert _files(tmp_path) == set()
    assert not StoredFile.objects.exists()


def test_row_is_written_once() -> None:
    stored = _store()
    with pytest.raises(WriteOnce):
        stored.save()
    with pytest.raises(WriteOnce):
        stored.delete()
    copy = StoredFile(public_id="x", sha256="", size=0, content_type="a/b", stored_name=stored.stored_name, kind="k")
    with pytest.raises(IntegrityError), transaction.atomic():
        copy.save()


def test_damage_is_noticed() -> None:
    stored = _store()
    path = Path(default_storage.path(stored.stored_name))
    path.write_bytes(b"minutes")
    with pytest.raises(FileDamaged, match="not those"):
        open_stored(stored)
    path.write_bytes(b"Minutes and more")
    with pytest.raises(FileDamaged, match="not those"):
        open_stored(stored)
    path.unlink()
    with pytest.raises(FileDamaged, match="missing"):
        open_stored(stored)


def test_private_answer() -> None:
    response = file_response(_store(), as_name="Zoë's notes.txt")
    assert isinstance(response, FileResponse)
    assert b"".join(response.streaming_content) == b"Minutes"  # type: ignore[arg-type]
    assert dict(response.items()) == {
        "Content-Type": "text/plain",
        "Content-Length": "7",
        "Content-Disposition": "attachment; filename=\"Zoe's notes.txt\"; filename*=UTF-8''Zo%C3%AB%27s%20notes.txt",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cache-Control": "private, no-store",
    }
    _close(response)


def test_public_answer_is_sent_once() -> None:
    stored = _store(b"%PDF", "application/pdf")
    first = file_response(stored, as_name="report.pdf", public=True, request=RequestFactory().get("/"))
    assert first["Cache-Control"] == "public, max-age=300"
    assert first["ETag"] == f'"{stored.sha256}"'
    _close(first)
    again = RequestFactory().get("/", headers={"If-None-Match": first["ETag"]})
    unchanged = file_response(stored, as_name="report.pdf", public=True, request=again)
    assert (unchanged.status_code, unchanged["ETag"]) == (304, first["ETag"])
    private = file_response(stored, as_name="report.pdf", request=again)
    assert (private.status_code, private.has_header("ETag")) == (200, False)
    _close(private)


def test_only_harmless_types_are_shown_in_the_browser() -> None:
    shown = file_response(_store(b"%PDF", "application/pdf"), as_name="report.pdf", inline=True)
    assert shown["Content-Disposition"] == 'inline; filename="report.pdf"'
    _close(shown)
    with pytest.raises(ValueError, match="not shown"):
        file_response(_store(b"<p>", "text/html"), as_name="x.html", inline=True)


def test_what_was_never_finished_goes_after_a_day(tmp_path: Path) -> None:
    stored = _store()
    old, new = (tmp_path / "unfinished" / name for name in ("unfinished-old", "unfinished-new"))
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (1, 1))
    os.utime(default_storage.path(stored.stored_name), (1, 1))
    assert forget_unfinished() == 1
    assert (old.exists(), new.exists()) == (False, True)
    assert read_stored(stored) == b"Minutes"
    assert forget_unfinished() == 0
