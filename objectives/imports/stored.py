"""How what was read in a file is kept between two visits: plain values, and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from objectives.months import Month

from .cells import Item, Who
from .dates import Due
from .rows import PlanRow, Rows


def to_stored(rows: Rows) -> dict[str, Any]:
    """Give rows as plain values for a JSON column."""
    stored = asdict(rows)
    for row, kept in zip(rows.rows, stored["rows"], strict=True):
        kept["who"]["dates"] = [
            [line, due.month.number if due.month else None, due.words] for line, due in row.who.dates
        ]
    return stored


def from_stored(stored: dict[str, Any]) -> Rows:
    """Give the rows that to_stored kept."""
    return Rows(tuple(_row(dict(row)) for row in stored["rows"]), tuple(stored["unread"]))


def _row(kept: dict[str, Any]) -> PlanRow:
    who = kept.pop("who")
    return PlanRow(
        objectives=tuple(Item(**item) for item in kept.pop("objectives")),
        actions=tuple(Item(**item) for item in kept.pop("actions")),
        who=Who(
            owners=tuple((line, name) for line, name in who["owners"]),
            dates=tuple(
                (line, Due(None if month is None else Month.numbered(month), words))
                for line, month, words in who["dates"]
            ),
            unread=tuple(who["unread"]),
        ),
        **kept,
    )
