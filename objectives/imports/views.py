"""Pages for bringing in a plan: choose the file, answer what it leaves open, look at it, write it or throw it away."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from eds.access.decide import access_of
from eds.access.http import attempt
from eds.access.table import Deed
from eds.assessments.models import Assessment
from eds.history.errors import DomainError
from eds.ui.views import answer

from . import domain
from .forms import AnswersForm, PlanFileForm
from .models import PlanImport


def _fetch(request: HttpRequest, assessment_id: str, import_id: str) -> tuple[Assessment, PlanImport]:
    assessment = access_of(request).assessment(Deed.KEEP_PLAN, assessment_id)
    found = PlanImport.objects.filter(
        assessment=assessment, public_id=import_id, confirmed_at__isnull=True
    ).select_related("assessment")
    plan_import = found.first()
    if plan_import is None:
        raise Http404
    return assessment, plan_import


@login_required
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Choose the file of an existing plan; it is read and nothing of it is written."""
    assessment = access_of(request).assessment(Deed.KEEP_PLAN, assessment_id)
    form = PlanFileForm(request.POST, request.FILES) if request.method == "POST" else PlanFileForm()
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.begin(
                actor=request.user,  # type: ignore[arg-type]
                assessment=assessment,
                uploaded=form.cleaned_data["file"],
            ),
        )
        if made:
            return redirect("plan-import", assessment.public_id, made.public_id)
    waiting = list(PlanImport.objects.filter(assessment=assessment, confirmed_at__isnull=True))
    return answer(request, "objectives/import_choose.html", {"assessment": assessment, "waiting": waiting}, form)


@login_required
@require_http_methods(["GET", "POST"])
def look(request: HttpRequest, assessment_id: str, import_id: str) -> HttpResponse:
    """Answer what a file leaves open, and look at the plan that it would become."""
    assessment, plan_import = _fetch(request, assessment_id, import_id)
    found = domain.preview(plan_import)
    form = AnswersForm(
        request.POST if request.method == "POST" else None, questions=found.questions, answers=plan_import.answers
    )
    if request.method == "POST" and form.is_valid():
        kept = attempt(form, lambda: domain.keep_answers(plan_import=plan_import, answers=form.given()))
        if kept:
            left = len(domain.preview(kept).open)
            words = "Every question is answered." if not left else "1 is open." if left == 1 else f"{left} are open."
            messages.success(request, f"Your answers are kept. {words}")
            return redirect("plan-import", assessment.public_id, plan_import.public_id)
    context = {
        "assessment": assessment,
        "plan_import": plan_import,
        "found": found,
        "outcomes": domain.table(found),
        "pictures": [{"name": name, "data": data} for name, data in plan_import.pictures],
    }
    return answer(request, "objectives/import_look.html", context, form)


@login_required
@require_POST
def confirm(request: HttpRequest, assessment_id: str, import_id: str) -> HttpResponse:
    """Write the plan."""
    assessment, plan_import = _fetch(request, assessment_id, import_id)
    try:
        plan = domain.confirm(actor=request.user, plan_import=plan_import)  # type: ignore[arg-type]
    except DomainError as no:
        messages.error(request, no.sentence)
        return redirect("plan-import", assessment.public_id, plan_import.public_id)
    objectives, actions = plan.counts
    counted = (
        f"{objectives} objective{'' if objectives == 1 else 's'} and {actions} action{'' if actions == 1 else 's'}"
    )
    messages.success(request, f"The plan is brought in: {counted}.")
    return redirect("plan", assessment.public_id)


@login_required
@require_POST
def throw_away(request: HttpRequest, assessment_id: str, import_id: str) -> HttpResponse:
    """Forget what was read of a file."""
    assessment, plan_import = _fetch(request, assessment_id, import_id)
    domain.throw_away(plan_import=plan_import)
    messages.success(request, "What was read of the file is thrown away. Nothing of it is in the plan.")
    return redirect("plan-import-new", assessment.public_id)
