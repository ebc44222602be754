"""What rooms above hand up to the house, in typed registries filled from AppConfig.ready().

The floor below cannot import the rooms, and must not know them: it only asks what was registered here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eds.assessments.models import Assessment, Phase, PhaseChange, Round
    from eds.people.models import User


@dataclass(frozen=True)
class Unmet:
    """A condition that a move does not meet: a stable id, a sentence, and where to mend it."""

    id: str
    sentence: str
    url: str = ""


PhaseCondition = Callable[["Round", "Phase"], Iterable[Unmet]]
PhaseEffect = Callable[["Round", "PhaseChange"], None]
PublishEffect = Callable[["Assessment", int], None]
ConflictFact = Callable[["User", "Assessment"], dict[int, str]]

_conditions: list[PhaseCondition] = []
_effects: list[PhaseEffect] = []
_publish_effects: list[PublishEffect] = []
_conflicts: list[ConflictFact] = []


def _add(registry: list, entry):
    if entry not in registry:
        registry.append(entry)
    return entry


def phase_condition(condition: PhaseCondition) -> PhaseCondition:
    """Register what a round must meet before it moves to a phase."""
    return _add(_conditions, condition)


def phase_effect(effect: PhaseEffect) -> PhaseEffect:
    """Register what a move brings about, in the move's own transaction."""
    return _add(_effects, effect)


def publish_effect(effect: PublishEffect) -> PublishEffect:
    """Register what publishing a version brings about, in publishing's own transaction."""
    return _add(_publish_effects, effect)


def conflict_fact(fact: ConflictFact) -> ConflictFact:
    """Register why a person may not review outcomes of an assessment: sentences by assessed outcome's primary key."""
    return _add(_conflicts, fact)


def unmet_conditions(round_: Round, to_phase: Phase) -> list[Unmet]:
    """Give all that stands in the way of a move, from every room."""
    return [unmet for condition in _conditions for unmet in condition(round_, to_phase)]


def run_effects(round_: Round, change: PhaseChange) -> None:
    """Let every room do what the move brings about."""
    for effect in _effects:
        effect(round_, change)


def run_publish_effects(assessment: Assessment, version: int) -> None:
    """Let every room do what a published version brings about."""
    for effect in _publish_effects:
        effect(assessment, version)


def conflicts(user: User, assessment: Assessment) -> dict[int, str]:
    """Give, by assessed outcome's primary key, why this person may not review it."""
    found: dict[int, str] = {}
    for fact in _conflicts:
        found = {**fact(user, assessment), **found}
    return found
