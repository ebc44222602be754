"""One-time links: made when their mail is sent, looked at without effect, used by one POST."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.http import urlencode

from eds.history.errors import DomainError
from eds.jobs.clock import from_now
from eds.jobs.letters import site_url
from eds.jobs.outbox import queue_mail

from .models import Invitation, LinkRequest, OneTimeLink, User

SIGN_IN_MAIL = "people.sign-in"
REQUESTS_AN_ADDRESS = 3  # in a quarter of an hour; further ones are answered alike and send nothing
REQUESTS_A_PLACE = 60  # in an hour, for a whole office behind one network address
QUARTER_OF_AN_HOUR, HOUR, DAY = 900, 3_600, 86_400

PartFact = Callable[[User], bool]

_parts: list[PartFact] = []


class LinkState(StrEnum):
    """What became of a link."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    ENDED = "ended"
    UNKNOWN = "unknown"


class LinkClosed(DomainError):
    """The link does not work any more; `state` says why."""

    def __init__(self, state: LinkState) -> None:
        super().__init__("This link does not work any more.")
        self.state = state


class TooManyRequests(DomainError):
    """Too many links were asked for from one place."""


def part_fact(fact: PartFact) -> PartFact:
    """Register what says that a person has an open part somewhere, so that they may come in by a link (R22)."""
    if fact not in _parts:
        _parts.append(fact)
    return fact


def may_come_by_link(user: User) -> bool:
    """Say whether a sign-in link works for this person: it dies with the rounds that they are part of (R22)."""
    return user.is_active and any(fact(user) for fact in _parts)


def hash_of(token: str) -> str:
    """Give what is stored of a token. It has 256 random bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(token.encode()).hexdigest()


def issue_join_link(invitation: Invitation) -> str:
    """Make a link to an invitation, and give its full address. It lasts as long as the invitation."""
    return _issue(OneTimeLink.Purpose.JOIN, expires_at=invitation.expires_at, invitation=invitation)


def issue_link(purpose: OneTimeLink.Purpose, user: User) -> str:
    """Make a link that signs in or resets the password, and give its full address."""
    minutes = timedelta(minutes=settings.EDS_SIGN_IN_LINK_MINUTES)
    return _issue(purpose, expires_at=timezone.now() + minutes, user=user)


def _issue(purpose: OneTimeLink.Purpose, **values: object) -> str:
    token = secrets.token_urlsafe(32)
    OneTimeLink.objects.create(purpose=purpose, token_hash=hash_of(token), **values)
    # In the query, not in the path: paths of refused requests stand in logs.
    return site_url(f"{reverse('link')}?{urlencode({'key': token})}")


def find(token: str) -> tuple[OneTimeLink | None, LinkState]:
    """Look at a link without using it."""
    link = (
        OneTimeLink.objects.select_related("user", "invitation__invited_by").filter(token_hash=hash_of(token)).first()
    )
    if link is None:
        return None, LinkState.UNKNOWN
    if link.used_at is not None:
        return link, LinkState.USED
    invitation = link.invitation
    if link.ended_at is not None or (invitation is not None and invitation.withdrawn_at is not None):
        return link, LinkState.ENDED
    if invitation is not None and invitation.accepted_at is not None:
        return link, LinkState.USED
    if link.expires_at <= timezone.now():
        return link, LinkState.EXPIRED
    if link.user is not None and not _still_for(link.user, link.purpose):
        return link, LinkState.ENDED
    return link, LinkState.OPEN


def use(token: str) -> OneTimeLink:
    """Use a link up, in the caller's transaction: of two at once one gets it. Raises LinkClosed for the other."""
    link, state = find(token)
    if link is None or state is not LinkState.OPEN:
        raise LinkClosed(state)
    taken = OneTimeLink.objects.filter(
        pk=link.pk, used_at__isnull=True, ended_at__isnull=True, expires_at__gt=Now()
    ).update(used_at=Now())
    if not taken:
        raise LinkClosed(LinkState.USED)
    if link.user is not None:
        end_links(link.user)
    return link


def end_links(user: User) -> None:
    """End the open links of somebody who left; whoever still has a part elsewhere asks for a new one."""
    OneTimeLink.objects.filter(user=user, used_at__isnull=True, ended_at__isnull=True).update(ended_at=Now())


def end_invitation_links(invitation: Invitation) -> None:
    """End the open links to an invitation."""
    OneTimeLink.objects.filter(invitation=invitation, used_at__isnull=True, ended_at__isnull=True).update(
        ended_at=Now()
    )


def _still_for(user: User, purpose: str) -> bool:
    if not user.is_active:
        return False
    if purpose == OneTimeLink.Purpose.RESET and user.has_usable_password():
        return True
    return may_come_by_link(user)


def why_no_link(user: User | None, purpose: str) -> str:
    """Say why no link goes to somebody, or ""."""
    if user is None:
        return "Nobody has this address."
    return "" if _still_for(user, purpose) else "The person's part has ended."


def request_link(*, purpose: OneTimeLink.Purpose, email: str, came_from: str) -> None:
    """Ask for a link by mail, in the caller's transaction. Does the same for every address, known or not.

    Raises TooManyRequests where too many came from one place within an hour.
    """
    hashed = salted_hmac("eds.people.links", came_from, algorithm="sha256").hexdigest()
    if LinkRequest.objects.filter(came_from=hashed, asked_at__gte=from_now(-HOUR)).count() >= REQUESTS_A_PLACE:
        raise TooManyRequests("Too many links were asked for from where you are. Try again in an hour.")
    email = email.lower()
    lately = LinkRequest.objects.filter(email=email, asked_at__gte=from_now(-QUARTER_OF_AN_HOUR)).count()
    request = LinkRequest.objects.create(purpose=purpose, email=email, came_from=hashed)
    if lately < REQUESTS_AN_ADDRESS:
        queue_mail(kind=SIGN_IN_MAIL, subject=request.public_id, key=f"link:{request.public_id}")


def forget_requests() -> int:
    """Delete requests older than a day; gives how many."""
    return LinkRequest.objects.filter(asked_at__lt=from_now(-DAY)).delete()[0]
