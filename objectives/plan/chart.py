"""Progress over time as stacked bars in SVG, drawn on the server; the same figures stand in the table below it.

Each part of a bar has its number and a pattern of its own shade; nothing is said by colour alone. Presentation attributes
only, so that it needs no style and no script.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from . import rules

WIDTH = 480
_ROW = 58
_FILLS = {
    rules.LATE: ("#d5281b", "#ffffff"),
    "at_risk": ("#ffeb3b", "#212b32"),
    "not_started": ("#d8dde0", "#212b32"),
    "on_track": ("#005eb8", "#ffffff"),
    "done": ("#007f3b", "#ffffff"),
    "stopped": ("#4c6272", "#ffffff"),
}
_LETTERS = {"late": "L", "at_risk": "R", "not_started": "N", "on_track": "T", "done": "D", "stopped": "S"}


def key_in_words() -> str:
    """Say what the letters in the bars mean."""
    return ", ".join(f"{_LETTERS[key]} {rules.WORDS[key].lower()}" for key in rules.ORDER)


def draw(months: Sequence[rules.MonthEnd]) -> SafeString:
    """Draw a bar a month; a part too narrow for its number is left to the table."""
    most = max((each.total for each in months), default=0) or 1
    height = _ROW * len(months) + 6
    return format_html(
        '<svg class="eds-chart" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" focusable="false" '
        'aria-labelledby="progress-title progress-desc"><title id="progress-title">Actions by status at the end of each '
        'month</title><desc id="progress-desc">The same numbers are in the table below.</desc>{rows}</svg>',
        w=WIDTH,
        h=height,
        rows=format_html_join("", "{}", ((_row(each, place * _ROW, most),) for place, each in enumerate(months))),
    )


def _row(month: rules.MonthEnd, top: int, most: int) -> SafeString:
    parts = []
    left = 0.0
    for key in rules.ORDER:
        number = month.counts[key]
        if not number:
            continue
        width = WIDTH * number / most
        fill, ink = _FILLS[key]
        words = f"{_LETTERS[key]} {number}" if width >= 40 else ""
        parts.append((round(left, 1), top + 24, round(width, 1), fill, round(left + 6, 1), top + 43, ink, words))
        left += width
    return format_html(
        '<text x="0" y="{}" font-size="16" fill="#212b32">{}</text>{}',
        top + 18,
        month.month,
        format_html_join(
            "",
            '<rect x="{}" y="{}" width="{}" height="28" fill="{}" stroke="#ffffff"/>'
            '<text x="{}" y="{}" font-size="16" fill="{}">{}</text>',
            parts,
        ),
    )
