"""From panels' grades to the agreed grade: local interests prevail (R1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from eds.assessments.models import AssessedOutcome, Panel, PanelRemit, Phase
from eds.frameworks.models import Grade
from eds.history.errors import DomainError, Stale
from eds.people.models import User
from grading import rules
from grading.models import NameOpening, NotGraded, PanelGrade, Statement
from grading.queries import (
    current_local_interests_grade,
    current_panel_grades,
    latest_proposal,
    not_graded,
    panel_answers,
    statement_version,
)
from grading.questions import Question

from .asking import answered, factors_given, questions_for
from .locking import NOT_AGREEING, lock_outcome, require_edition
from .settling import make_local_interests_grade, settle


def record_panel_grade(
    *,
    actor: User,
    assessed_outcome: AssessedOutcome,
    panel: Panel,
    grade: Grade | None,
    reason: str,
    for_lack_of_evidence: bool = False,
    why_not_median: str = "",
    answers: Mapping[str, str] | None = None,
    expected_seq: int | None = None,
) -> PanelGrade:
    """Record a panel's grade, or that it declines to grade where `grade` is None.

    Where the panel's rule leaves the grade to the chair, one other than the median needs `why_not_median` (R5).

    The last panel grade needed makes the local interests' grade in the same transaction; where it equals the latest
    proposal the outcome is agreed at once (R1). Raises DomainError outside agreeing, without a reason, for a panel without
    this outcome in its remit, or for a grade that R4 or the panel's rule (R5) does not allow; Stale for an outdated form.
    """
    if not reason.strip():
        raise DomainError("Give the panel's reasons.", field="reason")
    with transaction.atomic():
        outcome = lock_outcome(assessed_outcome, {Phase.AGREEING}, NOT_AGREEING)
        if not PanelRemit.objects.filter(panel=panel, assessed_outcome=outcome).exists():
            raise DomainError("This outcome is not in the panel's remit.")
        median = None
        if grade is not None:
            require_edition(grade, outcome)
            median = _require_allowed(outcome, panel, grade, for_lack_of_evidence, why_not_median)
        differs = grade is not None and median is not None and grade != median
        kept: dict[str, Any] = {
            "grade": grade,
            "for_lack_of_evidence": for_lack_of_evidence and grade is not None,
            "median": median,
            "why_not_median": why_not_median if differs else "",
        }
        last = current_panel_grades([outcome])[outcome.pk].get(panel.pk)
        if last and last.reason == reason and all(getattr(last, name) == value for name, value in kept.items()):
            return last
        if expected_seq is not None and (last.seq if last else 0) != expected_seq:
            raise Stale("The panel's grade was changed since you opened this page.")
        recorded = PanelGrade.append(
            actor=actor,
            reason=reason,
            assessed_outcome=outcome,
            panel=panel,
            kind=PanelGrade.Kind.PANEL if grade else PanelGrade.Kind.DECLINED,
            answers=answered(_questions(outcome, None if for_lack_of_evidence else grade), answers),
            **kept,
        )
        make_local_interests_grade(outcome, recorded)
        settle(outcome=outcome, actor=actor)
    return recorded


def _questions(outcome: AssessedOutcome, grade: Grade | None) -> list[Question]:
    return questions_for(outcome, grade, given_factors=factors_given(latest_proposal(outcome)))


def _require_allowed(
    outcome: AssessedOutcome, panel: Panel, grade: Grade, for_lack_of_evidence: bool, why_not_median: str
) -> Grade | None:
    """Raise DomainError for a grade that R4 or the panel's rule does not allow.

    Gives the median where the grade is the chair's to record; None where R4 decides, or where nobody gave a grade.
    """
    if for_lack_of_evidence and grade.position != rules.LOWEST:
        raise DomainError("For lack of evidence, only the lowest grade can be recorded.", field="grade")
    answers = panel_answers(outcome, panel)
    if rules.lacks_evidence(answers, panel.quorum):
        if not for_lack_of_evidence:
            raise DomainError(
                "Too few of the panel gave a grade. The panel can record only “Undeveloped for lack of evidence” "
                "or “not graded”.",
                field="grade",
            )
        return None
    demanded = rules.demanded_grade(panel.rule, answers)
    if demanded is not None:
        if grade.position != demanded:
            raise DomainError(
                f"The panel chose {panel.get_rule_display().lower()} before opening, which gives another grade.",
                field="grade",
            )
        return None
    median = rules.median_grade(answers)
    if grade.position != median and not why_not_median.strip():
        raise DomainError("Say why the panel's grade differs from the median.", field="why_not_median")
    return None if median is None else Grade.objects.get(revision=grade.revision_id, position=median)


def give_statement(
    *,
    actor: User,
    assessed_outcome: AssessedOutcome,
    side: str,
    text: str,
    panel: Panel | None = None,
    expected_version: str | None = None,
) -> Statement:
    """Give one side's statement where the two grades differ; once both have spoken, the outcome is agreed (R1).

    `expected_version` is the `statement_version` that the form was opened with: a statement is about the very grades
    that its author saw. Raises DomainError outside agreeing, without a text, or where there is nothing to differ about;
    Stale for an outdated form.
    """
    if not text.strip():
        raise DomainError("Write the statement.", field="text")
    with transaction.atomic():
        outcome = lock_outcome(assessed_outcome, {Phase.AGREEING}, NOT_AGREEING)
        local_side = side == Statement.Side.LOCAL_INTERESTS
        if local_side and not PanelRemit.objects.filter(panel=panel, assessed_outcome=outcome).exists():
            raise DomainError("The local interests' statement is given for a panel that grades this outcome.")
        local = current_local_interests_grade(outcome)
        proposal = latest_proposal(outcome)
        if local is None or proposal is None:
            raise DomainError(
                "Both sides' grades are needed before a statement. The panels have not all recorded theirs."
            )
        if local.grade_id == proposal.grade_id:
            raise DomainError("Both sides gave the same grade, so no statement is needed.")
        same = Statement.objects.filter(
            assessed_outcome=outcome, side=side, panel=panel, proposed_grade=proposal, local_interests_grade=local
        ).order_by("-seq")
        last = same.first()
        if last and last.reason == text:
            return last
        if expected_version is not None and statement_version(proposal, local, last) != expected_version:
            raise Stale("The grades, or this statement, were changed since you opened the page.")
        statement = Statement.append(
            actor=actor,
            reason=text,
            assessed_outcome=outcome,
            side=side,
            panel=panel,
            proposed_grade=proposal,
            local_interests_grade=local,
        )
        settle(outcome=outcome, actor=actor)
    return statement


def record_not_graded(
    *, actor: User, assessed_outcome: AssessedOutcome, reason: str, expected_seq: int | None = None
) -> NotGraded:
    """Record "not graded by local interests" for an outcome that no panel covers (R2, R4).

    Raises DomainError without a reason, or where a panel's remit covers the outcome; Stale for an outdated form.
    """
    if not reason.strip():
        raise DomainError("Say why no local interest graded the outcome.", field="reason")
    with transaction.atomic():
        outcome = lock_outcome(assessed_outcome, {Phase.AGREEING}, NOT_AGREEING)
        if PanelRemit.objects.filter(assessed_outcome=outcome).exists():
            raise DomainError("A panel grades this outcome, so it is the panel's to grade or to decline.")
        last = not_graded([outcome]).get(outcome.pk)
        if last and last.reason == reason:
            return last
        if expected_seq is not None and (last.seq if last else 0) != expected_seq:
            raise Stale("Somebody else recorded this since you opened the page.")
        return NotGraded.append(actor=actor, reason=reason, assessed_outcome=outcome)


def open_names(*, actor: User, assessed_outcome: AssessedOutcome, panel: Panel) -> NameOpening:
    """Log that somebody opens the names behind a panel's reviews (R21).

    What has been revealed stays so after a move back (R18). Raises DomainError before the first reveal.
    """
    with transaction.atomic():
        outcome = lock_outcome(assessed_outcome, set(Phase), "Names are shown after the reveal only.")
        if outcome.round is None or not outcome.round.reveals:
            raise DomainError("Names are shown after the reveal only.")
        return NameOpening.append(actor=actor, reason="Opened the names", assessed_outcome=outcome, panel=panel)
