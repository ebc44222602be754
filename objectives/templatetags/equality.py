"""Tags of equality objectives: a measure as line and table."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template

from evidence.figures.line import LineShown, Point, draw_line

register = template.Library()


@register.inclusion_tag("objectives/measure.html")
def measure(shown: dict[str, Any], key: str, level: int = 3) -> dict[str, Any]:
    """Draw a measure as `MeasureKnown.shown` gives it; `key` makes its ids unique, `level` is that of its heading."""
    line = LineShown(
        title=shown["name"],
        unit=shown["unit"],
        points=tuple(Point(row["year"], Decimal(row["number"])) for row in shown["rows"]),
        target=Decimal(shown["target"]) if shown["target"] else None,
    )
    return {"measure": shown, "chart": draw_line(line, key), "level": level}
