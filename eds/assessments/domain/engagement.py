"""Meetings and events with local people, kept by the lead while the assessment is open."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction

from eds.assessments.models import Assessment, EngagementEvent, State
from eds.history.errors import DomainError
from eds.people.models import User


@dataclass(frozen=True)
class EventText:
    """What is said of an event: its name and date, the groups and how many came, what was heard and what changed."""

    name: str
    held_on: datetime.date
    groups: str
    numbers: str = ""
    heard: str = ""
    changed: str = ""


def keep_event(
    *,
    actor: User,
    assessment: Assessment,
    text: EventText,
    event: EngagementEvent | None = None,
    expected_version: int | None = None,
    reason: str = "Wrote down the event",
) -> EngagementEvent:
    """Write an event down, or change one. Raises DomainError once the assessment is not open, Stale where outdated."""
    if not text.name.strip():
        raise DomainError("Enter the name of the event.", field="name")
    if not text.groups.strip():
        raise DomainError("Say which groups took part.", field="groups")
    with transaction.atomic():
        _lock_open(assessment)
        row = event or EngagementEvent(assessment=assessment)
        row.name, row.held_on, row.groups = text.name.strip(), text.held_on, text.groups.strip()
        row.numbers, row.heard, row.changed = text.numbers.strip(), text.heard.strip(), text.changed.strip()
        return row.record(actor=actor, reason=reason, expected_version=expected_version)


def remove_event(
    *, actor: User, event: EngagementEvent, reason: str, expected_version: int | None = None
) -> EngagementEvent:
    """Take an event out of the report; the row stays. Raises as keep_event does."""
    with transaction.atomic():
        _lock_open(event.assessment)
        event.removed = True
        return event.record(actor=actor, reason=reason, expected_version=expected_version)


def _lock_open(assessment: Assessment) -> None:
    locked = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    if locked.state != State.OPEN:
        raise DomainError(f"The assessment is {locked.get_state_display().lower()}, so its events are fixed.")
