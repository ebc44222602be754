"""Outcomes and rounds as pages show them."""

from __future__ import annotations

from eds.assessments.models import AssessedOutcome, Assessment, Phase, Round
from eds.ui.components import PhaseStep
from eds.ui.text import uk_date


def outcomes_of(assessment: Assessment) -> list[AssessedOutcome]:
    """Give all outcomes of an assessment in order, with scope, round and service (one query)."""
    return list(
        AssessedOutcome.objects.with_scope()
        .filter(assessment=assessment)
        .select_related("assessment__organisation", "outcome__goal", "service", "round")
        .in_order()
    )


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
