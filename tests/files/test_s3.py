"""Files in a store that speaks S3, asked over HTTP: private, checked, reached by addresses that soon end."""

from __future__ import annotations

import datetime
import hashlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import requests
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse

from eds.files.domain import destroy, finish_destroying, open_stored, read_stored, signed_link, store
from eds.files.errors import FileDamaged, StoreUnreachable
from eds.files.models import StoredFile
from eds.project.environment import Environment
from eds.project.health import storage as storage_is_ready
from eds.project.storages import files
from evidence import domain as evidence
from evidence.models import EvidenceFile, Sharing
from scripts.common import free_port
from tests.backup import plain
from tests.backup.conftest import archive, bare_sqlite, empty, filled, filled_postgresql, filled_sqlite  # noqa: F401
from tests.backup.installations import Installation
from tests.matrix.scene import give_pdf
from tests.world import World

from .store_server import BUCKET, Store, store_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def s3(settings: Any) -> Iterator[Store]:
    """A store that this process keeps its files in."""
    with store_server() as running:
        settings.STORAGES = {**settings.STORAGES, "default": running.backend}
        yield running


def keep(content: bytes = b"Minutes", kind: str = "evidence") -> StoredFile:
    with transaction.atomic():
        return store(content, content_type="text/plain", kind=kind)


@pytest.mark.parametrize("content", [b"", b"Minutes", bytes(range(256)) * 40_000])
def test_what_was_stored_is_read(s3: Store, content: bytes) -> None:
    stored = keep(content)
    assert s3.names() == {f"trust/{stored.stored_name}"}
    assert s3.bytes_of(f"trust/{stored.stored_name}") == content
    assert read_stored(stored) == content
    with open_stored(stored) as opened:
        assert b"".join(opened.chunks()) == content
    told = s3.client.head_object(Bucket=BUCKET, Key=f"trust/{stored.stored_name}", ChecksumMode="ENABLED")
    assert told["ChecksumSHA256"]


def test_nothing_is_public(s3: Store) -> None:
    stored = keep()
    assert requests.get(f"{s3.address}/{BUCKET}/trust/{stored.stored_name}", timeout=10).status_code == 403
    grants = s3.client.get_object_acl(Bucket=BUCKET, Key=f"trust/{stored.stored_name}")["Grants"]
    assert [grant["Grantee"]["Type"] for grant in grants] == ["CanonicalUser"]
    assert "X-Amz-Signature" in default_storage.url(stored.stored_name)


def test_nothing_is_written_over(s3: Store) -> None:
    stored = keep()
    assert default_storage.save(stored.stored_name, ContentFile(b"other")) != stored.stored_name
    assert read_stored(stored) == b"Minutes"


def test_damage_is_found(s3: Store) -> None:
    changed, missing = keep(), keep()
    s3.client.put_object(Bucket=BUCKET, Key=f"trust/{changed.stored_name}", Body=b"minutes", ChecksumAlgorithm="SHA256")
    s3.client.delete_object(Bucket=BUCKET, Key=f"trust/{missing.stored_name}")
    for stored in (changed, missing):
        with pytest.raises(FileDamaged):
            open_stored(stored)
        with pytest.raises(FileDamaged):
            signed_link(stored, as_name="minutes.txt")


def test_destroyed_bytes_are_gone(s3: Store, django_capture_on_commit_callbacks: Any) -> None:
    first, left = keep(), keep()
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        destroy(first, why="It named somebody.")
    assert s3.names() == {f"trust/{left.stored_name}"}
    assert not default_storage.exists(first.stored_name)
    with django_capture_on_commit_callbacks(execute=False), transaction.atomic():
        destroy(left, why="The process died before the bytes went.")
    assert finish_destroying() == 1
    assert s3.names() == set()
    assert finish_destroying() == 0


def attached(world: World) -> tuple[str, EvidenceFile]:
    """Give the address of a file of evidence that stays inside the organisation, and its row."""
    item = evidence.write_and_cite(
        actor=world.contributor,
        assessed_outcome=world.outcome("4.1"),
        content=evidence.EvidenceText("Minutes", "What the board said."),
        files=[SimpleUploadedFile("minutes of März.txt", b"The board met.", content_type="text/plain")],
        sharing=Sharing.ORGANISATION,
    )
    file = EvidenceFile.objects.get(version__item=item)
    return reverse("library-file", args=[item.public_id, file.public_id]), file


def test_a_private_file_is_reached_by_permission_and_a_short_lived_address(
    s3: Store, world: World, client: Client
) -> None:
    address, file = attached(world)
    asked = client.get(address)
    assert asked.status_code == 302
    assert asked["Location"].startswith("/account/")
    client.force_login(world.outsider)
    assert client.get(address).status_code == 404

    client.force_login(world.contributor)
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Referrer-Policy"] == "no-referrer"
    link = answer["Location"]
    assert link.startswith(f"{s3.address}/{BUCKET}/trust/evidence/")
    asked_for = parse_qs(urlsplit(link).query)
    assert asked_for["X-Amz-Expires"] == ["60"]
    assert "secret-key" not in link

    sent = requests.get(link, timeout=10)
    assert sent.content == b"The board met."
    assert sent.headers["Content-Type"] == file.stored.content_type
    assert sent.headers["Content-Disposition"].startswith("attachment;")
    assert "minutes%20of%20M%C3%A4rz.txt" in sent.headers["Content-Disposition"]
    without = link.split("X-Amz-Signature")[0].rstrip("&")
    assert requests.get(without.split("?")[0], timeout=10).status_code == 403


