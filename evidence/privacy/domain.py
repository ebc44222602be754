"""Answer what was found in a text; say what is known of a story."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from eds.history.errors import DomainError
from eds.people.models import User
from evidence.models import EvidenceItem

from .models import StoryMark, TextAnswer
from .rules import Found


def answer_question(*, actor: User, item: EvidenceItem, found: Found, answer: str, reason: str) -> TextAnswer:
    """Answer about something found in an item's texts. Raises DomainError without a reason or for an unknown answer."""
    if answer not in TextAnswer.Answer.values:
        raise DomainError("Choose an answer.", field="answer")
    if not reason.strip():
        raise DomainError("Say why.", field="reason")
    with transaction.atomic():
        locked = EvidenceItem.objects.select_for_update().get(pk=item.pk)
        return TextAnswer.append(
            actor=actor, reason=reason.strip(), item=locked, kind=found.kind.value, key=found.key, answer=answer
        )


def mark_story(
    *,
    actor: User,
    item: EvidenceItem,
    kind: str,
    scope: str = "",
    consent_for: str = "",
    consent_until: dt.date | None = None,
    reason: str = "",
) -> StoryMark:
    """Say whether an item tells somebody's story, and on what ground it may be shown (R16).

    Raises DomainError for a consent that does not say for whom and for what.
    """
    if kind not in StoryMark.Kind.values:
        raise DomainError("Choose an answer.", field="kind")
    consented = kind == StoryMark.Kind.CONSENT
    if consented and scope not in StoryMark.Scope.values:
        raise DomainError("Choose who may read the story.", field="scope")
    if consented and not consent_for.strip():
        raise DomainError("Say what the person has consented to.", field="consent_for")
    with transaction.atomic():
        locked = EvidenceItem.objects.select_for_update().get(pk=item.pk)
        return StoryMark.append(
            actor=actor,
            reason=reason.strip(),
            item=locked,
            kind=kind,
            scope=scope if consented else "",
            consent_for=consent_for.strip() if consented else "",
            consent_until=consent_until if consented else None,
        )
