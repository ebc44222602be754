"""The outcome page: one page for all roles; its sections appear by what `access` allows."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from eds.access.decide import Answers, Standing, access_of, phase_of
from eds.access.table import Deed
from eds.assessments.models import AssessedOutcome, Phase
from eds.pages.queries import phase_steps
from eds.pages.queries.outcome import outcome_parts
from eds.ui import unsaved
from evidence.coverage import NONE_EXPLAINED, coverage_from, groups_from
from evidence.last_year.queries import waiting_of
from grading.indicated import indicated_from


@login_required
@require_safe
def outcome(request: HttpRequest, outcome_id: str) -> HttpResponse:
    """An outcome: its text, evidence, grades and decision, as far as this person may see them."""
    access = access_of(request)
    found = access.outcome(Deed.SEE_OUTCOME, outcome_id)
    assessment = found.assessment
    may = access.on(found)
    parts = outcome_parts(found, access)
    grades, own_form = parts.panels.grades, parts.panels.own
    standing = access.standing(assessment)
    reviews_in = set(standing.reviews_in(found.pk))
    panels = [
        {
            "panel": panel,
            "grade": next((row for row in grades.panel_grades if row.panel_id == panel.pk), None),
            "reviews": panel.pk in reviews_in,
            "own_state": parts.panels.states.get((found.pk, panel.pk), ""),
            "may_record": access.may_for_panel(Deed.RECORD_PANEL_GRADE, found, panel),
            "may_see_reviews": access.may_for_panel(Deed.SEE_PANEL_REVIEWS, found, panel),
            "words": parts.words.get((found.pk, panel.pk)),
            "may_dissent": access.may_for_panel(Deed.DISSENT, found, panel),
            "may_vouch": access.may_for_panel(Deed.VOUCH, found, panel),
            "may_write_joint": access.may_for_panel(Deed.WRITE_JOINT_GRADE, found, panel),
            "answers_joint": grades.joint is not None and panel in grades.joint.waits_for,
            "may_state": access.may_for_panel(Deed.STATE_FOR_LOCAL_INTERESTS, found, panel),
        }
        for panel in grades.panels
    ]
    cells = coverage_from(parts.characteristics, parts.evidence, parts.settled)
    if own_form is not None:
        review_url = reverse("review", args=[found.public_id, own_form.panel.public_id])
        own_form.form.typed_by = unsaved.stamp(request, review_url)  # type: ignore[attr-defined]
    discussions = [
        {
            "panel": each,
            "remarks": parts.panels.remarks[each.pk],
            "may_discuss": access.may_for_panel(Deed.DISCUSS, found, each),
        }
        for each in parts.panels.discussing
    ]
    context = {
        "coverage": cells,
        "covered": sum(cell.state != "none" for cell in cells),
        "groups": groups_from(parts.characteristics, parts.evidence),
        "none_explained": NONE_EXPLAINED,
        "indicated": indicated_from(cells, parts.scale) if may["see_panel_grades"] else None,
        "own": own_form,
        "sees_plan": access.may(Deed.SEE_PLAN, assessment),
        "last_year": parts.last_year.get((found.outcome.code, found.service.name if found.service else "")),
        "discussions": discussions,
        "now": _now(found, may, standing, own_form is not None),
        "timeline": parts.timeline,
        "outcome": found,
        "assessment": assessment,
        "may": may,
        "steps": phase_steps(found.round) if found.round else [],
        "summary": parts.summary,
        "evidence": parts.evidence,
        "from_last_year": waiting_of([found])[found.pk] if may["write_evidence"] else 0,
        "grades": grades,
        "panels": panels,
        "questions": parts.questions,
        "contributors": parts.contributors,
    }
    return render(request, "pages/outcome.html", context)


def _now(outcome: AssessedOutcome, may: Answers, standing: Standing, has_form: bool) -> str:
    """Say in a sentence what this person can do here now, or why not."""
    if outcome.scope != "in_scope":
        return ""
    if has_form:
        return "Read the evidence, then give your own grade. Nobody else sees it before grades are being agreed."
    if may["propose_grade"] and phase_of(outcome) == Phase.PREPARING:
        return "You can write evidence, the summary and the proposal until reviewing opens."
    if may["write_evidence"]:
        return "You can write and cite evidence until reviewing opens."
    if may["record_panel_grade"]:
        return "You can read your panel\u2019s reviews, discuss them, and record the panel\u2019s grade."
    if may["propose_grade"]:
        return "Grades are being agreed. You can change the proposal, or say why the organisation sees it otherwise."
    if may["discuss"]:
        return "Grades are being agreed. You can read your panel\u2019s reviews and discuss them with your panel."
    if standing.reviews_in(outcome.pk):
        return may["review"].sentence
    if may["answer_question"]:
        if phase_of(outcome) == Phase.AGREEING:
            return "Grades are being agreed. You can answer questions; the evidence is fixed."
        return "People are reviewing. You can answer their questions; the evidence and the proposal are fixed."
    return "You can read what is known of this outcome so far."
