"""Reading the tables of a plan's file: a DOCX, an XLSX or a CSV becomes grids of cells; what is no table is named."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.files import File

from eds.files.checks import check_upload
from eds.files.errors import UploadRefused
from eds.history.errors import DomainError

LARGEST = 10_000_000
MOST_ROWS = 2_000
MOST_COLUMNS = 40
MOST_PICTURES = 10
LARGEST_PICTURE = 200_000
MOST_TEXT = 400_000
_PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


@dataclass(frozen=True)
class Cell:
    """A cell's text with its line ends. `merged` where the file itself says that the cell above reaches into it."""

    text: str
    merged: bool = False


@dataclass(frozen=True)
class Grid:
    """One table of a file."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Picture:
    """A picture in a file, shown while somebody looks through it. `data` is "" where it is too large, or no PNG or JPEG."""

    name: str
    data: str


@dataclass(frozen=True)
class Reading:
    """A file's tables, its text outside tables, and its pictures."""

    grids: tuple[Grid, ...]
    beside: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()


def read_file(uploaded: File) -> Reading:
    """Read a plan's file by its content. Raises DomainError in words for what is no plan that can be read."""
    if uploaded.size > LARGEST:
        raise DomainError("The file is larger than 10 MB. Take its pictures out, then choose it again.", field="file")
    try:
        kind = check_upload(uploaded).content_type
    except UploadRefused as refused:
        raise DomainError(str(refused), field="file") from refused
    uploaded.seek(0)
    data = uploaded.read()
    if kind == "text/csv":
        reading = _csv(data)
    elif kind.endswith("spreadsheetml.sheet"):
        reading = _xlsx(data)
    elif kind.endswith("wordprocessingml.document"):
        reading = _docx(data)
    else:
        raise DomainError("Choose a Word document, an Excel workbook or a CSV table.", field="file")
    if sum(len(cell.text) for grid in reading.grids for row in grid.rows for cell in row) > MOST_TEXT:
        raise DomainError("There is more text in the file than a plan has. Choose a smaller file.", field="file")
    if not any(grid.rows for grid in reading.grids):
        raise DomainError("There is no table in the file. A plan is read from its table.", field="file")
    return reading


def _csv(data: bytes) -> Reading:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise DomainError(
            "The letters in the file could not be read. Save it as UTF-8, then choose it again.", field="file"
        )
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise DomainError(f"The table could not be read: {error}.", field="file") from error
    return Reading((Grid("Table 1", _bounded(tuple(Cell(cell) for cell in row) for row in rows)),))


def _xlsx(data: bytes) -> Reading:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(data), data_only=True)
    except (InvalidFileException, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise DomainError("The workbook could not be read. Save it again, then choose it.", field="file") from error
    grids = []
    for sheet in book.worksheets:
        if sheet.max_row > MOST_ROWS or sheet.max_column > MOST_COLUMNS * 10:
            raise DomainError(f"The sheet “{sheet.title}” is larger than a plan is.", field="file")
        above: dict[tuple[int, int], tuple[int, int]] = {}
        for area in sheet.merged_cells.ranges:
            for row in range(area.min_row, area.max_row + 1):
                for column in range(area.min_col, area.max_col + 1):
                    above[row, column] = (area.min_row, area.min_col)
        rows = []
        for row in sheet.iter_rows(max_col=min(sheet.max_column, MOST_COLUMNS)):
            cells = []
            for cell in row:
                origin = above.get((cell.row, cell.column))
                inside = origin is not None and origin != (cell.row, cell.column)
                cells.append(Cell("" if inside else _words(cell.value), merged=inside and origin[0] < cell.row))  # type: ignore[index]
            rows.append(tuple(cells))
        grids.append(Grid(sheet.title, _bounded(iter(rows))))
    return Reading(tuple(grids), (), _pictures(data, "xl/media/"))


def _words(value: Any) -> str:
    if value is None:
        return ""
    if hasattr(value, "strftime"):
        return str(value.strftime("%Y-%m-%d"))
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _docx(data: bytes) -> Reading:
    from docx import Document
    from docx.oxml.ns import qn
    from docx.table import Table
    from docx.text.paragraph import Paragraph
    from lxml.etree import XMLSyntaxError

    try:
        document = Document(io.BytesIO(data))
    except (KeyError, ValueError, zipfile.BadZipFile, XMLSyntaxError) as error:
        raise DomainError("The document could not be read. Save it again, then choose it.", field="file") from error
    grids: list[Grid] = []
    beside: list[str] = []
    for block in document.element.body:
        if block.tag == qn("w:p"):
            if words := Paragraph(block, document).text.strip():
                beside.append(words)
        elif block.tag == qn("w:tbl"):
            grids.append(Grid(f"Table {len(grids) + 1}", _bounded(_docx_rows(Table(block, document)))))
    return Reading(tuple(grids), tuple(beside), _pictures(data, "word/media/"))


def _docx_rows(table: Any) -> Iterator[tuple[Cell, ...]]:
    from docx.oxml.ns import qn

    for row in table.rows:
        cells: list[Cell] = []
        for cell in row._tr.tc_lst:
            merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            inside = merge is not None and merge.get(qn("w:val")) != "restart"
            text = "" if inside else "\n".join(_paragraph(each) for each in cell.iter(qn("w:p")))
            span = cell.grid_span
            cells.extend([Cell(text, merged=inside), *[Cell("", merged=False)] * (span - 1)])
        yield tuple(cells[:MOST_COLUMNS])


def _paragraph(paragraph: Any) -> str:
    """Give a paragraph's text with its line breaks; a paragraph of a list begins with a bullet."""
    from docx.oxml.ns import qn

    words = []
    for part in paragraph.iter(qn("w:t"), qn("w:br"), qn("w:tab")):
        words.append(part.text or "" if part.tag == qn("w:t") else "\n" if part.tag == qn("w:br") else " ")
    text = "".join(words)
    listed = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    listed = listed or (style is not None and str(style.get(qn("w:val"))).lower().startswith("list"))
    return f"• {text}" if listed and text.strip() else text


def _pictures(data: bytes, folder: str) -> tuple[Picture, ...]:
    found: list[Picture] = []
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in sorted(archive.namelist()):
            if not name.startswith(folder):
                continue
            picture = archive.read(name) if archive.getinfo(name).file_size <= LARGEST_PICTURE else b""
            kind = next((kind for magic, kind in _PICTURES.items() if picture.startswith(magic)), "")
            shown = f"data:{kind};base64,{b64encode(picture).decode()}" if kind else ""
            found.append(Picture(re.sub(r".*/", "", name), shown if len(found) < MOST_PICTURES else ""))
    return tuple(found)


def _bounded(rows: Iterator[tuple[Cell, ...]]) -> tuple[tuple[Cell, ...], ...]:
    """Leave out empty rows at the end; raise DomainError for more rows than a plan has."""
    kept = []
    for number, row in enumerate(rows):
        if number >= MOST_ROWS:
            raise DomainError(f"The table has more than {MOST_ROWS:,} rows. Choose a smaller file.", field="file")
        kept.append(row[:MOST_COLUMNS])
    while kept and not any(cell.text.strip() for cell in kept[-1]):
        kept.pop()
    return tuple(kept)
