"""Tags of the evidence room: figures and the shapes of coverage."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from evidence.figures import chart
from evidence.figures.shown import NOT_SHOWN_EXPLAINED, FigureShown, shown

register = template.Library()

_SHAPES = {
    "evidence": '<circle cx="8" cy="8" r="7.5" fill="currentColor"/>',
    "worse": '<path d="M0 2h16L8 15z" fill="currentColor"/>',
    "none": '<circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3 2"/>',
}
_COLOURS = {"evidence": "green", "worse": "amber", "none": "grey"}


@register.simple_tag
def coverage_tag(cell: Any) -> SafeString:
    """Draw what there is about a group: word, shape and colour."""
    state = str(cell.state)
    return format_html(
        '<strong class="nhsuk-tag eds-grade eds-grade--{}"><svg class="eds-grade__shape" viewBox="0 0 16 16" '
        'width="16" height="16" focusable="false" aria-hidden="true">{}</svg>{}</strong>',
        _COLOURS[state],
        mark_safe(_SHAPES[state]),  # noqa: S308 - our own constant
        cell.words,
    )


@register.inclusion_tag("evidence/figure.html")
def figure(shown_figure: FigureShown, version: Any = None, level: int = 4) -> dict[str, Any]:
    """Draw a figure: picture and table; `level` is that of its heading, `version` the version that it is of."""
    # No primary key: two pages that differ by a hidden row would otherwise differ in every id after it.
    key = f"{version.title} {version.seq}" if version else ""
    return {"figure": shown_figure, "key": key, "level": level, "explained": NOT_SHOWN_EXPLAINED}


@register.simple_tag
def figures_shown(figures: Any, whole: bool = False) -> list[FigureShown]:
    """Give figures in words, for a page: whole, or as they may leave the organisation."""
    return shown(figures, whole=bool(whole))


@register.simple_tag
def draw_chart(shown_figure: FigureShown, key: str = "") -> SafeString:
    """Draw the picture of a figure."""
    return chart.draw(shown_figure, key)
