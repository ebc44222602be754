"""The locks that every verb of grading takes first, always in the same order: round, then outcome."""

from __future__ import annotations

from collections.abc import Collection

from eds.assessments.models import AssessedOutcome, Phase, Round
from eds.frameworks.models import Grade
from eds.history.errors import DomainError

NOT_AGREEING = "Grades of this round are not being agreed at the moment."


def lock_outcome(outcome: AssessedOutcome, phases: Collection[Phase], sentence: str) -> AssessedOutcome:
    """Lock an outcome's round and the outcome, inside the caller's transaction.

    Raises DomainError with `sentence` where the round is in none of `phases`: a phase that closed while a form was open
    is met here, whatever the page had promised.
    """
    round_ = Round.objects.select_for_update().get(pk=outcome.round_id) if outcome.round_id else None
    phase = Phase(round_.phase) if round_ else Phase.PREPARING
    if phase not in phases:
        raise DomainError(sentence)
    locked = (
        AssessedOutcome.objects.select_for_update(of=("self",))
        .select_related("round", "assessment", "outcome")
        .get(pk=outcome.pk)
    )
    if locked.round_id != outcome.round_id:
        raise DomainError("The outcome has moved to another round meanwhile.")
    return locked


def require_edition(grade: Grade, outcome: AssessedOutcome) -> None:
    """Raise DomainError for a grade of another edition than the assessment's."""
    if grade.revision_id != outcome.assessment.revision_id:
        raise DomainError("Choose one of this edition's grades.", field="grade")
