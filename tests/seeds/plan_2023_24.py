"""Reads the improvement plan of 2023-24 where the seeds lie beside the repository, and builds the document it was."""

from __future__ import annotations

from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.objectives.built import docx, png

FILE = Path(__file__).resolve().parents[2].parent / "shared" / "seeds" / "trust-eds-2022-action-plan-2023-24.txt"
COLUMNS = 5


def tables() -> list[list[list[str]]]:
    """Give the three tables: rows of five cells, each with its line ends. A cell begins with a tab."""
    lines = FILE.read_text(encoding="utf-8").split("[image: ]")[0].split("\n")
    cells: list[list[str]] = []
    for line in lines:
        if line.lstrip(" ").startswith("\t"):
            cells.append([line.strip()])
        elif cells:
            cells[-1].append(line)
    rows = [["\n".join(cell).rstrip() for cell in cells[at : at + COLUMNS]] for at in range(0, len(cells), COLUMNS)]
    starts = [number for number, row in enumerate(rows) if row[1] == "Outcome"]
    return [rows[start:end] for start, end in zip(starts, [*starts[1:], len(rows)], strict=True)]


def document() -> SimpleUploadedFile:
    """Build the Word document: the words above the tables, the tables, and a picture."""
    above = FILE.read_text(encoding="utf-8").split("\n \t")[0]
    return docx(tables(), before=[line for line in above.split("\n") if line.strip()], picture=png())
