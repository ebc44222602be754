"""The front door: home for people who are signed in, a start page for everybody else, and the demo's log-in page."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from eds.access.decide import access_of
from eds.access.table import Deed
from eds.assessments.models import State
from eds.pages import queries
from eds.pages.demo.people import PEOPLE, TRUST
from eds.pages.demo.tour import STEPS, TOUR
from eds.people.models import User
from eds.people.visits import last_visit
from eds.ui.glossary import terms
from reports.objectives.queries import publishers
from reports.queries import newest_publications

MANY = 10


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What you need to do, or the start page for somebody who is not signed in."""
    if not request.user.is_authenticated:
        published = list(newest_publications()[:5])
        return render(request, "pages/start.html", {"published": published, "demo": settings.DEMO})
    access = access_of(request)
    assessments = access.all_assessments()
    active = [each for each in assessments if each.state != State.PUBLISHED]
    access.remember(assessments)
    organisations = access.all_organisations()
    access.remember_organisations(organisations)
    tasks = [
        *queries.home_tasks(access, active),
        *queries.objective_tasks(access, organisations),
        *queries.owned_tasks(access),
    ]
    since = last_visit(request.user)
    context = {
        "tasks": [task.item for task in queries.soonest_first(tasks)],
        "to_write": queries.to_write(access, active),
        "since": since,
        "news": queries.news(access, assessments, since),
        "lines": queries.assessment_lines(access, assessments[:MANY]),
        "came_of": queries.came_of_reviews(access, assessments[:MANY]),
        "with_objectives": [each for each in organisations if access.may(Deed.SEE_OBJECTIVES, each)][:5],
        "led": [each for each in organisations if access.may(Deed.OPEN_ASSESSMENT, each)][:5],
    }
    return render(request, "pages/home.html", context)


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """The words of the field in plain words, for everybody."""
    return render(request, "pages/glossary.html", {"terms": terms().values()})


@never_cache
@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """What to try first, and the demo's people to log in as. Only where the demo is switched on."""
    if not settings.DEMO:
        raise Http404
    users = User.objects.filter(email__in=[person.email for person in PEOPLE]).in_bulk(field_name="email")
    people = [(person, users[person.email]) for person in PEOPLE if person.email in users]
    by_key = {person.key: user for person, user in people}
    context = {
        "people": people,
        "tour": [(step, by_key[step.person]) for step in TOUR if step.person in by_key],
        "published": list(newest_publications().filter(assessment__organisation__name=TRUST)[:2]),
        "publishers": list(publishers().filter(name=TRUST)),
    }
    return render(request, "pages/demo.html", context)


@require_POST
def demo_enter(request: HttpRequest, user_id: str) -> HttpResponse:
    """Log in as one of the demo's people. Only where the demo is switched on, and only as one of those.

    `next` is the key of a step of the tour, and leads there; anything else leads home.
    """
    if not settings.DEMO:
        raise Http404
    user = get_object_or_404(User, public_id=user_id, email__in=[person.email for person in PEOPLE])
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    step = STEPS.get(request.POST.get("next", ""))
    if step is None:
        return redirect("home")
    try:
        return redirect(step.place())
    except ObjectDoesNotExist:  # somebody has changed the demo since
        return redirect("home")
