"""Assessments: the list, opening one, the board, and moving rounds."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from eds.access.decide import access_of
from eds.access.http import attempt
from eds.access.table import Deed
from eds.assessments import contracts, domain, rules
from eds.assessments.models import Panel, Phase, State
from eds.frameworks.criteria import latest_set
from eds.frameworks.models import Framework
from eds.frameworks.queries import latest_revision
from eds.history.models import today
from eds.pages import queries
from eds.pages.forms import MovePhaseForm, OpenAssessmentForm
from eds.pages.starting import services_words
from eds.ui.views import answer
from evidence.warnings import evidence_warnings
from grading.queries import panel_numbers
from reports.checks import run_checks

A_PAGE = 25


@login_required
@require_safe
def assessments(request: HttpRequest) -> HttpResponse:
    """The assessments that this person has a part in."""
    access = access_of(request)
    found = access.assessments().select_related("organisation", "framework")
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "pages/assessments.html", {"page_obj": page})


@login_required
@require_http_methods(["GET", "POST"])
def open_assessment(request: HttpRequest, organisation_id: str) -> HttpResponse:
    """Open the yearly run of an edition."""
    organisation = access_of(request).organisation(Deed.OPEN_ASSESSMENT, organisation_id)
    form = OpenAssessmentForm(
        request.POST if request.method == "POST" else None,
        frameworks=Framework.objects.filter(revisions__isnull=False).distinct(),
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.open_assessment(
                actor=request.user,  # type: ignore[arg-type]
                organisation=organisation,
                revision=latest_revision(form.cleaned_data["edition"]),
                year=form.cleaned_data["year"],
                publish_by=form.cleaned_data["publish_by"],
            ),
        )
        if made:
            messages.success(request, f"{made} is open. Next, choose which outcomes are graded this year.")
            return redirect("take-over" if domain.year_before(made) else "set-up", made.public_id)
    return answer(request, "pages/open_assessment.html", {"organisation": organisation}, form)


@login_required
@require_safe
def board(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """The assessment board: where each round and outcome stands, and the next step."""
    access = access_of(request)
    assessment = access.assessment(Deed.SEE_ASSESSMENT, assessment_id)
    rounds = list(queries.rounds_of([assessment]))
    leads = bool(access.may(Deed.SEE_NUMBERS, assessment))
    numbers = panel_numbers(assessment) if leads else []
    checked = run_checks(assessment) if access.may(Deed.SEE_CHECKS, assessment) else None
    rows = queries.board_rows(assessment, access, numbers, checked)
    graded = [row for row in rows if row.outcome.scope == "in_scope"]
    needing = [row for row in graded if row.needs]
    shows_evidence = any(row.citations is not None or row.open_questions for row in rows)
    shows_grades = any(row.proposal or row.result or row.numbers for row in rows)
    only_needs = leads and request.GET.get("show") == "needs"
    context = {
        "assessment": assessment,
        "may": access.on(assessment),
        "leads": leads,
        "rounds": [(round_, queries.phase_steps(round_)) for round_ in rounds],
        "step": queries.next_step(assessment, rounds) if access.may(Deed.MOVE_PHASE, assessment) else None,
        "tasks": [] if leads else [task.item for task in queries.home_tasks(access, [assessment])],
        "goals": queries.by_goal(needing if only_needs else graded),
        "graded": len(graded),
        "needing": len(needing),
        "only_needs": only_needs,
        "left_out": [row for row in rows if row.outcome.scope != "in_scope"],
        "numbers": numbers,
        "my_panels": list(Panel.objects.filter(pk__in=access.standing(assessment).places)),
        "reviews": any(access.standing(assessment).reviews_in(row.outcome.pk) for row in rows),
        "shows_results": any(row.result for row in rows),
        "shows_evidence": shows_evidence,
        "shows_grades": shows_grades,
        "columns": 2 + shows_evidence + shows_grades + bool(needing),
        "checked": checked,
        "overdue": assessment.state != State.PUBLISHED
        and assessment.publish_by is not None
        and assessment.publish_by < today(),
        "versions": assessment.publications.defer("content").order_by("-seq"),
    }
    return render(request, "pages/board.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def move_round(request: HttpRequest, round_id: str) -> HttpResponse:
    """Move a round on, or back with a reason; first what still stands in the way."""
    round_ = access_of(request).round(Deed.MOVE_PHASE, round_id)
    onward, back = rules.next_phase(round_.phase), rules.previous_phase(round_.phase)
    goes_back = back is not None and request.POST.get("to_phase", request.GET.get("to")) == back.value
    target = back if goes_back else onward
    if target is None:
        target, goes_back = back, True
    if target is None:
        raise Http404
    form = MovePhaseForm(
        request.POST if request.method == "POST" else None,
        back=goes_back,
        initial={"to_phase": target.value, "from_phase": round_.phase},
    )
    if request.method == "POST" and form.is_valid():
        moved = attempt(
            form,
            lambda: domain.move_phase(
                actor=request.user,  # type: ignore[arg-type]
                round=round_,
                to_phase=form.cleaned_data["to_phase"],
                from_phase=form.cleaned_data["from_phase"],
                reason=form.cleaned_data.get("reason", ""),
            ),
        )
        if moved:
            messages.success(request, f"“{moved}” is {moved.get_phase_display().lower()} now.")
            return redirect("assessment", round_.assessment.public_id)
    opens = target == Phase.REVIEWING and not goes_back
    context = {
        "round": round_,
        "assessment": round_.assessment,
        "target": target,
        "goes_back": goes_back,
        "back": back,
        "onward": onward,
        "unmet": [] if goes_back else contracts.unmet_conditions(round_, target),
        "numbers": panel_numbers(round_.assessment) if round_.phase == Phase.REVIEWING else [],
        "evidence_warnings": evidence_warnings(round_) if opens else [],
        "services_words": services_words(round_) if opens else "",
        "lacks_criteria": opens and latest_set(round_.assessment.revision) is None,
        "without_panel": queries.without_panel(round_) if opens else [],
    }
    return answer(request, "pages/move_round.html", context, form)
