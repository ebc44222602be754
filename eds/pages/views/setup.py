"""Setting up an assessment: scope, services, rounds."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from eds.access.decide import access_of
from eds.access.http import attempt
from eds.access.table import Deed
from eds.assessments import domain
from eds.assessments.calendar import count_back
from eds.assessments.models import (
    AssessedOutcome,
    Assessment,
    Panel,
    Phase,
    Round,
    Service,
)
from eds.history.models import today
from eds.pages.forms import (
    RoundForm,
    ScopeForm,
    ServiceForm,
    ServicesRulesForm,
)
from eds.pages.queries import outcomes_of
from eds.ui.views import answer


def preparing(outcomes: list[AssessedOutcome]) -> list[AssessedOutcome]:
    """Give those whose set-up may still change: their round has not opened."""
    return [each for each in outcomes if each.round is None or each.round.phase == Phase.PREPARING]


def in_scope(outcomes: list[AssessedOutcome]) -> list[AssessedOutcome]:
    """Give those that are graded this year."""
    return [each for each in outcomes if each.scope == "in_scope"]


@login_required
@require_http_methods(["GET", "POST"])
def scope(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Which outcomes are graded this year, and in which round."""
    assessment = access_of(request).assessment(Deed.SET_UP, assessment_id)
    outcomes = outcomes_of(assessment)
    form = ScopeForm(request.POST if request.method == "POST" else None, outcomes=preparing(outcomes))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = attempt(
            form,
            lambda: domain.decide_scopes(
                actor=request.user,  # type: ignore[arg-type]
                outcomes=data["outcomes"],
                scope=data["scope"],
                reason=data["reason"],
            ),
        )
        if done is not None:
            messages.success(request, "Your choice is saved.")
            return redirect("assessment-scope", assessment.public_id)
    context = {
        "assessment": assessment,
        "rounds": list(Round.objects.filter(assessment=assessment)),
        "in_scope": in_scope(outcomes),
        "left_out": [each for each in outcomes if each.scope != "in_scope"],
    }
    return answer(request, "pages/scope.html", context, form)


@login_required
@require_http_methods(["GET", "POST"])
def services(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """The services that are graded, why each was chosen, and how they become a score (R8)."""
    assessment = access_of(request).assessment(Deed.SET_UP, assessment_id)
    if not assessment.revision.services_number:
        raise Http404
    about_rules = "services_rule" in request.POST
    form = ServiceForm(request.POST if request.method == "POST" and not about_rules else None)
    stored = {"services_rule": assessment.services_rule, "two_services_rule": assessment.two_services_rule}
    rules_form = ServicesRulesForm(
        request.POST if about_rules else None, current_version=assessment.version, initial=stored
    )
    done: Assessment | Service | None = None
    if request.method == "POST":
        if about_rules and rules_form.is_valid():
            done = attempt(
                rules_form,
                lambda: domain.choose_services_rules(
                    actor=request.user,  # type: ignore[arg-type]
                    assessment=assessment,
                    services_rule=rules_form.cleaned_data["services_rule"],
                    two_services_rule=rules_form.cleaned_data["two_services_rule"],
                    expected_version=int(rules_form.current_version),
                ),
            )
        elif not about_rules and form.is_valid():
            plan = domain.ServicePlan(form.cleaned_data["name"], form.cleaned_data["why_chosen"])
            done = attempt(
                form,
                lambda: domain.add_service(actor=request.user, assessment=assessment, plan=plan),  # type: ignore[arg-type]
            )
        if done:
            messages.success(request, "Your choice is saved.")
            return redirect("services", assessment.public_id)
    context = {
        "assessment": assessment,
        "services": list(assessment.services.all()),
        "wanted": assessment.revision.services_number,
        "add_form": form,
        "rules_form": rules_form,
    }
    return answer(request, "pages/services.html", context, rules_form if about_rules else form)


def _counted_back(assessment: Assessment) -> dict[str, Any]:
    """Suggest a round's dates, counted back from the day of publication; none that has passed."""
    if assessment.publish_by is None:
        return {}
    dates = count_back(assessment.publish_by)
    if dates.agree_by and assessment.sign_off_by and assessment.sign_off_by < dates.agree_by:
        return {}
    found = {"pack_by": dates.pack_by, "review_by": dates.review_by, "agree_by": dates.agree_by}
    return {name: day for name, day in found.items() if day and day >= today()}


def _round_form(request: HttpRequest, assessment: Assessment, round_: Round | None) -> RoundForm:
    outcomes = in_scope(preparing(outcomes_of(assessment)))
    initial: dict[str, Any] = _counted_back(assessment)
    if round_:
        initial = {
            "name": round_.name,
            "outcomes": [each.public_id for each in outcomes if each.round == round_],
            "pack_by": round_.pack_by,
            "review_by": round_.review_by,
            "agree_by": round_.agree_by,
            "differ_rule": round_.named_panel.public_id if round_.named_panel else round_.differ_rule,
            "proposal_in_view": "yes" if round_.proposal_in_view else "no",
        }
    return RoundForm(
        request.POST if request.method == "POST" else None,
        outcomes=outcomes,
        panels=list(Panel.objects.filter(assessment=assessment)),
        opened=round_ is not None and domain.have_opened([round_]),
        current_version=round_.version if round_ else 0,
        current_text={"name": round_.name} if round_ else {},
        initial=initial,
    )


@login_required
@require_http_methods(["GET", "POST"])
def plan_round(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Plan a round."""
    assessment = access_of(request).assessment(Deed.SET_UP, assessment_id)
    form = _round_form(request, assessment, None)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.plan_round(actor=request.user, assessment=assessment, plan=form.plan()),  # type: ignore[arg-type]
        )
        if made:
            messages.success(request, f"“{made}” is planned. Next, add the panels that grade it.")
            return redirect("assessment-people", assessment.public_id)
    return answer(
        request,
        "pages/plan_round.html",
        {"assessment": assessment, "round": None, "suggested": bool(form.initial)},
        form,
    )


@login_required
@require_http_methods(["GET", "POST"])
def change_round(request: HttpRequest, round_id: str) -> HttpResponse:
    """Change a round before it opens."""
    round_ = access_of(request).round(Deed.SET_UP, round_id)
    form = _round_form(request, round_.assessment, round_)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.change_round(
                actor=request.user,  # type: ignore[arg-type]
                round=round_,
                plan=form.plan(),
                expected_version=int(form.current_version),
                reason=form.cleaned_data.get("reason", ""),
            ),
        )
        if made:
            messages.success(request, f"“{made}” is changed.")
            return redirect("assessment-scope", round_.assessment.public_id)
    return answer(request, "pages/plan_round.html", {"assessment": round_.assessment, "round": round_}, form)
