"""Outcomes and rounds as pages show them."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import QuerySet

from eds.assessments.models import AssessedOutcome, Assessment, Phase, Round
from eds.history.prepared import prepared
from eds.ui.components import PhaseStep
from eds.ui.text import uk_date


def outcomes_of(assessment: Assessment) -> list[AssessedOutcome]:
    """Give all outcomes of an assessment in order, with scope, round and service (one query)."""
    return list(_with_scope(assessment))


@prepared
def _with_scope(assessment: Assessment) -> QuerySet[AssessedOutcome]:
    outcomes = AssessedOutcome.objects.with_scope().filter(assessment=assessment)
    return outcomes.select_related("assessment__organisation", "outcome__goal", "service", "round").in_order()


@prepared
def in_scope_of(assessments: Sequence[Assessment]) -> QuerySet[AssessedOutcome]:
    """Give the outcomes in scope of some assessments, in order, with all that names them."""
    outcomes = AssessedOutcome.objects.in_scope().filter(assessment__in=assessments)
    return outcomes.select_related(
        "assessment__organisation", "assessment__framework", "outcome__goal", "service", "round"
    ).in_order()


@prepared
def rounds_of(assessments: Sequence[Assessment]) -> QuerySet[Round]:
    """Give the rounds of some assessments."""
    return Round.objects.filter(assessment__in=assessments).select_related("assessment")


def without_panel(round_: Round) -> list[AssessedOutcome]:
    """Give the outcomes of a round that no panel grades: the lead records why (R4)."""
    outcomes = AssessedOutcome.objects.in_scope().filter(round=round_, remits__isnull=True)
    return list(outcomes.select_related("outcome", "service").in_order())


def phase_steps(round_: Round) -> list[PhaseStep]:
    """Give a round's phases for the phase bar."""
    dates = {
        Phase.REVIEWING: f"until {uk_date(round_.review_by)}" if round_.review_by else "",
        Phase.AGREEING: f"until {uk_date(round_.agree_by)}" if round_.agree_by else "",
    }
    phases = list(Phase)
    now = phases.index(Phase(round_.phase))
    return [
        PhaseStep(phase.label, dates.get(phase, ""), "done" if i < now else "current" if i == now else "next")
        for i, phase in enumerate(phases)
    ]
