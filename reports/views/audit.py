"""The page of the annual meeting: what became of a year."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from eds.access.decide import access_of
from eds.access.table import Deed
from reports.audit import WORDS, audit_of


@login_required
@require_safe
def audit(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Grades then and now, promised, done, felt: on one page, for the organisation and its local interests."""
    access = access_of(request)
    assessment = access.assessment(Deed.SEE_PLAN, assessment_id)
    found = audit_of(assessment, access)
    felt = [(WORDS[key], number) for key, number in found.felt_counts.items() if number]
    return render(request, "reports/audit.html", {"assessment": assessment, "audit": found, "felt": felt})
