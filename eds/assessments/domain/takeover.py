"""A new year starts from the last (R19): services, panels, rounds and contributors are offered again, grades never."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction

from eds.assessments.calendar import count_back
from eds.assessments.models import AssessedOutcome, Assessment, Contributor, Panel, Round, Service
from eds.history.errors import DomainError
from eds.people.models import User

from .setup import PanelPlan, RoundPlan, ServicePlan, add_contributor, add_panel, add_service, plan_round

TAKEN_OVER = "Taken over from last year"


@dataclass(frozen=True)
class Kept:
    """What the lead keeps of an earlier year."""

    services: Sequence[Service] = field(default_factory=tuple)
    panels: Sequence[Panel] = field(default_factory=tuple)
    rounds: Sequence[Round] = field(default_factory=tuple)
    contributors: Sequence[Contributor] = field(default_factory=tuple)


def year_before(assessment: Assessment) -> Assessment | None:
    """Give the organisation's last earlier assessment of the same edition, or None."""
    return (
        Assessment.objects.filter(
            organisation=assessment.organisation_id, framework=assessment.framework_id, year__lt=assessment.year
        )
        .select_related("framework")
        .order_by("-year")
        .first()
    )


def take_over(*, actor: User, assessment: Assessment, kept: Kept) -> None:
    """Make again what is kept, all or nothing; what stands here already under the same name is left as it is.

    Nobody is put on a panel: who chaired or reviewed last year is asked afresh. Rounds get dates counted back from the
    day of publication. Raises DomainError where something is of another assessment than the year before, or where
    rounds are kept while no day of publication is set.
    """
    before = year_before(assessment)
    come_from = {
        *(each.assessment_id for each in kept.services),
        *(each.assessment_id for each in kept.panels),
        *(each.assessment_id for each in kept.rounds),
        *(each.assessed_outcome.assessment_id for each in kept.contributors),
    }
    if come_from - {before.pk if before else None}:
        raise DomainError("Only what last year had can be taken over.")
    with transaction.atomic():
        locked = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
        there = set(Service.objects.filter(assessment=locked).values_list("name", flat=True))
        for service in kept.services:
            if service.name not in there:
                add_service(
                    actor=actor,
                    assessment=locked,
                    plan=ServicePlan(service.name, service.why_chosen),
                    reason=TAKEN_OVER,
                )
        here = _by_code(locked)
        panels = _panels(actor, locked, kept.panels, here)
        _rounds(actor, locked, kept.rounds, here, panels)
        for contributor in kept.contributors:
            outcome = here.get(_key(contributor.assessed_outcome))
            if outcome and not outcome.contributors.filter(user=contributor.user, ended_on__isnull=True).exists():
                add_contributor(
                    actor=actor,
                    assessed_outcome=outcome,
                    user=contributor.user,
                    for_what=contributor.for_what,
                    reason=TAKEN_OVER,
                )


Key = tuple[str, str]


def _key(outcome: AssessedOutcome) -> Key:
    return outcome.outcome.code, outcome.service.name if outcome.service else ""


def _by_code(assessment: Assessment) -> dict[Key, AssessedOutcome]:
    rows = AssessedOutcome.objects.in_scope().filter(assessment=assessment)
    return {_key(row): row for row in rows.select_related("assessment", "outcome", "service", "round")}


def _here(found: dict[Key, AssessedOutcome], outcomes: Sequence[AssessedOutcome]) -> list[AssessedOutcome]:
    """Give this year's outcomes for last year's; those that are not graded this year fall away."""
    return [found[_key(each)] for each in outcomes if _key(each) in found]


def _panels(
    actor: User, assessment: Assessment, kept: Sequence[Panel], here: dict[Key, AssessedOutcome]
) -> dict[str, Panel]:
    panels = {panel.name: panel for panel in Panel.objects.filter(assessment=assessment)}
    for panel in kept:
        remit = AssessedOutcome.objects.filter(remits__panel=panel).select_related("outcome", "service").in_order()
        outcomes = _here(here, list(remit))
        if panel.name not in panels and outcomes:
            plan = PanelPlan(panel.name, panel.kind, outcomes, quorum=panel.quorum, rule=panel.rule)
            panels[panel.name] = add_panel(actor=actor, assessment=assessment, plan=plan, reason=TAKEN_OVER)
    return panels


def _differ_rule(round_: Round, named: Panel | None) -> str:
    """Give last year's rule for differing panels; without the panel that it named, the lower grade counts."""
    if round_.differ_rule == Round.DifferRule.NAMED_PANEL and named is None:
        return Round.DifferRule.LOWER
    return round_.differ_rule


def _rounds(
    actor: User,
    assessment: Assessment,
    kept: Sequence[Round],
    here: dict[Key, AssessedOutcome],
    panels: dict[str, Panel],
) -> None:
    if not kept:
        return
    if assessment.publish_by is None:
        raise DomainError("Set the day of publication first: the dates of the rounds are counted back from it.")
    dates = count_back(assessment.publish_by)
    there = set(Round.objects.filter(assessment=assessment).values_list("name", flat=True))
    for round_ in kept:
        outcomes = _here(here, list(round_.outcomes.select_related("outcome", "service").in_order()))
        outcomes = [each for each in outcomes if each.round_id is None]
        if round_.name in there or not outcomes:
            continue
        named = panels.get(round_.named_panel.name) if round_.named_panel else None
        plan = RoundPlan(
            name=round_.name,
            outcomes=outcomes,
            differ_rule=_differ_rule(round_, named),
            named_panel=named,
            pack_by=dates.pack_by,
            review_by=dates.review_by,
            agree_by=dates.agree_by,
            proposal_in_view=round_.proposal_in_view,
        )
        plan_round(actor=actor, assessment=assessment, plan=plan, reason=TAKEN_OVER)
