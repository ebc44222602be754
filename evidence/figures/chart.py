"""A figure as a bar chart in SVG, drawn on the server.

Colours say nothing that words do not say: each bar carries its number, and what it is compared with is a line with a
number, not a second colour. Presentation attributes only, so that it needs no style and no script.
"""

from __future__ import annotations

import hashlib
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .shown import FULL_BAR, FigureShown

WIDTH = 480
_BAR_SPACE = 350
_ROW = 52
_MOST_LETTERS = 52


def draw(figure: FigureShown, key: str = "") -> SafeString:
    """Draw a figure. `key` makes its ids unique on a page where the same figure stands more than once."""
    dom_id = "chart-" + hashlib.sha256(f"{key}{figure!r}".encode()).hexdigest()[:10]
    height = _ROW * len(figure.rows) + 4
    compared = f" The line across a bar marks {words}." if (words := lines_mark(figure)) else ""
    description = "; ".join(_says(row) for row in figure.rows)
    return format_html(
        '<svg class="eds-chart" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" focusable="false" '
        'aria-labelledby="{id}-title {id}-desc"><title id="{id}-title">{title}</title>'
        '<desc id="{id}-desc">{desc}.{compared} The same numbers are in the table below.</desc>{rows}</svg>',
        w=WIDTH,
        h=height,
        id=dom_id,
        title=figure.title,
        desc=description,
        compared=compared,
        rows=format_html_join("", "{}", ((_row(row, place * _ROW),) for place, row in enumerate(figure.rows))),
    )


def lines_mark(figure: FigureShown) -> str:
    """Name what the lines across the bars mark, as it stands within a sentence; nothing where there are none."""
    return _lower(figure.compared_with) if any(row.compared_bar >= 0 for row in figure.rows) else ""


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _says(row: Any) -> str:
    against = f", compared with {row.compared}" if row.compared else ""
    return f"{row.label}: {row.value or 'no value'}{against}"


def _row(row: Any, top: int) -> SafeString:
    label = row.label if len(row.label) <= _MOST_LETTERS else row.label[: _MOST_LETTERS - 1] + "…"
    length = round(_BAR_SPACE * max(row.bar, 0) / FULL_BAR, 1)
    bar = format_html(
        '<rect class="eds-chart__bar" x="0" y="{}" width="{}" height="20" fill="#005eb8"/>', top + 24, length
    )
    line: SafeString | str = ""
    edge = length
    if row.compared_bar >= 0:
        at = round(_BAR_SPACE * row.compared_bar / FULL_BAR, 1)
        edge = max(length, at + 2)
        line = format_html(
            '<rect class="eds-chart__edge" x="{}" y="{}" width="8" height="30" fill="#ffffff"/>'
            '<rect class="eds-chart__line" x="{}" y="{}" width="4" height="30" fill="#212b32"/>',
            at - 2,
            top + 19,
            at,
            top + 19,
        )
    return format_html(
        '<text class="eds-chart__label" x="0" y="{}" font-size="16" fill="#212b32"{}>{}</text>{}{}'
        '<text class="eds-chart__value" x="{}" y="{}" font-size="16" fill="#212b32">{}</text>',
        top + 17,
        SafeString(' font-weight="bold"') if row.is_total else "",
        label,
        bar if row.bar >= 0 else "",
        line,
        (edge if row.bar >= 0 or row.compared_bar >= 0 else 0) + 8,
        top + 40,
        row.value,
    )
