"""Starting an assessment: the list of its set-up, its dates, and what it takes over from the year before."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from eds.access.decide import access_of
from eds.access.http import attempt
from eds.access.table import Deed
from eds.assessments import domain
from eds.assessments.calendar import count_back
from eds.assessments.models import Assessment, Contributor, Panel, Round
from eds.pages.starting import ask_again, places_named_by_leads, set_up_tasks
from eds.pages.starting_forms import DatesForm, TakeOverForm
from eds.people.models import User
from eds.ui.views import answer


@login_required
@require_safe
def set_up(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Each part of the set-up: done, to do or not needed, with the page to change it on."""
    assessment = access_of(request).assessment(Deed.SET_UP, assessment_id)
    context = {
        "assessment": assessment,
        "tasks": set_up_tasks(assessment),
        "before": domain.year_before(assessment),
    }
    return render(request, "pages/set_up.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def dates(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """By when the report is signed off and published, and the dates counted back from that."""
    assessment = access_of(request).assessment(Deed.SET_UP, assessment_id)
    suggested = count_back(assessment.publish_by) if assessment.publish_by else None
    form = DatesForm(
        request.POST if request.method == "POST" else None,
        current_version=assessment.version,
        initial={
            "publish_by": assessment.publish_by,
            "sign_off_by": assessment.sign_off_by or (suggested.sign_off_by if suggested else None),
        },
    )
    if request.method == "POST" and form.is_valid():
        publish_by = form.cleaned_data["publish_by"]
        saved = attempt(
            form,
            lambda: domain.set_dates(
                actor=request.user,  # type: ignore[arg-type]
                assessment=assessment,
                sign_off_by=form.cleaned_data["sign_off_by"] or count_back(publish_by).sign_off_by,
                publish_by=publish_by,
                expected_version=int(form.current_version),
            ),
        )
        if saved:
            messages.success(request, "The dates are saved.")
            return redirect("set-up", assessment.public_id)
    rounds = list(Round.objects.filter(assessment=assessment))
    context = {"assessment": assessment, "suggested": suggested, "rounds": rounds}
    return answer(request, "pages/dates.html", context, form)


def _offers(before: Assessment) -> dict[str, dict[str, tuple[Any, str, str]]]:
    """Give what last year had, by field: under each key the row, its words and a hint. No reviewer is named (R21)."""
    panels = Panel.objects.filter(assessment=before).select_related("kind")
    contributors = (
        Contributor.objects.filter(assessed_outcome__assessment=before, ended_on__isnull=True)
        .select_related("user", "assessed_outcome__outcome", "assessed_outcome__service")
        .order_by("assessed_outcome__outcome__goal__position", "assessed_outcome__outcome__position", "pk")
    )
    return {
        "services": {each.public_id: (each, each.name, each.why_chosen) for each in before.services.all()},
        "panels": {
            each.public_id: (each, each.name, f"{each.kind}. Quorum {each.quorum}. {each.get_rule_display()}.")
            for each in panels
        },
        "rounds": {
            each.public_id: (each, each.name, "")
            for each in Round.objects.filter(assessment=before).select_related("named_panel")
        },
        "people": {
            each.public_id: (each, f"{each.user}: {each.get_role_display().lower()}, {each.panel}", "")
            for each in places_named_by_leads(before)
        },
        "contributors": {
            each.public_id: (each, f"{each.user} for {each.assessed_outcome}", each.for_what) for each in contributors
        },
    }


@login_required
@require_http_methods(["GET", "POST"])
def take_over(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Keep services, panels, rounds and lead contacts of the year before, and ask its chairs again; never a grade (R19)."""
    assessment = access_of(request).assessment(Deed.SET_UP, assessment_id)
    before = domain.year_before(assessment)
    offers = _offers(before) if before else {}
    form = TakeOverForm(request.POST if request.method == "POST" else None, offers=offers)
    if request.method == "POST" and form.is_valid():
        kept = domain.Kept(**{name: list(form.kept(name)) for name in offers if name != "people"})
        places = list(form.kept("people"))

        def verb() -> bool:
            assert isinstance(request.user, User)
            with transaction.atomic():
                domain.take_over(actor=request.user, assessment=assessment, kept=kept)
                ask_again(actor=request.user, assessment=assessment, places=places)
            return True

        if attempt(form, verb):
            asked = {0: "", 1: " One invitation is on its way."}.get(
                len(places), f" {len(places)} invitations are on their way."
            )
            messages.success(request, f"What you kept is here now.{asked} A panel needs a chair before it can grade.")
            return redirect("set-up", assessment.public_id)
    context = {"assessment": assessment, "before": before, "offers": any(offers.values())}
    return answer(request, "pages/take_over.html", context, form)
