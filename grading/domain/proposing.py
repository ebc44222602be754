"""The organisation's proposal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from django.db import transaction

from eds.assessments.models import AssessedOutcome, Phase
from eds.frameworks.models import Grade
from eds.history.errors import DomainError, Stale
from eds.people.models import User
from grading.models import ProposedGrade
from grading.queries import agreed_grades, latest_proposal

from .asking import answered, questions_for
from .locking import lock_outcome, require_edition
from .settling import settle


@dataclass(frozen=True)
class FactorReason:
    """The reason under one factor (R6). `factor` is the framework's code, or "" for a heading that was added."""

    factor: str
    heading: str
    text: str


def propose_grade(
    *,
    actor: User,
    assessed_outcome: AssessedOutcome,
    grade: Grade,
    reasons: Sequence[FactorReason],
    conclusion: str = "",
    reason: str = "",
    answers: Mapping[str, str] | None = None,
    expected_seq: int | None = None,
) -> ProposedGrade:
    """Propose a grade, with reasons by factor; any of them may be empty, and others may be added (R6).

    A later proposal needs `reason`, why it changed; once the outcome is agreed only the local interests' grade can be
    taken on. `answers` are those to the questions that the grade raises (R6). While grades are being agreed, a proposal
    that meets the local interests' grade makes it agreed at once. The same proposal sent twice is one. Raises DomainError
    in other phases, for a grade of another edition or without any reason; Stale where a newer proposal exists.
    """
    kept = [asdict(part) for part in reasons if part.text.strip()]
    if not kept:
        raise DomainError("Give the reasons for the grade under at least one factor.", field="reasons")
    with transaction.atomic():
        outcome = lock_outcome(
            assessed_outcome, {Phase.PREPARING, Phase.AGREEING}, "The proposal is frozen in this phase of the round."
        )
        require_edition(grade, outcome)
        last = latest_proposal(outcome)
        if last and (last.grade_id, last.reasons, last.conclusion) == (grade.pk, kept, conclusion):
            return last
        if expected_seq is not None and (last.seq if last else 0) != expected_seq:
            raise Stale("Somebody else changed the proposal since you opened it.")
        agreed = agreed_grades([outcome]).get(outcome.pk)
        if agreed and agreed.local_interests_grade.grade_id != grade.pk:
            # Else the organisation could open a settled outcome again and again (R1).
            raise DomainError(
                "The grade is agreed. The organisation can still take on the local interests' grade, but no other.",
                field="grade",
            )
        if last and not reason.strip():
            raise DomainError("Say why the proposal changes.", field="reason")
        asked = answered(questions_for(outcome, grade, given_factors={part["factor"] for part in kept}), answers)
        reveals = outcome.round.reveals if outcome.round else 0
        agreeing = outcome.round is not None and outcome.round.phase == Phase.AGREEING
        proposal = ProposedGrade.append(
            actor=actor,
            reason=reason,
            assessed_outcome=outcome,
            grade=grade,
            reasons=kept,
            answers=asked,
            conclusion=conclusion,
            after_reveal=reveals > 0,
            reveals_before=reveals - agreeing,
        )
        if agreeing:
            settle(outcome=outcome, actor=actor)
    return proposal
