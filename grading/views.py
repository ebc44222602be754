"""Pages of grading: propose, review, agree."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from eds.access.decide import access_of
from eds.access.http import attempt, shows_conflict
from eds.access.table import Deed
from eds.assessments.models import AssessedOutcome, Panel
from eds.frameworks.models import Factor, Grade
from eds.frameworks.queries import grades_of
from eds.ui import unsaved
from eds.ui.views import answer
from evidence.queries import cited_evidence, summary_of

from . import domain, queries, rules
from .corrections import unseen_corrections
from .forms import (
    DECLINED,
    LACK_OF_EVIDENCE,
    NotGradedForm,
    PanelGradeForm,
    ProposalForm,
    ReviewForm,
    StatementForm,
)
from .models import Review, Statement
from .own_review import answer_of, own_review
from .talk.queries import discussion_of, questions_of


@login_required
@require_http_methods(["GET", "POST"])
@shows_conflict
def propose(request: HttpRequest, outcome_id: str) -> HttpResponse:
    """Propose the organisation's grade for an outcome."""
    access = access_of(request)
    outcome = access.outcome(Deed.PROPOSE_GRADE, outcome_id)
    revision = outcome.assessment.revision
    last = queries.latest_proposal(outcome)
    form = ProposalForm(
        request.POST if request.method == "POST" else None,
        grades=list(grades_of(revision)),
        factors=list(Factor.objects.filter(revision=revision).order_by("position")),
        last=last,
        current_version=last.seq if last else 0,
    )
    if kept_text := unsaved.answer(request, form):
        return kept_text
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.propose_grade(
                actor=request.user,  # type: ignore[arg-type]
                assessed_outcome=outcome,
                grade=form.cleaned_data["grade"],
                reasons=form.reasons(),
                conclusion=form.cleaned_data["conclusion"],
                reason=form.cleaned_data.get("reason", ""),
                expected_seq=int(form.current_version),
            ),
        )
        if made:
            unsaved.forget(request)
            messages.success(request, f"The proposed grade for {outcome} is saved.")
            return redirect(_came_from(request, outcome))
    context = {
        "outcome": outcome,
        "last": last,
        "evidence": cited_evidence(outcome, access),
        "back_url": _came_from(request, outcome),
    }
    return answer(request, "grading/propose.html", context, form)


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
    form, last, draft = own.form, own.last, own.draft
    by_itself = request.POST.get(unsaved.SAVE) == "auto"
    if kept_text := unsaved.answer(request, form, drafts=False):
        return kept_text
    evidence = cited_evidence(outcome, access)
    corrections = unseen_corrections(evidence, last) if last else []
    if request.method == "POST" and not corrections and _already_submitted(form, last):
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
        "proposal": queries.latest_proposal(outcome) if access.may(Deed.SEE_PROPOSAL, outcome) else None,
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
    """Lead on to the next outcome of the run, or to the run where all are done."""
    unsaved.forget(request)
    following = queries.reviewers_run(outcome.assessment, access_of(request)).next_step
    done = f"Your grade for {outcome} is submitted. You can change it while reviewing lasts."
    if following is None:
        messages.success(request, done)
        return redirect("review-run", outcome.assessment.public_id)
    messages.success(request, f"{done} Next comes {following.outcome}.")
    return redirect("review", following.outcome.public_id, following.panel.public_id)


@login_required
@require_safe
def panel_reviews(request: HttpRequest, outcome_id: str, panel_id: str) -> HttpResponse:
    """A panel's own reviews of an outcome after the reveal, without names (R3)."""
    outcome, panel = access_of(request).panel_of(Deed.SEE_PANEL_REVIEWS, outcome_id, panel_id)
    remarks = discussion_of(outcome, panel, request.user.pk)  # type: ignore[arg-type]
    return render(
        request, "grading/panel_reviews.html", _reviews_context(request, outcome, panel) | {"remarks": remarks}
    )


@login_required
@require_POST
def panel_names(request: HttpRequest, outcome_id: str, panel_id: str) -> HttpResponse:
    """Show the names behind a panel's reviews to its chair or organiser; opening them is logged (R21)."""
    outcome, panel = access_of(request).panel_of(Deed.SEE_REVIEWER_NAMES, outcome_id, panel_id)
    domain.open_names(actor=request.user, assessed_outcome=outcome, panel=panel)  # type: ignore[arg-type]
    remarks = discussion_of(outcome, panel, request.user.pk, names=True)  # type: ignore[arg-type]
    context = _reviews_context(request, outcome, panel) | {"with_names": True, "remarks": remarks}
    return render(request, "grading/panel_reviews.html", context)


def _reviews_context(request: HttpRequest, outcome: AssessedOutcome, panel: Panel) -> dict[str, object]:
    reviews = queries.panel_reviews(outcome, panel)
    answers = [each.grade.position if each.grade else None for each in reviews]
    grades = list(grades_of(outcome.assessment.revision))
    median = rules.median_grade(answers)
    counts = Counter(answers)
    access = access_of(request)
    return {
        "outcome": outcome,
        "panel": panel,
        "reviews": reviews,
        "spread": [(grade, counts[grade.position]) for grade in grades],
        "not_enough": counts[None],
        "median": next((grade for grade in grades if grade.position == median), None),
        "too_few": rules.lacks_evidence(answers, panel.quorum),
        "may_see_names": access.may_for_panel(Deed.SEE_REVIEWER_NAMES, outcome, panel),
        "may_record": access.may_for_panel(Deed.RECORD_PANEL_GRADE, outcome, panel),
        "may_discuss": access.may_for_panel(Deed.DISCUSS, outcome, panel),
    }


