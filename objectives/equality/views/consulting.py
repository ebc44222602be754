"""Pages on which an objective is put to local people, commented on and answered."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from eds.access.decide import access_of
from eds.access.table import Deed
from objectives.equality import domain, queries
from objectives.equality.fetching import objective_with_right
from objectives.equality.forms import AnswerForm, CommentForm, ConsultForm
from objectives.equality.rules import Step

from .frame import form_page


@login_required
@require_http_methods(["GET", "POST"])
def consult(request: HttpRequest, objective_id: str) -> HttpResponse:
    """Put an objective to local people until a day, or give them more time."""
    found = objective_with_right(request, objective_id, Deed.KEEP_OBJECTIVES, Step.CONSULT)
    form = ConsultForm(
        request.POST if request.method == "POST" else None, initial={"comments_until": found.comments_until}
    )
    return form_page(
        request,
        found,
        form,
        lambda: domain.consult(
            actor=request.user,  # type: ignore[arg-type]
            objective=found.objective,
            until=form.cleaned_data["comments_until"],
            reason=form.cleaned_data["reason"],
        ),
        heading="Put it to local people",
        intro="The members of your panels can then read it and comment. While they do, its text does not change. "
        "The board decides after that.",
        button="Put it to local people",
        done="Local people can comment now.",
        template="objectives/consult.html",
    )


@login_required
@require_http_methods(["GET", "POST"])
def comment(request: HttpRequest, objective_id: str) -> HttpResponse:
    """Comment for a local interest."""
    found = objective_with_right(request, objective_id, Deed.COMMENT_ON_OBJECTIVES, Step.COMMENT)
    places = queries.interests_of(access_of(request), found.objective.organisation)
    panels = {place.panel.public_id: place.panel for place in places}
    form = CommentForm(
        request.POST if request.method == "POST" else None,
        panels=[(key, panel.name) for key, panel in panels.items()],
    )
    return form_page(
        request,
        found,
        form,
        lambda: domain.comment(
            actor=request.user,  # type: ignore[arg-type]
            objective=found.objective,
            panel=panels[form.panel_id],
            text=form.cleaned_data["text"],
        ),
        heading="Comment on this objective",
        intro="Your comment is published under the name of your group. Your own name is not shown to anybody.",
        button="Send my comment",
        done="Thank you. Your comment is sent.",
        template="objectives/comment.html",
        speaks_for=" or ".join(panel.name for panel in panels.values()),
    )


@login_required
@require_http_methods(["GET", "POST"])
def answer_comment(request: HttpRequest, objective_id: str, comment_id: str) -> HttpResponse:
    """Answer a comment, or answer it again."""
    found = objective_with_right(request, objective_id, Deed.KEEP_OBJECTIVES, Step.ANSWER)
    row = next((each for each in found.comments if each.row.public_id == comment_id), None)
    if row is None:
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None, initial={"text": row.answer})
    return form_page(
        request,
        found,
        form,
        lambda: domain.answer_comment(
            actor=request.user,  # type: ignore[arg-type]
            comment=row.row,
            text=form.cleaned_data["text"],
        ),
        heading="Answer a comment",
        intro="Say what you changed because of it, or why not.",
        button="Save the answer",
        done="The answer is saved.",
        template="objectives/answer.html",
        said=row,
    )
