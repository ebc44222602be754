"""Files built from nothing, small and real."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

OOXML = "application/vnd.openxmlformats-officedocument."
MAINS = {
    "docx": ("word/document.xml", OOXML + "wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", OOXML + "spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", OOXML + "presentationml.presentation.main+xml"),
}


def archive(entries: dict[str, bytes | str]) -> bytes:
    """A ZIP of these entries."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return target.getvalue()


def ooxml(extension: str, more: dict[str, bytes | str] | None = None, main_type: str = "") -> bytes:
    """A DOCX, XLSX or PPTX with its main part and `more` entries."""
    part, usual = MAINS[extension]
    types = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{part}" ContentType="{main_type or usual}"/></Types>'
    )
    return archive({"[Content_Types].xml": types, "_rels/.rels": "<r/>", part: "<main/>", **(more or {})})


def odf(part: str, more: dict[str, bytes | str] | None = None) -> bytes:
    """An OpenDocument file of type `part`."""
    media_type = f"application/vnd.oasis.opendocument.{part}"
    return archive({"mimetype": media_type, "content.xml": "<c/>", "META-INF/manifest.xml": "<m/>", **(more or {})})


def pdf() -> bytes:
    """A PDF of one empty page."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )


def png(width: int = 2, height: int = 2) -> bytes:
    """A black PNG; larger claims than 2 by 2 carry no pixels for them."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(b"\0\0\0" * 2)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def jpeg(width: int = 2, height: int = 2) -> bytes:
    """A JPEG's segments: JFIF header, frame, a scan, end."""
    jfif = b"\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    frame = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    return b"\xff\xd8" + jfif + frame + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x7f\xff\xd9"


GOOD: dict[str, bytes] = {
    "pdf": pdf(),
    "docx": ooxml("docx"),
    "xlsx": ooxml("xlsx"),
    "pptx": ooxml("pptx"),
    "odt": odf("text"),
    "ods": odf("spreadsheet"),
    "csv": "outcome,grade\n1.1,Developing\n".encode("utf-8-sig"),
    "txt": b"MZ Ltd\r\nMinutes of the meeting: caf\xe9\t\r\n",  # begins like a program, is in the Windows encoding
    "png": png(),
    "jpg": jpeg(),
    "jpeg": jpeg(),
}
