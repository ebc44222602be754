"""An action's own page, how it goes, and whether panels felt it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from eds.access.decide import Access, access_of
from eds.access.http import attempt
from eds.access.table import Deed, Role
from eds.assessments.models import Panel
from eds.ui.views import answer
from objectives.libraries.queries import answered_by
from objectives.plan import domain, queries
from objectives.plan.fetching import action_to_feel, action_with_right
from objectives.plan.forms import FeltForm, ProgressWithProofForm
from objectives.plan.models import ActionOwner, ImprovementAction

from .keeping import _sent


@login_required
@require_safe
def action(request: HttpRequest, action_id: str) -> HttpResponse:
    """One action: what it says, who owns it, how it went, and who felt it."""
    access = access_of(request)
    found, owner = action_with_right(access, Deed.SEE_ACTIONS, action_id)
    outcome = found.assessed_outcome
    assessment = outcome.assessment
    history = queries.history_of(found)
    newest = next((said.update for said in history if said.update.action_id == found.pk), None)
    carried = queries.standing_actions().filter(carried_from=found).first()
    context = {
        "action": found,
        "outcome": outcome,
        "assessment": assessment,
        "owned": queries.Owned(found, newest),
        "owners": list(
            ActionOwner.objects.filter(action=found, ended_on__isnull=True).select_related("user").order_by("pk")
        ),
        "names": queries.sees_names(access, assessment),
        "history": history,
        "felt": queries.latest_felt([found]).get(found.pk, []),
        "national": answered_by(found),
        "says_felt": _panels_to_say(access, found) if carried is None else [],
        "carried_to": carried if carried and access.may(Deed.SEE_ACTIONS, carried.assessed_outcome) else None,
        "updates": carried is None and access.may_as(Deed.UPDATE_ACTION, assessment, *([Role.OWNER] if owner else [])),
        "sees_plan": access.may(Deed.SEE_PLAN, assessment),
        "sees_library": access.may(Deed.SEE_LIBRARY, assessment.organisation),
        "may": access.on(assessment),
    }
    return render(request, "objectives/plan/action.html", context)


def _panels_to_say(access: Access, action: ImprovementAction) -> list[Panel]:
    """Give the panels for which the person may say whether they felt an action (one query at most)."""
    assessment = action.assessed_outcome.assessment
    chaired = [pk for pk, role in access.standing(assessment).places.items() if role is Role.CHAIR]
    if not chaired:
        return []
    rows = Panel.objects.filter(pk__in=chaired, remit__assessed_outcome=action.assessed_outcome_id)
    panels = list(rows.select_related("assessment__organisation", "assessment__framework").order_by("name"))
    return [panel for panel in panels if access.may(Deed.SAY_FELT, panel)]


@login_required
@require_http_methods(["GET", "POST"])
def progress(request: HttpRequest, action_id: str) -> HttpResponse:
    """Say how an action goes; what is done can come with evidence."""
    access = access_of(request)
    found, _ = action_with_right(access, Deed.UPDATE_ACTION, action_id)
    newest = queries.latest_updates([found]).get(found.pk)
    form = ProgressWithProofForm(
        _sent(request),
        request.FILES if request.method == "POST" else None,
        initial={"status": newest.status if newest else ""},
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.say_progress(
                actor=request.user,  # type: ignore[arg-type]
                action=found,
                status=form.cleaned_data["status"],
                words=form.cleaned_data["words"],
                proof=form.proof(),
            ),
        )
        if made:
            messages.success(request, "It is written down how the action goes.")
            return redirect("action", found.public_id)
    outcome = found.assessed_outcome
    context = {
        "outcome": outcome,
        "assessment": outcome.assessment,
        "title": "How does it go?",
        "quoted": found.text,
        "button": "Save how it goes",
        "back": reverse("action", args=[found.public_id]),
        "uploads": True,
        "sees_plan": access.may(Deed.SEE_PLAN, outcome.assessment),
    }
    return answer(request, "objectives/plan/form.html", context, form)


@login_required
@require_http_methods(["GET", "POST"])
def felt(request: HttpRequest, action_id: str, panel_id: str) -> HttpResponse:
    """Say for a panel whether it felt what an action was to change."""
    access = access_of(request)
    found, panel, place = action_to_feel(access, action_id, panel_id)
    of_its_year = panel.assessment_id == found.assessed_outcome.assessment_id
    back = reverse("action", args=[found.public_id])
    if not of_its_year:
        back = f"{reverse('audit', args=[panel.assessment.public_id])}#{place.public_id}"
    form = FeltForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.say_felt(
                actor=request.user,  # type: ignore[arg-type]
                action=found,
                panel=panel,
                answer=form.cleaned_data["answer"],
                words=form.cleaned_data["words"],
            ),
        )
        if made:
            messages.success(request, "What your panel felt stands beside the owner’s word.")
            return redirect(back)
    context = {
        "outcome": found.assessed_outcome,
        "assessment": found.assessed_outcome.assessment,
        "title": f"Did {panel} feel it?",
        "quoted": found.text,
        "button": "Save what your panel felt",
        "back": back,
        "sees_plan": of_its_year,
    }
    return answer(request, "objectives/plan/form.html", context, form)
