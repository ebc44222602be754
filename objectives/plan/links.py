"""Mailed links to say how one action goes: made when their mail is sent, looked at without effect, used by one POST."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from eds.jobs.letters import site_url
from eds.people.links import LinkClosed, LinkState, hash_of
from eds.people.models import User

from .models import ActionOwner, ImprovementAction, ProgressLink

__all__ = ["LINK_DAYS", "LinkClosed", "LinkState", "find", "issue"]

LINK_DAYS = 45


def issue(action: ImprovementAction, user: User) -> str:
    """Make a link for one owner of one action, and give its full address."""
    token = secrets.token_urlsafe(32)
    ProgressLink.objects.create(
        token_hash=hash_of(token), action=action, user=user, expires_at=timezone.now() + timedelta(days=LINK_DAYS)
    )
    # In the query, not in the path: paths of refused requests stand in logs.
    return site_url(f"{reverse('progress-link')}?{urlencode({'key': token})}")


def find(token: str) -> tuple[ProgressLink | None, LinkState]:
    """Look at a link without using it: it dies with the ownership, the action, or its carrying over."""
    link = (
        ProgressLink.objects.select_related(
            "user",
            "action__assessed_outcome__assessment__organisation",
            "action__assessed_outcome__assessment__framework",
            "action__assessed_outcome__outcome__goal",
            "action__assessed_outcome__service",
            "action__assessed_outcome__round",
        )
        .filter(token_hash=hash_of(token))
        .first()
        if token
        else None
    )
    if link is None:
        return None, LinkState.UNKNOWN
    if link.used_at is not None:
        return link, LinkState.USED
    if link.expires_at <= timezone.now():
        return link, LinkState.EXPIRED
    owns = ActionOwner.objects.filter(action=link.action, user=link.user, ended_on__isnull=True).exists()
    carried = ImprovementAction.objects.filter(carried_from=link.action, removed=False).exists()
    if not link.user.is_active or not owns or link.action.removed or carried:
        return link, LinkState.ENDED
    return link, LinkState.OPEN
