"""How an action goes, in its owners' words, and whether panels felt it (R25)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from eds.assessments.models import AssessedOutcome, Panel
from eds.history.errors import DomainError
from eds.people.models import User
from evidence.domain import EvidenceText, write_item
from evidence.models import EvidenceItem, Sharing
from objectives.plan.links import LinkClosed, LinkState, find
from objectives.plan.models import Felt, ImprovementAction, ProgressLink, ProgressUpdate, Status
from objectives.plan.years import place_of


@dataclass(frozen=True)
class Proof:
    """Evidence that an action is completed: a new item for the library, with its files."""

    title: str
    text: str
    files: Sequence[Any] = ()


def say_progress(
    *,
    actor: User,
    action: ImprovementAction,
    status: str,
    words: str = "",
    proof: Proof | None = None,
    by_link: bool = False,
) -> ProgressUpdate:
    """Say how an action goes. Proof of completion becomes an item of the organisation's library (R13, R19).

    Raises DomainError where it is stopped without a reason, where proof comes with something that is not done, or where
    the action was taken out or carried over.
    """
    words = words.strip()
    if status == Status.STOPPED and not words:
        raise DomainError("Say why it is stopped.", field="words")
    if proof is not None and status != Status.DONE:
        raise DomainError("Evidence of completion belongs to an action that is done.", field="proof_title")
    with transaction.atomic():
        locked = _lock(action)
        item: EvidenceItem | None = None
        if proof is not None:
            item = write_item(
                actor=actor,
                organisation=locked.assessed_outcome.assessment.organisation,
                content=EvidenceText(proof.title, proof.text, source="The improvement plan"),
                files=proof.files,
                sharing=Sharing.ORGANISATION,
                reason="Shows that an action of the plan is done",
            )
        return ProgressUpdate.append(
            actor=actor, action=locked, status=Status(status), evidence=item, by_link=by_link, reason=words
        )


def say_felt(*, actor: User, action: ImprovementAction, panel: Panel, answer: str, words: str) -> Felt:
    """Say for a panel whether it felt what an action was to change, with a sentence; a panel of the year after may, too.

    Raises DomainError without a sentence, or where the panel does not grade the action's outcome.
    """
    if not words.strip():
        raise DomainError("Say in a sentence what your panel felt, or did not.", field="words")
    with transaction.atomic():
        locked = _lock(action, carried_too=True)
        if place_of(locked, panel) is None:
            raise DomainError("This outcome is graded by another panel.")
        return Felt.append(actor=actor, action=locked, panel=panel, answer=Felt.Answer(answer), reason=words.strip())


def answer_link(*, token: str, status: str, words: str) -> ProgressUpdate:
    """Say how an action goes by a mailed link, which is used up. Raises LinkClosed where it does not work any more."""
    link, state = find(token)
    if link is None or state is not LinkState.OPEN:
        raise LinkClosed(state)
    with transaction.atomic():
        taken = ProgressLink.objects.filter(pk=link.pk, used_at__isnull=True, expires_at__gt=Now()).update(
            used_at=Now()
        )
        if not taken:
            raise LinkClosed(LinkState.USED)
        update = say_progress(actor=link.user, action=link.action, status=status, words=words, by_link=True)
        withdraw_links(action=link.action, user_pk=link.user_id)
    return update


def withdraw_links(*, action: ImprovementAction, user_pk: int) -> None:
    """End the open links of a person to an action."""
    ProgressLink.objects.filter(action=action, user_id=user_pk, used_at__isnull=True).update(used_at=Now())


def _lock(action: ImprovementAction, *, carried_too: bool = False) -> ImprovementAction:
    # Outcome before action: the order in which every verb takes its locks.
    AssessedOutcome.objects.select_for_update(of=("self",)).get(pk=action.assessed_outcome_id)
    locked = (
        ImprovementAction.objects.select_for_update(of=("self",))
        .select_related("assessed_outcome__assessment__organisation")
        .get(pk=action.pk)
    )
    if locked.removed:
        raise DomainError("This action was taken out of the plan.")
    if not carried_too and ImprovementAction.objects.filter(carried_from=locked, removed=False).exists():
        raise DomainError("This action was carried over: its progress is kept in the newer plan.")
    return locked
