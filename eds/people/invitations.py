"""Inviting by address: the same answer whether the address has an account or not, a place only when it is accepted.

What an invitation is for is registered by the rooms above, which also say whether the inviter still may: asked when it
is made, when its mail is sent, and when it is accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from eds.history.errors import DomainError
from eds.jobs.outbox import queue_mail

from . import links
from .models import Invitation, OneTimeLink, User

INVITATION_MAIL = "people.invitation"
AGAIN_AFTER = timedelta(minutes=5)
MOST_TIMES = 10


@dataclass(frozen=True)
class Offer:
    """What an invitation offers, in words for the page that accepts it."""

    organisation: str
    sentence: str
    hint: str = ""


@dataclass(frozen=True)
class InvitationKind:
    """A kind of invitation.

    `why_not(user, invitation)` says why this user may not make or keep it, or "". `take_up(invitation, user)` gives the
    place; it raises DomainError with words for the invited person. `offer` describes it.
    """

    code: str
    why_not: Callable[[User, Invitation], str]
    take_up: Callable[[Invitation, User], None]
    offer: Callable[[Invitation], Offer]


_kinds: dict[str, InvitationKind] = {}


def register_kind(kind: InvitationKind) -> InvitationKind:
    """Register what a kind of invitation means."""
    _kinds[kind.code] = kind
    return kind


def kind_of(invitation: Invitation) -> InvitationKind:
    """Give the kind of an invitation."""
    return _kinds[invitation.kind]


def invite(
    *,
    actor: User,
    kind: str,
    subject: str,
    email: str,
    role: str = "",
    name: str = "",
    details: Mapping[str, Any] | None = None,
    appointed: bool = False,
) -> Invitation:
    """Invite an address, and queue the mail. The same person's open invitation of the same is sent again instead.

    Says nothing about the address: whether it has an account, or a place already, is found out when it is accepted.
    Raises DomainError where the actor may not.
    """
    with transaction.atomic():
        values = {"kind": kind, "subject": subject, "email": email.lower(), "role": role, "appointed": appointed}
        open_one = open_invitations().filter(invited_by=actor, **values).select_for_update().first()
        if open_one is not None:
            if name and name != open_one.name:
                open_one.name = name
                open_one.save(update_fields=["name"])
            if open_one.last_sent_at and timezone.now() - open_one.last_sent_at < AGAIN_AFTER:
                return open_one
            return send_again(actor=actor, invitation=open_one)
        invitation = Invitation(
            **values, name=name, details=dict(details or {}), invited_by=actor, expires_at=_expiry()
        )
        why_not = kind_of(invitation).why_not(actor, invitation)
        if why_not:
            raise DomainError(why_not)
        invitation.save()
        _queue(invitation)
    return invitation


def send_again(*, actor: User | None, invitation: Invitation) -> Invitation:
    """Send an open invitation again, with a new date until which it can be accepted.

    `actor` is None where the invited person asks for it with an old link. Raises DomainError where it is accepted or
    withdrawn, was sent a moment ago or very often, or where the actor may not.
    """
    with transaction.atomic():
        locked = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
        _require_open(locked)
        why_not = kind_of(locked).why_not(actor or locked.invited_by, locked)
        if why_not:
            raise DomainError(why_not)
        if locked.last_sent_at and timezone.now() - locked.last_sent_at < AGAIN_AFTER:
            raise DomainError("This invitation was sent a moment ago. Wait five minutes before you send it again.")
        if locked.times_sent >= MOST_TIMES:
            raise DomainError(
                "This invitation was sent ten times already. Withdraw it, and ask the person another way."
            )
        locked.expires_at = _expiry()
        _queue(locked)
    return locked


def withdraw(*, actor: User, invitation: Invitation) -> Invitation:
    """Take an open invitation back; its links end. Raises DomainError where it is accepted or withdrawn already."""
    with transaction.atomic():
        locked = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
        _require_open(locked)
        locked.withdrawn_by, locked.withdrawn_at = actor, timezone.now()
        locked.save(update_fields=["withdrawn_by", "withdrawn_at"])
        links.end_invitation_links(locked)
    return locked


def withdraw_for(*, actor: User, kind: str, subject: str, email: str = "") -> None:
    """Take back every open invitation to something that ends, or only those to one address."""
    found = Invitation.objects.filter(kind=kind, subject=subject, accepted_at__isnull=True, withdrawn_at__isnull=True)
    for invitation in found.filter(email=email.lower()) if email else found:
        withdraw(actor=actor, invitation=invitation)


def accept(*, token: str, name: str = "") -> tuple[User, Invitation]:
    """Use the link of an invitation up: make the account where there is none, and give the place, all or nothing.

    Raises LinkClosed where the link does not work any more, DomainError where the name is missing, the account is
    closed, the inviter may no longer invite, or the place cannot be given.
    """
    with transaction.atomic():
        link = links.use(token)
        if link.purpose != OneTimeLink.Purpose.JOIN or link.invitation is None:
            raise links.LinkClosed(links.LinkState.UNKNOWN)
        invitation = (
            Invitation.objects.select_for_update(of=("self",)).select_related("invited_by").get(pk=link.invitation.pk)
        )
        if invitation.accepted_at or invitation.withdrawn_at:
            raise links.LinkClosed(links.LinkState.USED if invitation.accepted_at else links.LinkState.ENDED)
        kind = kind_of(invitation)
        if not invitation.invited_by.is_active or kind.why_not(invitation.invited_by, invitation):
            raise DomainError("Who invited you can no longer do so. Ask the organisation to invite you again.")
        user = User.objects.select_for_update().filter(email=invitation.email).first()
        if user is None:
            if not name.strip():
                raise DomainError("Enter your name.", field="name")
            user = User.objects.create_user(invitation.email, name=name.strip())
        if not user.is_active:
            raise DomainError("The account with this address is closed. Ask whoever invited you.")
        kind.take_up(invitation, user)
        invitation.accepted_by, invitation.accepted_at = user, timezone.now()
        invitation.save(update_fields=["accepted_by", "accepted_at"])
        links.end_invitation_links(invitation)
    return user, invitation


def open_invitations() -> QuerySet[Invitation]:
    """Give the invitations that wait for an answer, expired ones too: they can be sent again."""
    return Invitation.objects.filter(accepted_at__isnull=True, withdrawn_at__isnull=True).order_by("pk")


def waiting_numbers(kind: str, subjects: Iterable[str], **only: Any) -> dict[str, int]:
    """Give how many invitations wait for an answer, by subject (one query)."""
    rows = open_invitations().filter(kind=kind, subject__in=list(subjects), expires_at__gt=timezone.now(), **only)
    return {row["subject"]: row["number"] for row in rows.order_by().values("subject").annotate(number=Count("pk"))}


def _require_open(invitation: Invitation) -> None:
    if invitation.accepted_at:
        raise DomainError("This invitation has been accepted.")
    if invitation.withdrawn_at:
        raise DomainError("This invitation was withdrawn.")


def _queue(invitation: Invitation) -> None:
    invitation.times_sent += 1
    invitation.last_sent_at = timezone.now()
    invitation.save(update_fields=["times_sent", "last_sent_at", "expires_at"])
    queue_mail(
        kind=INVITATION_MAIL,
        subject=invitation.public_id,
        key=f"invitation:{invitation.public_id}:{invitation.times_sent}",
    )


def _expiry() -> datetime:
    return timezone.now() + timedelta(days=settings.EDS_INVITATION_DAYS)
