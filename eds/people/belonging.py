"""A hook for what follows when somebody joins or leaves. `eds.access` derives its grants through it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .models import Organisation

BelongingHook = Callable[[Organisation, Any], None]
"""Takes the organisation, and the assessment that the change is about, or None where it is about the organisation."""

_hooks: list[BelongingHook] = []


def belonging_hook(hook: BelongingHook) -> BelongingHook:
    """Register what follows when somebody joins or leaves an organisation or an assessment."""
    if hook not in _hooks:
        _hooks.append(hook)
    return hook


def belonging_changed(organisation: Organisation, assessment: Any = None) -> None:
    """Say, in the transaction of the change, that who belongs is different now."""
    for hook in _hooks:
        hook(organisation, assessment)
