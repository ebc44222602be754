"""Figures as plain values, and how they come into a version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from eds.history.errors import DomainError

from .models import Comparison, Figure, FigureRow

if TYPE_CHECKING:
    from evidence.models import EvidenceVersion

MOST_ROWS = 40
MOST_FIGURES = 20


@dataclass(frozen=True)
class RowText:
    """A row: its group, its value, the counts behind a rate, and the value it is compared with."""

    label: str
    value: Decimal | None = None
    numerator: int | None = None
    base: int | None = None
    compared: Decimal | None = None
    is_total: bool = False


@dataclass(frozen=True)
class FigureText:
    """A figure: what it counts, where it comes from, what it is compared with, and its rows (R14)."""

    title: str
    unit: str
    rows: tuple[RowText, ...] = field(default=())
    source: str = ""
    period: str = ""
    about_code: str = ""
    about_name: str = ""
    base: int | None = None
    rate: Decimal | None = None
    rate_kind: str = ""
    comparison: str = Comparison.NONE.value
    comparison_words: str = ""


def figure_text(figure: Figure) -> FigureText:
    """Give a figure as plain values."""
    return FigureText(
        title=figure.title,
        unit=figure.unit,
        rows=tuple(
            RowText(row.label, row.value, row.numerator, row.base, row.compared, row.is_total)
            for row in figure.rows.all()
        ),
        source=figure.source,
        period=figure.period,
        about_code=figure.about_code,
        about_name=figure.about_name,
        base=figure.base,
        rate=figure.rate,
        rate_kind=figure.rate_kind,
        comparison=figure.comparison,
        comparison_words=figure.comparison_words,
    )


def figures_of(version: EvidenceVersion) -> list[FigureText]:
    """Give a version's figures as plain values."""
    return [figure_text(figure) for figure in version.figures.prefetch_related("rows")]


def add_figures(version: EvidenceVersion, figures: Sequence[FigureText]) -> None:
    """Write a new version's figures. Raises DomainError for one without a title or rows, or for impossible counts."""
    if len(figures) > MOST_FIGURES:
        raise DomainError(f"A piece of evidence has {MOST_FIGURES} figures or fewer. Split it into two.")
    for position, each in enumerate(figures):
        if not each.title.strip():
            raise DomainError("Enter a title for the figure.", field="title")
        if not each.rows:
            raise DomainError("A figure needs at least one row with a value.")
        if len(each.rows) > MOST_ROWS:
            raise DomainError(f"A figure has {MOST_ROWS} rows or fewer.")
        figure = Figure(
            version=version,
            title=each.title.strip(),
            source=each.source.strip(),
            period=each.period.strip(),
            about_code=each.about_code,
            about_name=each.about_name,
            unit=each.unit,
            base=each.base,
            rate=each.rate,
            rate_kind=each.rate_kind if each.rate is not None else "",
            comparison=each.comparison,
            comparison_words=each.comparison_words.strip(),
            position=position,
        )
        figure.save()
        FigureRow.objects.bulk_create([_row(figure, row, place) for place, row in enumerate(each.rows)])


def _row(figure: Figure, row: RowText, position: int) -> FigureRow:
    if row.numerator is not None and row.base is not None and row.numerator > row.base:
        raise DomainError(f"“{row.label}”: {row.numerator} people cannot be more than the {row.base} they are part of.")
    return FigureRow(
        figure=figure,
        label=row.label.strip(),
        value=row.value,
        numerator=row.numerator,
        base=row.base,
        compared=row.compared,
        is_total=row.is_total,
        position=position,
    )
