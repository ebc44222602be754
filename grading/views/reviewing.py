"""A reviewer's own pages."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from eds.access.decide import access_of
from eds.access.http import attempt, shows_conflict
from eds.access.table import Deed
from eds.assessments.models import AssessedOutcome
from eds.frameworks.models import Grade
from eds.ui import unsaved
from eds.ui.views import answer
from evidence.queries import cited_evidence, summary_of
from grading import domain, queries
from grading.corrections import unseen_corrections
from grading.forms import ReviewForm, StepAsideForm
from grading.models import Review
from grading.own_review import answer_of, own_review
from grading.talk.queries import questions_of


@login_required
@require_safe
def run(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """The reviewer's run: my outcomes, with my own state only."""
    access = access_of(request)
    assessment = access.assessment(Deed.SEE_ASSESSMENT, assessment_id)
    run_ = queries.reviewers_run(assessment, access)
    return render(request, "grading/run.html", {"assessment": assessment, "run": run_})


@login_required
@require_http_methods(["GET", "POST"])
@shows_conflict
def review(request: HttpRequest, outcome_id: str, panel_id: str) -> HttpResponse:
    """Write, keep as a draft, submit or change one's own review."""
    access = access_of(request)
    outcome, panel = access.panel_of(Deed.REVIEW, outcome_id, panel_id)
    user = request.user
    as_draft = "draft" in request.POST or unsaved.SAVE in request.POST
    own = own_review(
        user,  # type: ignore[arg-type]
        outcome,
        panel,
        request.POST if request.method == "POST" else None,
        is_draft=as_draft,
    )
    form, last, draft, aside = own.form, own.last, own.draft, own.aside
    by_itself = request.POST.get(unsaved.SAVE) == "auto"
    if kept_text := unsaved.answer(request, form, drafts=False):
        return kept_text
    evidence = cited_evidence(outcome, access)
    corrections = unseen_corrections(evidence, last) if last else []
    confirms = bool(corrections) or aside is not None
    if request.method == "POST" and not confirms and _already_submitted(form, last):
        return _submitted(request, outcome)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["grade"]
        if as_draft:
            kept = attempt(
                form,
                lambda: domain.save_draft(
                    actor=user,  # type: ignore[arg-type]
                    assessed_outcome=outcome,
                    panel=panel,
                    answer=getattr(chosen, "code", chosen) or "",
                    text=form.cleaned_data["reason"],
                    expected_version=draft.version if draft else None,
                ),
            )
            if kept and by_itself:
                return unsaved.saved(version=f"{last.seq if last else 0}.{kept.version}")
            if kept:
                unsaved.forget(request)
                messages.success(request, "Your draft is saved. Only you can see it.")
                return redirect("review", outcome.public_id, panel.public_id)
        else:
            sent = attempt(
                form,
                lambda: domain.submit_review(
                    actor=user,  # type: ignore[arg-type]
                    assessed_outcome=outcome,
                    panel=panel,
                    grade=chosen if isinstance(chosen, Grade) else None,
                    reason=form.cleaned_data["reason"],
                    answers=form.answers(),
                    expected_seq=last.seq if last else 0,
                ),
            )
            if sent:
                return _submitted(request, outcome)
    if by_itself:
        return unsaved.not_saved(form)
    context = {
        "outcome": outcome,
        "panel": panel,
        "last": last,
        "draft": draft,
        "aside": aside,
        "proposal": queries.shown_proposal(outcome, access),
        "summary": summary_of(outcome),
        "evidence": evidence,
        "corrections": corrections,
        "questions": questions_of(outcome, access),
        "may": access.on(outcome),
    }
    return answer(request, "grading/review.html", context, form)


def _already_submitted(form: ReviewForm, last: Review | None) -> bool:
    """A double click sends the same answer twice: the second is the first, not an outdated form."""
    if last is None or "draft" in form.data or unsaved.SAVE in form.data:
        return False
    typed = form.fields["reason"].clean(form.data.get("reason", "")) if form.data.get("reason", "").strip() else ""
    return (form.data.get("grade"), typed) == (answer_of(last), last.reason)


def _submitted(request: HttpRequest, outcome: AssessedOutcome) -> HttpResponse:
    return _lead_on(
        request, outcome, f"Your grade for {outcome} is submitted. You can change it while reviewing lasts."
    )


def _lead_on(request: HttpRequest, outcome: AssessedOutcome, done: str) -> HttpResponse:
    """Lead on to the next outcome of the run, or to the run where all are done."""
    unsaved.forget(request)
    following = queries.reviewers_run(outcome.assessment, access_of(request)).next_step
    if following is None:
        messages.success(request, done)
        return redirect("review-run", outcome.assessment.public_id)
    messages.success(request, f"{done} Next comes {following.outcome}.")
    return redirect("review", following.outcome.public_id, following.panel.public_id)


@login_required
@require_http_methods(["GET", "POST"])
def step_aside(request: HttpRequest, outcome_id: str, panel_id: str) -> HttpResponse:
    """Step aside from an outcome for a declared interest (R4)."""
    outcome, panel = access_of(request).panel_of(Deed.STEP_ASIDE, outcome_id, panel_id)
    user = request.user
    last = queries.latest_review(outcome, panel, user)  # type: ignore[arg-type]
    aside = queries.standing_step_aside(outcome, panel, user)  # type: ignore[arg-type]
    form = StepAsideForm(
        request.POST if request.method == "POST" else None,
        current_version=last.seq if last else 0,
        initial={"interest": aside.reason if aside else ""},
    )
    if kept_text := unsaved.answer(request, form):
        return kept_text
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.step_aside(
                actor=user,  # type: ignore[arg-type]
                assessed_outcome=outcome,
                panel=panel,
                interest=form.cleaned_data["interest"],
                expected_seq=int(form.current_version),
            ),
        )
        if made:
            done = f"You have stepped aside from {outcome}. A grade that you submit takes it back."
            return _lead_on(request, outcome, done)
    context = {"outcome": outcome, "panel": panel, "last": last, "aside": aside}
    return answer(request, "grading/step_aside.html", context, form)
