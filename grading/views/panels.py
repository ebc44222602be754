"""A panel's pages once everything is revealed: its reviews, and its grade."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from eds.access.decide import access_of
from eds.access.http import attempt, shows_conflict
from eds.access.table import Deed
from eds.assessments.models import AssessedOutcome, Panel
from eds.frameworks.models import Grade
from eds.frameworks.queries import grades_of
from eds.ui import unsaved
from eds.ui.views import answer
from grading import domain, queries, rules
from grading.forms import DECLINED, LACK_OF_EVIDENCE, DissentForm, PanelGradeForm, PanelWordsForm
from grading.talk.queries import discussion_of

from .back import came_from


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


def _reviews_context(request: HttpRequest, outcome: AssessedOutcome, panel: Panel) -> dict[str, Any]:
    reviews = queries.panel_reviews(outcome, panel)
    answers = [each.grade.position if each.grade else None for each in reviews]
    grades = list(grades_of(outcome.assessment.revision))
    median = rules.median_grade(answers)
    counts = Counter(answers)
    access = access_of(request)
    sees_interests = access.may_for_panel(Deed.SEE_INTERESTS, outcome, panel)
    lacking = rules.why_evidence_lacks(answers, panel.quorum)
    return {
        "outcome": outcome,
        "panel": panel,
        "reviews": reviews,
        "asides": queries.panel_step_asides(outcome, panel) if sees_interests else [],
        "dissents": queries.dissents_of([outcome]).get((outcome.pk, panel.pk), []),
        "spread": [(grade, counts[grade.position]) for grade in grades],
        "not_enough": counts[None],
        "median": next((grade for grade in grades if grade.position == median), None),
        "lacking": lacking,
        "left_to_chair": not lacking and rules.demanded_grade(panel.rule, answers) is None,
        "small": not rules.may_show_spread(len(reviews)),
        "may_see_names": access.may_for_panel(Deed.SEE_REVIEWER_NAMES, outcome, panel),
        "may_record": access.may_for_panel(Deed.RECORD_PANEL_GRADE, outcome, panel),
        "may_discuss": access.may_for_panel(Deed.DISCUSS, outcome, panel),
        "may_dissent": access.may_for_panel(Deed.DISSENT, outcome, panel),
        "may_vouch": access.may_for_panel(Deed.VOUCH, outcome, panel),
        "recorded": queries.current_panel_grades([outcome])[outcome.pk].get(panel.pk),
    }


@login_required
@require_http_methods(["GET", "POST"])
@shows_conflict
def panel_grade(request: HttpRequest, outcome_id: str, panel_id: str) -> HttpResponse:
    """Record the panel's grade, by its chair."""
    outcome, panel = access_of(request).panel_of(Deed.RECORD_PANEL_GRADE, outcome_id, panel_id)
    context = _reviews_context(request, outcome, panel)
    last = context["recorded"]
    initial = {}
    if last:
        code = last.grade.code if last.grade else DECLINED
        initial = {
            "grade": LACK_OF_EVIDENCE if last.for_lack_of_evidence else code,
            "reason": last.reason,
            "why_not_median": last.why_not_median,
        }
    grades = list(grades_of(outcome.assessment.revision))
    form = PanelGradeForm(
        request.POST if request.method == "POST" else None,
        grades=grades,
        too_few=bool(context["lacking"]),
        median=context["median"] if context["left_to_chair"] else None,
        current_version=last.seq if last else 0,
        current_text={"reason": last.reason} if last else {},
        initial=initial,
        ask=lambda grade, _: domain.questions_for(
            outcome, grade, given_factors=domain.factors_given(queries.latest_proposal(outcome))
        ),
        earlier=last.answers if last else (),
    )
    if kept_text := unsaved.answer(request, form):
        return kept_text
    if last and all(form.data.get(name, "").strip() == value for name, value in initial.items()):
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
                why_not_median=form.cleaned_data.get("why_not_median", ""),
                answers=None if lack else form.answers(),
                expected_seq=int(form.current_version),
            ),
        )
        if made:
            return _recorded(request, outcome)
    context |= {"last": last, "back_url": came_from(request, outcome)}
    return answer(request, "grading/panel_grade.html", context, form)


def _recorded(request: HttpRequest, outcome: AssessedOutcome) -> HttpResponse:
    unsaved.forget(request)
    messages.success(request, f"The panel's grade for {outcome} is recorded.")
    return redirect(came_from(request, outcome))


@login_required
@require_http_methods(["GET", "POST"])
def dissent(request: HttpRequest, outcome_id: str, panel_id: str) -> HttpResponse:
    """Write a dissent to the panel's grade, by a member who reviewed (R5)."""
    outcome, panel = access_of(request).panel_of(Deed.DISSENT, outcome_id, panel_id)
    form = DissentForm(request.POST if request.method == "POST" else None)
    if kept_text := unsaved.answer(request, form):
        return kept_text
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.add_dissent(
                actor=request.user,  # type: ignore[arg-type]
                assessed_outcome=outcome,
                panel=panel,
                text=form.cleaned_data["text"],
            ),
        )
        if made:
            unsaved.forget(request)
            messages.success(request, f"Your dissent on {outcome} is recorded. It is shown without your name.")
            return redirect("panel-reviews", outcome.public_id, panel.public_id)
    return answer(request, "grading/dissent.html", _reviews_context(request, outcome, panel), form)


@login_required
@require_http_methods(["GET", "POST"])
def panel_words(request: HttpRequest, outcome_id: str, panel_id: str) -> HttpResponse:
    """Pass words of the panel on, by its chair: a summary of the comments, and dissents of a small panel (R21)."""
    outcome, panel = access_of(request).panel_of(Deed.VOUCH, outcome_id, panel_id)
    context = _reviews_context(request, outcome, panel)
    stands = queries.latest_summary(outcome, panel)
    form = PanelWordsForm(
        request.POST if request.method == "POST" else None,
        dissents=context["dissents"] if context["small"] else [],
        current_version=stands.seq if stands else 0,
        current_text={"summary": stands.reason} if stands else {},
        initial={"summary": stands.reason if stands else ""},
    )
    if kept_text := unsaved.answer(request, form):
        return kept_text
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: (
                domain.pass_words(
                    actor=request.user,  # type: ignore[arg-type]
                    assessed_outcome=outcome,
                    panel=panel,
                    summary=form.cleaned_data["summary"],
                    dissents=form.decisions(),
                    expected_seq=int(form.current_version),
                ),
            ),
        )
        if done:
            unsaved.forget(request)
            messages.success(request, f"What {panel} says on {outcome} is saved.")
            return redirect("outcome", outcome.public_id)
    return answer(request, "grading/panel_words.html", context, form)
