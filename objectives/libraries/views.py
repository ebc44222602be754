"""Pages of national plans: what answers each item, and the form that links one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from eds.access.decide import access_of
from eds.access.http import attempt
from eds.access.table import Deed
from eds.people.models import Organisation
from eds.ui.views import answer
from objectives.equality.fetching import objective_with_right
from objectives.equality.models import EqualityObjective
from objectives.plan.fetching import action_with_right
from objectives.plan.models import ImprovementAction

from . import queries
from .domain import answer_items
from .forms import AnswersItemsForm
from .models import NationalLink


@login_required
@require_safe
def national(request: HttpRequest, organisation_id: str) -> HttpResponse:
    """What national plans ask for, which objectives and actions answer it, and which high impact action has none.

    A care board sees besides what the organisations of its system have published: its local plan.
    """
    access = access_of(request)
    organisation = access.organisation(Deed.FOLLOW_PLANS, organisation_id)
    context = {
        "organisation": organisation,
        "libraries": queries.overview([organisation], access=access),
        "members": queries.members_of(organisation),
    }
    return render(request, "objectives/national.html", context)


@login_required
@require_safe
def local_plan(request: HttpRequest, organisation_id: str) -> HttpResponse:
    """A care board's local plan: what the organisations of its system have published for each item."""
    organisation = access_of(request).organisation(Deed.FOLLOW_PLANS, organisation_id)
    members = queries.members_of(organisation)
    if not members:
        raise Http404
    context = {"organisation": organisation, "members": members, "libraries": queries.overview(members, public=True)}
    return render(request, "objectives/local_plan.html", context)


def _subject(
    request: HttpRequest, kind: str, public_id: str
) -> tuple[Organisation, EqualityObjective | ImprovementAction]:
    """Fetch what is to be linked, for whoever writes it. What is hidden from the person does not exist (R3)."""
    if kind == "objective":
        found = objective_with_right(request, public_id, Deed.KEEP_OBJECTIVES).objective
        if found.withdrawn:
            raise Http404
        return found.organisation, found
    action, _ = action_with_right(access_of(request), Deed.KEEP_PLAN, public_id)
    return action.assessed_outcome.assessment.organisation, action


@login_required
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, kind: str, subject_id: str) -> HttpResponse:
    """Say which items an objective or an action answers."""
    organisation, subject = _subject(request, kind, subject_id)
    of = {kind: subject}
    linked = set(NationalLink.objects.filter(removed=False, **of).values_list("item", flat=True))
    form = AnswersItemsForm(request.POST if request.method == "POST" else None, linked=linked)
    if request.method == "POST" and form.is_valid():
        chosen = attempt(form, lambda: answer_items(actor=request.user, subject=subject, keys=form.chosen()))  # type: ignore[arg-type]
        if chosen is not None:
            messages.success(request, "Saved: what this answers.")
            return redirect(kind, subject.public_id)
    context = {"organisation": organisation, "subject": subject, "kind": kind}
    return answer(request, "objectives/national_link.html", context, form)
