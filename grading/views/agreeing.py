"""Where both sides speak, and what no panel graded."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from eds.access.decide import access_of
from eds.access.http import attempt, shows_conflict
from eds.access.table import Deed
from eds.assessments.models import AssessedOutcome, Panel
from eds.ui import unsaved
from eds.ui.views import answer
from grading import domain, queries
from grading.forms import NotGradedForm
from grading.models import Statement
from grading.statements import statement_form

from .back import came_from


@login_required
@require_http_methods(["GET", "POST"])
@shows_conflict
def statement(request: HttpRequest, outcome_id: str) -> HttpResponse:
    """Give the organisation's statement where the grades differ."""
    outcome = access_of(request).outcome(Deed.STATE_FOR_ORGANISATION, outcome_id)
    return _statement(request, outcome, Statement.Side.ORGANISATION, None)


@login_required
@require_http_methods(["GET", "POST"])
@shows_conflict
def local_statement(request: HttpRequest, outcome_id: str, panel_id: str) -> HttpResponse:
    """Give the local interests' statement, by the chair of a panel that graded the outcome."""
    outcome, panel = access_of(request).panel_of(Deed.STATE_FOR_LOCAL_INTERESTS, outcome_id, panel_id)
    return _statement(request, outcome, Statement.Side.LOCAL_INTERESTS, panel)


def _statement(request: HttpRequest, outcome: AssessedOutcome, side: str, panel: Panel | None) -> HttpResponse:
    grades = queries.outcome_grades([outcome], access_of(request))[outcome.pk]
    form = statement_form(grades, panel, request.POST if request.method == "POST" else None)
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
                expected_version=form.current_version,
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
@shows_conflict
def not_graded(request: HttpRequest, outcome_id: str) -> HttpResponse:
    """Record that an outcome is not graded by local interests."""
    outcome = access_of(request).outcome(Deed.RECORD_NOT_GRADED, outcome_id)
    last = queries.not_graded([outcome]).get(outcome.pk)
    form = NotGradedForm(
        request.POST if request.method == "POST" else None,
        current_version=last.seq if last else 0,
        current_text={"reason": last.reason} if last else {},
        initial={"reason": last.reason if last else ""},
    )
    if kept_text := unsaved.answer(request, form):
        return kept_text
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.record_not_graded(
                actor=request.user,  # type: ignore[arg-type]
                assessed_outcome=outcome,
                reason=form.cleaned_data["reason"],
                expected_seq=int(form.current_version),
            ),
        )
        if made:
            unsaved.forget(request)
            messages.success(request, f"{outcome} is recorded as not graded by local interests.")
            return redirect(came_from(request, outcome))
    context = {"outcome": outcome, "back_url": came_from(request, outcome)}
    return answer(request, "grading/not_graded.html", context, form)
