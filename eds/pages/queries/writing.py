"""What a lead contact has to write, for the home page: the items of each outcome, and whom nothing speaks of yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from eds.access.decide import Access
from eds.assessments.models import AssessedOutcome, Assessment, Contributor
from evidence.coverage import CellState, coverage_from_many
from evidence.queries import Cited, cited_by_outcome

from .tasks import written_by


@dataclass(frozen=True)
class ToWrite:
    """An outcome whose evidence somebody writes: what they were asked for, what is cited, and which groups lack any."""

    outcome: AssessedOutcome
    asked_for: list[str]
    cited: list[Cited]
    missing: list[str]
    groups: int

    @property
    def missing_words(self) -> str:
        """Say in a sentence of which groups nothing speaks yet, or that something speaks of all."""
        if not self.groups:
            return ""
        if not self.missing:
            return "It says something about each protected characteristic."
        if len(self.missing) == self.groups:
            return "Nothing is said yet about any protected characteristic."
        *first, last = self.missing
        return f"Nothing is said yet about: {', '.join(first) + ' and ' if first else ''}{last}."


def to_write(access: Access, assessments: Iterable[Assessment]) -> list[ToWrite]:
    """Give what a lead contact writes while outcomes are prepared, in order (a fixed number of queries).

    What the lead has settled about groups is left out: it is the lead's own until grades are being agreed (R3).
    """
    by_pk = {each.pk: each for each in assessments}
    mine = {pk for each in by_pk.values() for pk in access.standing(each).contributes_to}
    if not mine:
        return []
    rows = (
        AssessedOutcome.objects.in_scope()
        .filter(pk__in=mine)
        .select_related("assessment__organisation", "assessment__framework", "outcome__goal", "service", "round")
        .in_order()
    )
    outcomes = written_by(access, rows)
    if not outcomes:
        return []
    cited = cited_by_outcome(outcomes, working=True)
    cells = coverage_from_many(outcomes, cited, {})
    asked: dict[int, list[str]] = {}
    for each in Contributor.objects.filter(
        assessed_outcome__in=outcomes, user_id=access.user.pk or 0, ended_on__isnull=True
    ).exclude(for_what=""):
        asked.setdefault(each.assessed_outcome_id, []).append(each.for_what)
    return [
        ToWrite(
            outcome=outcome,
            asked_for=asked.get(outcome.pk, []),
            cited=cited[outcome.pk],
            missing=[cell.characteristic.name for cell in cells[outcome.pk] if cell.state == CellState.NONE],
            groups=len(cells[outcome.pk]),
        )
        for outcome in outcomes
    ]
