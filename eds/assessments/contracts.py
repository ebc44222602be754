"""What rooms above hand up to the house, in typed registries filled from AppConfig.ready().

The floor below cannot import the rooms, and must not know them: it only asks what was registered here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from django.utils import timezone

from eds.history.reading import Reading, beside, read

if TYPE_CHECKING:
    import datetime

    from eds.assessments.models import AssessedOutcome, Assessment, Panel, Phase, PhaseChange, Round
    from eds.history.models import AppendOnly
    from eds.people.models import User


@dataclass(frozen=True)
class Unmet:
    """A condition that a move does not meet: a stable id, a sentence, and where to mend it."""

    id: str
    sentence: str
    url: str = ""


class Viewer(Protocol):
    """Who looks at a timeline, as `eds.access` answers for them. A source asks before it tells."""

    user: Any

    def may(self, deed: Any, subject: Any) -> Any:
        """Answer whether the person may do this to that."""

    def may_for_panel(self, deed: Any, outcome: AssessedOutcome, panel: Panel) -> Any:
        """Answer for a deed on one panel's part of an outcome."""


@dataclass(frozen=True)
class TimelineEntry:
    """Something that happened to an outcome (R10): when, who in words of a role and never a name, what, why.

    `grade` is drawn beside the words where a grade was given. `on` is the day on which it was decided: what is entered
    later than it was decided stands where it belongs.
    """

    at: datetime.datetime
    who: str
    what: str
    why: str = ""
    grade: Any = None
    on: datetime.date | None = None

    @classmethod
    def of(cls, row: AppendOnly, who: str, what: str, why: str = "", grade: Any = None) -> TimelineEntry:
        """Make an entry of a decision, dated as the decision is."""
        return cls(row.recorded_at, who, what, why, grade, row.decided_on)

    @property
    def order(self) -> tuple[datetime.date, datetime.datetime]:
        """Give what entries are ordered by: the day of the decision, then when it was recorded."""
        return self.on or timezone.localdate(self.at), self.at


TimelineSource = Callable[["AssessedOutcome", Viewer], Reading[list[TimelineEntry]]]
PhaseCondition = Callable[["Round", "Phase"], Iterable[Unmet]]
PhaseEffect = Callable[["Round", "PhaseChange"], None]
PublishEffect = Callable[["Assessment", int], None]
ConflictFact = Callable[["User", "Assessment"], dict[int, str]]

_conditions: list[PhaseCondition] = []
_effects: list[PhaseEffect] = []
_publish_effects: list[PublishEffect] = []
_conflicts: list[ConflictFact] = []
_timelines: list[TimelineSource] = []


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


def timeline_source(source: TimelineSource) -> TimelineSource:
    """Register what a room knows of what happened to an outcome. It gives what the viewer may know, and no more."""
    return _add(_timelines, source)


def timeline(outcome: AssessedOutcome, viewer: Viewer) -> list[TimelineEntry]:
    """Give all that happened to an outcome as far as this person may know, newest first."""
    return read(reading_timeline(outcome, viewer))


def reading_timeline(outcome: AssessedOutcome, viewer: Viewer) -> Reading[list[TimelineEntry]]:
    """Give what timeline() gives; all sources are read side by side."""
    told = yield from beside(*(source(outcome, viewer) for source in _timelines))
    return sorted((entry for entries in told for entry in entries), key=lambda entry: entry.order, reverse=True)


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
