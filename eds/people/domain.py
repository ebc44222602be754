"""The verbs of belonging to an organisation."""

from __future__ import annotations

import datetime

from django.db import transaction

from eds.history.errors import DomainError
from eds.history.models import today

from .belonging import belonging_changed
from .invitations import withdraw_for
from .links import end_links
from .models import Membership, Organisation, User


def join(*, actor: User, user: User, organisation: Organisation, role: str, reason: str) -> Membership:
    """Give somebody a place in an organisation.

    Raises DomainError where they have it already, or where an organisation with a board sponsor would get a second.
    """
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        current = Membership.objects.filter(organisation=organisation, role=role, ended_on__isnull=True)
        if current.filter(user=user).exists():
            raise DomainError(f"{user} has this role already.", field="role")
        if role == Membership.Role.BOARD_SPONSOR and current.exists():
            raise DomainError("There is a board sponsor already.", field="role")
        membership = Membership(user=user, organisation=organisation, role=role, started_on=today()).record(
            actor=actor, reason=reason
        )
        belonging_changed(organisation)
    return membership


def leave(*, actor: User, membership: Membership, reason: str, ended_on: datetime.date | None = None) -> Membership:
    """End somebody's place in an organisation; what they did there stays.

    Raises DomainError without a reason, for one's own place, or for one that has ended already.
    """
    if not reason.strip():
        raise DomainError("Say why this person's part ends.", field="reason")
    if membership.user_id == actor.pk:
        raise DomainError("You cannot end your own part. Ask the other lead, or whoever looks after this site.")
    if membership.ended_on is not None:
        raise DomainError("This person's part has ended already.")
    with transaction.atomic():
        membership.ended_on = ended_on or today()
        membership.record(actor=actor, reason=reason)
        organisation, email = membership.organisation, membership.user.email
        withdraw_for(actor=actor, kind="organisation", subject=organisation.public_id, email=email)
        end_links(membership.user)
        belonging_changed(organisation)
    return membership
