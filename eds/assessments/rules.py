"""Phase moves as pure functions (R18)."""

from __future__ import annotations

from eds.assessments.models import PHASES, Phase


def next_phase(phase: Phase | str) -> Phase | None:
    """Give the phase after this one, or None after the last."""
    index = PHASES.index(Phase(phase))
    return PHASES[index + 1] if index + 1 < len(PHASES) else None


def previous_phase(phase: Phase | str) -> Phase | None:
    """Give the phase before this one, or None before the first."""
    index = PHASES.index(Phase(phase))
    return PHASES[index - 1] if index else None


def is_move_back(from_phase: Phase | str, to_phase: Phase | str) -> bool:
    """Say whether a move goes back: it then needs a reason."""
    return PHASES.index(Phase(to_phase)) < PHASES.index(Phase(from_phase))
