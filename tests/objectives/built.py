"""Plans as files: invented ones, built here as a trust would keep them."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Sequence

from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document
from openpyxl import Workbook

Rows = Sequence[Sequence[str]]
"""A cell is text with line ends; None stands for "merged with the cell above"."""
MERGED = "\0merged"


def docx(
    tables: Sequence[Rows], *, before: Sequence[str] = (), picture: bytes = b"", bullets: bool = False
) -> SimpleUploadedFile:
    """Build a Word document. A cell that is MERGED is merged with the one above it."""
    document = Document()
    for words in before:
        document.add_paragraph(words)
    if picture:
        document.add_picture(io.BytesIO(picture))
    for rows in tables:
        table = document.add_table(rows=0, cols=max(map(len, rows)))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=False):
                first, *others = ("" if text == MERGED else text).split("\n")
                cell.text = first
                for line in others:
                    paragraph = cell.add_paragraph(line.removeprefix("• ") if bullets else line)
                    if bullets and line.startswith("• "):
                        paragraph.style = "List Bullet"
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                if text == MERGED:
                    top = number
                    while rows[top][column] == MERGED:
                        top -= 1
                    table.cell(top, column).merge(table.cell(number, column))
    return _uploaded("plan.docx", document)


def xlsx(rows: Rows, *, merge: Sequence[str] = ()) -> SimpleUploadedFile:
    """Build a workbook of one sheet; `merge` names areas such as "A2:A4"."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    for area in merge:
        sheet.merge_cells(area)
    return _uploaded("plan.xlsx", book)


def csv(text: str, encoding: str = "utf-8") -> SimpleUploadedFile:
    """Build a CSV file."""
    return SimpleUploadedFile("plan.csv", text.encode(encoding), "text/csv")


def _uploaded(name: str, made: object) -> SimpleUploadedFile:
    buffer = io.BytesIO()
    made.save(buffer)  # type: ignore[attr-defined]
    return SimpleUploadedFile(name, buffer.getvalue())


def png(width: int = 2, height: int = 2) -> bytes:
    """Build a small white picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = b"".join(b"\0" + b"\xff" * width for _ in range(height))
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")
