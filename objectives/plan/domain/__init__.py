"""Verbs of the plan: what it says, how it goes, what was felt, and what comes over from last year."""

from .carry import Offer, carry_over, offers
from .following import answer_link, say_felt, say_progress, withdraw_links
from .keeping import (
    LONGEST,
    ActionText,
    OwnerText,
    add_action,
    add_objective,
    add_owner,
    change_action,
    change_objective,
    end_owner,
    keep_settings,
    put_in_order,
    remove_action,
    remove_objective,
)

__all__ = [
    "LONGEST",
    "ActionText",
    "Offer",
    "OwnerText",
    "add_action",
    "add_objective",
    "add_owner",
    "answer_link",
    "carry_over",
    "change_action",
    "change_objective",
    "end_owner",
    "keep_settings",
    "offers",
    "put_in_order",
    "remove_action",
    "remove_objective",
    "say_felt",
    "say_progress",
    "withdraw_links",
]
