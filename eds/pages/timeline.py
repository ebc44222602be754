"""The moves of an outcome's round and what was decided of its scope, for its timeline (R10).

Whoever sees the outcome sees these.
"""

from __future__ import annotations

from collections.abc import Iterator

from eds.assessments.contracts import TimelineEntry, Viewer
from eds.assessments.models import AssessedOutcome, PhaseChange, ScopeDecision
from eds.assessments.rules import is_move_back

LEAD = "The equality lead"


def moves(outcome: AssessedOutcome, viewer: Viewer) -> Iterator[TimelineEntry]:
    """Give each move of the round, with the reason of those that went back."""
    for row in PhaseChange.objects.filter(round=outcome.round_id).order_by("seq"):
        back = "back " if is_move_back(row.from_phase, row.to_phase) else ""
        what = f"moved the round {back}to \u201c{row.get_to_phase_display().lower()}\u201d"
        yield TimelineEntry.of(row, LEAD, what, row.reason)


_OF_SCOPE = {
    ScopeDecision.Scope.IN_SCOPE: "took the outcome in again",
    ScopeDecision.Scope.LEFT_OUT: "left the outcome out this year",
    ScopeDecision.Scope.NOT_APPLICABLE: "recorded that the outcome does not apply",
}


def scope(outcome: AssessedOutcome, viewer: Viewer) -> Iterator[TimelineEntry]:
    """Give when the outcome was left out or taken in again, with the reason (R9)."""
    for row in ScopeDecision.objects.filter(assessed_outcome=outcome).order_by("seq"):
        yield TimelineEntry.of(row, LEAD, _OF_SCOPE[ScopeDecision.Scope(row.scope)], row.reason)
