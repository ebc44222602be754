"""What can be said of an action from plain values: late or not, when to remind, how many stood where at a month's end."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from objectives.months import Month

from .models import Status

LATE = "late"
ENDED = frozenset({Status.DONE, Status.STOPPED})
WORDS: dict[str, str] = {**{status.value: str(status.label) for status in Status}, LATE: "Late"}
COLOURS = {
    "not_started": "grey",
    "on_track": "blue",
    "at_risk": "yellow",
    LATE: "red",
    "done": "green",
    "stopped": "grey",
}
ORDER = (LATE, Status.AT_RISK.value, Status.NOT_STARTED.value, Status.ON_TRACK.value, "done", "stopped")


def is_open(status: Status | str) -> bool:
    """Say whether something is still to be done."""
    return Status(status) not in ENDED


def is_late(status: Status | str, due: Month | None, on: datetime.date) -> bool:
    """Say whether an action is late on a day: it is open, and the last day of its month has passed.

    An action without a month is never late.
    """
    return due is not None and is_open(status) and on > due.last_day


def months_late(status: Status | str, due: Month | None, on: datetime.date) -> int:
    """Give how many months ago an open action was due; 0 while it is not late."""
    return Month.of(on).number - due.number if due is not None and is_late(status, due, on) else 0


def state(status: Status | str, due: Month | None, on: datetime.date) -> str:
    """Give what is shown of an action: "late" where it is late, else what its owner said."""
    return LATE if is_late(status, due, on) else Status(status).value


def is_due_in(status: Status | str, due: Month | None, month: Month) -> bool:
    """Say whether an open action is to be completed in this very month."""
    return due == month and is_open(status)


def reminded_from(due: Month) -> datetime.date:
    """Give the day from which an owner is reminded: the first of the month before."""
    return due.later(-1).first_day


def is_to_remind(status: Status | str, due: Month | None, on: datetime.date) -> bool:
    """Say whether the owners of an action are to be reminded on a day: from the month before it is due to its end."""
    return due is not None and is_open(status) and reminded_from(due) <= on <= due.last_day


def is_to_escalate(status: Status | str, due: Month | None, on: datetime.date, after: int | None) -> bool:
    """Say whether the sponsor is told of an action: it is as many months late as the organisation has set."""
    return after is not None and 0 < months_late(status, due, on) >= after


@dataclass(frozen=True)
class Course:
    """How an action went: its month, and what was said on which day, in order. It counts from its first day on."""

    due: Month | None
    said: Sequence[tuple[datetime.date, Status]]
    first: datetime.date | None = None

    def on(self, day: datetime.date) -> str:
        """Give what was shown of it on a day."""
        status = Status.NOT_STARTED
        for said_on, said in self.said:
            if said_on <= day:
                status = said
        return state(status, self.due, day)


@dataclass(frozen=True)
class MonthEnd:
    """How many actions stood where on the last day of a month (or today, in the month that is not over)."""

    month: Month
    counts: dict[str, int]

    @property
    def total(self) -> int:
        """Give how many actions there were."""
        return sum(self.counts.values())


def over_time(courses: Sequence[Course], first: Month, last_day: datetime.date) -> list[MonthEnd]:
    """Count where actions stood at the end of each month from the first to the one of `last_day`."""
    found = []
    month = first
    while month <= Month.of(last_day):
        day = min(month.last_day, last_day)
        counts = Counter(course.on(day) for course in courses if course.first is None or course.first <= day)
        found.append(MonthEnd(month, {key: counts[key] for key in ORDER}))
        month = month.later(1)
    return found


def same_outcome(old: tuple[str, str], here: Sequence[tuple[str, str]]) -> int | None:
    """Say which of a new year's outcomes (code and service) an old one is; None where that must be asked.

    It is the one of the same code and service; where that service is not graded any more, the only one of the same code.
    """
    if old in here:
        return here.index(old)
    of_the_code = [place for place, key in enumerate(here) if key[0] == old[0]]
    return of_the_code[0] if len(of_the_code) == 1 else None
