"""Where a decision leads back to."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from eds.assessments.models import AssessedOutcome


def came_from(request: HttpRequest, outcome: AssessedOutcome) -> str:
    """Give where a decision leads back to: the agreement board where it was opened from there, else the outcome."""
    if request.GET.get("back") == "agreement":
        return f"{reverse('agreement', args=[outcome.assessment.public_id])}#outcome-{outcome.public_id}"
    return reverse("outcome", args=[outcome.public_id])
