"""A person's calendar of actions: an iCalendar file behind a secret address, of which only the hash is kept."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from icalendar import Calendar, Event

from eds.access.decide import Access
from eds.jobs.letters import site_url
from eds.people.links import hash_of
from eds.people.models import User

from . import queries
from .models import CalendarAddress


def new_address(user: User) -> str:
    """Make a person's calendar address, and give it in full; the one before stops working."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        CalendarAddress.objects.filter(user=user).delete()
        CalendarAddress.objects.create(user=user, token_hash=hash_of(token))
    # In the query, not in the path: paths of refused requests stand in logs.
    return site_url(f"{reverse('plan-calendar-file')}?{urlencode({'key': token})}")


def owner_of(token: str) -> User | None:
    """Give whose calendar an address is; nobody's for a wrong or old one, or a closed account."""
    if not token:
        return None
    row = CalendarAddress.objects.filter(token_hash=hash_of(token), user__is_active=True).select_related("user").first()
    return row.user if row else None


def calendar_for(user: User) -> bytes:
    """Give the calendar of what somebody owns and may see."""
    return calendar_file(queries.owned_by(Access(user)), timezone.now())


def calendar_file(owned: Sequence[queries.Owned], now: datetime.datetime) -> bytes:
    """Give open actions with a month as all-day events on the last day of their month."""
    calendar = Calendar()
    calendar.add("prodid", "-//Equality Delivery System//Improvement plan//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Improvement plan: your actions")
    for each in owned:
        action = each.action
        if action.due is None or not each.is_open:
            continue
        assessment = action.assessed_outcome.assessment
        event = Event()
        event.add("uid", f"{action.public_id}@improvement-plan")
        event.add("dtstamp", now)
        event.add("dtstart", action.due.last_day)
        event.add("dtend", action.due.last_day + datetime.timedelta(days=1))
        event.add("summary", f"Due: {action.text}")
        event.add("description", f"{each.state_words}. Plan of {assessment}, {assessment.organisation}.")
        event.add("url", site_url(reverse("action", args=[action.public_id])))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return calendar.to_ical()
