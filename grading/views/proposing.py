"""The organisation's proposal."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from eds.access.decide import access_of
from eds.access.http import attempt, shows_conflict
from eds.access.table import Deed
from eds.frameworks.models import Factor
from eds.frameworks.queries import grades_of
from eds.ui import unsaved
from eds.ui.views import answer
from evidence.queries import cited_evidence
from grading import domain, queries
from grading.forms import ProposalForm

from .back import came_from


@login_required
@require_http_methods(["GET", "POST"])
@shows_conflict
def propose(request: HttpRequest, outcome_id: str) -> HttpResponse:
    """Propose the organisation's grade for an outcome."""
    access = access_of(request)
    outcome = access.outcome(Deed.PROPOSE_GRADE, outcome_id)
    revision = outcome.assessment.revision
    last = queries.latest_proposal(outcome)
    form: ProposalForm = ProposalForm(
        request.POST if request.method == "POST" else None,
        grades=list(grades_of(revision)),
        factors=list(Factor.objects.filter(revision=revision).order_by("position")),
        last=last,
        ask=lambda grade, data: domain.questions_for(outcome, grade, given_factors=form.given_factors(data)),
        earlier=last.answers if last else (),
        current_version=last.seq if last else 0,
    )
    if kept_text := unsaved.answer(request, form):
        return kept_text
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.propose_grade(
                actor=request.user,  # type: ignore[arg-type]
                assessed_outcome=outcome,
                grade=form.cleaned_data["grade"],
                reasons=form.reasons(),
                conclusion=form.cleaned_data["conclusion"],
                reason=form.cleaned_data.get("reason", ""),
                answers=form.answers(),
                expected_seq=int(form.current_version),
            ),
        )
        if made:
            unsaved.forget(request)
            messages.success(request, f"The proposed grade for {outcome} is saved.")
            return redirect(came_from(request, outcome))
    context = {
        "outcome": outcome,
        "last": last,
        "evidence": cited_evidence(outcome, access),
        "back_url": came_from(request, outcome),
    }
    return answer(request, "grading/propose.html", context, form)
