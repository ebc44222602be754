"""The verbs of an assessment: setting it up, and moving it through its phases."""

from .phases import move_phase, move_state
from .setup import (
    PanelPlan,
    RoundPlan,
    ServicePlan,
    add_contributor,
    add_panel,
    add_panel_member,
    change_panel,
    decide_scope,
    decide_scopes,
    end_contributor,
    end_panel_member,
    has_opened,
    leave_out,
    open_assessment,
    plan_round,
    require_preparing,
)

__all__ = [
    "PanelPlan",
    "RoundPlan",
    "ServicePlan",
    "add_contributor",
    "add_panel",
    "add_panel_member",
    "change_panel",
    "decide_scope",
    "decide_scopes",
    "end_contributor",
    "end_panel_member",
    "has_opened",
    "leave_out",
    "move_phase",
    "move_state",
    "open_assessment",
    "plan_round",
    "require_preparing",
]
