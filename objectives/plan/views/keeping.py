"""Pages on which the lead writes the plan."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from eds.access.decide import access_of
from eds.access.http import attempt
from eds.access.table import Deed
from eds.assessments.models import AssessedOutcome
from eds.ui.views import answer
from objectives.plan import domain, queries
from objectives.plan.fetching import action_with_right, objective_with_right
from objectives.plan.forms import ActionForm, CarryForm, ObjectiveForm, OrderForm, OwnerForm, RemoveForm, SettingsForm
from objectives.plan.models import ActionOwner, ImprovementAction, PlanObjective, PlanSettings

END = "end"


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def outcome_of_plan(request: HttpRequest, outcome_id: str) -> AssessedOutcome:
    """Fetch an outcome for whoever keeps the plan."""
    access = access_of(request)
    outcome = access.outcome(Deed.SEE_ACTIONS, outcome_id)
    access.require(Deed.KEEP_PLAN, outcome.assessment)
    return outcome


def _context(outcome: AssessedOutcome, title: str, button: str, cancel: str = "", **more: Any) -> dict[str, Any]:
    back = cancel or reverse("plan", args=[outcome.assessment.public_id])
    found = {"outcome": outcome, "assessment": outcome.assessment, "sees_plan": True}
    return found | {"title": title, "button": button, "back": back} | more


@login_required
@require_http_methods(["GET", "POST"])
def objective_new(request: HttpRequest, outcome_id: str) -> HttpResponse:
    """Add an objective under an outcome."""
    outcome = outcome_of_plan(request, outcome_id)
    form = ObjectiveForm(_sent(request), outcome=outcome, current_version=0)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.add_objective(
                actor=request.user,  # type: ignore[arg-type]
                assessed_outcome=outcome,
                text=form.cleaned_data["text"],
                all_services=form.cleaned_data.get("all_services", False),
                serves=form.serves_objective(),
            ),
        )
        if made:
            messages.success(request, "The objective is in the plan.")
            return redirect("plan", outcome.assessment.public_id)
    return answer(
        request, "objectives/plan/form.html", _context(outcome, "Add an objective", "Add the objective"), form
    )


@login_required
@require_http_methods(["GET", "POST"])
def objective_edit(request: HttpRequest, plan_objective_id: str) -> HttpResponse:
    """Change an objective."""
    objective = objective_with_right(access_of(request), plan_objective_id)
    outcome = objective.assessed_outcome
    form = ObjectiveForm(
        _sent(request),
        outcome=outcome,
        current_version=objective.version,
        current_text={"text": objective.text},
        initial={
            "text": objective.text,
            "all_services": objective.all_services,
            "serves": objective.serves.public_id if objective.serves else "",
        },
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.change_objective(
                actor=request.user,  # type: ignore[arg-type]
                objective=objective,
                text=form.cleaned_data["text"],
                all_services=form.cleaned_data.get("all_services", False),
                serves=form.serves_objective(),
                expected_version=int(form.current_version),
            ),
        )
        if made:
            messages.success(request, "The objective is changed.")
            return redirect("plan", outcome.assessment.public_id)
    context = _context(
        outcome,
        "Change an objective",
        "Save the objective",
        remove=reverse("plan-objective-remove", args=[objective.public_id]),
        remove_words="Take this objective out of the plan",
    )
    return answer(request, "objectives/plan/form.html", context, form)


@login_required
@require_http_methods(["GET", "POST"])
def objective_remove(request: HttpRequest, plan_objective_id: str) -> HttpResponse:
    """Take an objective out of the plan; its actions stay."""
    objective = objective_with_right(access_of(request), plan_objective_id)
    outcome = objective.assessed_outcome
    form = RemoveForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.remove_objective(
                actor=request.user,  # type: ignore[arg-type]
                objective=objective,
                reason=form.cleaned_data["reason"],
            ),
        )
        if made:
            messages.success(request, "The objective is taken out of the plan.")
            return redirect("plan", outcome.assessment.public_id)
    context = _context(
        outcome,
        "Take this objective out of the plan?",
        "Take it out",
        quoted=objective.text,
        says="Its actions stay in the plan, without an objective.",
        warns=True,
    )
    return answer(request, "objectives/plan/form.html", context, form)


@login_required
@require_http_methods(["GET", "POST"])
def action_new(request: HttpRequest, outcome_id: str) -> HttpResponse:
    """Add an action under an outcome, with its first owner."""
    outcome = outcome_of_plan(request, outcome_id)
    form = ActionForm(
        _sent(request),
        outcome=outcome,
        current_version=0,
        initial={"objective": request.GET.get("objective", "")},
    )
    if request.method == "POST" and form.is_valid():
        owner = form.owner()
        made = attempt(
            form,
            lambda: domain.add_action(
                actor=request.user,  # type: ignore[arg-type]
                assessed_outcome=outcome,
                content=form.content(),
                owners=[owner] if owner else [],
            ),
        )
        if made:
            messages.success(request, "The action is in the plan.")
            return redirect("plan", outcome.assessment.public_id)
    return answer(request, "objectives/plan/form.html", _context(outcome, "Add an action", "Add the action"), form)


@login_required
@require_http_methods(["GET", "POST"])
def action_edit(request: HttpRequest, action_id: str) -> HttpResponse:
    """Change what an action says."""
    action, _ = action_with_right(access_of(request), Deed.KEEP_PLAN, action_id)
    outcome = action.assessed_outcome
    form = ActionForm(
        _sent(request),
        outcome=outcome,
        action=action,
        current_version=action.version,
        current_text={"text": action.text, "measure": action.measure, "due_words": action.due_words},
        initial={
            "text": action.text,
            "all_services": action.all_services,
            "objective": action.plan_objective.public_id if action.plan_objective else "",
            "measure": action.measure,
            "due": action.due,
            "due_words": action.due_words,
            "groups": [row.code for row in action.characteristics.all()],
        },
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.change_action(
                actor=request.user,  # type: ignore[arg-type]
                action=action,
                content=form.content(),
                expected_version=int(form.current_version),
            ),
        )
        if made:
            messages.success(request, "The action is changed.")
            return redirect("action", action.public_id)
    context = _context(
        outcome,
        "Change an action",
        "Save the action",
        cancel=reverse("action", args=[action.public_id]),
        remove=reverse("action-remove", args=[action.public_id]),
        remove_words="Take this action out of the plan",
    )
    return answer(request, "objectives/plan/form.html", context, form)


@login_required
@require_http_methods(["GET", "POST"])
def action_remove(request: HttpRequest, action_id: str) -> HttpResponse:
    """Take an action out of the plan."""
    action, _ = action_with_right(access_of(request), Deed.KEEP_PLAN, action_id)
    form = RemoveForm(_sent(request))
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.remove_action(
                actor=request.user,  # type: ignore[arg-type]
                action=action,
                reason=form.cleaned_data["reason"],
            ),
        )
        if made:
            messages.success(request, "The action is taken out of the plan.")
            return redirect("plan", action.assessed_outcome.assessment.public_id)
    context = _context(
        action.assessed_outcome,
        "Take this action out of the plan?",
        "Take it out",
        cancel=reverse("action", args=[action.public_id]),
        quoted=action.text,
        says="If work on it has begun and ends, say that it is stopped instead: then it stays in the plan.",
        warns=True,
    )
    return answer(request, "objectives/plan/form.html", context, form)


@login_required
@require_http_methods(["GET", "POST"])
def owners(request: HttpRequest, action_id: str) -> HttpResponse:
    """Name an owner of an action, or let one go."""
    action, _ = action_with_right(access_of(request), Deed.KEEP_PLAN, action_id)
    standing = list(
        ActionOwner.objects.filter(action=action, ended_on__isnull=True).select_related("user").order_by("pk")
    )
    ends = request.POST.get(END, "") if request.method == "POST" else ""
    if ends:
        owner = next((each for number, each in enumerate(standing) if ends == _mark(number, each)), None)
        if owner is None:
            raise Http404
        domain.end_owner(actor=request.user, owner=owner)  # type: ignore[arg-type]
        messages.success(request, f"“{owner.name}” owns it no longer.")
        return redirect("action-owners", action.public_id)
    form = OwnerForm(_sent(request), assessment=action.assessed_outcome.assessment)
    if request.method == "POST" and form.is_valid():
        entered = form.owner()
        assert entered is not None
        made = attempt(
            form,
            lambda: domain.add_owner(actor=request.user, action=action, owner=entered),  # type: ignore[arg-type]
        )
        if made:
            messages.success(request, f"“{made.name}” owns it now.")
            return redirect("action-owners", action.public_id)
    context = _context(
        action.assessed_outcome,
        "Owners",
        "Add this owner",
        cancel=reverse("action", args=[action.public_id]),
        action=action,
        standing=[(_mark(number, each), each) for number, each in enumerate(standing)],
    )
    return answer(request, "objectives/plan/owners.html", context, form)


def _mark(number: int, owner: ActionOwner) -> str:
    """Give what names an owner in a form: no key of the database, and another owner's place never by mistake."""
    return f"{number + 1} {owner.name}"


