"""From panels' grades to the agreed grade: local interests prevail (R1)."""

from __future__ import annotations

import datetime

from django.db import transaction

from eds.assessments.models import AssessedOutcome, Panel, PanelRemit, Phase, PhaseChange, Round
from eds.frameworks.models import Grade
from eds.history.errors import DomainError, Stale
from eds.history.models import today
from eds.people.models import User
from grading import rules
from grading.models import AgreedGrade, LocalInterestsGrade, NameOpening, NotGraded, PanelGrade, Statement
from grading.queries import (
    agreed_grades,
    current_local_interests_grade,
    current_panel_grades,
    latest_proposal,
    not_graded,
    panel_answers,
)

from .locking import lock_outcome, require_edition

NOT_AGREEING = "Grades of this round are not being agreed at the moment."


def record_panel_grade(
    *,
    actor: User,
    assessed_outcome: AssessedOutcome,
    panel: Panel,
    grade: Grade | None,
    reason: str,
    for_lack_of_evidence: bool = False,
    expected_seq: int | None = None,
) -> PanelGrade:
    """Record a panel's grade, or that it declines to grade where `grade` is None.

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
        if grade is not None:
            require_edition(grade, outcome)
            _require_allowed(outcome, panel, grade, for_lack_of_evidence)
        last = current_panel_grades([outcome])[outcome.pk].get(panel.pk)
        if last and (last.grade_id, last.reason, last.for_lack_of_evidence) == (
            grade.pk if grade else None,
            reason,
            for_lack_of_evidence,
        ):
            return last
        if expected_seq is not None and (last.seq if last else 0) != expected_seq:
            raise Stale("The panel's grade was changed since you opened this page.")
        recorded = PanelGrade.append(
            actor=actor,
            reason=reason,
            assessed_outcome=outcome,
            panel=panel,
            kind=PanelGrade.Kind.PANEL if grade else PanelGrade.Kind.DECLINED,
            grade=grade,
            for_lack_of_evidence=for_lack_of_evidence,
        )
        _make_local_interests_grade(outcome, recorded)
        settle(outcome=outcome, actor=actor)
    return recorded


def _require_allowed(outcome: AssessedOutcome, panel: Panel, grade: Grade, for_lack_of_evidence: bool) -> None:
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
        return
    demanded = {
        Panel.Rule.MAJORITY: rules.majority_grade(answers),
        Panel.Rule.MEDIAN: rules.median_grade(answers),
    }.get(Panel.Rule(panel.rule))
    if demanded is not None and grade.position != demanded:
        raise DomainError(
            f"The panel chose {panel.get_rule_display().lower()} before opening, which gives another grade.",
            field="grade",
        )


def _make_local_interests_grade(outcome: AssessedOutcome, made_by: PanelGrade) -> LocalInterestsGrade | None:
    """Make the local interests' grade once every panel whose remit covers the outcome has graded or declined."""
    current = current_panel_grades([outcome])[outcome.pk]
    needed = set(PanelRemit.objects.filter(assessed_outcome=outcome).values_list("panel_id", flat=True))
    if needed - current.keys():
        return None
    assert outcome.round is not None
    named = current.get(outcome.round.named_panel_id) if outcome.round.named_panel_id else None
    made = rules.local_interests_grade(
        [row.grade.position if row.grade else None for row in current.values()],
        differ_rule=outcome.round.differ_rule,
        named=named.grade.position if named and named.grade else None,
    )
    if made is None:
        return None
    grade = next(row.grade for row in current.values() if row.grade and row.grade.position == made.grade)
    return LocalInterestsGrade.append(
        actor=made_by.actor,
        reason="Follows the panels' grades",
        assessed_outcome=outcome,
        grade=grade,
        rule=made.rule.value,
        made_by=made_by,
    )


def give_statement(
    *,
    actor: User,
    assessed_outcome: AssessedOutcome,
    side: str,
    text: str,
    panel: Panel | None = None,
) -> Statement:
    """Give one side's statement where the two grades differ; once both have spoken, the outcome is agreed (R1).

    Raises DomainError outside agreeing, without a text, or where there is nothing to differ about.
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


def settle(*, outcome: AssessedOutcome, actor: User, deadline_passed: bool = False) -> AgreedGrade | None:
    """Make the agreed grade if it is due: equal grades at once, else both statements, else the deadline (R1).

    The caller holds the outcome's lock. Gives the new row, or None where nothing is due or it is agreed already.
    """
    local = current_local_interests_grade(outcome)
    proposal = latest_proposal(outcome)
    if local is None or proposal is None or outcome.pk in agreed_grades([outcome]):
        return None
    if local.grade_id == proposal.grade_id:
        closed_by, reason = AgreedGrade.ClosedBy.EQUAL, ""
    else:
        sides = set(
            Statement.objects.filter(proposed_grade=proposal, local_interests_grade=local).values_list(
                "side", flat=True
            )
        )
        if sides == set(Statement.Side.values):
            closed_by, reason = AgreedGrade.ClosedBy.STATEMENTS, "Local interests prevail; both sides gave a statement."
        elif deadline_passed or _deadline_passed(outcome):
            closed_by, reason = (
                AgreedGrade.ClosedBy.DEADLINE,
                "Local interests prevail; the deadline passed before both sides gave a statement.",
            )
        else:
            return None
    return AgreedGrade.append(
        actor=actor,
        reason=reason,
        assessed_outcome=outcome,
        local_interests_grade=local,
        proposed_grade=proposal,
        closed_by=closed_by,
    )


def settle_round(round_: Round, change: PhaseChange) -> None:
    """Phase effect: what is due when a round comes (back) to agreeing is agreed at once (R1).

    A proposal that changed after a move back may meet the local interests' grade; no further deed would notice.
    """
    if change.to_phase != Phase.AGREEING:
        return
    for outcome in AssessedOutcome.objects.in_scope().filter(round=round_).order_by("pk"):
        locked = lock_outcome(outcome, {Phase.AGREEING}, NOT_AGREEING)
        settle(outcome=locked, actor=change.actor)


def _deadline_passed(outcome: AssessedOutcome) -> bool:
    return outcome.round is not None and outcome.round.agree_by is not None and outcome.round.agree_by < today()


def settle_overdue(on: datetime.date) -> int:
    """Agree every outcome whose round's deadline has passed without both statements; give how many (R1).

    The local interests' grade takes effect, so whoever completed it stands as the actor. Safe to run twice at once.
    """
    settled = 0
    overdue = Round.objects.filter(phase=Phase.AGREEING, agree_by__lt=on)
    for outcome in AssessedOutcome.objects.in_scope().filter(round__in=overdue):
        with transaction.atomic():
            locked = lock_outcome(outcome, set(Phase), NOT_AGREEING)
            local = current_local_interests_grade(locked)
            if locked.round is None or locked.round.phase != Phase.AGREEING or local is None:
                continue
            settled += settle(outcome=locked, actor=local.actor, deadline_passed=True) is not None
    return settled


def record_not_graded(*, actor: User, assessed_outcome: AssessedOutcome, reason: str) -> NotGraded:
    """Record "not graded by local interests" for an outcome that no panel covers (R2, R4).

    Raises DomainError without a reason, or where a panel's remit covers the outcome.
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
