"""The joint grade of differing panels: one chair writes it, the others confirm it (R5)."""

from __future__ import annotations

from django.db import transaction

from eds.assessments.models import AssessedOutcome, Panel, PanelMember, Phase, Round
from eds.frameworks.models import Grade
from eds.history.errors import DomainError, Stale
from eds.people.models import User
from grading.models import JointAnswer, JointGrade, LocalInterestsGrade
from grading.queries import joint_states

from .locking import NOT_AGREEING, lock_outcome, require_edition
from .settling import settle


def write_joint_grade(
    *,
    actor: User,
    assessed_outcome: AssessedOutcome,
    panel: Panel,
    grade: Grade,
    reason: str,
    expected_seq: int | None = None,
) -> JointGrade:
    """Write a joint grade as the chair of a panel that graded; the other panels' chairs are then asked to confirm it.

    A newer one takes the place of an earlier one with all its confirmations. Raises DomainError outside agreeing, without
    a reason, where the round has another rule, a panel has yet to grade or the panels do not differ, and for anybody but
    the chair of a panel that graded; Stale for an outdated form.
    """
    if not reason.strip():
        raise DomainError("Give the reasons for the joint grade.", field="reason")
    with transaction.atomic():
        outcome = lock_outcome(assessed_outcome, {Phase.AGREEING}, NOT_AGREEING)
        require_edition(grade, outcome)
        state = joint_states([outcome]).get(outcome.pk)
        if state is None:
            raise DomainError(why_no_joint_grade(outcome))
        _require_chair(actor, panel, state.panels)
        last = state.written
        if last and (last.panel_id, last.grade_id, last.reason) == (panel.pk, grade.pk, reason) and state.stands:
            return last
        if expected_seq is not None and (last.seq if last else 0) != expected_seq:
            raise Stale("Another joint grade was written since you opened this page.")
        return JointGrade.append(
            actor=actor,
            reason=reason,
            assessed_outcome=outcome,
            panel=panel,
            grade=grade,
            based_on=state.based_on,
        )


def answer_joint_grade(
    *,
    actor: User,
    assessed_outcome: AssessedOutcome,
    panel: Panel,
    confirmed: bool,
    reason: str = "",
    expected_seq: int | None = None,
) -> JointAnswer:
    """Confirm the joint grade as another panel's chair, or decline it with words.

    The last confirmation makes the local interests' grade in the same transaction, and what follows from it (R1).
    `expected_seq` is the seq of the joint grade that the chair read. Raises DomainError where there is none to confirm,
    for the panel that wrote it, once all have confirmed, and for a no without words; Stale where it was replaced.
    """
    if not confirmed and not reason.strip():
        raise DomainError("Say why you do not confirm the joint grade.", field="reason")
    with transaction.atomic():
        outcome = lock_outcome(assessed_outcome, {Phase.AGREEING}, NOT_AGREEING)
        state = joint_states([outcome]).get(outcome.pk)
        if state is None:
            raise DomainError(why_no_joint_grade(outcome))
        joint = state.written
        if joint is None or not state.stands:
            raise DomainError("No joint grade waits for an answer.")
        if expected_seq is not None and joint.seq != expected_seq:
            raise Stale("Another joint grade was written since you opened this page.")
        _require_chair(actor, panel, state.panels)
        if panel.pk == joint.panel_id:
            raise DomainError("Your panel wrote the joint grade. The other panels' chairs answer it.")
        last = state.answers.get(panel.pk)
        if last and (last.confirmed, last.reason) == (confirmed, reason):
            return last
        if LocalInterestsGrade.objects.filter(joint=joint).exists():
            raise DomainError("All chairs have confirmed the joint grade. Write another one where it should change.")
        row = JointAnswer.append(actor=actor, reason=reason, joint=joint, panel=panel, confirmed=confirmed)
        if joint_states([outcome])[outcome.pk].confirmed_by_all:
            LocalInterestsGrade.append(
                actor=actor,
                reason=joint.reason,
                assessed_outcome=outcome,
                grade=joint.grade,
                rule=LocalInterestsGrade.Rule.JOINT,
                made_by=joint.based_on,
                joint=joint,
            )
            settle(outcome=outcome, actor=actor)
    return row


def why_no_joint_grade(outcome: AssessedOutcome) -> str:
    """Say why the chairs have nothing to settle on an outcome."""
    if outcome.round is None or outcome.round.differ_rule != Round.DifferRule.JOINT:
        return "In this round differing panels are settled by another rule."
    return "A joint grade is written once every panel has given its grade and the grades differ."


def _require_chair(user: User, panel: Panel, panels: list[Panel]) -> None:
    chairs = PanelMember.objects.filter(panel=panel, user=user, role=PanelMember.Role.CHAIR, left_on__isnull=True)
    if panel not in panels or not chairs.exists():
        raise DomainError("The joint grade is the chairs' of the panels that graded this outcome.")
