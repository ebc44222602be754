"""Fetching is authorising: an action or objective of a plan, for somebody who may see it."""

from __future__ import annotations

from django.http import Http404

from eds.access.decide import Access, enforce
from eds.access.table import Deed, Role
from eds.assessments.models import AssessedOutcome, Panel

from . import queries
from .models import ActionOwner, ImprovementAction, PlanObjective
from .years import place_of


def owns(access: Access, action: ImprovementAction) -> bool:
    """Say whether the person owns the action (one query)."""
    return ActionOwner.objects.filter(action=action, user=access.user.pk or 0, ended_on__isnull=True).exists()


def action_with_right(access: Access, deed: Deed, action_id: str) -> tuple[ImprovementAction, bool]:
    """Fetch an action for a deed on its plan, and say whether the person owns it.

    Raises Http404 where the action is hidden from the person, PermissionDenied with its sentence where only the deed is
    not theirs. `Deed.SEE_ACTIONS` asks for no more than seeing it.
    """
    action = queries.standing_actions().filter(public_id=action_id).first()
    if action is None:
        raise Http404
    outcome = action.assessed_outcome
    owner = owns(access, action)
    if not access.may(Deed.SEE_ACTIONS, outcome) and not (owner and queries.owner_may_see(access, action)):
        raise Http404
    if deed is not Deed.SEE_ACTIONS:
        enforce(access.may_as(deed, outcome.assessment, *([Role.OWNER] if owner else [])))
    return action, owner


def action_to_feel(access: Access, action_id: str, panel_id: str) -> tuple[ImprovementAction, Panel, AssessedOutcome]:
    """Fetch an action and a panel for whoever says for the panel whether it felt the action (R25).

    With them comes the outcome of the panel's own year for which it speaks.

    Raises Http404 where the action is hidden from the person or the panel has no word on it, PermissionDenied for
    everybody but the panel's chair.
    """
    action = queries.standing_actions().filter(public_id=action_id).first()
    panel = (
        Panel.objects.filter(public_id=panel_id)
        .select_related("assessment__organisation", "assessment__framework", "assessment__revision")
        .first()
    )
    if action is None or panel is None:
        raise Http404
    outcome = action.assessed_outcome
    of_its_year = panel.assessment_id == outcome.assessment_id
    seen = (
        access.may(Deed.SEE_ACTIONS, outcome) or (owns(access, action) and queries.owner_may_see(access, action))
        if of_its_year
        else access.may(Deed.SEE_PLAN, panel.assessment)
    )
    place = place_of(action, panel) if seen else None
    if place is None:
        raise Http404
    enforce(access.may(Deed.SAY_FELT, panel))
    return action, panel, place


def objective_with_right(access: Access, objective_id: str) -> PlanObjective:
    """Fetch an objective of a plan for whoever keeps the plan."""
    found = (
        PlanObjective.objects.filter(public_id=objective_id, removed=False)
        .select_related(
            "assessed_outcome__assessment__organisation",
            "assessed_outcome__assessment__framework",
            "assessed_outcome__assessment__revision",
            "assessed_outcome__outcome__goal",
            "assessed_outcome__service",
            "assessed_outcome__round",
            "serves",
        )
        .first()
    )
    if found is None or not access.may(Deed.SEE_ACTIONS, found.assessed_outcome):
        raise Http404
    access.require(Deed.KEEP_PLAN, found.assessed_outcome.assessment)
    return found
