"""Where both sides speak, and what no panel graded."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from eds.access.decide import access_of
from eds.access.http import attempt
from eds.access.table import Deed
from eds.assessments.models import AssessedOutcome, Panel
from eds.ui import unsaved
from eds.ui.views import answer
from grading import domain, queries
from grading.forms import NotGradedForm, StatementForm
from grading.models import Statement

from .back import came_from


@login_required
@require_http_methods(["GET", "POST"])
def statement(request: HttpRequest, outcome_id: str) -> HttpResponse:
    """Give the organisation's statement where the grades differ."""
    outcome = access_of(request).outcome(Deed.STATE_FOR_ORGANISATION, outcome_id)
    return _statement(request, outcome, Statement.Side.ORGANISATION, None)


@login_required
@require_http_methods(["GET", "POST"])
def local_statement(request: HttpRequest, outcome_id: str, panel_id: str) -> HttpResponse:
    """Give the local interests' statement, by the chair of a panel that graded the outcome."""
    outcome, panel = access_of(request).panel_of(Deed.STATE_FOR_LOCAL_INTERESTS, outcome_id, panel_id)
    return _statement(request, outcome, Statement.Side.LOCAL_INTERESTS, panel)


def _statement(request: HttpRequest, outcome: AssessedOutcome, side: str, panel: Panel | None) -> HttpResponse:
    grades = queries.outcome_grades([outcome], access_of(request))[outcome.pk]
    earlier = next(
        (said for said in grades.statements if said.side == side and said.panel_id == (panel.pk if panel else None)),
        None,
    )
    form = StatementForm(
        request.POST if request.method == "POST" else None, initial={"text": earlier.reason if earlier else ""}
    )
    if kept_text := unsaved.answer(request, form):
        return kept_text
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.give_statement(
                actor=request.user,  # type: ignore[arg-type]
                assessed_outcome=outcome,
                side=side,
                panel=panel,
                text=form.cleaned_data["text"],
            ),
        )
        if made:
            unsaved.forget(request)
            messages.success(request, f"The statement on {outcome} is saved.")
            return redirect(came_from(request, outcome))
    context = {"outcome": outcome, "panel": panel, "grades": grades, "back_url": came_from(request, outcome)}
    return answer(request, "grading/statement.html", context, form)


@login_required
@require_http_methods(["GET", "POST"])
def not_graded(request: HttpRequest, outcome_id: str) -> HttpResponse:
    """Record that an outcome is not graded by local interests."""
    outcome = access_of(request).outcome(Deed.RECORD_NOT_GRADED, outcome_id)
    form = NotGradedForm(request.POST if request.method == "POST" else None)
    if kept_text := unsaved.answer(request, form):
        return kept_text
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.record_not_graded(
                actor=request.user,  # type: ignore[arg-type]
                assessed_outcome=outcome,
                reason=form.cleaned_data["reason"],
            ),
        )
        if made:
            unsaved.forget(request)
            messages.success(request, f"{outcome} is recorded as not graded by local interests.")
            return redirect(came_from(request, outcome))
    context = {"outcome": outcome, "back_url": came_from(request, outcome)}
    return answer(request, "grading/not_graded.html", context, form)
