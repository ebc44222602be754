"""What would move an outcome up, as a list that the lead turns into actions."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from objectives.plan import domain
from objectives.plan.suggestions import suggestions_for

from .keeping import outcome_of_plan

TAKE = "take"


@login_required
@require_http_methods(["GET", "POST"])
def suggestions(request: HttpRequest, outcome_id: str) -> HttpResponse:
    """Show what would move an outcome up; a button makes an action of it, which can be changed then."""
    outcome = outcome_of_plan(request, outcome_id)
    suggested = suggestions_for(outcome)
    if request.method == "POST":
        wanted = request.POST.get(TAKE, "")
        found = next((each for each in suggested.found if each.key == wanted), None)
        if found is None:
            raise Http404
        if found.taken:
            messages.success(request, "That is in the plan already.")
            return redirect("plan-suggestions", outcome.public_id)
        action = domain.add_action(
            actor=request.user,  # type: ignore[arg-type]
            assessed_outcome=outcome,
            content=domain.ActionText(
                found.text[: domain.LONGEST],
                due=found.due,
                characteristics=[found.characteristic] if found.characteristic else (),
            ),
            source=found.source,
            source_words=found.words,
        )
        messages.success(
            request, "It is in the plan now. Say here what exactly is done, and by when. Then name its owner."
        )
        return redirect("action-edit", action.public_id)
    context = {"outcome": outcome, "assessment": outcome.assessment, "suggested": suggested}
    return render(request, "objectives/plan/suggestions.html", context)
