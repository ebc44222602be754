"""Which uploaded files are taken: decided by what is in them, never by what they claim."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath

import puremagic
from django.conf import settings
from django.core.files import File

from .archives import check_odf, check_ooxml
from .errors import UploadRefused
from .names import clean_name, extension_of
from .pictures import check_jpeg, check_png

HEAD = 4096
TAIL = 4096


@dataclass(frozen=True)
class CheckedUpload:
    """A file that may be stored: its cleaned name, the type that it really has, its size in bytes."""

    name: str
    content_type: str
    size: int


def _check_pdf(content: File) -> None:
    if not _head(content).startswith(b"%PDF-"):
        raise UploadRefused("The file is called a PDF, but it does not begin like one.")
    if b"%%EOF" not in _tail(content):
        raise UploadRefused("The PDF is not complete. Export it again, then upload the new file.")


def _check_text(content: File) -> None:
    content.seek(0)
    raw = content.read()
    text = _decoded(raw)
    if text is None:
        raise UploadRefused("The file is called plain text, but it is not text.")
    if _MARKUP.match(text):
        raise UploadRefused("The file is a web page or a drawing with code in it. Upload it as a PDF instead.")
    if text.startswith("#!"):
        raise UploadRefused("The file is a program. Programs cannot be uploaded.")


_OOXML = "application/vnd.openxmlformats-officedocument."
_ODF = "application/vnd.oasis.opendocument."


@dataclass(frozen=True)
class _Kind:
    words: str
    content_type: str
    magic: frozenset[str]
    check: Callable[[File], None]


def _ooxml(words: str, part: str) -> _Kind:
    return _Kind(words, _OOXML + part, frozenset(), lambda content: check_ooxml(content, f"{_OOXML}{part}.main+xml"))


def _odf(words: str, part: str) -> _Kind:
    return _Kind(words, _ODF + part, frozenset(), lambda content: check_odf(content, _ODF + part))


_JPEG = _Kind("a JPEG picture", "image/jpeg", frozenset({".jpg", ".jpeg", ".jfif"}), check_jpeg)
KINDS: dict[str, _Kind] = {
    "pdf": _Kind("a PDF", "application/pdf", frozenset({".pdf"}), _check_pdf),
    "docx": _ooxml("a Word document", "wordprocessingml.document"),
    "xlsx": _ooxml("an Excel workbook", "spreadsheetml.sheet"),
    "pptx": _ooxml("a PowerPoint presentation", "presentationml.presentation"),
    "odt": _odf("an OpenDocument text", "text"),
    "ods": _odf("an OpenDocument spreadsheet", "spreadsheet"),
    "csv": _Kind("a CSV table", "text/csv", frozenset(), _check_text),
    "txt": _Kind("plain text", "text/plain", frozenset(), _check_text),
    "png": _Kind("a PNG picture", "image/png", frozenset({".png"}), check_png),
    "jpg": _JPEG,
    "jpeg": _JPEG,
}
ALLOWED_WORDS = "PDF, DOCX, XLSX, PPTX, ODT, ODS, CSV, TXT, PNG or JPEG"
ACCEPT = ",".join(f".{extension}" for extension in KINDS)  # for the accept attribute of a file field

_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xfe\xed\xfa", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"#!")
_MARKUP = re.compile(r"[\s\ufeff]*(<\?xml|<!doctype|<!--|<(html|head|body|script|svg|iframe|style|meta|link)\b)", re.I)


def check_upload(uploaded: File) -> CheckedUpload:
    """Check an uploaded file (Django's UploadedFile) by its content, and give it a harmless name.

    Raises UploadRefused, with a sentence for the person, for a file that is empty, too big, of another type than the
    allowed ones or than its name says, damaged, protected, a program, a web page, or that carries macros or unpacks to
    far more than its size. Leaves the file at its beginning.
    """
    name = clean_name(uploaded.name or "")
    size = _size(uploaded)
    kind = KINDS.get(extension_of(name))
    head = _head(uploaded)
    if kind is None or kind.check is not _check_text:
        _refuse_known_evil(head)
    if kind is None:
        raise UploadRefused(f"Files of this type cannot be uploaded. The file must be a {ALLOWED_WORDS}.")
    _refuse_other_content(name, kind, head)
    kind.check(uploaded)
    uploaded.seek(0)
    return CheckedUpload(name=name, content_type=kind.content_type, size=size)


def _size(uploaded: File) -> int:
    size = int(uploaded.size or 0)
    if size <= 0:
        raise UploadRefused("The file is empty.")
    limit = settings.EDS_UPLOAD_MAX_BYTES
    if size > limit:
        raise UploadRefused(
            f"The file is {_megabytes(size, math.ceil)} MB. It must be {_megabytes(limit, math.floor)} MB or smaller."
        )
    return size


def _megabytes(size: int, rounded: Callable[[float], int]) -> str:
    return f"{rounded(size / 100_000) / 10:.1f}".removesuffix(".0")


def _head(content: File) -> bytes:
    content.seek(0)
    return bytes(content.read(HEAD))


def _tail(content: File) -> bytes:
    content.seek(max(0, int(content.size or 0) - TAIL))
    return bytes(content.read(TAIL))


def _refuse_known_evil(head: bytes) -> None:
    if head.startswith(_PROGRAMS):
        raise UploadRefused("The file is a program. Programs cannot be uploaded.")
    if _MARKUP.match(head.decode("latin-1")):
        raise UploadRefused("The file is a web page or a drawing with code in it. Upload it as a PDF instead.")
    if head.startswith(_OLE):
        raise UploadRefused(
            "The file is in an old Office format, or protected with a password. "
            "Save it without a password as DOCX, XLSX, PPTX or PDF, then upload that."
        )


def _refuse_other_content(name: str, kind: _Kind, head: bytes) -> None:
    """Say in words what a file really is, where its first bytes are those of another kind."""
    if kind.check is _check_text:
        signs = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"PK\x03\x04", _OLE)
        if not head.startswith(signs):
            return
    found = _recognised(head)
    is_archive = head.startswith(b"PK\x03\x04")
    if kind.magic:
        if found & kind.magic:
            return
    elif is_archive and kind.check is not _check_text:
        return
    really = next((other.words for other in KINDS.values() if found & other.magic), "another kind of file")
    if is_archive:
        really = "an archive or an Office file"
    ending = PurePosixPath(name).suffix
    raise UploadRefused(f"The name of the file ends in {ending}, but what is in it is {really}.")


def _recognised(head: bytes) -> set[str]:
    try:
        return {match.extension for match in puremagic.magic_string(head)}
    except puremagic.PureError:
        return set()


def _decoded(raw: bytes) -> str | None:
    """Give the text, or None where it is none: UTF-8, UTF-16 with its mark, or the usual Windows encoding."""
    encodings = ["utf-16"] if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return None if _CONTROL.search(text) else text
    return None


_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
