"""Where an equality objective stands, and what may follow."""

from __future__ import annotations

import datetime
from enum import StrEnum

REMIND_DAYS = 31
"""How long before a review is due the lead is told."""


class Stage(StrEnum):
    """Where an objective stands, as its last decision and the calendar say."""

    DRAFT = "draft"
    CONSULTING = "consulting"
    DECIDING = "deciding"
    ADOPTED = "adopted"
    NOT_ADOPTED = "not_adopted"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"

    @property
    def words(self) -> str:
        """Say it to a person."""
        return _STAGE_WORDS[self]

    @property
    def colour(self) -> str:
        """Give the colour of its tag."""
        return _STAGE_COLOURS[self]


_STAGE_WORDS = {
    Stage.DRAFT: "Draft",
    Stage.CONSULTING: "Put to local people",
    Stage.DECIDING: "Waits for the board",
    Stage.ADOPTED: "Adopted",
    Stage.NOT_ADOPTED: "Not adopted",
    Stage.CLOSED: "Closed",
    Stage.WITHDRAWN: "Withdrawn",
}
_STAGE_COLOURS = {
    Stage.DRAFT: "grey",
    Stage.CONSULTING: "blue",
    Stage.DECIDING: "yellow",
    Stage.ADOPTED: "green",
    Stage.NOT_ADOPTED: "pink",
    Stage.CLOSED: "purple",
    Stage.WITHDRAWN: "white",
}
SHOWN_TO_PANELS = frozenset({Stage.CONSULTING, Stage.DECIDING, Stage.ADOPTED, Stage.NOT_ADOPTED, Stage.CLOSED})
"""A draft stays in the organisation; what was put to local people does not go back into hiding."""
SETTLED = frozenset({Stage.ADOPTED, Stage.NOT_ADOPTED, Stage.CLOSED})
"""What the board has decided on, and so the public may read."""


class Step(StrEnum):
    """What can be done with an objective."""

    WRITE = "write"
    KEEP = "keep"
    WITHDRAW = "withdraw"
    CONSULT = "consult"
    COMMENT = "comment"
    ANSWER = "answer"
    ANSWER_CHECK = "answer_check"
    DECIDE = "decide"
    RECORD_VALUE = "record_value"
    REVIEW = "review"
    CLOSE = "close"
    FOLLOW = "follow"


ALLOWED: dict[Step, frozenset[Stage]] = {
    Step.WRITE: frozenset({Stage.DRAFT, Stage.DECIDING}),
    Step.KEEP: frozenset({Stage.DRAFT, Stage.DECIDING, Stage.ADOPTED}),
    Step.WITHDRAW: frozenset({Stage.DRAFT}),
    Step.CONSULT: frozenset({Stage.DRAFT, Stage.CONSULTING, Stage.DECIDING}),
    Step.COMMENT: frozenset({Stage.CONSULTING}),
    Step.ANSWER: frozenset({Stage.CONSULTING, Stage.DECIDING}),
    Step.ANSWER_CHECK: frozenset({Stage.DRAFT, Stage.CONSULTING, Stage.DECIDING}),
    Step.DECIDE: frozenset({Stage.DECIDING}),
    Step.RECORD_VALUE: frozenset({Stage.ADOPTED, Stage.CLOSED}),
    Step.REVIEW: frozenset({Stage.ADOPTED}),
    Step.CLOSE: frozenset({Stage.ADOPTED}),
    Step.FOLLOW: frozenset({Stage.CLOSED}),
}
"""After which stages each step may come."""

_TEXT_FIXED = "The board has decided on this objective. Its text stays as it was adopted."
_NO: dict[Step, dict[Stage, str]] = {
    Step.WRITE: {
        Stage.CONSULTING: "Local people read this text now. Change it when the time for comments is over.",
        Stage.ADOPTED: _TEXT_FIXED,
    },
    Step.KEEP: {Stage.CONSULTING: "Local people read this text now. Change it when the time for comments is over."},
    Step.WITHDRAW: {
        Stage.CONSULTING: "Local people have been asked. The board decides whether to adopt the objective or not.",
        Stage.DECIDING: "Local people have been asked. The board decides whether to adopt the objective or not.",
    },
    Step.COMMENT: {
        Stage.DRAFT: "Nobody has been asked for comments yet.",
        Stage.DECIDING: "The time for comments is over.",
    },
    Step.ANSWER: {Stage.DRAFT: "Nobody has been asked for comments yet."},
    Step.DECIDE: {
        Stage.DRAFT: "Put the objective to local people first. The board decides after that.",
        Stage.CONSULTING: "Local people can still comment. The board decides when the time for comments is over.",
    },
    Step.RECORD_VALUE: {Stage.NOT_ADOPTED: "The objective was not adopted, so nothing is measured."},
    Step.FOLLOW: {Stage.ADOPTED: "Close the objective first. Then write the one that follows it."},
}
_ALREADY = {
    Stage.DRAFT: "The objective is still a draft.",
    Stage.CONSULTING: "The objective is with local people now.",
    Stage.DECIDING: "The board has not decided on the objective yet.",
    Stage.ADOPTED: "The board has adopted the objective already.",
    Stage.NOT_ADOPTED: "The board has decided not to adopt the objective.",
    Stage.CLOSED: "The objective is closed.",
    Stage.WITHDRAWN: "The draft was withdrawn.",
}


def stage_of(*, withdrawn: bool, last: str, comments_until: datetime.date | None, on: datetime.date) -> Stage:
    """Say where an objective stands on a day. `last` is the kind of its last decision, "" without one.

    `comments_until` is the last day for comments where it was last put to local people.
    """
    if withdrawn:
        return Stage.WITHDRAWN
    if last == "consulted":
        return Stage.CONSULTING if comments_until is not None and on <= comments_until else Stage.DECIDING
    return {
        "": Stage.DRAFT,
        "adopted": Stage.ADOPTED,
        "reviewed": Stage.ADOPTED,
        "reviewed_early": Stage.ADOPTED,
        "not_adopted": Stage.NOT_ADOPTED,
        "closed": Stage.CLOSED,
    }[last]


def why_not(step: Step, stage: Stage) -> str:
    """Say why a step cannot follow now, or "" where it can."""
    if stage in ALLOWED[step]:
        return ""
    return _NO.get(step, {}).get(stage, _ALREADY[stage])


def review_due(last_looked_at: datetime.date) -> datetime.date:
    """Give the day by which an adopted objective is looked at again: a year after it was adopted or last reviewed."""
    try:
        return last_looked_at.replace(year=last_looked_at.year + 1)
    except ValueError:  # 29 February
        return datetime.date(last_looked_at.year + 1, 3, 1)


def reminder_from(due: datetime.date) -> datetime.date:
    """Give the day from which the lead is told of a review."""
    return due - datetime.timedelta(days=REMIND_DAYS)
