"""Reads the report of January 2012 where the seeds lie beside the repository. None of its sentences stands here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FILE = Path(__file__).resolve().parents[2].parent / "shared" / "seeds" / "trust-eds-report-2012.txt"

_OUTCOME = re.compile(r"^(?:EDS )?Outcome (\d\.\d) \(", re.MULTILINE)
_NOTICE = re.compile(r"\n(HINDI|ARABIC|URDU|POLISH|SOMALI|CHINESE|PUNJABI|GUJARATI|BENGALI)\n\n(.+)\n")
_GRADE = re.compile(r"UNDEVELOPED|DEVELOPING|ACHIEVING|EXCELLING")
_GRADE_LABEL = re.compile(r"^EDS( grade:)?\s*(\S.*)?$")
_REASONS_LABEL = {"Reasons for rating:", "Reasons", "for rating:", "for", "rating:", "grade:"}
_HEADING = re.compile(
    r"(?:^|\s)(Outcome|Engagement|Data and evidence|Mainstream processes|Progression plans|Disadvantaged groups):\s+",
    re.IGNORECASE,
)


@dataclass
class Printed:
    """One outcome as it is printed. A block of `narrative` is a paragraph, or a list with "- " before each line."""

    code: str
    wording: str
    contacts: list[str] = field(default_factory=list)
    narrative: list[str] = field(default_factory=list)
    grade: str = ""
    grade_on_next_line: bool = False
    reasons: list[tuple[str, str]] = field(default_factory=list)
    conclusion: str = ""


def read_notices() -> dict[str, str]:
    """Give the front page's notices by the name of their language, without the marks of bold type."""
    text = FILE.read_text(encoding="utf-8")
    return {name.capitalize(): words.replace("**", "").strip() for name, words in _NOTICE.findall(text)}


def read_outcomes() -> list[Printed]:
    """Give the outcomes in the order in which they are printed."""
    text = FILE.read_text(encoding="utf-8")
    trust = re.search(r"Name:\s+(.+)\n", text[_first(text) :])
    assert trust
    starts = [match.start() for match in _OUTCOME.finditer(text)]
    return [
        _outcome(text[start:end], trust[1].strip()) for start, end in zip(starts, [*starts[1:], len(text)], strict=True)
    ]


def _first(text: str) -> int:
    found = _OUTCOME.search(text)
    assert found
    return found.start()


def _outcome(text: str, trust: str) -> Printed:
    header, _, rest = text.partition("\n")
    code = _OUTCOME.match(header)
    wording, _, rest = rest.strip().partition("\n")
    assert code
    printed = Printed(code[1], re.sub(r"^\d\.\d ", "", wording.strip().strip('"“”')))
    lines = rest.splitlines()
    at = next(number for number, line in enumerate(lines) if _GRADE_LABEL.match(line))
    _read_narrative(printed, lines[:at], trust)
    _read_verdict(printed, lines[at:])
    return printed


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    block: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            block.append(line)
        elif block:
            yield block
            block = []


def _read_narrative(printed: Printed, lines: Sequence[str], trust: str) -> None:
    for block in _blocks(lines):
        joined = "\n".join(line.replace("\t", "") for line in block)
        if re.search(r"Lead contact:|^Name:", joined) or joined == trust:
            words = re.sub(r"Lead contact:|Name:", "\n", joined.replace(trust, ""))
            printed.contacts += [line.strip() for line in words.splitlines() if line.strip()]
        else:
            printed.narrative.append("\n".join(" ".join(line.split()) for line in block))


def _read_verdict(printed: Printed, lines: Sequence[str]) -> None:
    at = next(number for number, line in enumerate(lines) if _GRADE.search(line))
    found = _GRADE.search(lines[at])
    assert found
    printed.grade = found[0].lower()
    printed.grade_on_next_line = at > 0
    said = [words for line in lines[at + 1 :] if (words := _without_label(line))]
    _read_reasons(printed, said)


def _without_label(line: str) -> str:
    cells = [cell.strip() for cell in line.split("\t")]
    words = " ".join(cell for cell in cells if cell and cell not in _REASONS_LABEL)
    return "" if _GRADE.fullmatch(words) else words


def _read_reasons(printed: Printed, said: Sequence[str]) -> None:
    last = max((number for number, line in enumerate(said) if _HEADING.search(line)), default=None)
    if last is None:  # no factor at all: paragraphs, the last of which concludes
        printed.reasons = [("Reasons", "\n\n".join(said[:-1]))]
        printed.conclusion = said[-1]
        return
    # a line that goes on in the middle of a sentence belongs to the one before it
    end = next((number for number in range(last + 1, len(said)) if not said[number][0].islower()), len(said))
    pieces = _HEADING.split(" ".join(said[:end]))
    printed.reasons = [(heading, text.strip()) for heading, text in zip(pieces[1::2], pieces[2::2], strict=True)]
    printed.conclusion = " ".join(said[end:])
    if not printed.conclusion:
        heading, text = printed.reasons[-1]
        rest, _, conclusion = text.rpartition(". ")
        printed.reasons[-1] = (heading, rest + ".")
        printed.conclusion = conclusion