@login_required
@require_http_methods(["GET", "POST"])
@shows_conflict
def panel_grade(request: HttpRequest, outcome_id: str, panel_id: str) -> HttpResponse:
    """Record the panel's grade, by its chair."""
    outcome, panel = access_of(request).panel_of(Deed.RECORD_PANEL_GRADE, outcome_id, panel_id)
    context = _reviews_context(request, outcome, panel)
    last = queries.current_panel_grades([outcome])[outcome.pk].get(panel.pk)
    initial = {}
    if last:
        code = last.grade.code if last.grade else DECLINED
        initial = {"grade": LACK_OF_EVIDENCE if last.for_lack_of_evidence else code, "reason": last.reason}
    grades = list(grades_of(outcome.assessment.revision))
    form = PanelGradeForm(
        request.POST if request.method == "POST" else None,
        grades=grades,
        too_few=bool(context["too_few"]),
        current_version=last.seq if last else 0,
        current_text={"reason": last.reason} if last else {},
        initial=initial,
    )
    if kept_text := unsaved.answer(request, form):
        return kept_text
    if last and form.data.get("grade") == initial["grade"] and form.data.get("reason", "").strip() == last.reason:
        return _recorded(request, outcome)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["grade"]
        lack = chosen == LACK_OF_EVIDENCE
        grade = grades[rules.LOWEST] if lack else chosen if isinstance(chosen, Grade) else None
        made = attempt(
            form,
            lambda: domain.record_panel_grade(
                actor=request.user,  # type: ignore[arg-type]
                assessed_outcome=outcome,
                panel=panel,
                grade=grade,
                reason=form.cleaned_data["reason"],
                for_lack_of_evidence=lack,
                expected_seq=int(form.current_version),
            ),
        )
        if made:
            return _recorded(request, outcome)
    context |= {"last": last, "back_url": _came_from(request, outcome)}
    return answer(request, "grading/panel_grade.html", context, form)


def _recorded(request: HttpRequest, outcome: AssessedOutcome) -> HttpResponse:
    unsaved.forget(request)
    messages.success(request, f"The panel's grade for {outcome} is recorded.")
    return redirect(_came_from(request, outcome))


@login_required
@require_http_methods(["GET", "POST"])
def statement(request: HttpRequest, outcome_id: str) -> HttpResponse:
    """Give the organisation's statement where the grades differ."""
    outcome = access_of(request).outcome(Deed.STATE_FOR_ORGANISATION, outcome_id)
    return _statement(request, outcome, Statement.Side.ORGANISATION, None)


@login_required
@require_http_methods(["GET", "POST"])
def local_statement(request: HttpRequest, outcome_id: str, panel_id: str) -> HttpResponse:
    """Give the local interests' statement, by the chair of a panel that graded the outcome."""
    outcome, panel = access_of(request).panel_of(Deed.STATE_FOR_LOCAL_INTERESTS, outcome_id, panel_id)
    return _statement(request, outcome, Statement.Side.LOCAL_INTERESTS, panel)


def _statement(request: HttpRequest, outcome: AssessedOutcome, side: str, panel: Panel | None) -> HttpResponse:
    grades = queries.outcome_grades([outcome])[outcome.pk]
    earlier = next(
        (said for said in grades.statements if said.side == side and said.panel_id == (panel.pk if panel else None)),
        None,
    )
    form = StatementForm(
        request.POST if request.method == "POST" else None, initial={"text": earlier.reason if earlier else ""}
    )
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
            ),
        )
        if made:
            unsaved.forget(request)
            messages.success(request, f"The statement on {outcome} is saved.")
            return redirect(_came_from(request, outcome))
    context = {"outcome": outcome, "panel": panel, "grades": grades, "back_url": _came_from(request, outcome)}
    return answer(request, "grading/statement.html", context, form)


@login_required
@require_http_methods(["GET", "POST"])
def not_graded(request: HttpRequest, outcome_id: str) -> HttpResponse:
    """Record that an outcome is not graded by local interests."""
    outcome = access_of(request).outcome(Deed.RECORD_NOT_GRADED, outcome_id)
    form = NotGradedForm(request.POST if request.method == "POST" else None)
    if kept_text := unsaved.answer(request, form):
        return kept_text
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.record_not_graded(
                actor=request.user,  # type: ignore[arg-type]
                assessed_outcome=outcome,
                reason=form.cleaned_data["reason"],
            ),
        )
        if made:
            unsaved.forget(request)
            messages.success(request, f"{outcome} is recorded as not graded by local interests.")
            return redirect(_came_from(request, outcome))
    context = {"outcome": outcome, "back_url": _came_from(request, outcome)}
    return answer(request, "grading/not_graded.html", context, form)


def _came_from(request: HttpRequest, outcome: AssessedOutcome) -> str:
    """Give where a decision leads back to: the agreement board where it was opened from there, else the outcome."""
    if request.GET.get("back") == "agreement":
        return f"{reverse('agreement', args=[outcome.assessment.public_id])}#outcome-{outcome.public_id}"
    return reverse("outcome", args=[outcome.public_id])