def signature_of(address: str) -> str:
    """Give what a store computes for an address at its own date, and compares with what the address says."""
    named = dict(parse_qsl(urlsplit(address).query))
    asked = AWSRequest("GET", address.split("&X-Amz-Signature=")[0])
    asked.context["timestamp"] = named["X-Amz-Date"]
    signer = S3SigV4QueryAuth(Credentials("access-key", "secret-key"), "s3", "eu-west-2")
    return str(signer.signature(signer.string_to_sign(asked, signer.canonical_request(asked)), asked))


def test_nobody_can_make_an_address_last_longer(s3: Store, settings: Any) -> None:
    """When it ends stands in what is signed: with another end or beginning, or without an end, it is not signed."""
    seconds = Environment(s3.environment | {"EDS_S3_LINK_SECONDS": "5"})
    settings.STORAGES = {**settings.STORAGES, "default": files(seconds)}
    address = signed_link(keep(), as_name="minutes.txt")
    named = dict(parse_qsl(urlsplit(address).query))
    assert named["X-Amz-Expires"] == "5"
    assert named["X-Amz-Signature"] == signature_of(address)
    began = datetime.datetime.strptime(named["X-Amz-Date"], "%Y%m%dT%H%M%S%z")
    assert datetime.timedelta(0) <= datetime.datetime.now(datetime.UTC) - began < datetime.timedelta(minutes=1)
    later = (began + datetime.timedelta(days=1)).strftime("%Y%m%dT%H%M%SZ")
    for before, after in (
        ("X-Amz-Expires=5&", "X-Amz-Expires=3600&"),
        ("X-Amz-Expires=5&", ""),
        (f"X-Amz-Date={named['X-Amz-Date']}", f"X-Amz-Date={later}"),
    ):
        changed = address.replace(before, after)
        assert changed != address
        assert signature_of(changed) != named["X-Amz-Signature"]


def test_the_public_report_needs_no_signature(s3: Store, world: World, client: Client) -> None:
    world.to_published()
    give_pdf(world)
    address = reverse("public-file", args=[world.trust.slug, world.assessment.year, "eds-2011", 1])
    answer = client.get(address)
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == b"%PDF-1.7\n"  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "application/pdf"
    assert client.get(address, headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_a_store_that_is_away_is_told_soon(s3: Store, settings: Any, world: World, client: Client) -> None:
    address, file = attached(world)
    away = Store(f"http://127.0.0.1:{free_port()}", s3.client)
    settings.STORAGES = {**settings.STORAGES, "default": away.backend}
    rows = StoredFile.objects.count()
    began = time.monotonic()
    with pytest.raises(StoreUnreachable):
        keep()
    with pytest.raises(StoreUnreachable):
        open_stored(file.stored)
    with pytest.raises(StoreUnreachable):
        default_storage.exists(file.stored.stored_name)
    assert storage_is_ready() == "cannot be reached"
    assert time.monotonic() - began < 20  # four times two tries; without limits it would be minutes
    assert StoredFile.objects.count() == rows
    client.force_login(world.contributor)
    client.raise_request_exception = False
    assert client.get(address).status_code == 503


def test_a_bucket_that_is_not_there_is_told_too(s3: Store) -> None:
    stored = keep()
    s3.client.delete_object(Bucket=BUCKET, Key=f"trust/{stored.stored_name}")
    s3.client.delete_bucket(Bucket=BUCKET)
    with pytest.raises(StoreUnreachable):
        keep()


def test_settings_come_from_the_environment(s3: Store) -> None:
    plain_files = Environment({})
    assert files(plain_files)["BACKEND"].endswith("FileSystemStorage")
    half = Environment({"EDS_S3_BUCKET": "b", "EDS_S3_ACCESS_KEY": "a", "EDS_S3_LINK_SECONDS": "1"})
    files(half)
    with pytest.raises(ImproperlyConfigured) as told:
        half.finish()
    assert "EDS_S3_ACCESS_KEY and EDS_S3_SECRET_KEY belong together" in str(told.value)
    assert "EDS_S3_LINK_SECONDS" in str(told.value)


def test_backups_know_no_store(s3: Store, filled: Any, archive: Path, empty: Any, tmp_path: Path) -> None:  # noqa: F811
    """From this machine's disk into a store, and from the store back to the disk."""
    there, back = empty(**s3.environment), empty()
    restored = there.restore(archive)
    assert restored.returncode == 0, restored.stderr
    disk = plain.files(filled.data)
    kept = {name.removeprefix("trust/"): hashlib.sha256(s3.bytes_of(name)).hexdigest() for name in s3.names()}
    assert kept == {name: disk[name] for name in kept}
    assert len(kept) >= 5
    assert plain.files(there.data) == {}
    written = there.backup(tmp_path / "back.tar")
    assert written.returncode == 0, written.stderr
    assert back.restore(tmp_path / "back.tar").returncode == 0
    assert plain.files(back.data) == kept


def test_a_store_that_is_away_stops_a_backup_and_a_restoration(
    s3: Store,
    archive: Path,  # noqa: F811
    empty: Any,  # noqa: F811
    tmp_path: Path,
) -> None:
    here = empty(**s3.environment)
    assert here.restore(archive).returncode == 0
    away = {**s3.environment, "EDS_S3_ENDPOINT": f"http://127.0.0.1:{free_port()}"}
    target = tmp_path / "backup.tar"
    done = Installation(here.url, here.owner_url, here.data, away).backup(target)
    assert done.returncode == 1
    assert "CommandError: The backup cannot be written: The store of files does not answer." in done.stderr
    assert not target.exists()

    there = empty(**away)
    before = plain.rows(there.owner_url)
    done = there.restore(archive)
    assert done.returncode == 1
    assert "CommandError: The files cannot be reached or written. Nothing was changed." in done.stderr
    assert plain.rows(there.owner_url) == before
