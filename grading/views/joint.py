"""The joint grade of panels that differ: written by one chair, answered by the others (R5)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from eds.access.decide import access_of
from eds.access.http import attempt
from eds.access.table import Deed
from eds.assessments.models import AssessedOutcome, Panel
from eds.frameworks.queries import grades_of
from eds.ui import unsaved
from eds.ui.views import answer
from grading import domain, queries
from grading.forms import CONFIRM, JointAnswerForm, JointGradeForm


def _context(outcome: AssessedOutcome, panel: Panel) -> dict[str, Any]:
    by_panel = queries.current_panel_grades([outcome])
    state = queries.joint_states([outcome], by_panel).get(outcome.pk)
    return {
        "outcome": outcome,
        "panel": panel,
        "state": state,
        "panel_grades": list(by_panel[outcome.pk].values()),
        "why_not": "" if state else domain.why_no_joint_grade(outcome),
    }


@login_required
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, outcome_id: str, panel_id: str) -> HttpResponse:
    """Write a joint grade for all panels, by one of their chairs."""
    outcome, panel = access_of(request).panel_of(Deed.WRITE_JOINT_GRADE, outcome_id, panel_id)
    context = _context(outcome, panel)
    last = context["state"].written if context["state"] else None
    form = JointGradeForm(
        request.POST if request.method == "POST" else None,
        grades=list(grades_of(outcome.assessment.revision)),
        current_version=last.seq if last else 0,
        current_text={"reason": last.reason} if last else {},
        initial={"grade": last.grade.code, "reason": last.reason} if last else {},
    )
    if kept_text := unsaved.answer(request, form):
        return kept_text
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.write_joint_grade(
                actor=request.user,  # type: ignore[arg-type]
                assessed_outcome=outcome,
                panel=panel,
                grade=form.cleaned_data["grade"],
                reason=form.cleaned_data["reason"],
                expected_seq=int(form.current_version),
            ),
        )
        if made:
            unsaved.forget(request)
            messages.success(
                request, f"The joint grade for {outcome} is written. The other chairs are asked to confirm it."
            )
            return redirect("outcome", outcome.public_id)
    return answer(request, "grading/joint_grade.html", context, form)


@login_required
@require_http_methods(["GET", "POST"])
def reply(request: HttpRequest, outcome_id: str, panel_id: str) -> HttpResponse:
    """Confirm or decline the joint grade that another panel's chair wrote."""
    outcome, panel = access_of(request).panel_of(Deed.WRITE_JOINT_GRADE, outcome_id, panel_id)
    context = _context(outcome, panel)
    state = context["state"]
    form = JointAnswerForm(
        request.POST if request.method == "POST" else None,
        current_version=state.written.seq if state and state.written else 0,
    )
    if kept_text := unsaved.answer(request, form):
        return kept_text
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.answer_joint_grade(
                actor=request.user,  # type: ignore[arg-type]
                assessed_outcome=outcome,
                panel=panel,
                confirmed=form.cleaned_data["answer"] == CONFIRM,
                reason=form.cleaned_data["reason"],
                expected_seq=int(form.current_version),
            ),
        )
        if made:
            unsaved.forget(request)
            messages.success(request, f"Your answer to the joint grade for {outcome} is saved.")
            return redirect("outcome", outcome.public_id)
    return answer(request, "grading/joint_answer.html", context, form)
