"""What is taken and what is refused, with really built files."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from eds.files import archives
from eds.files.checks import KINDS, CheckedUpload, check_upload
from eds.files.errors import UploadRefused
from tests.files.built import GOOD, archive, jpeg, odf, ooxml, pdf, png

TYPE = (
    "Files of this type cannot be uploaded. The file must be a PDF, DOCX, XLSX, PPTX, ODT, ODS, CSV, TXT, PNG or JPEG."
)
PAGE = "The file is a web page or a drawing with code in it. Upload it as a PDF instead."
OLD = (
    "The file is in an old Office format, or protected with a password. "
    "Save it without a password as DOCX, XLSX, PPTX or PDF, then upload that."
)
LARGE = "The picture is 20000 by 20000 pixels, which is too large to show. Make it smaller, then upload it."
PROGRAM = "The file is a program. Programs cannot be uploaded."
ARCHIVE = "The name of the file ends in .png, but what is in it is an archive or an Office file."


def _refusal(name: str, content: bytes) -> str:
    with pytest.raises(UploadRefused) as refused:
        check_upload(SimpleUploadedFile(name, content))
    return refused.value.sentence


@pytest.mark.parametrize("extension", sorted(GOOD))
def test_good_files_are_taken(extension: str) -> None:
    content = GOOD[extension]
    upload = SimpleUploadedFile(f"A good one.{extension.upper()}", content, content_type="text/html")
    checked = check_upload(upload)
    assert checked == CheckedUpload(f"A good one.{extension.upper()}", KINDS[extension].content_type, len(content))
    assert upload.read() == content


def test_file_on_disk_is_taken() -> None:
    with TemporaryUploadedFile("a.docx", "", 0, None) as upload:
        upload.write(GOOD["docx"])
        upload.size = len(GOOD["docx"])
        assert check_upload(upload).name == "a.docx"


@pytest.mark.parametrize("extension", sorted(GOOD))
@pytest.mark.parametrize("other", sorted(GOOD))
def test_no_file_passes_as_another(extension: str, other: str) -> None:
    if KINDS[extension].content_type == KINDS[other].content_type or {extension, other} == {"csv", "txt"}:
        check_upload(SimpleUploadedFile(f"x.{extension}", GOOD[other]))
    else:
        assert _refusal(f"x.{extension}", GOOD[other]).endswith(".")


@given(st.binary(min_size=1, max_size=300), st.sampled_from(sorted(set(GOOD) - {"csv", "txt"})))
def test_no_random_bytes_are_taken(content: bytes, extension: str) -> None:
    _refusal(f"x.{extension}", content)


@given(st.data(), st.sampled_from(sorted(set(GOOD) - {"csv", "txt"})))
def test_no_file_that_was_cut_is_taken(data: st.DataObject, extension: str) -> None:
    whole = GOOD[extension].rstrip(b"\n")
    cut = data.draw(st.integers(min_value=1, max_value=len(whole) - 2))
    _refusal(f"x.{extension}", whole[:cut])


@given(st.text(alphabet=st.characters(blacklist_categories=["Cc", "Cs"], blacklist_characters="<#%"), min_size=1))
def test_any_text_is_taken(text: str) -> None:
    content = text.encode()
    assert check_upload(SimpleUploadedFile("x.txt", content)).size == len(content)


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("x.pdf", b"", "The file is empty."),
        ("x", pdf(), TYPE),
        ("x.zip", archive({"a": "b"}), TYPE),
        ("x.exe", b"MZ\x90\0", PROGRAM),
        ("x.pdf", b"\x7fELF\x02\x01\x01", PROGRAM),
        ("x.txt", b"#!/bin/sh\nid\n", PROGRAM),
        ("x.pdf.exe", pdf(), TYPE),
        ("x.html", b"<p>", TYPE),
        ("x.svg", b"<svg xmlns=''/>", PAGE),
        ("x.txt", b"\xef\xbb\xbf \n<!DOCTYPE html>", PAGE),
        ("x.csv", b"<script>alert(1)</script>", PAGE),
        ("x.csv", b"a,b\0c", "The file is called plain text, but it is not text."),
        ("x.pdf", png(), "The name of the file ends in .pdf, but what is in it is a PNG picture."),
        ("x.docx", pdf(), "The name of the file ends in .docx, but what is in it is a PDF."),
        ("x.png", ooxml("docx"), ARCHIVE),
        ("x.docx", bytes.fromhex("d0cf11e0a1b11ae1"), OLD),
        ("x.docx", ooxml("xlsx"), "What is in the file is of another Office type than its name says."),
        ("x.ods", odf("text"), "What is in the file is of another OpenDocument type than its name says."),
        ("x.docx", archive({"a": "b"}), "The file is an archive, not an Office document."),
        ("x.odt", archive({"a": "b"}), "The file is an archive, not an OpenDocument file."),
        ("x.png", png(20_000, 20_000), LARGE),
        ("x.jpg", jpeg(20_000, 20_000), LARGE),
    ],
)
def test_refusals(name: str, content: bytes, sentence: str) -> None:
    assert _refusal(name, content) == sentence


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.docx", ooxml("docx", {"word/vbaProject.bin": b"x"})),
        ("x.docx", ooxml("docx", {"word/VBAPROJECT.BIN": b"x"})),
        ("x.docx", ooxml("docx", main_type="application/vnd.ms-word.document.macroEnabled.main+xml")),
        ("x.docx", ooxml("docx", main_type="application/vnd.ms-word.document.macro&#69;nabled.main+xml")),
        ("x.odt", odf("text", {"Basic/Standard/Module1.xml": "x"})),
        ("x.ods", odf("spreadsheet", {"Scripts/python/x.py": "x"})),
    ],
)
def test_macros_are_refused(name: str, content: bytes) -> None:
    assert _refusal(name, content) == archives._MACROS


def test_program_inside_is_refused() -> None:
    assert "contains a program" in _refusal("x.docx", ooxml("docx", {"word/embeddings/setup.EXE": b"MZ"}))


def test_too_big_says_both_numbers(settings: Any) -> None:
    settings.EDS_UPLOAD_MAX_BYTES = 20_000_000
    upload = SimpleUploadedFile("x.pdf", pdf())
    upload.size = 20_000_001
    with pytest.raises(UploadRefused) as refused:
        check_upload(upload)
    assert refused.value.sentence == "The file is 20.1 MB. It must be 20 MB or smaller."


def test_archive_that_unpacks_too_far_is_refused() -> None:
    zeros = b"\0" * (archives.FREE_UNPACKED + 1)
    assert _refusal("x.docx", ooxml("docx", {"word/media/a.png": zeros})) == archives._BOMB


def test_archive_of_too_many_entries_is_refused() -> None:
    many: dict[str, bytes | str] = {f"word/{number}": "" for number in range(archives.MAX_ENTRIES)}
    assert _refusal("x.docx", ooxml("docx", many)) == archives._BOMB


def test_archive_that_lies_about_its_size_is_refused() -> None:
    honest = ooxml("docx", {"word/media/a.png": b"\0" * 1_000_000})
    lied = honest.replace((1_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    assert lied != honest
    assert _refusal("x.docx", lied) == archives._DAMAGED


@pytest.mark.parametrize("name", ["../out.xml", "/etc/x", "a/../../b"])
def test_archive_that_leaves_its_folder_is_refused(name: str) -> None:
    assert _refusal("x.docx", ooxml("docx", {name: "x"})) == archives._DAMAGED


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_archive_with_an_entry_twice_is_refused() -> None:
    target = io.BytesIO(ooxml("docx"))
    with zipfile.ZipFile(target, "a") as made:
        made.writestr("word/document.xml", "<another/>")
    assert _refusal("x.docx", target.getvalue()) == archives._DAMAGED


def test_archive_behind_a_program_is_refused() -> None:
    assert _refusal("x.docx", b"MZ" + ooxml("docx")) == PROGRAM
    assert _refusal("x.docx", b"  " + ooxml("docx")).endswith("is another kind of file.")


def test_encrypted_archive_is_refused() -> None:
    plain = bytearray(ooxml("docx"))
    central = plain.rfind(b"PK\x01\x02")
    plain[central + 8] |= 1
    assert "protected with a password" in _refusal("x.docx", bytes(plain))


def test_entities_are_refused() -> None:
    types = '<!DOCTYPE x [<!ENTITY a "b">]><Types>&a;</Types>'
    part = "word/document.xml"
    assert _refusal("x.docx", archive({"[Content_Types].xml": types, part: "<m/>"})) == archives._DAMAGED
