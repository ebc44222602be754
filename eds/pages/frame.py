"""What stands around every page: the menu, the foot, and whose organisation one works for."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from eds.access.decide import access_of
from eds.ui.menu import MenuItem


def menu(request: HttpRequest) -> list[MenuItem]:
    """Give the menu: no entry leads where this person may not go. No query for strangers, two for others."""
    planning = _is_planning(request)
    other = False if planning else None
    reports = MenuItem("Reports", reverse("public-reports"), other)
    if not request.user.is_authenticated:
        return [MenuItem("Home", reverse("home")), reports]
    entries = [MenuItem("Home", reverse("home")), MenuItem("Assessments", reverse("assessments"), other)]
    access = access_of(request)
    if access.libraries():
        entries.append(MenuItem("Evidence", reverse("libraries")))
    entries.append(MenuItem("Plan", reverse("plans"), planning or None))
    entries.append(reports)
    if access.keeps_people():
        entries.append(MenuItem("People", reverse("your-people")))
    return entries


def _is_planning(request: HttpRequest) -> bool:
    """Say whether a page belongs to plans and objectives, whose addresses begin with what each is about."""
    match = request.resolver_match
    if match is None:
        return False
    return match.func.__module__.startswith("objectives.") or (match.url_name or "").startswith(
        ("objectives-", "audit")
    )


def footer(request: HttpRequest) -> list[MenuItem]:
    """Give the links at the foot of every page."""
    links = [MenuItem("What words mean", reverse("glossary"))]
    if settings.DEMO:
        links += [MenuItem("The demo's people", reverse("demo")), MenuItem("The demo's mails", reverse("demo-mails"))]
    if access_of(request).may_load_criteria():
        links.append(MenuItem("Official criteria", reverse("criteria-editions")))
    if access_of(request).may_see_failed_mails():
        links.append(MenuItem("Mails that failed", reverse("failed-mails")))
    return links


def organisation(request: HttpRequest) -> str | None:
    """Give the name of the organisation that the person belongs to."""
    found = access_of(request).home_organisation()
    return found.name if found else None
