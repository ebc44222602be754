"""Office files are archives: what must be in them, what must not, and how far they may unpack."""

from __future__ import annotations

import re
import zipfile
import zlib
from xml.etree import ElementTree

from django.core.files import File

from .errors import UploadRefused

MAX_ENTRIES = 5_000
MAX_UNPACKED = 200_000_000
MAX_RATIO = 100  # of the whole archive, once it unpacks to more than FREE_UNPACKED
FREE_UNPACKED = 10_000_000
CHUNK = 1 << 16

_MACRO_NAMES = re.compile(r"(^|/)(vbaproject\.bin|vbadata\.xml|vbaprojectsignature\w*\.bin)$|^(basic|scripts)/", re.I)
_PROGRAM_NAMES = re.compile(r"\.(exe|dll|scr|msi|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|jar|lnk)$", re.I)
_DAMAGED = "The file is damaged, or not complete. Save it again, then upload the new file."
_BOMB = "The file unpacks to far more than its size, so it cannot be taken. Upload it as a PDF instead."
_MACROS = "The file contains macros. Save it without macros, for example as DOCX or PDF, then upload that."


def check_ooxml(content: File, main_type: str) -> None:
    """Check a DOCX, XLSX or PPTX: complete, with its main part of the right type, no macros, no bomb."""
    with _checked_archive(content) as archive:
        names = set(archive.namelist())
        if "[Content_Types].xml" not in names:
            raise UploadRefused("The file is an archive, not an Office document.")
        types = _content_types(archive)
        if any("macroenabled" in of_part or "vbaproject" in of_part for of_part in types.values()):
            raise UploadRefused(_MACROS)
        if not any(of_part == main_type and part.lstrip("/") in names for part, of_part in types.items()):
            raise UploadRefused("What is in the file is of another Office type than its name says.")


def check_odf(content: File, media_type: str) -> None:
    """Check an ODT or ODS: complete, of the right type, no macros, no bomb."""
    with _checked_archive(content) as archive:
        names = set(archive.namelist())
        if not {"mimetype", "content.xml"} <= names:
            raise UploadRefused("The file is an archive, not an OpenDocument file.")
        if _text(archive, "mimetype").strip() != media_type:
            raise UploadRefused("What is in the file is of another OpenDocument type than its name says.")


def _checked_archive(content: File) -> zipfile.ZipFile:
    content.seek(0)
    if content.read(4) != b"PK\x03\x04":
        raise UploadRefused(_DAMAGED)
    content.seek(0)
    try:
        archive = zipfile.ZipFile(content)
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise UploadRefused(_DAMAGED) from error
    try:
        _check_entries(archive.infolist(), int(content.size or 0))
        _unpack(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        archive.close()
        raise UploadRefused(_DAMAGED) from error
    except UploadRefused:
        archive.close()
        raise
    return archive


def _check_entries(entries: list[zipfile.ZipInfo], packed: int) -> None:
    if len(entries) > MAX_ENTRIES:
        raise UploadRefused(_BOMB)
    names = [entry.filename for entry in entries]
    if len(set(names)) != len(names) or any(_leaves_folder(name) for name in names):
        raise UploadRefused(_DAMAGED)
    if any(entry.flag_bits & 1 for entry in entries):
        raise UploadRefused("The file is protected with a password. Save it without one, then upload that.")
    if any(_MACRO_NAMES.search(name) for name in names):
        raise UploadRefused(_MACROS)
    if any(_PROGRAM_NAMES.search(name) for name in names):
        raise UploadRefused("The file contains a program, so it cannot be taken.")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MAX_UNPACKED or (unpacked > FREE_UNPACKED and unpacked > MAX_RATIO * packed):
        raise UploadRefused(_BOMB)


def _leaves_folder(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name)


def _unpack(archive: zipfile.ZipFile) -> None:
    """Read every entry: checks the sums, and that the sizes it declares are true."""
    left = MAX_UNPACKED
    for entry in archive.infolist():
        with archive.open(entry) as opened:
            while chunk := opened.read(CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise UploadRefused(_BOMB)


def _content_types(archive: zipfile.ZipFile) -> dict[str, str]:
    """Give the type of each part, in lower case, by the part's name or by the ending it stands for."""
    text = _text(archive, "[Content_Types].xml")
    if "<!" in text:  # no Office writes a DTD there, and without one the parser has no entities to expand
        raise UploadRefused(_DAMAGED)
    try:
        root = ElementTree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))  # noqa: S314 - see the check above
    except ElementTree.ParseError as error:
        raise UploadRefused(_DAMAGED) from error
    return {
        item.get("PartName") or f"*.{item.get('Extension')}": item.get("ContentType", "").strip().lower()
        for item in root
    }


def _text(archive: zipfile.ZipFile, name: str) -> str:
    raw = archive.read(name)
    if len(raw) > 5_000_000:
        raise UploadRefused(_BOMB)
    try:
        return raw.decode("utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UploadRefused(_DAMAGED) from error
