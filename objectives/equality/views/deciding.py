"""Pages on which an objective is checked, decided on, reviewed and closed."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from eds.access.decide import access_of
from eds.access.table import Deed
from objectives.equality import domain, news
from objectives.equality.fetching import objective_with_right
from objectives.equality.forms import CheckForm, CloseForm, DecideForm, ReviewForm
from objectives.equality.models import ObjectiveDecision
from objectives.equality.rules import Step

from .frame import form_page


@login_required
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, objective_id: str) -> HttpResponse:
    """What keeps an objective from being adopted, and the answers to it."""
    found = objective_with_right(request, objective_id, Deed.SEE_DRAFT_OBJECTIVES, Step.ANSWER_CHECK)
    access = access_of(request)
    if request.method == "POST":
        access.require(Deed.KEEP_OBJECTIVES, found.objective.organisation)
    form = CheckForm(
        request.POST if request.method == "POST" else None,
        findings=[each for each in found.findings if each.can_answer],
    )
    return form_page(
        request,
        found,
        form,
        lambda: domain.answer_check(
            actor=request.user,  # type: ignore[arg-type]
            objective=found.objective,
            seen=form.seen(),
            text=form.cleaned_data["text"],
        ),
        heading="Is it specific, and can it be measured?",
        intro="The board adopts an objective when nothing is open here. Mend what is named, or say why it stays so.",
        button="Save my answer",
        done="Your answer is saved.",
        template="objectives/check.html",
        may=access.on(found.objective.organisation),
        can={"keep": not found.why_not(Step.KEEP)},
    )


@login_required
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, objective_id: str) -> HttpResponse:
    """Record what the board decided, by the sponsor."""
    found = objective_with_right(request, objective_id, Deed.ADOPT_OBJECTIVES, Step.DECIDE)
    form = DecideForm(request.POST if request.method == "POST" else None)
    return form_page(
        request,
        found,
        form,
        lambda: domain.decide(
            actor=request.user,  # type: ignore[arg-type]
            objective=found.objective,
            decision=form.cleaned_data["decision"],
            paper=form.cleaned_data["paper"],
            reason=form.cleaned_data["reason"],
        ),
        heading="Record what the board decided",
        intro="Read the objective and what local people said of it. Then record the board's decision.",
        button="Record the decision",
        done=lambda: (
            "The objective is adopted."
            if form.cleaned_data["decision"] == ObjectiveDecision.Kind.ADOPTED
            else "It is recorded that the objective is not adopted."
        ),
        template="objectives/decide.html",
    )


@login_required
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, objective_id: str) -> HttpResponse:
    """Record a yearly review, or an early one."""
    found = objective_with_right(request, objective_id, Deed.KEEP_OBJECTIVES, Step.REVIEW)
    fresh = news.reader_of(access_of(request), found.objective.organisation).about(found)
    form = ReviewForm(request.POST if request.method == "POST" else None, initial={"kind": "early"} if fresh else {})
    return form_page(
        request,
        found,
        form,
        lambda: domain.review(
            actor=request.user,  # type: ignore[arg-type]
            objective=found.objective,
            text=form.cleaned_data["text"],
            early=form.cleaned_data["kind"] == "early",
        ),
        heading="Review this objective",
        intro="Look at how its measures stand. What has to be done besides can be added to it as a commitment.",
        button="Record the review",
        done="The review is recorded.",
        template="objectives/review.html",
        fresh=fresh,
    )


@login_required
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, objective_id: str) -> HttpResponse:
    """Close an adopted objective with its result."""
    found = objective_with_right(request, objective_id, Deed.KEEP_OBJECTIVES, Step.CLOSE)
    form = CloseForm(request.POST if request.method == "POST" else None)
    return form_page(
        request,
        found,
        form,
        lambda: domain.close(
            actor=request.user,  # type: ignore[arg-type]
            objective=found.objective,
            result=form.cleaned_data["result"],
            reason=form.cleaned_data["reason"],
        ),
        heading="Close this objective",
        intro="Say how it ended. A next objective can then follow from it.",
        button="Close the objective",
        done="The objective is closed.",
        template="objectives/review.html",
    )
