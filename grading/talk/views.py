"""Pages of talk: ask, answer, say something to one's own panel, take it back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from eds.access.decide import access_of
from eds.access.http import attempt
from eds.access.table import Deed
from eds.assessments.models import Panel
from eds.ui import unsaved
from eds.ui.views import answer as respond
from evidence.queries import cited_evidence
from grading.models import Question, Remark

from . import domain
from .forms import AnswerForm, QuestionForm, RemarkForm, TakeBackForm


@login_required
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, outcome_id: str) -> HttpResponse:
    """Ask about an outcome's evidence, without a name (R3)."""
    access = access_of(request)
    outcome = access.outcome(Deed.ASK_QUESTION, outcome_id)
    form = QuestionForm(request.POST if request.method == "POST" else None)
    if kept_text := unsaved.answer(request, form):
        return kept_text
    if request.method == "POST" and form.is_valid():
        panel = Panel.objects.get(pk=access.standing(outcome.assessment).reviews_in(outcome.pk)[0])
        asked = attempt(
            form,
            lambda: domain.ask(
                actor=request.user,  # type: ignore[arg-type]
                assessed_outcome=outcome,
                panel=panel,
                text=form.cleaned_data["text"],
            ),
        )
        if asked:
            unsaved.forget(request)
            messages.success(request, "Your question is asked. You see the answer here and on your home page.")
            return redirect("outcome", outcome.public_id)
    return respond(request, "grading/ask.html", {"outcome": outcome}, form)


@login_required
@require_http_methods(["GET", "POST"])
def answer(request: HttpRequest, outcome_id: str, question_id: str) -> HttpResponse:
    """Answer a question for the organisation."""
    access = access_of(request)
    outcome = access.outcome(Deed.ANSWER_QUESTION, outcome_id)
    question = Question.objects.filter(assessed_outcome=outcome, public_id=question_id).first()
    if question is None:
        raise Http404
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        evidence=cited_evidence(outcome, access),
    )
    if kept_text := unsaved.answer(request, form):
        return kept_text
    if request.method == "POST" and form.is_valid():
        given = attempt(
            form,
            lambda: domain.answer(
                actor=request.user,  # type: ignore[arg-type]
                assessed_outcome=outcome,
                question=question,
                text=form.cleaned_data["text"],
                item_id=form.item_id,
            ),
        )
        if given:
            unsaved.forget(request)
            messages.success(request, "The answer is given. The panels of this outcome can read it.")
            return redirect("outcome", outcome.public_id)
    earlier = list(question.answers.order_by("seq"))
    context = {"outcome": outcome, "question": question, "earlier": earlier}
    return respond(request, "grading/answer.html", context, form)


@login_required
@require_http_methods(["GET", "POST"])
def remark(request: HttpRequest, outcome_id: str, panel_id: str) -> HttpResponse:
    """Say something to one's own panel after the reveal (R3)."""
    outcome, panel = access_of(request).panel_of(Deed.DISCUSS, outcome_id, panel_id)
    form = RemarkForm(request.POST if request.method == "POST" else None)
    if kept_text := unsaved.answer(request, form):
        return kept_text
    if request.method == "POST" and form.is_valid():
        said = attempt(
            form,
            lambda: domain.remark(
                actor=request.user,  # type: ignore[arg-type]
                assessed_outcome=outcome,
                panel=panel,
                text=form.cleaned_data["text"],
            ),
        )
        if said:
            unsaved.forget(request)
            messages.success(request, "Your panel can read what you said.")
            return redirect("panel-reviews", outcome.public_id, panel.public_id)
    return respond(request, "grading/remark.html", {"outcome": outcome, "panel": panel}, form)


@login_required
@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, outcome_id: str, panel_id: str, remark_id: str) -> HttpResponse:
    """Take one's own remark back; to everybody else the page is not there."""
    outcome, panel = access_of(request).panel_of(Deed.DISCUSS, outcome_id, panel_id)
    found = (
        Remark.objects.filter(
            assessed_outcome=outcome, panel=panel, public_id=remark_id, actor_id=request.user.pk, taken_back=None
        )
        .select_related("assessed_outcome")
        .first()
    )
    if found is None:
        raise Http404
    form = TakeBackForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        gone = attempt(
            form,
            lambda: domain.take_back(actor=request.user, remark=found),  # type: ignore[arg-type]
        )
        if gone:
            messages.success(request, "You took your remark back. A mark shows that there was one.")
            return redirect("panel-reviews", outcome.public_id, panel.public_id)
    return respond(request, "grading/take_back.html", {"outcome": outcome, "panel": panel, "remark": found}, form)
