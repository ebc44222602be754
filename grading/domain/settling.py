"""What follows by itself: the local interests' grade from the panels', and from it the agreed grade (R1, R5)."""

from __future__ import annotations

import datetime
import logging

from django.db import transaction

from eds.assessments.models import AssessedOutcome, PanelRemit, Phase, PhaseChange, Round
from eds.history.models import today
from eds.people.models import User
from grading import rules
from grading.models import AgreedGrade, LocalInterestsGrade, PanelGrade, Statement
from grading.queries import agreed_grades, current_local_interests_grade, current_panel_grades, latest_proposal

from .locking import NOT_AGREEING, lock_outcome

log = logging.getLogger(__name__)


def make_local_interests_grade(
    outcome: AssessedOutcome, made_by: PanelGrade, *, deadline_passed: bool = False
) -> LocalInterestsGrade | None:
    """Make the local interests' grade once every panel whose remit covers the outcome has graded or declined (R5).

    `made_by` is the outcome's newest panel grade. Where panels differ in a round whose chairs write a joint grade, it is
    theirs to make; once the deadline has passed without one the lower grade counts. Gives None where nothing is due.
    """
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
        deadline_passed=deadline_passed or deadline_has_passed(outcome),
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


def deadline_has_passed(outcome: AssessedOutcome) -> bool:
    return outcome.round is not None and outcome.round.agree_by is not None and outcome.round.agree_by < today()


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
        elif deadline_passed or deadline_has_passed(outcome):
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
        _make_what_is_missing(locked)
        settle(outcome=locked, actor=change.actor)


def _make_what_is_missing(outcome: AssessedOutcome, *, deadline_passed: bool = False) -> LocalInterestsGrade | None:
    """Make the local interests' grade where all panels have spoken and there is none; give the one that counts.

    So it is where the chairs' deadline passes, and where another rule for differing panels was chosen after a move back.
    """
    current = current_local_interests_grade(outcome)
    newest = max(current_panel_grades([outcome])[outcome.pk].values(), key=lambda row: row.pk, default=None)
    if current is not None or newest is None:
        return current
    return make_local_interests_grade(outcome, newest, deadline_passed=deadline_passed)


def settle_overdue(on: datetime.date) -> int:
    """Agree every outcome whose round's deadline has passed without both statements; give how many (R1).

    Where panels differ and their chairs wrote no joint grade, the lower counts. The local interests' grade takes effect,
    so whoever completed it stands as the actor. Each outcome has a transaction of its own: one that fails is logged with
    its public id and holds no other back. Safe to run twice at once.
    """
    settled = 0
    overdue = Round.objects.filter(phase=Phase.AGREEING, agree_by__lt=on)
    for outcome in AssessedOutcome.objects.in_scope().filter(round__in=overdue):
        try:
            settled += _settle_overdue_outcome(outcome)
        except Exception:
            # Whatever it is, the other outcomes are due as well; the log is what operators watch.
            log.exception("Outcome %s is overdue and could not be settled.", outcome.public_id)
    return settled


def _settle_overdue_outcome(outcome: AssessedOutcome) -> bool:
    with transaction.atomic():
        locked = lock_outcome(outcome, set(Phase), NOT_AGREEING)
        if locked.round is None or locked.round.phase != Phase.AGREEING:
            return False
        local = _make_what_is_missing(locked, deadline_passed=True)
        return local is not None and settle(outcome=locked, actor=local.actor, deadline_passed=True) is not None
