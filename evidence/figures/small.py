"""Small numbers (R15) as pure functions: which cells of a figure may not leave the organisation.

Three columns count people: numerators, bases, and (where the unit is people) what they are compared with. A count from 1
up to the threshold is hidden, and a zero where the setting says so; a rate goes with its numerator or its base. Where a
total is known, a lone hidden count could be worked out from it, so further cells of the column are hidden, and at last
the total, until every small count could have two values at least.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import IntEnum
from math import inf

from .writing import FigureText, RowText


@dataclass(frozen=True)
class SmallNumbers:
    """The setting: the threshold by default, by characteristic's code and by source, and whether a zero is hidden."""

    default: int = 10
    characteristics: Mapping[str, int] = field(default_factory=lambda: {"gender-reassignment": 20})
    sources: Mapping[str, int] = field(default_factory=dict)
    hide_zeros: bool = False

    def threshold(self, source: str, about_code: str) -> int:
        """Give the strictest threshold that applies."""
        by_source = {name.casefold(): value for name, value in self.sources.items()}
        return max(self.default, self.characteristics.get(about_code, 0), by_source.get(source.strip().casefold(), 0))


class Hidden(IntEnum):
    """Why a cell is not shown."""

    NO = 0
    TO_PROTECT = 1
    SMALL = 2


@dataclass(frozen=True)
class RowHidden:
    """What of a row is hidden. A hidden count hides its rate with it; a hidden base hides everything of people here."""

    count: Hidden = Hidden.NO
    base: Hidden = Hidden.NO
    compared: Hidden = Hidden.NO

    @property
    def value(self) -> Hidden:
        """Say whether the value itself is hidden."""
        return max(self.count, self.base)


@dataclass(frozen=True)
class Suppressed:
    """A figure as it may leave the organisation: hidden numbers are gone from it, not only marked.

    `rows` pairs each row with what is hidden of it; `base` says whether the figure's own base is hidden.
    """

    figure: FigureText
    rows: tuple[tuple[RowText, RowHidden], ...]
    base: Hidden
    threshold: int

    @property
    def hides(self) -> bool:
        """Say whether anything is hidden."""
        return bool(self.base) or any(hidden != RowHidden() for _, hidden in self.rows)


def suppress(figure: FigureText, setting: SmallNumbers) -> Suppressed:
    """Give a figure without the numbers that may not leave the organisation (R15)."""
    threshold = setting.threshold(figure.source, figure.about_code)
    lowest = 0 if setting.hide_zeros else 1
    counts = [_count(figure, row) for row in figure.rows]
    bases = [row.base for row in figure.rows]
    compared = [_whole(row.compared) if figure.unit == "people" else None for row in figure.rows]
    totals = [row.is_total for row in figure.rows]
    outer = figure.base if _base_is_total(figure) else None
    of_bases = figure.base if any(base is not None for base in bases) else None
    hidden_bases, base_by_bases = hide_column(bases, totals, of_bases, threshold, lowest)
    hidden_counts, base_by_counts = hide_column(counts, totals, outer, threshold, lowest)
    hidden_compared, _ = hide_column(compared, totals, None, threshold, lowest)
    own_base = Hidden.SMALL if _small(figure.base, threshold, lowest) else max(base_by_bases, base_by_counts)
    rows = []
    for row, count, base, other in zip(figure.rows, hidden_counts, hidden_bases, hidden_compared, strict=True):
        # A base that is small hides its row whatever the count; and without a base of its own a rate of few is small too.
        hidden = RowHidden(count, base, other)
        if row.base is None and own_base is Hidden.SMALL:
            hidden = replace(hidden, count=Hidden.SMALL)
        rows.append((_without(row, hidden), hidden))
    shown = replace(figure, rows=tuple(row for row, _ in rows), base=None if own_base else figure.base)
    return Suppressed(shown, tuple(rows), own_base, threshold)


def hide_column(
    counts: Sequence[int | None], totals: Sequence[bool], outer: int | None, threshold: int, lowest: int
) -> tuple[list[Hidden], Hidden]:
    """Say of a column of counts what is hidden, and whether the total outside it (`outer`) has to go as well.

    `lowest` is the smallest count that is hidden for being small: 1, or 0 where zeros are hidden.
    """
    hidden = [Hidden.SMALL if _small(count, threshold, lowest) else Hidden.NO for count in counts]
    inner = [i for i, is_total in enumerate(totals) if not is_total and counts[i] is not None]
    outer_hidden = Hidden.SMALL if _small(outer, threshold, lowest) else Hidden.NO

    def total_is_known() -> bool:
        in_rows = any(is_total and counts[i] is not None and not hidden[i] for i, is_total in enumerate(totals))
        return in_rows or (outer is not None and not outer_hidden)

    while total_is_known() and not _each_could_be_two(counts, hidden, inner, threshold, lowest):
        candidates = [i for i in inner if not hidden[i] and counts[i]]
        if candidates:
            hidden[min(candidates, key=lambda i: counts[i] or 0)] = Hidden.TO_PROTECT
            continue
        for i, is_total in enumerate(totals):
            if is_total and counts[i] is not None and not hidden[i]:
                hidden[i] = Hidden.TO_PROTECT
        outer_hidden = outer_hidden or (Hidden.TO_PROTECT if outer is not None else Hidden.NO)
    return hidden, outer_hidden


def _each_could_be_two(
    counts: Sequence[int | None], hidden: Sequence[Hidden], inner: Sequence[int], threshold: int, lowest: int
) -> bool:
    """Say whether somebody who knows the total and this rule is left with two values or more for every small count."""
    gone = [i for i in inner if hidden[i]]
    total = sum(counts[i] or 0 for i in gone)
    least: dict[int, int] = {i: lowest if hidden[i] is Hidden.SMALL else threshold for i in gone}
    most: dict[int, float] = {i: threshold - 1 if hidden[i] is Hidden.SMALL else inf for i in gone}
    for i in gone:
        if hidden[i] is not Hidden.SMALL:
            continue
        low = max(least[i], total - sum(most[j] for j in gone if j != i))
        high = min(most[i], total - sum(least[j] for j in gone if j != i))
        if high <= low and least[i] < most[i]:
            return False
    return True


def _small(count: int | None, threshold: int, lowest: int) -> bool:
    return count is not None and lowest <= count < threshold


def _count(figure: FigureText, row: RowText) -> int | None:
    """Give how many people a row's value counts: as given, or worked out from the rate as any reader could."""
    if figure.unit == "people" and row.value is not None:
        return _whole(row.value)
    if row.numerator is not None:
        return row.numerator
    base = row.base if row.base is not None else figure.base
    if figure.unit == "percent" and row.value is not None and base is not None:
        return _whole(row.value * base / 100)
    return None


def _whole(value: Decimal | None) -> int | None:
    return None if value is None else int(value.to_integral_value())


def _base_is_total(figure: FigureText) -> bool:
    """Say whether the figure's base is what its rows add up to: counts of people, or shares that make up the whole."""
    if figure.base is None:
        return False
    if figure.unit == "people":
        return True
    values = [row.value for row in figure.rows if row.value is not None and not row.is_total]
    return figure.unit == "percent" and abs(sum(values, Decimal(0)) - 100) <= 1


def _without(row: RowText, hidden: RowHidden) -> RowText:
    return replace(
        row,
        value=None if hidden.value else row.value,
        numerator=None if hidden.value else row.numerator,
        base=None if hidden.base else row.base,
        compared=None if hidden.compared else row.compared,
    )
