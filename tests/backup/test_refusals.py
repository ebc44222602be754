"""What is damaged, foreign or in the way is refused in a sentence, and everything is as it was before."""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings

from eds.history import triggers
from eds.project.backup import BackupRefused, backup, check, restore
from tests import databases

from . import plain
from .installations import Installation

pytestmark = pytest.mark.engine

Empty = Callable[..., Installation]
Members = dict[str, tuple[tarfile.TarInfo, bytes]]


def members(archive: Path) -> Members:
    with tarfile.open(archive) as tar:
        return {each.name: (each, tar.extractfile(each).read()) for each in tar}  # type: ignore[union-attr]


def write(target: Path, content: Members, *more: tarfile.TarInfo) -> Path:
    with tarfile.open(target, "w") as tar:
        for name, (_, data) in content.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
        for info in more:
            tar.addfile(info)
    return target


def with_list(content: Members, change: Callable[[dict[str, Any]], None]) -> Members:
    """Change the list and its hash: what somebody does who knows the format."""
    told = json.loads(content["list.json"][1])
    change(told)
    text = json.dumps(told).encode()
    info = tarfile.TarInfo()
    return content | {
        "list.json": (info, text),
        "list.sha256": (info, hashlib.sha256(text).hexdigest().encode()),
    }


def with_rows(content: Members, table: str, change: Callable[[list[list[Any]]], None]) -> Members:
    """Change rows of a table, and let the list agree."""
    name = f"rows/{table}.jsonl"
    rows = [json.loads(line) for line in content[name][1].splitlines()]
    change(rows)
    data = "".join(json.dumps(row) + "\n" for row in rows).encode()

    def agree(told: dict[str, Any]) -> None:
        told["tables"][table] = {"rows": len(rows) - 1, "sha256": hashlib.sha256(data).hexdigest()}

    return with_list(content | {name: (tarfile.TarInfo(), data)}, agree)


@dataclass(frozen=True)
class Target:
    """An empty installation that this process works in as the role that migrates."""

    url: str
    data: Path

    def state(self) -> tuple[plain.Rows, dict[str, str], dict[str, str]]:
        """Give all rows, files and triggers."""
        return plain.rows(self.url), plain.files(self.data), triggers.present()


@pytest.fixture
def target(django_db_setup: None, django_db_blocker: Any, tmp_path: Path) -> Iterator[Target]:
    with (
        django_db_blocker.unblock(),
        databases.switched(owner=True) as url,
        override_settings(MEDIA_ROOT=tmp_path / "data" / "files"),
    ):
        yield Target(url, tmp_path / "data")


def refuses(target: Target, archive: Path, words: str = "") -> None:
    before = target.state()
    with pytest.raises(BackupRefused, match=f"{words}.*Nothing was changed"):
        restore(archive)
    assert target.state() == before


