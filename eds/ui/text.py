"""Words for the page from plain values: dates in British order, and plain text as paragraphs and lists."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import lru_cache
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

LONDON = ZoneInfo("Europe/London")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def uk_date(value: dt.date | dt.datetime | str | None) -> str:
    """Give "28 February 2027", for a datetime with the London time: "28 February 2027 at 5.30pm".

    An ISO text, as published payloads hold it, is read first. None and "" give "". Raises ValueError for other text.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        parsed = parse_date(value) if len(value) <= len("2027-02-28") else parse_datetime(value)
        if parsed is None:
            raise ValueError(f"Not an ISO date: {value!r}")
        value = parsed
    if not isinstance(value, dt.datetime):
        return _day(value)
    if timezone.is_aware(value):
        value = value.astimezone(LONDON)
    return f"{_day(value)} at {_clock(value)}"


def clock(value: dt.datetime) -> str:
    """Give the London time of a moment, "14:02", with its day in front unless that is today."""
    moment = value.astimezone(LONDON)
    words = f"{moment.hour:02}:{moment.minute:02}"
    return words if moment.date() == timezone.now().astimezone(LONDON).date() else f"{words} on {_day(moment)}"


def shortened(words: str, most: int) -> str:
    """Give words on one line with at most so many letters, ended with "…" after a whole word where some had to go.

    A single word that is longer than that is cut inside.
    """
    one_line = " ".join(words.split())
    if len(one_line) <= most:
        return one_line
    whole, _, _ = one_line[:most].rpartition(" ")
    return f"{(whole or one_line[: most - 1]).rstrip(' ,;:')}…"


def _day(value: dt.date) -> str:
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def _clock(value: dt.datetime) -> str:
    if value.minute == 0 and value.hour in (0, 12):
        return "midday" if value.hour else "midnight"
    minutes = f".{value.minute:02}" if value.minute else ""
    return f"{value.hour % 12 or 12}{minutes}{'am' if value.hour < 12 else 'pm'}"


@lru_cache(maxsize=1024)
def lines(text: str | None) -> SafeString:
    """Draw plain text as escaped paragraphs and bullet lists.

    A blank line starts a paragraph, a line that starts with "- " is an item of a list, other line ends are kept.
    """
    return format_html_join("\n", "{}", ((_block(kind, rows),) for kind, rows in blocks_of(text or "")))


def _block(kind: str, rows: list[str]) -> SafeString:
    if kind == "list":
        items = format_html_join("", "<li>{}</li>", ((row,) for row in rows))
        return format_html('<ul class="nhsuk-list nhsuk-list--bullet">{}</ul>', items)
    return format_html("<p>{}</p>", format_html_join(SafeString("<br>"), "{}", ((row,) for row in rows)))


def word_count(text: str) -> int:
    """Count words as a person would: runs of characters between white space that hold a letter or digit."""
    return sum(1 for word in text.split() if any(character.isalnum() for character in word))


def blocks_of(text: str) -> Iterator[tuple[str, list[str]]]:
    """Give the paragraphs ("text") and lists ("list") of a plain text, each with its lines."""
    kind = ""
    rows: list[str] = []
    for raw in text.splitlines():
        row = raw.strip()
        item = re.match(r"[-*•]\s+(.*)", row)
        new_kind = "list" if item else "text" if row else ""
        if new_kind != kind and rows:
            yield kind, rows
            rows = []
        kind = new_kind
        if row:
            rows.append(item.group(1) if item else row)
    if rows:
        yield kind, rows
