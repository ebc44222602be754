"""Which questions a grade of an outcome raises, and that they are answered (R6)."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from eds.assessments.models import AssessedOutcome
from eds.frameworks.models import Factor, Grade
from eds.history.errors import DomainError
from evidence.queries import cited_by_outcome
from grading.models import ProposedGrade
from grading.questions import Question, kept, questions_about, unanswered


def questions_for(
    outcome: AssessedOutcome, grade: Grade | None, *, given_factors: Collection[str] | None = None
) -> list[Question]:
    """Give the questions that a grade of an outcome raises.

    `given_factors` are the factors with a reason; None asks about no factor: a reviewer must not learn from a question
    what the hidden proposal leaves out (R3).
    """
    if grade is None:
        return []
    factors = list(Factor.objects.filter(revision=grade.revision_id).order_by("position"))
    missing = {} if given_factors is None else {f.code: f.name for f in factors if f.code not in given_factors}
    cited = len(cited_by_outcome([outcome], working=True)[outcome.pk])
    return questions_about(grade.position, cited=cited, missing_factors=missing, has_factors=bool(factors))


def factors_given(proposal: ProposedGrade | None) -> set[str]:
    """Give the factors under which a proposal gives a reason."""
    return {part["factor"] for part in proposal.reasons} if proposal else set()


def answered(questions: list[Question], answers: Mapping[str, str] | None) -> list[dict[str, str]]:
    """Give the answers as they are kept. Raises DomainError for a question that a person was asked and did not answer.

    `answers` is None where nobody could be asked (an import, a paper form): the open question is then kept as open.
    """
    if answers is None:
        return kept(questions, {})
    for question in unanswered(questions, answers):
        raise DomainError(f"Answer this, or say that you do not know: “{question.text}”.", field=question.field)
    return kept(questions, answers)