def test_archives_that_are_damaged_or_made_up(archive: Path, target: Target, tmp_path: Path) -> None:
    whole = members(archive)
    a_file = max((name for name in whole if name.startswith("files/")), key=lambda name: len(whole[name][1]))
    users = "rows/people_user.jsonl"
    bytes_ = archive.read_bytes()

    def flipped(at: int) -> bytes:
        return bytes_[:at] + bytes([bytes_[at] ^ 1]) + bytes_[at + 1 :]

    with tarfile.open(archive) as tar:
        at = {name: tar.getmember(name).offset_data for name in (a_file, users, "list.json", "list.sha256")}
        head = tar.getmember(users).offset
    bad = tmp_path / "bad.tar"
    for place in (at[a_file] + 7, at[users] + 40, at["list.json"] + 60, at["list.sha256"] + 3, head + 5):
        bad.write_bytes(flipped(place))
        refuses(target, bad)
    for length in (0, 100, 512, at[users] + 20, at["list.json"] + 100, len(bytes_) // 2):
        bad.write_bytes(bytes_[:length])
        refuses(target, bad)
    bad.write_bytes(b"This is a letter." * 1000)
    refuses(target, bad)

    for name in (users, a_file, "list.json", "list.sha256"):
        refuses(target, write(bad, {each: whole[each] for each in whole if each != name}))
    refuses(target, write(bad, whole | {"rows/unknown.jsonl": (tarfile.TarInfo(), b"[]\n")}), "its list does not name")
    link = tarfile.TarInfo("files/evidence/ab/link")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    refuses(target, write(bad, whole, link), "not as a file")
    refuses(target, write(bad, whole, tarfile.TarInfo(users)), "twice")


@pytest.mark.parametrize("name", ["../../evil", "/tmp/evil", "evidence/../../evil", "evidence/ab/c/../../../../e"])
def test_a_name_that_leads_out_of_the_store(archive: Path, target: Target, tmp_path: Path, name: str) -> None:
    def name_it(told: dict[str, Any]) -> None:
        told["files"][name] = {"size": 4, "sha256": hashlib.sha256(b"evil").hexdigest()}

    made = with_list(members(archive), name_it) | {f"files/{name}": (tarfile.TarInfo(), b"evil")}
    refuses(target, write(tmp_path / "bad.tar", made), "no installation would")
    assert not list(tmp_path.parent.rglob("evil"))


def test_a_backup_of_another_release(archive: Path, target: Target, tmp_path: Path) -> None:
    made = with_list(members(archive), lambda told: told["migrations"].pop())
    refuses(target, write(tmp_path / "older.tar", made), "another release")
    made = with_list(members(archive), lambda told: told["migrations"].append("grading.9999_later"))
    refuses(target, write(tmp_path / "newer.tar", made), "another release")
    made = with_list(members(archive), lambda told: told.update(format=2))
    refuses(target, write(tmp_path / "form.tar", made), "form that this release does not read")


def test_rows_that_the_database_refuses_leave_nothing_behind(archive: Path, target: Target, tmp_path: Path) -> None:
    """The failure comes late, when most rows are in: rows, triggers and files are as before."""

    def orphan(rows: list[list[Any]]) -> None:
        rows[1][rows[0].index("organisation_id")] = 987654321

    made = with_rows(members(archive), "people_membership", orphan)
    refuses(target, write(tmp_path / "bad.tar", made))
    made = with_rows(members(archive), "reports_publication", lambda rows: rows.append(rows[1]))
    refuses(target, write(tmp_path / "bad2.tar", made))
    made = with_rows(members(archive), "reports_publication", lambda rows: rows[1].append("one too many"))
    refuses(target, write(tmp_path / "bad3.tar", made))
    assert restore(archive).rows > 1000  # and so it can still be restored into


def test_a_store_that_cannot_be_written_to_leaves_nothing_behind(archive: Path, target: Target, tmp_path: Path) -> None:
    """One folder of files is in the way, so that some files are written and then one is not."""
    with tarfile.open(archive) as tar:
        named = [each.name.removeprefix("files/") for each in tar if each.name.startswith("files/")]
    folder = target.data / "files" / named[-1]
    folder.parent.parent.mkdir(parents=True)
    folder.parent.write_text("in the way")
    refuses(target, archive)
    assert plain.files(target.data) == {str(Path(named[-1]).parent): hashlib.sha256(b"in the way").hexdigest()}


def test_an_installation_that_is_in_use(archive: Path, target: Target) -> None:
    """Nor is one that was restored a moment ago."""
    restore(archive)
    refuses(target, archive, "people or organisations here already")


def test_a_file_that_is_there_already(archive: Path, target: Target) -> None:
    with tarfile.open(archive) as tar:
        name = next(each.name.removeprefix("files/") for each in tar if each.name.startswith("files/"))
        content = tar.extractfile(f"files/{name}").read()  # type: ignore[union-attr]
    there = target.data / "files" / name
    there.parent.mkdir(parents=True)
    there.write_bytes(b"somebody else's")
    refuses(target, archive, "is here already")
    there.write_bytes(content)  # what a restoration left that was killed
    restore(archive)
    assert there.read_bytes() == content


def test_checking_an_archive_changes_nothing(archive: Path, target: Target, tmp_path: Path) -> None:
    before = target.state()
    assert check(archive).rows > 1000
    bad = tmp_path / "bad.tar"
    bad.write_bytes(archive.read_bytes()[:5000])
    with pytest.raises(BackupRefused):
        check(bad)
    assert target.state() == before


def test_the_target_of_a_backup_is_never_replaced(target: Target, tmp_path: Path) -> None:
    folder = tmp_path / "there"
    folder.mkdir()
    there = folder / "backup.tar"
    there.write_text("kept")
    with pytest.raises(BackupRefused, match="never replaces"):
        backup(there)
    assert there.read_text() == "kept"
    with pytest.raises(BackupRefused, match="cannot be written"):
        backup(folder / "no" / "folder.tar")
    assert [path.name for path in folder.iterdir()] == ["backup.tar"]


def test_the_commands_refuse_in_a_sentence(archive: Path, empty: Empty, tmp_path: Path) -> None:
    installation = empty()
    bad = tmp_path / "bad.tar"
    bad.write_bytes(archive.read_bytes()[:5000])
    for done in (
        installation.restore(bad),
        installation.backup(bad),
        installation.run("manage.py", "restore", "--check-only", str(bad)),
    ):
        assert done.returncode == 1
        assert re.search(r"^CommandError: .+\.$", done.stderr, re.MULTILINE)
        assert "Traceback" not in done.stderr


def test_a_damaged_file_is_told_and_left_out(archive: Path, empty: Empty, tmp_path: Path) -> None:
    source, copy = empty(), empty()
    assert source.restore(archive).returncode == 0
    path = next(path for path in (source.data / "files").rglob("*") if path.is_file() and path.stat().st_size > 5)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    done = source.backup(tmp_path / "backup.tar")
    assert done.returncode == 1
    assert path.name in done.stderr
    restored = copy.restore(tmp_path / "backup.tar")
    assert restored.returncode == 0
    assert path.name in restored.stdout
    assert plain.rows(copy.owner_url)["files_storedfile"] == plain.rows(source.owner_url)["files_storedfile"]
    assert plain.files(copy.data).keys() == plain.files(source.data).keys() - {
        str(path.relative_to(source.data / "files"))
    }


@pytest.mark.skipif(not databases.on_postgresql(), reason="SQLite has no roles")
def test_the_applications_role_restores_nothing(own_database: str, archive: Path, tmp_path: Path) -> None:
    target = Target(own_database, tmp_path / "data")
    with override_settings(MEDIA_ROOT=target.data / "files"):
        refuses(target, archive, "as the role that migrates")
