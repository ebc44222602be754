"""Pages on which the lead writes what the report says beside the grades."""

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
from eds.assessments.domain import keep_event, remove_event
from eds.assessments.models import AssessedOutcome, Assessment, EngagementEvent
from eds.frameworks.queries import grades_of
from eds.ui.views import answer
from grading.domain import bring_in_results
from grading.queries import published_elsewhere
from reports import domain
from reports.forms import DetailsForm, EarlierGradesForm, EventForm, StepForm, WordsForm
from reports.models import ApprovalStep, OutcomeWords, ReportDetails

REMOVED = "Taken out of the report"


@login_required
@require_http_methods(["GET", "POST"])
def details(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """The details of the report; the ways to its events, its approval route and earlier grades."""
    access = access_of(request)
    assessment = access.assessment(Deed.KEEP_REPORT_DETAILS, assessment_id)
    stored = ReportDetails.objects.filter(assessment=assessment).first()
    row = stored or ReportDetails(assessment=assessment)
    names = [name for name in DetailsForm.base_fields if name != "version"]
    form = DetailsForm(
        request.POST if request.method == "POST" else None,
        current_version=row.version,
        current_text={name: getattr(row, name) for name in names if isinstance(getattr(row, name), str)},
        initial={name: getattr(row, name) for name in names},
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.keep_details(
                actor=request.user,  # type: ignore[arg-type]
                assessment=assessment,
                text=form.text(),
                expected_version=int(form.current_version),
            ),
        )
        if made:
            messages.success(request, "The report details are saved.")
            return redirect("report-details", assessment.public_id)
    context = {
        "assessment": assessment,
        "may": access.on(assessment),
        "events": list(EngagementEvent.objects.filter(assessment=assessment, removed=False)),
        "steps": list(ApprovalStep.objects.filter(assessment=assessment, removed=False)),
    }
    return answer(request, "reports/details.html", context, form)


def _row_page(
    request: HttpRequest, assessment: Assessment, form: EventForm | StepForm, words: dict[str, str], keep: Any
) -> HttpResponse:
    if request.method == "POST" and form.is_valid() and attempt(form, keep):
        messages.success(request, words["removed"] if form.removes else words["saved"])
        return redirect("report-details", assessment.public_id)
    return answer(request, "reports/detail_row.html", {"assessment": assessment, "words": words}, form)


@login_required
@require_http_methods(["GET", "POST"])
def engagement_event(request: HttpRequest, assessment_id: str, event_id: str = "") -> HttpResponse:
    """A meeting or event with local people: write it down, change it, or take it out."""
    assessment = access_of(request).assessment(Deed.KEEP_ENGAGEMENT, assessment_id)
    event = EngagementEvent.objects.filter(assessment=assessment, public_id=event_id, removed=False).first()
    if event_id and event is None:
        raise Http404
    names = ("name", "held_on", "groups", "numbers", "heard", "changed")
    form = EventForm(
        request.POST if request.method == "POST" else None,
        exists=event is not None,
        current_version=event.version if event else 0,
        current_text={name: str(getattr(event, name)) for name in names if name != "held_on"} if event else {},
        initial={name: getattr(event, name) for name in names} if event else {},
    )

    def keep() -> EngagementEvent:
        version = int(form.current_version)
        if event and form.removes:
            return remove_event(actor=request.user, event=event, reason=REMOVED, expected_version=version)  # type: ignore[arg-type]
        return keep_event(
            actor=request.user,  # type: ignore[arg-type]
            assessment=assessment,
            text=form.text(),
            event=event,
            expected_version=version if event else None,
        )

    words = {
        "heading": "Event with local people",
        "intro": "Say who took part, what you heard and what changed. It is printed in the report.",
        "button": "Save the event",
        "saved": "The event is saved.",
        "removed": "The event is taken out of the report.",
    }
    return _row_page(request, assessment, form, words, keep)


@login_required
@require_http_methods(["GET", "POST"])
def approval_step(request: HttpRequest, assessment_id: str, step_id: str = "") -> HttpResponse:
    """A step of the approval route: write it down, change it, or take it out."""
    assessment = access_of(request).assessment(Deed.KEEP_APPROVAL_ROUTE, assessment_id)
    step = ApprovalStep.objects.filter(assessment=assessment, public_id=step_id, removed=False).first()
    if step_id and step is None:
        raise Http404
    names = ("kind", "body", "on", "paper", "minute")
    form = StepForm(
        request.POST if request.method == "POST" else None,
        exists=step is not None,
        current_version=step.version if step else 0,
        current_text={name: str(getattr(step, name)) for name in ("body", "paper", "minute")} if step else {},
        initial={name: getattr(step, name) for name in names} if step else {},
    )

    def keep() -> ApprovalStep:
        version = int(form.current_version)
        if step and form.removes:
            return domain.remove_approval_step(
                actor=request.user,  # type: ignore[arg-type]
                step=step,
                reason=REMOVED,
                expected_version=version,
            )
        return domain.keep_approval_step(
            actor=request.user,  # type: ignore[arg-type]
            assessment=assessment,
            text=form.text(),
            step=step,
            expected_version=version if step else None,
        )

    words = {
        "heading": "Step of the approval route",
        "intro": "Committees that saw the report, and bodies that it was sent to. They are printed at its end.",
        "button": "Save the step",
        "saved": "The step is saved.",
        "removed": "The step is taken out of the report.",
    }
    return _row_page(request, assessment, form, words, keep)


@login_required
@require_http_methods(["GET", "POST"])
def earlier_grades(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Enter what was published for an earlier year that was not run here."""
    assessment = access_of(request).assessment(Deed.KEEP_EARLIER_GRADES, assessment_id)
    outcomes = list(
        AssessedOutcome.objects.filter(assessment=assessment).select_related("outcome__goal", "service").in_order()
    )
    grades = grades_of(assessment.revision)
    stored = list(published_elsewhere(assessment))
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) <= len("2026") else assessment.year - 1
    now = {(row.outcome_code, row.service): row for row in stored if row.year == year}
    initial: dict[str, Any] = {"year": year, "source": next((row.source for row in now.values()), "")}
    for outcome in outcomes:
        row = now.get((outcome.outcome.code, outcome.service.name if outcome.service else ""))
        initial[f"grade_{outcome.public_id}"] = row.grade.code if row and row.grade else ""
    form = EarlierGradesForm(
        request.POST if request.method == "POST" else None,
        outcomes=outcomes,
        grades=grades,
        reason_needed=bool(stored),
        initial=initial,
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: bring_in_results(
                actor=request.user,  # type: ignore[arg-type]
                assessment=assessment,
                year=form.cleaned_data["year"],
                source=form.cleaned_data["source"],
                results=form.results(),
                reason=form.cleaned_data.get("reason", ""),
            ),
        )
        if done is not None:
            messages.success(request, "The earlier grades are saved.")
            return redirect("report-details", assessment.public_id)
    years = sorted({row.year for row in stored}, reverse=True)
    return answer(request, "reports/earlier_grades.html", {"assessment": assessment, "years": years}, form)


@login_required
@require_http_methods(["GET", "POST"])
def outcome_words(request: HttpRequest, outcome_id: str) -> HttpResponse:
    """How an older report printed an outcome: its wording and its lead contacts."""
    outcome = access_of(request).outcome(Deed.WRITE_REPORT_WORDS, outcome_id)
    row = OutcomeWords.objects.filter(assessed_outcome=outcome).first() or OutcomeWords(assessed_outcome=outcome)
    stored = {"wording_then": row.wording_then, "contacts": row.contacts}
    form = WordsForm(
        request.POST if request.method == "POST" else None,
        current_version=row.version,
        current_text=stored,
        initial=stored,
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.keep_words(
                actor=request.user,  # type: ignore[arg-type]
                assessed_outcome=outcome,
                wording_then=form.cleaned_data["wording_then"],
                contacts=form.cleaned_data["contacts"],
                expected_version=int(form.current_version),
            ),
        )
        if made:
            messages.success(request, "How it was printed is saved.")
            return redirect("outcome", outcome.public_id)
    context = {"assessment": outcome.assessment, "outcome": outcome}
    return answer(request, "reports/outcome_words.html", context, form)
