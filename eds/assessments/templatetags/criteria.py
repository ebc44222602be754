"""{% criteria outcome %}: the official criteria of an assessed outcome, to stand beside an answer. Needs no {% load %}."""

from __future__ import annotations

from typing import Any

from django import template

from eds.assessments.criteria import criteria_of
from eds.assessments.models import AssessedOutcome

register = template.Library()


@register.inclusion_tag("assessments/criteria.html")
def criteria(outcome: AssessedOutcome, opened: bool = False) -> dict[str, Any]:
    """Draw what each grade asks for, with source and date, in words that open in place; `opened=True` shows them open.

    Where none are loaded it says so. At most two queries.
    """
    return {"shown": criteria_of(outcome), "opened": opened}
