"""The verbs of an assessment: setting it up, and moving it through its phases."""

from .dates import set_dates
from .engagement import EventText, keep_event, remove_event
from .grounds import have_opened
from .phases import move_phase, move_state
from .setup import (
    PanelPlan,
    RoundPlan,
    ServicePlan,
    add_contributor,
    add_panel,
    add_panel_member,
    add_service,
    change_panel,
    change_round,
    choose_services_rules,
    decide_scope,
    decide_scopes,
    end_contributor,
    end_panel_member,
    has_opened,
    leave_out,
    open_assessment,
    panel_rounds,
    plan_round,
    remove_panel,
    require_preparing,
)
from .takeover import Kept, take_over, year_before

__all__ = [
    "EventText",
    "Kept",
    "PanelPlan",
    "RoundPlan",
    "ServicePlan",
    "add_contributor",
    "add_panel",
    "add_panel_member",
    "add_service",
    "change_panel",
    "change_round",
    "choose_services_rules",
    "decide_scope",
    "decide_scopes",
    "end_contributor",
    "end_panel_member",
    "has_opened",
    "have_opened",
    "keep_event",
    "leave_out",
    "move_phase",
    "move_state",
    "open_assessment",
    "panel_rounds",
    "plan_round",
    "remove_event",
    "remove_panel",
    "require_preparing",
    "set_dates",
    "take_over",
    "year_before",
]
