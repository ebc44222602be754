"""A reviewer's own grade: drafts and submitted reviews, or stepping aside (R3, R4)."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from eds.assessments.models import AssessedOutcome, Panel, PanelMember, Phase
from eds.frameworks.models import Grade
from eds.history.errors import DomainError, Stale
from eds.people.models import User
from evidence.queries import cited_by_outcome
from grading.corrections import unseen_corrections, versions_shown
from grading.models import Review, ReviewDraft, StepAside
from grading.queries import latest_review, standing_step_aside

from .asking import answered, questions_for
from .locking import lock_outcome, require_edition

CLOSED = "Reviewing has closed for this outcome. Your text is kept below so that you can copy it."


def save_draft(
    *,
    actor: User,
    assessed_outcome: AssessedOutcome,
    panel: Panel,
    answer: str,
    text: str,
    expected_version: int | None = None,
) -> ReviewDraft:
    """Keep an unfinished review for its author alone. Raises DomainError after reviewing, Stale for an outdated form."""
    with transaction.atomic():
        outcome = lock_outcome(assessed_outcome, {Phase.REVIEWING}, CLOSED)
        _require_member(actor, panel, outcome)
        draft, made = ReviewDraft.objects.get_or_create(
            assessed_outcome=outcome, panel=panel, reviewer=actor, defaults={"answer": answer, "text": text}
        )
        if made or (draft.answer, draft.text) == (answer, text):
            return draft
        if expected_version is not None and draft.version != expected_version:
            raise Stale("You changed this draft in another window since you opened it here.")
        draft.answer, draft.text, draft.version = answer, text, draft.version + 1
        draft.save()
    return draft


def submit_review(
    *,
    actor: User,
    assessed_outcome: AssessedOutcome,
    panel: Panel,
    grade: Grade | None,
    reason: str,
    answers: Mapping[str, str] | None = None,
    expected_seq: int | None = None,
) -> Review:
    """Submit a reviewer's own grade, or "not enough evidence to judge" where `grade` is None (R4).

    Submitting again while reviewing lasts changes it: the last one counts, and it takes back a step aside. The same
    answer sent twice is one, unless evidence was corrected in between: then it confirms the grade (R13). Raises
    DomainError after reviewing closed, without reasons, or for a grade of another edition; Stale where it was changed in
    another window.
    """
    if not reason.strip():
        raise DomainError("Give the reasons for your answer.", field="reason")
    with transaction.atomic():
        outcome = lock_outcome(assessed_outcome, {Phase.REVIEWING}, CLOSED)
        _require_member(actor, panel, outcome)
        if grade is not None:
            require_edition(grade, outcome)
        last = latest_review(outcome, panel, actor)
        shown = cited_by_outcome([outcome], working=False)[outcome.pk]
        unseen = last is not None and bool(unseen_corrections(shown, last))
        same = last and not unseen and (last.grade_id, last.reason) == (grade.pk if grade else None, reason)
        if last and same and standing_step_aside(outcome, panel, actor) is None:
            return last
        if expected_seq is not None and (last.seq if last else 0) != expected_seq:
            raise Stale("You changed this review in another window since you opened it here.")
        review = Review.append(
            actor=actor,
            reason=reason,
            assessed_outcome=outcome,
            panel=panel,
            reviewer=actor,
            grade=grade,
            answers=answered(questions_for(outcome, grade), answers),
            evidence_versions=versions_shown(shown),
            reveals_before=outcome.round.reveals if outcome.round else 0,
        )
        ReviewDraft.objects.filter(assessed_outcome=outcome, panel=panel, reviewer=actor).delete()
    return review


def step_aside(
    *, actor: User, assessed_outcome: AssessedOutcome, panel: Panel, interest: str, expected_seq: int | None = None
) -> StepAside:
    """Step aside from an outcome for a declared interest; a review submitted earlier then counts no more (R4).

    `expected_seq` is the seq of the reviewer's last review that the form was opened with. The same sent twice is one.
    Raises DomainError after reviewing closed or without the interest; Stale where a review was submitted meanwhile.
    """
    if not interest.strip():
        raise DomainError("Say which interest you declare.", field="interest")
    with transaction.atomic():
        outcome = lock_outcome(assessed_outcome, {Phase.REVIEWING}, CLOSED)
        _require_member(actor, panel, outcome)
        stands = standing_step_aside(outcome, panel, actor)
        if stands and stands.reason == interest:
            return stands
        last = latest_review(outcome, panel, actor)
        if expected_seq is not None and (last.seq if last else 0) != expected_seq:
            raise Stale("You submitted a review in another window since you opened this page.")
        aside = StepAside.append(
            actor=actor,
            reason=interest,
            assessed_outcome=outcome,
            panel=panel,
            reviewer=actor,
            reviews_before=last.seq if last else 0,
            reveals_before=outcome.round.reveals if outcome.round else 0,
        )
        ReviewDraft.objects.filter(assessed_outcome=outcome, panel=panel, reviewer=actor).delete()
    return aside


def _require_member(user: User, panel: Panel, outcome: AssessedOutcome) -> None:
    """The access table has said yes before; this meets somebody who was taken off the panel meanwhile."""
    on_panel = PanelMember.objects.filter(panel=panel, user=user, left_on__isnull=True).exclude(
        role=PanelMember.Role.ORGANISER
    )
    if not on_panel.filter(panel__remit__assessed_outcome=outcome).exists():
        raise DomainError("Reviews are written by the members of a panel that grades this outcome.")
