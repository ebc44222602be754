"""What rounds need of grades before they move on."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from eds.assessments.contracts import Unmet
from eds.assessments.models import AssessedOutcome, Phase, Round

from .queries import latest_proposals, outcome_grades


def every_outcome_is_proposed(round_: Round, to_phase: Phase) -> Iterator[Unmet]:
    """Before reviewing: every outcome of the round has a proposed grade, for it is frozen at opening (R3)."""
    if to_phase != Phase.REVIEWING or round_.phase != Phase.PREPARING:
        return
    outcomes = list(_outcomes(round_))
    proposed = latest_proposals(outcomes)
    for outcome in outcomes:
        if outcome.pk not in proposed:
            yield Unmet(
                "outcome.proposal",
                f"{outcome} has no proposed grade.",
                reverse("propose", args=[outcome.public_id]),
            )


def every_outcome_is_closed(round_: Round, to_phase: Phase) -> Iterator[Unmet]:
    """Before agreed: every outcome is agreed, declined by its panels, or recorded as not graded (R1, R2)."""
    if to_phase != Phase.AGREED:
        return
    for grades in outcome_grades(_outcomes(round_)).values():
        if grades.closed:
            continue
        outcome = grades.outcome
        url = reverse("outcome", args=[outcome.public_id])
        if not grades.panels:
            words = f"{outcome}: no panel grades it. Record why it is not graded by local interests."
        elif grades.missing_panels:
            names = " and ".join(panel.name for panel in grades.missing_panels)
            words = f"{outcome} waits for the grade of {names}."
        elif grades.joint and grades.local is None:
            words = f"{outcome} waits for a joint grade of the panels' chairs, or for the round's deadline."
        else:
            words = f"{outcome} waits for both sides' statements, or for the round's deadline."
        yield Unmet("outcome.agreed", words, url)


def _outcomes(round_: Round) -> Iterator[AssessedOutcome]:
    return (
        AssessedOutcome.objects.in_scope()
        .filter(round=round_)
        .select_related("assessment", "outcome", "round", "service")
        .in_order()
        .iterator()
    )
