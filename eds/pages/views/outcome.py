"""The outcome page: one page for all roles; its sections appear by what `access` allows."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from eds.access.decide import access_of
from eds.access.table import Deed
from eds.frameworks.queries import grades_of
from eds.pages.queries import phase_steps
from evidence.queries import cited_evidence, summary_of
from grading.queries import outcome_grades, own_states_of, panel_words


@login_required
@require_safe
def outcome(request: HttpRequest, outcome_id: str) -> HttpResponse:
    """An outcome: its text, evidence, grades and decision, as far as this person may see them."""
    access = access_of(request)
    found = access.outcome(Deed.SEE_OUTCOME, outcome_id)
    assessment = found.assessment
    may = access.on(found)
    grades = outcome_grades([found], access)[found.pk]
    standing = access.standing(assessment)
    own = own_states_of([assessment], access.user) if standing.places else {}  # type: ignore[arg-type]
    reviews_in = set(standing.reviews_in(found.pk))
    words = panel_words([found], grades_of(assessment.revision), access)
    panels = [
        {
            "panel": panel,
            "grade": next((row for row in grades.panel_grades if row.panel_id == panel.pk), None),
            "reviews": panel.pk in reviews_in,
            "own_state": own.get((found.pk, panel.pk), ""),
            "may_record": access.may_for_panel(Deed.RECORD_PANEL_GRADE, found, panel),
            "may_see_reviews": access.may_for_panel(Deed.SEE_PANEL_REVIEWS, found, panel),
            "words": words.get((found.pk, panel.pk)),
            "may_dissent": access.may_for_panel(Deed.DISSENT, found, panel),
            "may_vouch": access.may_for_panel(Deed.VOUCH, found, panel),
            "may_write_joint": access.may_for_panel(Deed.WRITE_JOINT_GRADE, found, panel),
            "answers_joint": grades.joint is not None and panel in grades.joint.waits_for,
            "may_state": access.may_for_panel(Deed.STATE_FOR_LOCAL_INTERESTS, found, panel),
        }
        for panel in grades.panels
    ]
    context = {
        "outcome": found,
        "assessment": assessment,
        "may": may,
        "steps": phase_steps(found.round) if found.round else [],
        "summary": summary_of(found),
        "evidence": cited_evidence(found, access),
        "grades": grades,
        "panels": panels,
        "contributors": list(found.contributors.filter(ended_on__isnull=True).select_related("user")),
    }
    return render(request, "pages/outcome.html", context)