@login_required
@require_http_methods(["GET", "POST"])
def order(request: HttpRequest, outcome_id: str) -> HttpResponse:
    """Put an outcome's objectives and actions in order."""
    outcome = outcome_of_plan(request, outcome_id)
    rows = []
    in_order: list[tuple[str, list[Any]]] = [
        ("Objective", list(PlanObjective.objects.filter(assessed_outcome=outcome, removed=False))),
        ("Action", list(ImprovementAction.objects.filter(assessed_outcome=outcome, removed=False))),
    ]
    for words, found in in_order:
        rows += [(row.public_id, f"{words}: {row.text}", place) for place, row in enumerate(found, start=1)]
    form = OrderForm(_sent(request), rows=rows)
    if request.method == "POST" and form.is_valid():
        domain.put_in_order(actor=request.user, assessed_outcome=outcome, places=form.places())  # type: ignore[arg-type]
        messages.success(request, "The order is saved.")
        return redirect("plan", outcome.assessment.public_id)
    says = "The lowest number comes first. Objectives and actions are counted apart."
    context = _context(outcome, "Put the plan in order", "Save the order", says=says if rows else "Nothing is planned.")
    return answer(request, "objectives/plan/form.html", context, form)


@login_required
@require_http_methods(["GET", "POST"])
def settings_page(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Set how the organisation follows its plans."""
    assessment = access_of(request).assessment(Deed.KEEP_PLAN, assessment_id)
    row = PlanSettings.objects.filter(organisation=assessment.organisation).first() or PlanSettings()
    names = ("digest", "escalate_after", "prints_names")
    form = SettingsForm(_sent(request), initial={name: getattr(row, name) for name in names})
    if request.method == "POST" and form.is_valid():
        domain.keep_settings(
            actor=request.user,  # type: ignore[arg-type]
            organisation=assessment.organisation,
            **{name: form.cleaned_data[name] for name in names},
        )
        messages.success(request, "It is saved.")
        return redirect("plan", assessment.public_id)
    context = {
        "assessment": assessment,
        "title": "How the plan is followed",
        "button": "Save",
        "back": reverse("plan", args=[assessment.public_id]),
        "sees_plan": True,
        "says": f"This holds for every plan of {assessment.organisation}.",
    }
    return answer(request, "objectives/plan/form.html", context, form)


@login_required
@require_http_methods(["GET", "POST"])
def carry(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Carry over what last year's plan left unfinished."""
    assessment = access_of(request).assessment(Deed.KEEP_PLAN, assessment_id)
    offers = domain.offers(assessment)
    outcomes = [each for each in queries.outcomes_of(assessment) if each.scope == "in_scope"]
    form = CarryForm(_sent(request), offers=offers, outcomes=outcomes)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.carry_over(
                actor=request.user,  # type: ignore[arg-type]
                assessment=assessment,
                chosen=form.chosen(),
            ),
        )
        if made is not None:
            number = len(made)
            messages.success(request, f"{number} action{'' if number == 1 else 's'} carried over.")
            return redirect("plan", assessment.public_id)
    context = {
        "assessment": assessment,
        "title": "Carry over from last year",
        "button": "Carry over what is chosen",
        "back": reverse("plan", args=[assessment.public_id]),
        "sees_plan": True,
        "says": "These actions of last year are neither done nor stopped. What is carried over keeps its owners, its month"
        " and what was said of it. Choose “Not now” for the others: they stay offered."
        if offers
        else "Last year left nothing unfinished that is not carried over already.",
    }
    return answer(request, "objectives/plan/form.html", context, form)
