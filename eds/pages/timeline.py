"""The moves of an outcome's round, for its timeline. Whoever sees the outcome sees these (R10)."""

from __future__ import annotations

from collections.abc import Iterator

from eds.assessments.contracts import TimelineEntry, Viewer
from eds.assessments.models import AssessedOutcome, PhaseChange
from eds.assessments.rules import is_move_back


def moves(outcome: AssessedOutcome, viewer: Viewer) -> Iterator[TimelineEntry]:
    """Give each move of the round, with the reason of those that went back."""
    for row in PhaseChange.objects.filter(round=outcome.round_id).order_by("seq"):
        back = "back " if is_move_back(row.from_phase, row.to_phase) else ""
        what = f"moved the round {back}to \u201c{row.get_to_phase_display().lower()}\u201d"
        yield TimelineEntry.of(row, "The equality lead", what, row.reason)
