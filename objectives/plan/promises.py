"""Finds promises with a date in prose: sentences that say what will be done, and until when."""

from __future__ import annotations

import re
from dataclasses import dataclass

from eds.ui.text import MONTHS
from objectives.months import Month, read_month

_NAMES = "|".join(sorted({name for month in MONTHS for name in (month, month[:3])} | {"Sept"}, key=len, reverse=True))
_DATE = re.compile(rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)? )?({_NAMES})\.?,? (\d{{4}})\b", re.IGNORECASE)
_NUMERIC = re.compile(r"\b\d{1,2}[/.]\d{1,2}[/.]\d{4}\b")
_QUARTER = re.compile(r"\b(?:by the end of |by |before |in )(20\d{2})\b")
_WILL = re.compile(
    r"\b(will|shall|is to be|are to be|intends? to|plans? to|planned for|aims? to|is due|are due|due (?:in|by)|"
    r"commits? to|going to|to be (?:completed|delivered|in place|finished))\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.!?\n]*(?:\.(?=\d)[^.!?\n]*|\.(?=[a-z])[^.!?\n]*)*[.!?]?")


@dataclass(frozen=True)
class Promise:
    """A sentence that promises something, and the month until which; None where only a year is named."""

    sentence: str
    due: Month | None


def promises(text: str) -> list[Promise]:
    """Give the sentences of a text that promise something with a date, in order, each once."""
    found: dict[str, Promise] = {}
    for match in _SENTENCE.finditer(text):
        sentence = " ".join(match[0].split()).lstrip("-•* ")
        if sentence and _WILL.search(sentence):
            month = month_named(sentence)
            if month is not None or _QUARTER.search(sentence):
                found.setdefault(sentence, Promise(sentence, month))
    return list(found.values())


def month_named(sentence: str) -> Month | None:
    """Give the last month that a sentence names: "from May 2026 to January 2027" is due in January."""
    months = [read_month(f"{found[1]} {found[2]}") for found in _DATE.finditer(sentence)]
    months += [read_month(found[0]) for found in _NUMERIC.finditer(sentence)]
    known = [month for month in months if month is not None]
    return max(known) if known else None
