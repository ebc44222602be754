"""Fetching is authorising: an action or objective of a plan, for somebody who may see it."""

from __future__ import annotations

from django.http import Http404

from eds.access.decide import Access, enforce
from eds.access.table import Deed, Role

from . import queries
from .models import ActionOwner, ImprovementAction, PlanObjective


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
