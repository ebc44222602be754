"""The check of what a report's figures tell about few people (R15): of what is printed, whatever made it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from django.utils.text import slugify

from evidence.figures.shown import NOT_SHOWN
from evidence.figures.small import SmallNumbers, suppress
from evidence.figures.writing import FigureText, RowText
from reports.payload import schema

from .registry import Finding, Kind, check
from .subject import Subject

_UNITS = {"Number of people": "people", "Per cent": "percent"}
_HIDDEN = re.compile(rf"{NOT_SHOWN}|fewer than \d+")


@check(
    "figure.small",
    Kind.STOP,
    "A figure tells a small number of people",
    "Tell the person who runs this service: a number stands there that has to be left out. "
    "Until it is put right, share the evidence with panels only.",
)
def figure_small(subject: Subject) -> Iterator[Finding]:
    """No printed count of people, no base and no rate of few people is below the threshold, nor can be worked out."""
    for _, outcome in subject.outcomes:
        for item in outcome.evidence:
            for figure in item.figures:
                rows = list(dict.fromkeys([*_printed(figure, subject.small), *_worked_out(figure, subject.small)]))
                if rows:
                    label = f"{outcome.code} {outcome.service}".strip()
                    place = f"The figure “{figure.title}” of “{item.title}”, under {label}"
                    says = f"It tells how few people there are in: {', '.join(rows)}."
                    yield Finding(place, place, subject.url(outcome), says, says)


def as_text(figure: schema.FigureReport) -> FigureText:
    """Give a printed figure as plain values: what is hidden in it has none."""
    return FigureText(
        title=figure.title,
        unit=_UNITS.get(figure.unit, "score"),
        source=figure.source,
        about_code=slugify(figure.about),
        base=_whole(figure.base),
        rows=tuple(
            RowText(
                row.label, _value(row.value), _whole(row.count), _whole(row.base), _value(row.compared), row.is_total
            )
            for row in figure.rows
        ),
    )


def _printed(figure: schema.FigureReport, small: SmallNumbers) -> list[str]:
    """Name the rows that would lose a number if the rule were applied to what is printed."""
    made = suppress(as_text(figure), small)
    own = ["the base of all"] if made.base else []
    return own + [row.label for row, hidden in made.rows if hidden.value or hidden.compared]


def _worked_out(figure: schema.FigureReport, small: SmallNumbers) -> Iterator[str]:
    """Name the rows whose one hidden count is what the others leave of the total."""
    threshold = small.threshold(figure.source, slugify(figure.about))
    people = figure.unit == "Number of people"
    columns = [[row.count for row in figure.rows], [row.base for row in figure.rows]]
    if people:
        columns += [[row.value for row in figure.rows], [row.compared for row in figure.rows]]
    for column in columns:
        total = next((_whole(cell) for cell, row in zip(column, figure.rows, strict=True) if row.is_total), None)
        inner = [(cell, row.label) for cell, row in zip(column, figure.rows, strict=True) if not row.is_total]
        hidden = [label for cell, label in inner if _HIDDEN.fullmatch(cell)]
        if (
            total is not None
            and len(hidden) == 1
            and 0 < total - sum(_whole(cell) or 0 for cell, _ in inner) < threshold
        ):
            yield hidden[0]


def _value(words: str) -> Decimal | None:
    try:
        return Decimal(words.replace(",", "").removesuffix("%"))
    except InvalidOperation:
        return None


def _whole(words: str) -> int | None:
    value = _value(words)
    return None if value is None else int(value)
