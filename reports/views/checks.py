"""The checks before publishing, and answering them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from eds.access.decide import access_of
from eds.access.http import attempt
from eds.access.table import Deed
from eds.ui.views import answer
from reports import domain
from reports.checks import Check, Kind, Result, all_checks, run_checks
from reports.forms import AnswerForm
from reports.forms.checks import value_of

Group = tuple[Check, list[Result]]


@login_required
@require_safe
def checks(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """What stops the report, what must be answered, what is worth knowing."""
    access = access_of(request)
    assessment = access.assessment(Deed.SEE_CHECKS, assessment_id)
    checked = run_checks(assessment)
    context = {
        "assessment": assessment,
        "may": access.on(assessment),
        "checked": checked,
        "stops": _by_check(checked.stops),
        "open": _by_check(checked.open),
        "answered": _by_check(checked.answered),
        "worth_knowing": _by_check(checked.worth_knowing),
    }
    return render(request, "reports/checks.html", context)


def _by_check(results: Iterable[Result]) -> list[Group]:
    return [(check, list(mine)) for check, mine in groupby(results, key=lambda each: each.check)]


@login_required
@require_http_methods(["GET", "POST"])
def answer_check(request: HttpRequest, assessment_id: str, check_id: str) -> HttpResponse:
    """Answer what one check found; several things at once where the answer is the same."""
    assessment = access_of(request).assessment(Deed.ANSWER_CHECKS, assessment_id)
    check = next((each for each in all_checks() if each.id == check_id and each.kind is Kind.ASK), None)
    if check is None:
        raise Http404
    results = run_checks(assessment).of(check_id)
    about = request.GET.get("about", "")
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        results=results,
        initial={"findings": [value_of(each) for each in results if each.finding.key == about or len(results) == 1]},
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: domain.answer_checks(
                actor=request.user,  # type: ignore[arg-type]
                assessment=assessment,
                check_id=check_id,
                seen=form.seen(),
                text=form.cleaned_data["text"],
            ),
        )
        if done:
            messages.success(request, "Your answer is kept.")
            return redirect("checks", assessment.public_id)
    context = {"assessment": assessment, "check": check, "results": results}
    return answer(request, "reports/check_answer.html", context, form)
