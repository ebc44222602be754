"""From grids to rows of a plan: which column is what, and which outcome each row is about; pure functions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from .cells import Item, Who, items, lines_of, who_and_when
from .reading import Cell, Grid, Reading

_HEADERS = {
    "status": "status; rag; progress; update; progress update; current position",
    "measure": "measure; measures; success measure; measure of success; how we will know; how will we know; kpi; "
    "evidence of success; impact",
    "domain": "domain; goal",
    "outcome": "outcome; outcomes; eds outcome; eds outcomes; eds ref; ref; reference",
    "objective": "objective; objectives; aim; aims; what we want; what we want to achieve; priority; priorities",
    "action": "action; actions; key actions; action required; what we will do; activity; steps; how",
    "owner": "owner; owners; action owner; lead; leads; lead officer; responsible; responsibility; accountable; who; "
    "by whom",
    "date": "completion date; date; by when; when; timescale; timescales; timeframe; deadline; due; due date; "
    "target date",
    "both": "lead and date; owner and date; lead/timescale; lead / timescale; lead and timescale; who and when; "
    "who / when; owner / completion date",
}
_KNOWN = {name: tuple(words.split("; ")) for name, words in _HEADERS.items()}
_CODE = re.compile(r"^\W*(?:(?:eds|outcome)\s+)*(\d)\s?[.]?\s?([A-Da-d]|\d)\b")
_STATUS = {
    "done": "done", "complete": "done", "completed": "done", "closed": "done", "blue": "done",
    "on track": "on_track", "on-track": "on_track", "in progress": "on_track", "underway": "on_track", "green": "on_track",
    "at risk": "at_risk", "amber": "at_risk", "delayed": "at_risk", "red": "at_risk", "overdue": "at_risk", "late": "at_risk",
    "not started": "not_started", "not yet started": "not_started", "to do": "not_started",
    "stopped": "stopped", "withdrawn": "stopped", "no longer needed": "stopped",
}  # fmt: skip
ALIKE = 0.6
"""How like an outcome's official text a cell must be to be taken for it."""


@dataclass(frozen=True)
class PlanRow:
    """One row of the file: the outcome it is most likely about ("" where that is unclear), and what stands in it."""

    key: str
    outcome: str
    outcome_words: str
    objectives: tuple[Item, ...]
    actions: tuple[Item, ...]
    who: Who
    same_objective: bool = False
    """The file says itself that the objective above reaches into this row."""
    measure: str = ""
    status: str = ""
    status_words: str = ""


@dataclass(frozen=True)
class Rows:
    """All rows of a file, and the words of it that are in no row."""

    rows: tuple[PlanRow, ...]
    unread: tuple[str, ...] = ()


@dataclass
class _Reader:
    outcomes: Mapping[str, str]
    found: list[PlanRow] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    outcome: str = ""
    words: str = ""


def rows_of(reading: Reading, outcomes: Mapping[str, str]) -> Rows:
    """Find the rows of a plan in a file. `outcomes` are the assessment's: official text by code, "1A".

    A table without a row of headings that names an action or an objective is not read, and said so.
    """
    reader = _Reader(outcomes)
    for number, grid in enumerate(reading.grids):
        _read_grid(reader, grid, number)
    reader.unread.extend(reading.beside)
    return Rows(tuple(reader.found), tuple(reader.unread))


def heading(words: str) -> str:
    """Say which column a heading names, or "" for none that is known."""
    plain = " ".join(re.sub(r"[^a-z/ ]", " ", words.lower()).split())
    for name, known in _KNOWN.items():
        if plain in known:
            return name
    starts = [(len(each), name) for name, known in _KNOWN.items() for each in known if plain.startswith(f"{each} ")]
    return max(starts)[1] if starts else ""


def _headings(row: Sequence[Cell]) -> dict[int, str]:
    named = {number: heading(cell.text) for number, cell in enumerate(row) if cell.text.strip() and len(cell.text) < 60}
    return {number: name for number, name in named.items() if name}


def _read_grid(reader: _Reader, grid: Grid, number: int) -> None:
    columns: dict[int, str] = {}
    for position, row in enumerate(grid.rows):
        named = _headings(row)
        if {"action", "objective"} & set(named.values()) and len(named) > 1:
            columns = named
            reader.outcome, reader.words = "", ""
            continue
        if not columns:
            if words := _joined(row):
                reader.unread.append(words)
            continue
        _read_row(reader, row, columns, f"{number + 1}.{position + 1}")


def _joined(row: Sequence[Cell]) -> str:
    return " ".join(" ".join(cell.text.split()) for cell in row if cell.text.strip())


def _read_row(reader: _Reader, row: Sequence[Cell], columns: Mapping[int, str], key: str) -> None:
    cells: dict[str, str] = {}
    merged: dict[str, bool] = {}
    for number, name in columns.items():
        if number >= len(row):
            continue
        cells[name] = "\n".join(filter(str.strip, [cells.get(name, ""), row[number].text]))
        merged[name] = row[number].merged
    beside = [cell.text for number, cell in enumerate(row) if number not in columns and cell.text.strip()]
    filled = {name for name, text in cells.items() if text.strip()}
    if not filled and not beside:
        return
    if len([cell for cell in row if cell.text.strip()]) == 1 and not filled & {"action", "objective"} - _first(columns):
        # A row with one cell that names an outcome stands above that outcome's rows.
        words = _joined(row)
        code = outcome_of(words, reader.outcomes)
        if code:
            reader.outcome, reader.words = code, words
            return
    if cells.get("outcome", "").strip():
        reader.words = " ".join(cells["outcome"].split())
        reader.outcome = outcome_of(reader.words, reader.outcomes)
    elif "outcome" not in columns.values() and cells.get("domain", "").strip():
        words = " ".join(cells["domain"].split())
        reader.outcome, reader.words = outcome_of(words, reader.outcomes) or reader.outcome, words
    objectives, actions = items(cells.get("objective", "")), items(cells.get("action", ""))
    owners = "\n\n".join(filter(None, [cells.get("owner", ""), cells.get("both", ""), cells.get("date", "")]))
    if not (objectives or actions):
        said = [text for name, text in cells.items() if name not in {"domain", "outcome"} and text.strip()]
        reader.unread.extend(" ".join(text.split()) for text in said)
        reader.unread.extend(" ".join(text.split()) for text in beside)
        return
    status = " ".join(cells.get("status", "").split())
    reader.found.append(
        PlanRow(
            key=key,
            outcome=reader.outcome,
            outcome_words=reader.words,
            objectives=tuple(objectives),
            actions=tuple(actions),
            who=who_and_when(owners),
            same_objective=not objectives and merged.get("objective", False),
            measure="\n".join(line for line in lines_of(cells.get("measure", "")) if line),
            status=_STATUS.get(status.lower().strip(" ."), ""),
            status_words=status,
        )
    )
    reader.unread.extend(" ".join(text.split()) for text in beside)


def _first(columns: Mapping[int, str]) -> set[str]:
    return {columns[min(columns)]}


def outcome_of(words: str, outcomes: Mapping[str, str]) -> str:
    """Give the code of the outcome that words name, by its code at their start or by its text; "" for none."""
    if found := _CODE.match(words):
        for code in (f"{found[1]}{found[2].upper()}", f"{found[1]}.{found[2]}"):
            if code in outcomes:
                return code
    plain = " ".join(words.lower().split())
    likeness = {code: SequenceMatcher(None, plain, text.lower()).ratio() for code, text in outcomes.items()}
    best = max(likeness, key=lambda code: likeness[code], default="")
    return best if best and likeness[best] >= ALIKE else ""
