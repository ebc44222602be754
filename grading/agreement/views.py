"""The page of the agreement board."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from eds.access.decide import access_of
from eds.access.table import Deed
from eds.ui import unsaved
from grading.forms import StatementForm
from grading.rules import SMALL_PANEL

from .queries import agreement_board


@login_required
@require_safe
def agreement(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """How far apart the sides are on each outcome, the furthest first; decide from here."""
    access = access_of(request)
    assessment = access.assessment(Deed.SEE_AGREEMENT, assessment_id)
    groups = agreement_board(assessment, access)
    for row in (row for group in groups for row in group.rows):
        _stamp(request, row.statement_form, "statement", row.outcome.public_id)
        for line in row.panels:
            _stamp(request, line.statement_form, "local-statement", row.outcome.public_id, line.panel.public_id)
    context = {
        "assessment": assessment,
        "groups": groups,
        "any": any(group.rows for group in groups),
        "enough": SMALL_PANEL,
    }
    return render(request, "grading/agreement.html", context)


def _stamp(request: HttpRequest, form: StatementForm | None, route: str, *args: str) -> None:
    """Let what is typed in a form on the board be kept where the log-in runs out."""
    if form is not None:
        form.typed_by = unsaved.stamp(request, reverse(route, args=args))  # type: ignore[attr-defined]
