"""Reads the equality objectives of 2018 to 2022 where the seeds lie beside the repository. No sentence of them stands here."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

FILE = Path(__file__).resolve().parents[2].parent / "shared" / "seeds" / "trust-equality-objectives-2018-2022.txt"

_HEADING = re.compile(r"^(?:Aim|Objective) (\d) [-–] (.+?)\s*$", re.MULTILINE)
_PERIOD = re.compile(r"\((\w+ \d{4}) to (\w+ \d{4})\)")
_DATE = re.compile(r"\s*Completion date expected (?:to be )?(\w+ \d{4})\.\s*$")


@dataclass
class PrintedObjective:
    """An objective as it is printed: its number, theme, headline, the month where one is named, and what is under it."""

    number: int
    theme: str
    headline: str
    expected: str = ""
    commitments: list[str] = field(default_factory=list)


def read_period() -> tuple[str, str]:
    """Give the first and the last month."""
    found = _PERIOD.search(FILE.read_text(encoding="utf-8"))
    assert found
    return found[1], found[2]


def read_objectives() -> list[PrintedObjective]:
    """Give the objectives in the order in which they are printed."""
    text = FILE.read_text(encoding="utf-8")
    headings = list(_HEADING.finditer(text))
    ends = [*(each.start() for each in headings[1:]), len(text)]
    return [_objective(each, text[each.end() : end]) for each, end in zip(headings, ends, strict=True)]


def _objective(heading: re.Match[str], text: str) -> PrintedObjective:
    blocks = [" ".join(block.split()) for block in re.split(r"\n\s*\n", text) if block.strip()]
    if heading[1] == "5":
        blocks = blocks[:1]  # what follows is about the whole document
    headline, *rest = blocks
    found = _DATE.search(headline)
    return PrintedObjective(
        number=int(heading[1]),
        theme=heading[2],
        headline=_DATE.sub("", headline),
        expected=found[1] if found else "",
        commitments=[each.removeprefix("• ") for each in rest if each.startswith("• ")],
    )
