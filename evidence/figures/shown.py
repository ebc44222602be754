"""Figures as pages and reports show them: words and lengths of bars, whole or without small numbers (R14, R15).

`figures_for_public(version)` is what may leave the organisation: suppressed numbers are not in it. Everything in a
`FigureShown` is text, a whole number or a list, so that a payload can hold it as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.conf import settings

from .models import Comparison, Figure, RateKind
from .small import Hidden, RowHidden, SmallNumbers, Suppressed, suppress
from .writing import FigureText, RowText, figure_text

if TYPE_CHECKING:
    from evidence.models import EvidenceVersion

FULL_BAR = 1000
NO_BAR = -1
NOT_SHOWN = "not shown"
NOT_SHOWN_EXPLAINED = (
    "Small numbers of people are not shown, so that nobody can be recognised. Some other numbers are left out as well, "
    "where they would give a small one away."
)


@dataclass(frozen=True)
class RowShown:
    """A row in words; `bar` and `compared_bar` are lengths up to FULL_BAR, or NO_BAR."""

    label: str
    value: str
    count: str
    base: str
    compared: str
    bar: int
    compared_bar: int
    is_total: bool


@dataclass(frozen=True)
class FigureShown:
    """A figure in words. `about` is the characteristic or group it divides people by; `hides` that numbers were left out."""

    title: str
    source: str
    period: str
    about: str
    unit: str
    base: str
    rate: str
    compared_with: str
    has_counts: bool
    has_bases: bool
    rows: list[RowShown]
    hides: bool


def small_numbers() -> SmallNumbers:
    """Give the installation's setting (EDS_SMALL_NUMBERS)."""
    setting: dict[str, Any] = settings.EDS_SMALL_NUMBERS
    return SmallNumbers(**setting)


def figures_for_public(version: EvidenceVersion) -> list[FigureShown]:
    """Give a version's figures as they may leave the organisation."""
    return shown(version.figures.all(), whole=False)


def shown(figures: Iterable[Figure], *, whole: bool) -> list[FigureShown]:
    """Give figures in words; unless `whole`, without the numbers that may not leave the organisation."""
    setting = small_numbers()
    found = []
    for figure in figures:
        text = figure_text(figure)
        if whole:
            rows = tuple((row, RowHidden()) for row in text.rows)
            found.append(_in_words(Suppressed(text, rows, Hidden.NO, setting.default), figure))
        else:
            found.append(_in_words(suppress(text, setting), figure))
    return found


def _in_words(made: Suppressed, figure: Figure) -> FigureShown:
    text = made.figure
    values = [value for row, _ in made.rows for value in (row.value, row.compared) if value is not None]
    longest = max([*values, Decimal(0)]) if text.unit != "percent" else max([*values, Decimal(100)])
    fewer = f"fewer than {made.threshold}"
    return FigureShown(
        title=text.title,
        source=text.source,
        period=text.period,
        about=text.about_name,
        unit={"people": "Number of people", "percent": "Per cent"}.get(text.unit, "Value"),
        base=NOT_SHOWN if made.base else "" if text.base is None else f"{text.base:,}",
        rate=f"{RateKind(text.rate_kind).label}: {number(text.rate)}%" if text.rate is not None else "",
        compared_with=figure.compared_with,
        has_counts=any(row.numerator is not None or hidden.count for row, hidden in made.rows)
        and text.unit != "people",
        has_bases=any(row.base is not None or hidden.base for row, hidden in made.rows),
        rows=[_row(row, hidden, text, longest, fewer) for row, hidden in made.rows],
        hides=made.hides,
    )


def _row(row: RowText, hidden: RowHidden, text: FigureText, longest: Decimal, fewer: str) -> RowShown:
    percent = "%" if text.unit == "percent" else ""
    small = hidden.value is Hidden.SMALL
    value = f"{number(row.value)}{percent}" if row.value is not None else ""
    if hidden.value:
        value = fewer if small and text.unit == "people" else NOT_SHOWN
    count = "" if row.numerator is None else f"{row.numerator:,}"
    if hidden.value and text.unit != "people":
        count = fewer if hidden.count is Hidden.SMALL else NOT_SHOWN
    base = "" if row.base is None else f"{row.base:,}"
    if hidden.base:
        base = fewer if hidden.base is Hidden.SMALL else NOT_SHOWN
    compared = f"{number(row.compared)}{percent}" if row.compared is not None else ""
    if hidden.compared:
        compared = fewer if hidden.compared is Hidden.SMALL else NOT_SHOWN
    return RowShown(
        label=row.label,
        value=value,
        count=count,
        base=base,
        compared=compared if text.comparison != Comparison.NONE else "",
        bar=_bar(row.value, longest),
        compared_bar=_bar(row.compared, longest) if text.comparison != Comparison.NONE else NO_BAR,
        is_total=row.is_total,
    )


def _bar(value: Decimal | None, longest: Decimal) -> int:
    if value is None or value < 0:
        return NO_BAR
    return int(FULL_BAR * value / longest) if longest else 0


def number(value: Decimal | None) -> str:
    """Write a number as people do: 1,204 and 46.5, without needless zeros."""
    if value is None:
        return ""
    words = f"{value:,.2f}".rstrip("0").rstrip(".")
    return words or "0"
