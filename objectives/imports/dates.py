"""The words by which plans say when: "January 2025", "Jan-25", "Q3 2024/25", "ongoing"; pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from eds.ui.text import MONTHS
from objectives.months import Month, read_month

_MONTH = "|".join(sorted({name for month in MONTHS for name in (month, month[:3])} | {"Sept"}, key=len, reverse=True))
_DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?)?(?:{_MONTH})\.?,?[\s'’-]{{0,2}}(?:\d{{4}}|\d{{2}})\b"
    r"|\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\d{1,2}/\d{4}|\d{4}-\d{2}(?:-\d{2})?"
    r"|Q(?:uarter)?\s?[1-4],?\s+(?:of\s+)?(?:FY\s?)?\d{4}\s?[/-]\s?(?:\d{4}|\d{2})"
)
_OPEN_ENDED = re.compile(r"(?:on-?\s?going|continuous(?:ly)?|business as usual|BAU)\b[.]?", re.IGNORECASE)
_NOT_SAID = re.compile(r"(?:tbc|tba|tbd|to be (?:confirmed|agreed|decided)|not known|unknown|n/a)[.]?", re.IGNORECASE)
_LEADING = re.compile(
    r"^(?:(?:to be|expected|due|completed?|completion|target|date|by|the|end|of|in|during|from)\b[\s:–-]*)+",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    rf"^(?P<who>.+?)\s*[,;:–—-]\s*(?P<when>(?:by\s+|end\s+of\s+)*(?:{_DATE})|on-?going)\s*$", re.IGNORECASE
)


@dataclass(frozen=True)
class Due:
    """When something is to be completed: a month where the words name one, and the words as they stood."""

    month: Month | None
    words: str


def read_due(words: str) -> Due | None:
    """Read words that say when, and nothing else; None where they are no such words.

    A quarter is of the financial year that begins in April, and stands for its last month; a range for its end;
    "ongoing" and "to be confirmed" have no month and keep their words.
    """
    text = " ".join(words.split()).strip(" .;,")
    if not text:
        return None
    if _OPEN_ENDED.fullmatch(text) or _NOT_SAID.fullmatch(text):
        return Due(None, text)
    bare = _LEADING.sub("", text)
    if quarter := re.fullmatch(
        r"Q(?:uarter)?\s?([1-4]),?\s+(?:of\s+)?(?:FY\s?)?(\d{4})\s?[/-]\s?(?:\d{4}|\d{2})", bare, re.IGNORECASE
    ):
        # April to June is the first quarter.
        return Due(Month(int(quarter[2]), 3).later(3 * int(quarter[1])), text)
    if day := re.fullmatch(r"(\d{4})-(\d{2})-\d{2}(?: 00:00:00)?", bare):
        month = read_month(f"{day[1]}-{day[2]}")
        return Due(month, text) if month else None
    if month := read_month(bare):
        return Due(month, text)
    if both := re.fullmatch(rf"({_DATE})\s*(?:to|until|[–—-]|and)\s*(.+)", bare, re.IGNORECASE):
        first, last = read_due(both[1]), read_due(both[2])
        if first and last:
            return Due(last.month or first.month, text)
    return None


def looks_like_a_date(words: str) -> bool:
    """Say whether words that could not be read were most likely meant to say when, such as "Summer 2025"."""
    text = " ".join(words.split())
    return len(text) < 40 and bool(
        re.search(r"\b(19|20)\d{2}\b|\b\d{1,2}/\d{2}\b", text)
        or re.search(r"\b(spring|summer|autumn|winter|quarter|q[1-4]|year|month)s?\b", text, re.IGNORECASE)
    )


def split_date(words: str) -> tuple[str, Due | None]:
    """Split "EDI Team, January 2025" into who and when; words without a date at their end come back whole."""
    if found := _TRAILING.match(" ".join(words.split())):
        due = read_due(found["when"])
        if due:
            return found["who"].strip(), due
    return words, None
