"""When somebody was here before. One row a person, written at most once an hour and never with each request."""

from __future__ import annotations

import datetime

from django.utils import timezone

from .models import User, Visit

ONE_VISIT = datetime.timedelta(hours=1)


def last_visit(user: User) -> datetime.datetime | None:
    """Note that somebody is here, and give when they were here the time before; None at their first visit."""
    now = timezone.now()
    visit, first = Visit.objects.get_or_create(user=user, defaults={"seen_at": now})
    if first or now - visit.seen_at < ONE_VISIT:
        return visit.before
    # Of two requests at once one writes; both mean the same.
    Visit.objects.filter(pk=visit.pk, seen_at=visit.seen_at).update(before=visit.seen_at, seen_at=now)
    return visit.seen_at
