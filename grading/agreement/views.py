"""The page of the agreement board."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from eds.access.decide import access_of
from eds.access.table import Deed
from grading.rules import SMALL_PANEL

from .queries import agreement_board


@login_required
@require_safe
def agreement(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """How far apart the sides are on each outcome, the furthest first; decide from here."""
    access = access_of(request)
    assessment = access.assessment(Deed.SEE_AGREEMENT, assessment_id)
    groups = agreement_board(assessment, access)
    context = {
        "assessment": assessment,
        "groups": groups,
        "any": any(group.rows for group in groups),
        "enough": SMALL_PANEL,
    }
    return render(request, "grading/agreement.html", context)
