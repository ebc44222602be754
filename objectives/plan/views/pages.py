"""The plan as people read it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from eds.access.decide import access_of
from eds.access.table import Deed
from objectives.plan import queries, table
from objectives.plan.models import Status


@login_required
@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """What somebody owns, and the plans that they may read."""
    access = access_of(request)
    assessments = list(access.assessments().select_related("organisation", "framework", "revision"))
    access.remember(assessments)
    owned = queries.owned_by(access)
    context = {
        "owned": [each for each in owned if each.is_open],
        "ended": [each for each in owned if not each.is_open],
        "plans": [each for each in assessments if access.may(Deed.SEE_PLAN, each)],
    }
    return render(request, "objectives/plan/plans.html", context)


@login_required
@require_safe
def plan(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """The plan of an assessment: what is late, what is due this month, then all by domain and outcome or otherwise."""
    access = access_of(request)
    assessment = access.assessment(Deed.SEE_PLAN, assessment_id)
    found = queries.plan_of(assessment, access)
    names = ("by", "domain", "outcome", "objective", "owner", "month", "group", "state")
    asked = {name: request.GET.get(name, "") for name in names}
    wanted = table.Wanted(**asked | {"by": asked["by"] if asked["by"] in table.GROUPINGS else "domain"})
    lines = table.kept(found.lines, wanted)
    keeps = bool(access.may(Deed.KEEP_PLAN, assessment))
    outcomes = [each for each in queries.outcomes_of(assessment) if each.scope == "in_scope"] if keeps else []
    planned = {line.outcome_id for line in found.lines}
    context = {
        "assessment": assessment,
        "plan": found,
        "wanted": wanted,
        "filtered": bool(wanted.filters),
        "sections": table.sections(lines, wanted.by),
        "shown": len(lines),
        "choices": table.choices(found.lines),
        "groupings": table.GROUPINGS.items(),
        "outcomes": outcomes,
        "unplanned": [each for each in outcomes if each.public_id not in planned],
        "may": access.on(assessment),
        "done": Status.DONE.value,
    }
    return render(request, "objectives/plan/plan.html", context)
