"""Who is told of what is due: owners before the month, leads each month, sponsors of what stays late."""

from __future__ import annotations

import datetime
from collections import defaultdict

from django.db import transaction
from django.db.models import Exists, OuterRef

from eds.assessments.models import Assessment
from eds.history.models import today
from eds.jobs.outbox import queue_mail
from eds.people.models import Membership, User
from objectives.months import Month

from . import mails, queries, rules
from .models import ActionOwner, ImprovementAction, PlanSettings

LEADING = [Membership.Role.EQUALITY_LEAD, Membership.Role.DEPUTY]
SPONSORING = [Membership.Role.BOARD_SPONSOR]


def follow_up(on: datetime.date | None = None) -> int:
    """Queue the mails that are due on a day. Safe to run twice a day, and after days of rest.

    An owner gets one mail for each action and month that it is due in, from the month before on; the lead one summary a
    month for each plan with open actions; the sponsor one mail a month where something is as late as the organisation
    has set. Whether each still holds is asked again when it is sent. Gives how many were asked for, old ones included.
    """
    day = on or today()
    newer = ImprovementAction.objects.filter(carried_from=OuterRef("pk"), removed=False)
    rows = list(queries.standing_actions().filter(~Exists(newer)))
    updates = queries.latest_updates(rows)
    open_rows = [row for row in rows if rules.is_open(queries.status_of(updates.get(row.pk)))]
    asked = 0
    with transaction.atomic():
        asked += _owners([row for row in open_rows if row.due and rules.reminded_from(row.due) <= day])
        plans: dict[Assessment, list[ImprovementAction]] = defaultdict(list)
        for row in open_rows:
            plans[row.assessed_outcome.assessment].append(row)
        settings = {row.organisation_id: row for row in PlanSettings.objects.all()}
        for assessment, actions in plans.items():
            own = settings.get(assessment.organisation_id)
            if own is None or own.digest:
                asked += _monthly(mails.DIGEST, assessment, LEADING, day)
            after = own.escalate_after if own else None
            if any(
                rules.is_to_escalate(queries.status_of(updates.get(row.pk)), row.due, day, after) for row in actions
            ):
                asked += _monthly(mails.ESCALATION, assessment, SPONSORING, day)
    return asked


def _owners(actions: list[ImprovementAction]) -> int:
    by_pk = {row.pk: row for row in actions}
    owners = ActionOwner.objects.filter(action__in=by_pk, user__isnull=False, ended_on__isnull=True)
    asked = 0
    for owner in owners.select_related("user"):
        action = by_pk[owner.action_id]
        assert owner.user is not None
        assert action.due is not None
        queue_mail(
            kind=mails.DUE,
            subject=action.public_id,
            key=f"{mails.DUE}:{action.public_id}:{action.due.number}:{owner.user.public_id}",
            to=owner.user,
            args={"due": action.due.number},
        )
        asked += 1
    return asked


def _monthly(kind: str, assessment: Assessment, roles: list[Membership.Role], day: datetime.date) -> int:
    people = User.objects.filter(
        memberships__organisation=assessment.organisation_id,
        memberships__role__in=roles,
        memberships__ended_on__isnull=True,
    ).distinct()
    for user in people:
        queue_mail(
            kind=kind,
            subject=assessment.public_id,
            key=f"{kind}:{assessment.public_id}:{Month.of(day).number}:{user.public_id}",
            to=user,
        )
    return len(people)
