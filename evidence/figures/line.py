"""Yearly values as a line in SVG, drawn on the server as `chart` draws bars: without style, without script.

Every point carries its number, and the target is a dashed line with a number of its own, so that no colour is needed to
read it. The table beside it says the same.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .chart import WIDTH
from .shown import number

_HEIGHT = 228
_LEFT, _RIGHT, _TOP, _BOTTOM = 36, 36, 52, 36
_LETTER = 9
FEWEST_POINTS = 2
"""One value is no line: it is only said."""


@dataclass(frozen=True)
class Point:
    """A value of a year."""

    year: int
    value: Decimal


@dataclass(frozen=True)
class LineShown:
    """What is drawn: points in the order of their years, and the target where there is one."""

    title: str
    unit: str
    points: tuple[Point, ...]
    target: Decimal | None = None


def draw_line(line: LineShown, key: str = "") -> SafeString:
    """Draw a line, or nothing where there are fewer than two points. `key` makes its ids unique on the page."""
    if len(line.points) < FEWEST_POINTS:
        return SafeString("")
    dom_id = "line-" + hashlib.sha256(f"{key}{line!r}".encode()).hexdigest()[:10]
    said = "; ".join(f"{point.year}: {_in_unit(point.value, line.unit)}" for point in line.points)
    target = "" if line.target is None else f" The dashed line is the target, {_in_unit(line.target, line.unit)}."
    return format_html(
        '<svg class="eds-chart" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" focusable="false" '
        'aria-labelledby="{id}-title {id}-desc"><title id="{id}-title">{title}</title>'
        '<desc id="{id}-desc">{said}.{target} The same numbers are in the table below.</desc>{parts}</svg>',
        w=WIDTH,
        h=_HEIGHT,
        id=dom_id,
        title=line.title,
        said=said,
        target=target,
        parts=_parts(line),
    )


def _in_unit(value: Decimal, unit: str) -> str:
    return f"{number(value)}%" if unit.strip() == "%" else f"{number(value)} {unit}"


def _parts(line: LineShown) -> SafeString:
    values = [point.value for point in line.points] + ([line.target] if line.target is not None else [])
    lowest, highest = min(values), max(values)
    years = [point.year for point in line.points]

    def x(year: int) -> float:
        return round(_LEFT + (WIDTH - _LEFT - _RIGHT) * (year - years[0]) / (years[-1] - years[0]), 1)

    def y(value: Decimal) -> float:
        room = _HEIGHT - _TOP - _BOTTOM
        return round(_TOP + room * float((highest - value) / (highest - lowest) if highest != lowest else 0.5), 1)

    places = [(x(point.year), y(point.value), point) for point in line.points]
    path = " ".join(f"{left},{top}" for left, top, _ in places)
    target = y(line.target) if line.target is not None else None
    return format_html(
        '{}<polyline class="eds-chart__path" points="{}" fill="none" stroke="#005eb8" stroke-width="3"/>{}',
        _target(line, target) if target is not None else "",
        path,
        format_html_join("", "{}", ((_point(*place, line, target),) for place in places)),
    )


def _target(line: LineShown, top: float) -> SafeString:
    assert line.target is not None
    return format_html(
        '<path class="eds-chart__target" d="M{0} {1}H{2}M4 11H36" fill="none" stroke="#212b32" stroke-width="2" '
        'stroke-dasharray="6 4"/><text class="eds-chart__label" x="44" y="16" font-size="16" fill="#212b32">{3}</text>',
        _LEFT - 16,
        top,
        WIDTH - 4,
        f"Target {_in_unit(line.target, line.unit)}",
    )


def _point(left: float, top: float, point: Point, line: LineShown, target: float | None) -> SafeString:
    words = f"{number(point.value)}{'%' if line.unit.strip() == '%' else ''}"
    half = len(words) * _LETTER / 2
    at = round(min(max(left, half), WIDTH - half), 1)
    behind: SafeString | str = ""
    if target is not None and abs(target - (top - 16)) < _LETTER + 4:  # the dashed line would run through the number
        behind = format_html(
            '<rect x="{}" y="{}" width="{}" height="18" fill="#ffffff"/>',
            at - half - 2,
            round(top - 25, 1),
            2 * half + 4,
        )
    return format_html(
        '{7}<circle class="eds-chart__point" cx="{0}" cy="{1}" r="5" fill="#005eb8"/>'
        '<text class="eds-chart__value" x="{2}" y="{3}" font-size="16" fill="#212b32" text-anchor="middle">{4}</text>'
        '<text class="eds-chart__label" x="{0}" y="{5}" font-size="16" fill="#212b32" text-anchor="middle">{6}</text>',
        left,
        top,
        at,
        round(top - 10, 1),
        words,
        _HEIGHT - 8,
        point.year,
        behind,
    )
