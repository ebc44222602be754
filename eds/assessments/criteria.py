"""Which official criteria an outcome shows: those its round opened with, before that the latest (R9)."""

from __future__ import annotations

from dataclasses import dataclass

from eds.frameworks.criteria import latest_set
from eds.frameworks.models import CriteriaSet, Criterion

from .models import AssessedOutcome, Phase, PhaseChange


@dataclass(frozen=True)
class ShownCriteria:
    """What stands beside the answers on an outcome: the criteria by grade, the lowest first, and where they are from."""

    criteria_set: CriteriaSet
    criteria: list[Criterion]


def set_of(outcome: AssessedOutcome) -> CriteriaSet | None:
    """Give the set that an outcome shows, or None. What its round opened with stays, whatever is loaded after."""
    round_ = outcome.round
    if round_ is None or round_.phase == Phase.PREPARING:
        return latest_set(outcome.assessment.revision)
    opening = (
        PhaseChange.objects.filter(round=round_, from_phase=Phase.PREPARING, to_phase=Phase.REVIEWING)
        .select_related("criteria")
        .order_by("-seq")
        .first()
    )
    return opening.criteria if opening else None


def criteria_of(outcome: AssessedOutcome) -> ShownCriteria | None:
    """Give what an outcome shows, or None where no criteria are loaded for it (two queries at most)."""
    found = set_of(outcome)
    if found is None:
        return None
    rows = list(
        Criterion.objects.filter(criteria_set=found, outcome=outcome.outcome_id)
        .select_related("grade")
        .order_by("grade__position")
    )
    return ShownCriteria(found, rows) if rows else None
