"""Pages on which the lead writes an objective, its commitments, its measures and their values."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from eds.access.decide import access_of
from eds.access.http import attempt, shows_conflict
from eds.access.table import Deed
from eds.assessments.models import Assessment
from eds.frameworks.models import Outcome
from eds.frameworks.queries import latest_revisions
from eds.people.models import Membership, Organisation, User
from eds.ui.views import answer
from evidence.groups import groups
from objectives.equality import domain
from objectives.equality.fetching import objective_with_right
from objectives.equality.forms import (
    LIMBS,
    CommitmentForm,
    MeasureForm,
    ObjectiveForm,
    ValueForm,
    WithdrawForm,
)
from objectives.equality.models import Commitment, EqualityObjective, Measure
from objectives.equality.queries import Known
from objectives.equality.rules import Stage, Step

from .frame import form_page


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, organisation_id: str) -> HttpResponse:
    """Write a new objective."""
    organisation = access_of(request).organisation(Deed.KEEP_OBJECTIVES, organisation_id)
    return _write(request, organisation, None, None)


@login_required
@require_http_methods(["GET", "POST"])
def following(request: HttpRequest, objective_id: str) -> HttpResponse:
    """Write the objective that follows a closed one."""
    before = objective_with_right(request, objective_id, Deed.KEEP_OBJECTIVES, Step.FOLLOW)
    return _write(request, before.objective.organisation, None, before)


@login_required
@require_http_methods(["GET", "POST"])
@shows_conflict
def edit(request: HttpRequest, objective_id: str) -> HttpResponse:
    """Change an objective."""
    found = objective_with_right(request, objective_id, Deed.KEEP_OBJECTIVES, Step.KEEP)
    return _write(request, found.objective.organisation, found, None)


def _write(request: HttpRequest, organisation: Organisation, found: Known | None, before: Known | None) -> HttpResponse:
    row = found.objective if found else None
    shown = row or (before.objective if before else None)
    form = ObjectiveForm(
        request.POST if request.method == "POST" else None,
        objective=shown,
        adopted=found is not None and found.stage is Stage.ADOPTED,
        groups=groups(),
        people=_people(organisation, shown),
        outcomes=_outcomes(organisation, shown),
        asks_why=found is not None and found.stage is not Stage.DRAFT,
        current_version=row.version if row else 0,
        current_text={name: getattr(row, name) for name in ("why", "lead_role")} if row else {},
        initial=_initial(shown, keep_time=row is not None) if shown else {},
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.write_objective(
                actor=request.user,  # type: ignore[arg-type]
                organisation=organisation,
                text=form.text(),
                objective=row,
                follows=before.objective if before else None,
                reason=form.reason,
                expected_version=int(form.current_version) if row else None,
            ),
        )
        if made:
            messages.success(request, "The objective is saved.")
            return redirect("objective", made.public_id)
    context = {"organisation": organisation, "objective": row, "before": before, "found": found}
    return answer(request, "objectives/write.html", context, form)


def _people(organisation: Organisation, objective: EqualityObjective | None) -> list[User]:
    rows = Membership.objects.filter(organisation=organisation, ended_on__isnull=True).select_related("user")
    found = {row.user.pk: row.user for row in rows.order_by("user__name")}
    return list(found.values())


def _outcomes(organisation: Organisation, objective: EqualityObjective | None) -> list[Outcome]:
    """Give the outcomes of the edition that the organisation graded last, and those already answered."""
    last = Assessment.objects.filter(organisation=organisation).order_by("-year", "-pk").first()
    revision = last.revision_id if last else next(each.pk for each in reversed(latest_revisions()))
    answered = [each.outcome_id for each in objective.answers.all()] if objective else []
    rows = Outcome.objects.filter(goal__revision=revision) | Outcome.objects.filter(pk__in=answered)
    return list(
        rows.select_related("goal__revision__framework")
        .distinct()
        .order_by("goal__revision", "goal__position", "position")
    )


def _initial(objective: EqualityObjective, *, keep_time: bool) -> dict[str, Any]:
    names = ["headline", "theme", "why", "lead_role"] + (["starts", "ends", "expected"] if keep_time else [])
    return {
        **{name: getattr(objective, name) for name in names},
        "limbs": [key for key, _ in LIMBS if getattr(objective, key)],
        "lead": objective.lead.public_id if objective.lead else "",
        "characteristics": [each.code for each in objective.characteristics.all()],
        "outcomes": [
            f"{each.outcome.goal.revision.framework.code} {each.outcome.code}" for each in objective.answers.all()
        ],
    }


@login_required
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, objective_id: str) -> HttpResponse:
    """Withdraw a draft."""
    found = objective_with_right(request, objective_id, Deed.KEEP_OBJECTIVES, Step.WITHDRAW)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    return form_page(
        request,
        found,
        form,
        lambda: domain.withdraw(
            actor=request.user,  # type: ignore[arg-type]
            objective=found.objective,
            reason=form.cleaned_data["reason"],
        ),
        heading="Withdraw this draft",
        intro="Nobody outside the organisation has seen it. It leaves the list; what was written is kept.",
        button="Withdraw the draft",
        done="The draft is withdrawn.",
    )


@login_required
@require_http_methods(["GET", "POST"])
@shows_conflict
def commitment(request: HttpRequest, objective_id: str, commitment_id: str = "") -> HttpResponse:
    """Add, change or take out a commitment."""
    found = objective_with_right(request, objective_id, Deed.KEEP_OBJECTIVES, Step.KEEP)
    row: Commitment | None = None
    if commitment_id:
        row = next((each for each in found.commitments if each.public_id == commitment_id), None)
        if row is None:
            raise Http404
    adopted = found.stage is Stage.ADOPTED
    form = CommitmentForm(
        request.POST if request.method == "POST" else None,
        adopted_words=row.text if row and adopted else "",
        removable=row is not None and not adopted,
        asks_why=found.stage is not Stage.DRAFT,
        current_version=row.version if row else 0,
        current_text={"text": row.text} if row and not adopted else {},
        initial={"text": row.text, "expected": row.expected} if row else {},
    )

    def keep() -> Commitment:
        if row and form.removes:
            return domain.remove_commitment(actor=request.user, commitment=row, reason=form.reason)  # type: ignore[arg-type]
        return domain.keep_commitment(
            actor=request.user,  # type: ignore[arg-type]
            objective=found.objective,
            text=form.words,
            expected=form.cleaned_data["expected"],
            commitment=row,
            reason=form.reason,
            expected_version=int(form.current_version) if row else None,
        )

    return form_page(
        request,
        found,
        form,
        keep,
        heading="Change a commitment" if row else "Add a commitment",
        intro=f"The board adopted these words: {row.text}" if row and adopted else "Say one thing that you will do.",
        button="Save the commitment",
        done=lambda: "The commitment is taken out." if form.removes else "The commitment is saved.",
    )


@login_required
@require_http_methods(["GET", "POST"])
@shows_conflict
def measure(request: HttpRequest, objective_id: str, measure_id: str = "") -> HttpResponse:
    """Add, change or take out a measure."""
    found = objective_with_right(request, objective_id, Deed.KEEP_OBJECTIVES, Step.WRITE if measure_id else Step.KEEP)
    row = _measure(found, measure_id) if measure_id else None
    names = list(domain.MeasureText.__dataclass_fields__)
    form = MeasureForm(
        request.POST if request.method == "POST" else None,
        removable=row is not None,
        asks_why=found.stage is not Stage.DRAFT,
        current_version=row.version if row else 0,
        current_text={name: getattr(row, name) for name in ("name", "unit", "source")} if row else {},
        initial={name: _plain(getattr(row, name)) for name in names} if row else {},
    )

    def keep() -> Measure:
        if row and form.removes:
            return domain.remove_measure(actor=request.user, measure=row, reason=form.reason)  # type: ignore[arg-type]
        return domain.keep_measure(
            actor=request.user,  # type: ignore[arg-type]
            objective=found.objective,
            text=form.text(),
            measure=row,
            reason=form.reason,
            expected_version=int(form.current_version) if row else None,
        )

    return form_page(
        request,
        found,
        form,
        keep,
        heading="Change a measure" if row else "Add a measure",
        intro="Say what is counted, where it stands now and where it is to go. Once a year you enter how it stands.",
        button="Save the measure",
        done=lambda: "The measure is taken out." if form.removes else "The measure is saved.",
    )


def _plain(value: Any) -> Any:
    return f"{value.normalize():f}" if hasattr(value, "normalize") else value


def _measure(found: Known, measure_id: str) -> Measure:
    row = next((each.measure for each in found.measures if each.measure.public_id == measure_id), None)
    if row is None:
        raise Http404
    return row


@login_required
@require_http_methods(["GET", "POST"])
def value(request: HttpRequest, objective_id: str, measure_id: str) -> HttpResponse:
    """Enter the value of a year, or correct it."""
    found = objective_with_right(request, objective_id, Deed.KEEP_OBJECTIVES, Step.RECORD_VALUE)
    row = _measure(found, measure_id)
    form = ValueForm(request.POST if request.method == "POST" else None)
    return form_page(
        request,
        found,
        form,
        lambda: domain.record_value(
            actor=request.user,  # type: ignore[arg-type]
            measure=row,
            year=form.cleaned_data["year"],
            value=form.cleaned_data["value"],
            reason=form.cleaned_data["reason"],
        ),
        heading="Enter the value of a year",
        intro=f"{row.name}, in {row.unit}.",
        button="Save the value",
        done="The value is saved.",
    )
