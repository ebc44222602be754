"""The plan as one typed structure, from which every view and export is made by pure functions."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from objectives.months import Month

from . import rules

NO_OBJECTIVE = "Without an objective"
NO_OWNER = "Without an owner"
NO_MONTH = "Month unknown"
NO_GROUP = "About no group in particular"
NO_ACTION = "No action yet"


@dataclass(frozen=True)
class OwnerShown:
    """An owner as this reader may read it; `person` is "" where the name is not for this reader."""

    kind: str
    name: str
    person: str = ""

    @property
    def words(self) -> str:
        """Give the role, group or network, with the person where it is shown."""
        return f"{self.name} ({self.person})" if self.person else self.name


@dataclass(frozen=True)
class FeltShown:
    """What a panel said of an action: whether it felt it, and its sentence."""

    panel: str
    answer: str
    answer_words: str
    words: str
    on: datetime.date


@dataclass(frozen=True)
class Line:
    """One line of the plan: an action, or an objective that has none yet (`action_id` is "")."""

    domain: str
    domain_title: str
    outcome: str
    outcome_text: str
    outcome_id: str
    code: str = ""
    service: str = ""
    objective: str = ""
    objective_id: str = ""
    serves: str = ""
    action: str = ""
    action_id: str = ""
    measure: str = ""
    owners: tuple[OwnerShown, ...] = ()
    due: Month | None = None
    due_words: str = ""
    status: str = ""
    state: str = ""
    said: str = ""
    said_on: datetime.date | None = None
    felt: tuple[FeltShown, ...] = ()
    proof: str = ""
    characteristics: tuple[tuple[str, str], ...] = ()
    carried_from: str = ""
    carried_to: str = ""
    carried_to_id: str = ""
    position: int = 0

    @property
    def is_action(self) -> bool:
        """Say whether it is an action, not an objective alone."""
        return bool(self.action_id)

    @property
    def is_open(self) -> bool:
        """Say whether something is still to be done for it in this plan."""
        return self.is_action and rules.is_open(self.status) and not self.carried_to

    @property
    def state_words(self) -> str:
        """Give where it stands in words; late is said where it is late, carried over where it goes on elsewhere."""
        if not self.is_action:
            return NO_ACTION
        if self.carried_to:
            return f"Carried over to {self.carried_to}"
        return rules.WORDS[self.state]

    @property
    def colour(self) -> str:
        """Give the colour of its tag."""
        return "grey" if self.carried_to or not self.is_action else rules.COLOURS[self.state]

    @property
    def due_in_words(self) -> str:
        """Give the month, the words a plan used instead, or that it is unknown."""
        if self.due is not None:
            return f"{self.due} ({self.due_words})" if self.due_words else str(self.due)
        return self.due_words or (NO_MONTH if self.is_action else "")

    @property
    def owners_in_words(self) -> str:
        """Give all owners, or that there is none."""
        return "; ".join(owner.words for owner in self.owners) or (NO_OWNER if self.is_action else "")

    @property
    def felt_in_words(self) -> str:
        """Give what panels said of it."""
        return "; ".join(f"{said.panel}: {said.answer_words}. {said.words}" for said in self.felt)

    @property
    def place(self) -> str:
        """Give the outcome with its text."""
        return f"{self.outcome} {self.outcome_text}"


@dataclass(frozen=True)
class PlanShown:
    """The plan of an assessment as one reader may read it on a day."""

    organisation: str
    title: str
    goal_word: str
    on: datetime.date
    lines: tuple[Line, ...] = ()

    @property
    def actions(self) -> list[Line]:
        """Give the actions alone."""
        return [line for line in self.lines if line.is_action]

    @property
    def late(self) -> list[Line]:
        """Give what is late, the longest first."""
        found = [line for line in self.actions if line.is_open and line.state == rules.LATE]
        return sorted(found, key=lambda line: line.due.number if line.due else 0)

    @property
    def due_now(self) -> list[Line]:
        """Give what is due this month."""
        month = Month.of(self.on)
        return [line for line in self.actions if line.is_open and rules.is_due_in(line.status, line.due, month)]

    @property
    def counts(self) -> dict[str, int]:
        """Give how many actions stand where, in the order of what needs most care; carried ones are not counted."""
        counted = Counter(line.state for line in self.actions if not line.carried_to)
        return {key: counted[key] for key in rules.ORDER if counted[key]}


@dataclass(frozen=True)
class Wanted:
    """What a reader wants to see: a grouping and filters, each "" where all are wanted."""

    by: str = "domain"
    domain: str = ""
    outcome: str = ""
    objective: str = ""
    owner: str = ""
    month: str = ""
    group: str = ""
    state: str = ""

    @property
    def filters(self) -> dict[str, str]:
        """Give the filters that are set."""
        names = ("domain", "outcome", "objective", "owner", "month", "group", "state")
        return {name: value for name in names if (value := getattr(self, name))}


@dataclass(frozen=True)
class Section:
    """Some lines under one heading."""

    heading: str
    lines: list[Line] = field(default_factory=list)


GROUPINGS = {
    "domain": "Domain and outcome",
    "objective": "Objective",
    "owner": "Owner",
    "month": "Month",
    "characteristic": "Protected characteristic",
}

Key = tuple[object, str]
"""What a section is sorted by, and its heading."""


def _months(line: Line) -> list[Key]:
    return [(line.due.number, str(line.due))] if line.due else [(10**6, NO_MONTH)]


def _objectives(line: Line) -> list[Key]:
    words = line.serves or line.objective
    return [((0, words), words)] if words else [((1, ""), NO_OBJECTIVE)]


def _owners(line: Line) -> list[Key]:
    return [((0, owner.name.casefold()), owner.name) for owner in line.owners] or [((1, ""), NO_OWNER)]


def _groups(line: Line) -> list[Key]:
    return [((0, name), name) for _, name in line.characteristics] or [((1, ""), NO_GROUP)]


_BY: Mapping[str, Callable[[Line], list[Key]]] = {
    "domain": lambda line: [(0, f"{line.domain} {line.domain_title}")],
    "objective": _objectives,
    "owner": _owners,
    "month": _months,
    "characteristic": _groups,
}


def kept(lines: Iterable[Line], wanted: Wanted) -> list[Line]:
    """Keep the lines that a reader wants; a filter that fits none keeps none."""
    tests: dict[str, Callable[[Line, str], bool]] = {
        "domain": lambda line, value: line.domain == value,
        "outcome": lambda line, value: line.outcome_id == value,
        "objective": lambda line, value: value in (line.serves, line.objective),
        "owner": lambda line, value: any(owner.name == value for owner in line.owners),
        "month": lambda line, value: (str(line.due) if line.due else NO_MONTH if line.is_action else "") == value,
        "group": lambda line, value: any(code == value for code, _ in line.characteristics),
        "state": lambda line, value: line.state == value and not line.carried_to,
    }
    filters = wanted.filters
    return [line for line in lines if all(tests[name](line, value) for name, value in filters.items())]


def sections(lines: Iterable[Line], by: str) -> list[Section]:
    """Put lines under headings; one with several owners or groups stands under each. Lines keep their order."""
    keys = _BY.get(by, _BY["domain"])
    found: dict[str, tuple[object, list[Line]]] = {}
    for line in lines:
        for order, heading in dict.fromkeys(keys(line)):
            found.setdefault(heading, (order, []))[1].append(line)
    if by not in _BY or by == "domain":
        return [Section(heading, rows) for heading, (_, rows) in found.items()]
    in_order = sorted(found.items(), key=lambda each: each[1][0])  # type: ignore[arg-type,return-value]
    return [Section(heading, rows) for heading, (_, rows) in in_order]


def choices(lines: Sequence[Line]) -> dict[str, list[tuple[str, str]]]:
    """Give by filter what can be chosen of these lines: pairs of value and words, in order."""
    months = {line.due for line in lines if line.due}
    unknown = [(NO_MONTH, NO_MONTH)] if any(line.is_action and line.due is None for line in lines) else []
    states = {line.state for line in lines if line.is_action and not line.carried_to}
    return {
        "domain": list({line.domain: (line.domain, f"{line.domain} {line.domain_title}") for line in lines}.values()),
        "objective": [(words, words) for words in sorted({line.serves or line.objective for line in lines} - {""})],
        "owner": [(name, name) for name in sorted({owner.name for line in lines for owner in line.owners})],
        "month": [(str(month), str(month)) for month in sorted(months)] + unknown,
        "group": sorted({pair for line in lines for pair in line.characteristics}, key=lambda pair: pair[1]),
        "state": [(key, rules.WORDS[key]) for key in rules.ORDER if key in states],
    }


@dataclass(frozen=True)
class CalendarMonth:
    """A month of the calendar, with what is due in it."""

    month: Month
    lines: list[Line]


def calendar_of(lines: Iterable[Line]) -> tuple[list[CalendarMonth], list[Line]]:
    """Give the months from the first with an action to the last, each with its actions, and those without a month."""
    by_month: dict[Month, list[Line]] = {}
    unknown = []
    for line in lines:
        if not line.is_action:
            continue
        if line.due is None:
            unknown.append(line)
        else:
            by_month.setdefault(line.due, []).append(line)
    return [CalendarMonth(month, by_month[month]) for month in sorted(by_month)], unknown


COLUMNS = ("Domain", "Outcome", "Objective", "Action", "Owner", "Completion date", "Status", "Measure")
"""The columns that trusts use, with status and measure."""


def export_rows(lines: Iterable[Line]) -> list[tuple[str, ...]]:
    """Give the lines in the columns of COLUMNS."""
    return [
        (
            f"{line.domain} {line.domain_title}",
            line.place,
            line.objective,
            line.action,
            line.owners_in_words,
            line.due_in_words,
            line.state_words,
            line.measure,
        )
        for line in lines
    ]
