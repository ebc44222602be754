"""How a plan goes on in the year after: which outcome follows which, and what its panels may say of the year before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eds.access.decide import Access
from eds.access.table import Deed
from eds.assessments.domain.takeover import year_before
from eds.assessments.models import AssessedOutcome, Assessment, Panel, PanelRemit, State
from eds.history.models import today

from . import queries, rules
from .models import ImprovementAction
from .table import PlanShown

WITHIN = 2
"""How many years back a plan of another edition may lie to count as the one before."""


def plan_before(assessment: Assessment) -> Assessment | None:
    """Give the assessment whose plan this one goes on from: the last of the same edition, else the last of another.

    An organisation that went over to a new edition keeps its promises; what is older than two years is history (two
    queries at most).
    """
    of_the_edition = year_before(assessment)
    if of_the_edition is not None:
        return of_the_edition
    return (
        Assessment.objects.filter(
            organisation=assessment.organisation_id, year__lt=assessment.year, year__gte=assessment.year - WITHIN
        )
        .select_related("organisation", "framework", "revision")
        .order_by("-year", "-pk")
        .first()
    )


def key_of(outcome: AssessedOutcome) -> tuple[str, str]:
    """Give what an outcome is known by from year to year: its code and its service's name, "" without one."""
    return outcome.outcome.code, outcome.service.name if outcome.service else ""


def followed_by(before: Iterable[AssessedOutcome], here: Sequence[AssessedOutcome]) -> dict[int, AssessedOutcome]:
    """Give, by outcome of the year before, the one of this year that it goes on in, where that is clear.

    Between editions it never is: a code means something else in each.
    """
    graded = [each for each in here if each.scope == "in_scope"]
    keys = [key_of(each) for each in graded]
    edition = here[0].assessment.framework_id if here else None
    found = {}
    for outcome in before:
        if outcome.assessment.framework_id != edition:
            continue
        place = rules.same_outcome(key_of(outcome), keys)
        if place is not None:
            found[outcome.pk] = graded[place]
    return found


def place_of(action: ImprovementAction, panel: Panel) -> AssessedOutcome | None:
    """Give the outcome of the panel's own year for which it speaks of an action, or None where it may not (R25).

    It is the action's outcome where the panel grades that; for a panel of the year after, once the action's year is
    published, the outcome that carries it on. `action` needs its places, `panel` its assessment (three queries at most).
    """
    outcome = action.assessed_outcome
    if panel.assessment_id == outcome.assessment_id:
        place: AssessedOutcome | None = outcome
    else:
        before = plan_before(panel.assessment)
        if before is None or before.pk != outcome.assessment_id or before.state != State.PUBLISHED:
            return None
        place = followed_by([outcome], queries.outcomes_of(panel.assessment)).get(outcome.pk)
    remit = PanelRemit.objects.filter(panel=panel, assessed_outcome=place)
    return place if place is not None and remit.exists() else None


def promised(before: Assessment, access: Access) -> PlanShown:
    """Give the plan of the year before as people of this year may read it: all of it once that year is published.

    What it was carried over to is left out while this year's actions are hidden from the reader (R3).
    """
    outcomes = queries.outcomes_of(before)
    if before.state != State.PUBLISHED:
        outcomes = [each for each in outcomes if access.may(Deed.SEE_ACTIONS, each)]
    return queries.shown(before, outcomes, today(), queries.sees_names(access, before), access)
