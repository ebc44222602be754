"""The list of an organisation's objectives, and one objective."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from eds.access.decide import access_of
from eds.access.table import Deed
from objectives.equality import news, queries
from objectives.equality.fetching import objective_with_right
from objectives.equality.rules import Stage, Step
from objectives.libraries.queries import answered_by

ORDER = (
    (Stage.DECIDING, "Waiting for the board"),
    (Stage.CONSULTING, "Put to local people"),
    (Stage.ADOPTED, "Adopted"),
    (Stage.DRAFT, "Drafts"),
    (Stage.CLOSED, "Closed"),
    (Stage.NOT_ADOPTED, "Not adopted"),
)


@login_required
@require_safe
def of_organisation(request: HttpRequest, organisation_id: str) -> HttpResponse:
    """All objectives of an organisation, by where they stand."""
    access = access_of(request)
    organisation = access.organisation(Deed.SEE_OBJECTIVES, organisation_id)
    found = queries.seen_by(access, organisation, queries.of_organisations([organisation]))
    reader = news.reader_of(access, organisation)
    context = {
        "organisation": organisation,
        "groups": [
            (words, [(each, reader.about(each)) for each in rows])
            for stage, words in ORDER
            if (rows := [each for each in found if each.stage is stage])
        ],
        "nobodys": reader.uncovered(found) if access.may(Deed.KEEP_OBJECTIVES, organisation) else [],
        "may": access.on(organisation),
    }
    return render(request, "objectives/list.html", context)


@login_required
@require_safe
def one(request: HttpRequest, objective_id: str) -> HttpResponse:
    """One objective: what it says, its measures, what local people said, and what was decided."""
    found = objective_with_right(request, objective_id)
    access = access_of(request)
    organisation = found.objective.organisation
    can = {step.value: not found.why_not(step) for step in Step}
    can["comment"] = can["comment"] and queries.may_comment(access, organisation)
    keeps = bool(access.may(Deed.KEEP_OBJECTIVES, organisation))
    context = {
        "national": answered_by(found.objective),
        "fresh": news.reader_of(access, organisation).about(found),
        "found": found,
        "objective": found.objective,
        "organisation": organisation,
        "edits": keeps and can["keep"],
        "answers": keeps and can["answer"],
        "may": access.on(organisation),
        "can": can,
        "followers": [
            each
            for each in found.objective.followed_by.all()
            if not each.withdrawn and (each.put_forward or access.may(Deed.SEE_DRAFT_OBJECTIVES, organisation))  # type: ignore[attr-defined]
        ],
    }
    return render(request, "objectives/objective.html", context)
