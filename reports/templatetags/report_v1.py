"""Tags of the templates `reports/v1`. Frozen with them."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from eds.ui import richtext, text
from evidence.figures.chart import draw, lines_mark
from evidence.figures.shown import NOT_SHOWN_EXPLAINED, FigureShown, RowShown
from reports.rendering import v1, v1_panels

register = template.Library()


@register.simple_tag
def report_parts(content: dict[str, Any]) -> v1.Report:
    """Group a content for reading: {% report_parts content as report %}."""
    return v1.build_report(content)


@register.simple_tag
def outcome_view(content: dict[str, Any], outcome: dict[str, Any]) -> v1.OutcomeView:
    """Give what is said about one outcome: {% outcome_view content outcome as view %}."""
    return v1.outcome_view(content, outcome)


@register.simple_tag
def said(words: str) -> SafeString:
    """Draw a text that somebody wrote, as paragraphs and lists in its own writing direction."""
    return format_html('<div class="eds-said" dir="{}">{}</div>', v1.direction_of(words), text.lines(words))


@register.filter
def spread_words(row: dict[str, Any]) -> str:
    """Say how the members of a panel graded: {{ row|spread_words }}."""
    return v1_panels.spread_in_words(row)


@register.inclusion_tag("reports/v1/figure.html")
def report_figure(figure: dict[str, Any], key: str) -> dict[str, Any]:
    """Draw a figure of the payload as picture and table; `key` makes its ids unique in the report."""
    rows = [RowShown(**row) for row in figure["rows"]]
    drawn = FigureShown(**{**figure, "rows": rows})
    return {"figure": figure, "chart": draw(drawn, key), "lines": lines_mark(drawn), "small": NOT_SHOWN_EXPLAINED}


@register.simple_tag
def said_rich(html: str, words: str, level: int) -> SafeString:
    """Draw rich text in its own writing direction, its headings from a level; plain words where there is none.

    Whatever a payload holds is cleaned once more before it is drawn.
    """
    if not html:
        return said(words)
    drawn = v1.with_breaks_between_tags(richtext.render(html, level))
    return format_html('<div class="eds-said" dir="{}">{}</div>', v1.direction_of(words), drawn)
