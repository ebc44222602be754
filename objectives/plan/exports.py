"""Exports of a plan: a spreadsheet and a Word document, made of the typed structure alone."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from eds.ui.text import uk_date

from .table import COLUMNS, Line, PlanShown, export_rows

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WIDTHS = (26, 40, 34, 44, 30, 18, 16, 34)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _clean(words: str) -> str:
    """Leave out what neither format may hold: control characters."""
    return "".join(letter for letter in words if letter >= " " or letter in "\n\t")


def _cell_words(words: str) -> str:
    """Make sure that a spreadsheet reads words as words and never as a formula."""
    words = _clean(words)
    return f"'{words}" if words.startswith(_FORMULA) else words


def _title(plan: PlanShown) -> str:
    return f"Improvement plan, {plan.title}, {plan.organisation}"


def spreadsheet(plan: PlanShown, lines: Sequence[Line] | None = None) -> bytes:
    """Give the plan, or some of its lines, as XLSX in the columns that trusts use."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Plan")
    for letter, width in zip("ABCDEFGH", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A2"

    def cells(row: Sequence[str], **font: Any) -> list[WriteOnlyCell]:
        found = []
        for words in row:
            cell = WriteOnlyCell(sheet, value=_cell_words(words))
            cell.data_type = "s"
            cell.font = Font(**font)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            found.append(cell)
        return found

    sheet.append(cells(_headings(plan), bold=True))
    for row in export_rows(plan.lines if lines is None else lines):
        sheet.append(cells(row))
    book.properties.title = _title(plan)
    book.properties.creator = _clean(plan.organisation)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _headings(plan: PlanShown) -> tuple[str, ...]:
    return (plan.goal_word.capitalize(), *COLUMNS[1:])


def document(plan: PlanShown, lines: Sequence[Line] | None = None) -> bytes:
    """Give the plan, or some of its lines, as DOCX: one table whose first row repeats on each page."""
    made = Document()
    section = made.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    made.core_properties.title = _title(plan)
    made.core_properties.author = _clean(plan.organisation)
    made.core_properties.language = "en-GB"
    made.add_heading("Improvement plan", level=1)
    made.add_paragraph(_clean(f"{plan.organisation}, {plan.title}, as it stood on {uk_date(plan.on)}."))
    rows = export_rows(plan.lines if lines is None else lines)
    table = made.add_table(rows=1, cols=len(COLUMNS))
    table.style = "Table Grid"
    for cell, words in zip(table.rows[0].cells, _headings(plan), strict=True):
        cell.paragraphs[0].add_run(words).bold = True
    repeats = OxmlElement("w:tblHeader")
    repeats.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeats)
    for row in rows:
        for cell, words in zip(table.add_row().cells, row, strict=True):
            cell.text = _clean(words)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()
