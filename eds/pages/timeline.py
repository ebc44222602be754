"""The moves of an outcome's round and what was decided of its scope, for its timeline (R10).

Whoever sees the outcome sees these.
"""

from __future__ import annotations

from django.db.models import QuerySet

from eds.assessments.contracts import TimelineEntry, Viewer
from eds.assessments.models import AssessedOutcome, PhaseChange, ScopeDecision
from eds.assessments.rules import is_move_back
from eds.history.prepared import prepared
from eds.history.reading import Reading

LEAD = "The equality lead"


@prepared
def _moves(round_: int | None) -> QuerySet[PhaseChange]:
    return PhaseChange.objects.filter(round=round_).order_by("seq")


@prepared
def _decisions(outcome: AssessedOutcome) -> QuerySet[ScopeDecision]:
    return ScopeDecision.objects.filter(assessed_outcome=outcome).order_by("seq")


def moves(outcome: AssessedOutcome, viewer: Viewer) -> Reading[list[TimelineEntry]]:
    """Give each move of the round, with the reason of those that went back."""
    rows = _moves(outcome.round_id)
    yield [rows]
    told = []
    for row in rows:
        back = "back " if is_move_back(row.from_phase, row.to_phase) else ""
        what = f"moved the round {back}to \u201c{row.get_to_phase_display().lower()}\u201d"
        told.append(TimelineEntry.of(row, LEAD, what, row.reason))
    return told


_OF_SCOPE = {
    ScopeDecision.Scope.IN_SCOPE: "took the outcome in again",
    ScopeDecision.Scope.LEFT_OUT: "left the outcome out this year",
    ScopeDecision.Scope.NOT_APPLICABLE: "recorded that the outcome does not apply",
}


def scope(outcome: AssessedOutcome, viewer: Viewer) -> Reading[list[TimelineEntry]]:
    """Give when the outcome was left out or taken in again, with the reason (R9)."""
    rows = _decisions(outcome)
    yield [rows]
    return [TimelineEntry.of(row, LEAD, _OF_SCOPE[ScopeDecision.Scope(row.scope)], row.reason) for row in rows]
