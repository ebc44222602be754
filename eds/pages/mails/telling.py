"""Who is told what: phases that began, published reports, dates that come near, and the lead's own reminder."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from eds.assessments.models import Assessment, Panel, PanelMember, Phase, PhaseChange, Round, State
from eds.assessments.rules import is_move_back
from eds.history.models import is_news, today
from eds.jobs.outbox import queue_mail
from eds.people.models import Membership, User

from . import kinds

LEADING = [Membership.Role.EQUALITY_LEAD, Membership.Role.DEPUTY]
BOARD = [Membership.Role.BOARD_SPONSOR, Membership.Role.BOARD_MEMBER]


def tell_of_phase(round_: Round, change: PhaseChange) -> None:
    """Phase effect: queue the mails of a round that moved on; back tells nobody, who moved it does that in words.

    Nor is anybody told of a move that was made long ago and is only entered now.
    """
    kind = kinds.mail_kind_of(round_)
    if not kind or is_move_back(change.from_phase, change.to_phase) or not is_news():
        return
    for user in _of_phase(round_):
        queue_mail(
            kind=kind,
            subject=round_.public_id,
            key=f"{kind}:{round_.public_id}:{change.seq}:{user.public_id}",
            to=user,
            args={"phase": str(round_.phase)},
        )


def _of_phase(round_: Round) -> Iterable[User]:
    panels = Q(panel_places__panel__remit__assessed_outcome__round=round_, panel_places__left_on__isnull=True)
    reviewers = panels & Q(panel_places__role__in=[PanelMember.Role.CHAIR, PanelMember.Role.REVIEWER])
    if round_.phase == Phase.REVIEWING:
        return User.objects.filter(reviewers).distinct()
    contributors = Q(contributions__assessed_outcome__round=round_, contributions__ended_on__isnull=True)
    organisation = round_.assessment.organisation_id
    board = Q(memberships__organisation=organisation, memberships__role__in=BOARD, memberships__ended_on__isnull=True)
    people = {user.pk: user for part in (panels, contributors, board) for user in User.objects.filter(part).distinct()}
    return people.values()


def tell_of_publication(assessment: Assessment, version: int) -> None:
    """Publish effect: queue a mail to everybody who had a part, unless it was published long ago and is only entered now."""
    if not is_news():
        return
    panels = Q(panel_places__panel__assessment=assessment, panel_places__left_on__isnull=True)
    contributors = Q(contributions__assessed_outcome__assessment=assessment, contributions__ended_on__isnull=True)
    board = Q(
        memberships__organisation=assessment.organisation_id,
        memberships__role__in=[*BOARD, *LEADING],
        memberships__ended_on__isnull=True,
    )
    for user in {
        u.pk: u for part in (panels, contributors, board) for u in User.objects.filter(part).distinct()
    }.values():
        queue_mail(
            kind=kinds.PUBLISHED,
            subject=assessment.public_id,
            key=f"{kinds.PUBLISHED}:{assessment.public_id}:{version}:{user.public_id}",
            to=user,
        )


def remind_before_dates(on: datetime.date | None = None) -> int:
    """Queue reminders for dates that come near (EDS_REMIND_DAYS before them). Safe to run twice and after a day's rest.

    Each person gets one for each date and number of days, and only who still has something to do by that date; that is
    asked again when it is sent. Gives how many were due, old ones included.
    """
    day = on or today()
    looked = 0
    assessments = Assessment.objects.exclude(state=State.PUBLISHED).select_related(
        "organisation", "framework", "revision"
    )
    for assessment in assessments:
        for user in _part_takers(assessment):
            dates = {task.due for task in kinds.waiting_tasks(user, assessment) if task.due is not None}
            due_soon = [
                (due, before) for due in sorted(dates) if (before := _days_before((due - day).days)) is not None
            ]
            looked += len(due_soon)
            with transaction.atomic():
                for due, before in due_soon:
                    queue_mail(
                        kind=kinds.REMINDER,
                        subject=assessment.public_id,
                        key=f"{kinds.REMINDER}:{assessment.public_id}:{due}:{before}:{user.public_id}",
                        to=user,
                        args={"due": due.isoformat()},
                    )
    return looked


def _days_before(left: int) -> int | None:
    """Give which of EDS_REMIND_DAYS it is time for: the least that is not less than what is left."""
    return next((days for days in settings.EDS_REMIND_DAYS if 0 <= left <= days), None)


def _part_takers(assessment: Assessment) -> list[User]:
    panels = Q(panel_places__panel__assessment=assessment, panel_places__left_on__isnull=True)
    contributors = Q(contributions__assessed_outcome__assessment=assessment, contributions__ended_on__isnull=True)
    organisation = Q(
        memberships__organisation=assessment.organisation_id,
        memberships__role__in=[*LEADING, Membership.Role.BOARD_SPONSOR],
        memberships__ended_on__isnull=True,
    )
    found = {u.pk: u for part in (panels, contributors, organisation) for u in User.objects.filter(part).distinct()}
    return [user for user in found.values() if user.is_active]


def remind_panel(panel: Panel) -> None:
    """Queue a reminder for everybody of a panel, at most one a person and day; who has finished gets none.

    Who has is found out only when each is sent: the lead who asks for it learns nothing, not even from the time (R3).
    """
    people = User.objects.filter(panel_places__panel=panel, panel_places__left_on__isnull=True).distinct()
    _remind(panel.assessment, people)


def remind_contributors(assessment: Assessment) -> None:
    """Queue a reminder for every contributor of an assessment, at most one a person and day."""
    people = User.objects.filter(
        contributions__assessed_outcome__assessment=assessment, contributions__ended_on__isnull=True
    ).distinct()
    _remind(assessment, people)


def _remind(assessment: Assessment, people: Iterable[User]) -> None:
    with transaction.atomic():
        for user in people:
            queue_mail(
                kind=kinds.REMINDER,
                subject=assessment.public_id,
                key=f"{kinds.REMINDER}:{assessment.public_id}:asked {today()}:{user.public_id}",
                to=user,
            )
