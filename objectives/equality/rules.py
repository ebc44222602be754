"""Where an equality objective stands, what may follow, and whether it is specific and measurable (R24). Pure functions."""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from objectives.months import Month

LONGEST = 48
"""Months. Equality objectives are set at least every four years."""
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


# Specific and measurable


@dataclass(frozen=True)
class MeasureFacts:
    """What a measure says. `key` names it among the others."""

    key: str
    name: str
    source: str = ""
    baseline: Decimal | None = None
    baseline_year: int | None = None
    target: Decimal | None = None
    direction: str = ""


@dataclass(frozen=True)
class CommitmentFacts:
    """What a commitment says."""

    key: str
    text: str
    expected: Month | None = None


@dataclass(frozen=True)
class CommentFacts:
    """A comment of a local interest, and whether it was answered."""

    key: str
    of: str
    answered: bool


@dataclass(frozen=True)
class ObjectiveFacts:
    """What an objective says, as far as being specific and measurable goes."""

    headline: str
    starts: Month
    ends: Month
    expected: Month | None = None
    limbs: int = 0
    groups: int = 0
    lead_role: str = ""
    commitments: tuple[CommitmentFacts, ...] = ()
    measures: tuple[MeasureFacts, ...] = ()
    comments: tuple[CommentFacts, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What keeps an objective from being adopted: a stable id, what it is about, the sentence, and how to mend it.

    Where `can_answer` is not set, only mending it helps. `fingerprint` marks what the finding saw: an answer counts
    only while that is the same.
    """

    id: str
    about: str
    sentence: str
    mend: str
    can_answer: bool = True
    fingerprint: str = ""


def findings(facts: ObjectiveFacts) -> list[Finding]:
    """Give all that keeps an objective from being specific and measurable, in the order in which it is written."""
    return [*_of_headline(facts), *_of_time(facts), *_of_people(facts), *_of_measures(facts), *_of_comments(facts)]


def _found(
    check: str, sentence: str, mend: str, *, about: str = "", saw: Iterable[object] = (), can_answer: bool = True
) -> Finding:
    seen = "\x1f".join([check, about, *map(str, saw)])
    return Finding(check, about, sentence, mend, can_answer, hashlib.sha256(seen.encode()).hexdigest())


_VAGUE = re.compile(
    r"\b(improv\w*|promot\w*|enhanc\w*|strengthen\w*|support\w*|encourag\w*|rais\w+ awareness|embed\w*|champion\w*|"
    r"continu\w*|maintain\w*|develop\w*|progress\w*|further|work(?:ing)? towards?|build(?:ing)? on|ensur\w*|explor\w*|"
    r"aim\w*|seek\w*|consider\w*|review\w*|better|more)\b",
    re.IGNORECASE,
)
_COUNTABLE = re.compile(
    r"\d|%|\b(one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|half|halve|third|quarter|twice|double|"
    r"every|all|each|none|nobody|no longer|per ?cent|percentage|rate|number|proportion|share|gap|days|weeks|"
    r"year on year|as (?:many|often|likely|well|soon|satisfied) as)\b",
    re.IGNORECASE,
)


def is_vague(headline: str) -> bool:
    """Say whether a headline only promises to improve or promote something, with nothing in it that could be counted."""
    return bool(_VAGUE.search(headline)) and not _COUNTABLE.search(headline)


def _of_headline(facts: ObjectiveFacts) -> Iterable[Finding]:
    if is_vague(facts.headline):
        yield _found(
            "headline.vague",
            "The headline says that something will get better, but nothing in it can be counted.",
            "Say what will be different, for whom and by how much.",
            saw=[facts.headline],
        )
    if not facts.limbs:
        yield _found(
            "limb.none",
            "No part of the equality duty is chosen.",
            "Choose at least one part of the duty that this objective serves.",
        )
    if not facts.groups:
        yield _found(
            "group.none",
            "It does not say which people it is about.",
            "Choose the protected characteristics, or say that it is about everybody.",
        )
    if not facts.commitments:
        yield _found(
            "commitment.none",
            "It does not say what you will do.",
            "Add at least one commitment.",
        )


def _of_time(facts: ObjectiveFacts) -> Iterable[Finding]:
    months = facts.ends.number - facts.starts.number + 1
    if months < 1:
        yield _found(
            "period.order",
            "Its last month is before its first.",
            "Change the first or the last month.",
            can_answer=False,
            saw=[facts.starts, facts.ends],
        )
    if months > LONGEST:
        yield _found(
            "period.long",
            "It lasts longer than four years.",
            "Choose an earlier last month. What goes on can follow in a next objective.",
            can_answer=False,
            saw=[facts.starts, facts.ends],
        )
    if facts.expected is None:
        yield _found(
            "month.none",
            "It does not say by when you expect to have done it.",
            "Enter the month.",
        )
    elif facts.expected > facts.ends:
        yield _found(
            "month.late",
            f"It is expected in {facts.expected}, which is after its last month.",
            "Change the month, or the last month of the objective.",
            saw=[facts.expected, facts.ends],
        )
    for each in facts.commitments:
        if each.expected is not None and each.expected > facts.ends:
            yield _found(
                "commitment.late",
                f"The commitment “{_short(each.text)}” is expected in {each.expected}, after the objective's last month.",
                "Change the month of the commitment.",
                about=each.key,
                saw=[each.expected, facts.ends],
            )


def _of_people(facts: ObjectiveFacts) -> Iterable[Finding]:
    if not facts.lead_role.strip():
        yield _found("lead.none", "Nobody leads it.", "Enter the role of the person who leads it.")


def _of_measures(facts: ObjectiveFacts) -> Iterable[Finding]:
    if not facts.measures:
        yield _found(
            "measure.none",
            "It has no measure, so nobody can tell whether it worked.",
            "Add a measure: a number, where it stands now, and where it is to go.",
        )
    for each in facts.measures:
        name = f"“{_short(each.name)}”"
        if not each.source.strip():
            yield _found(
                "measure.source",
                f"The measure {name} does not say where its number comes from.",
                "Enter the source, such as the staff survey.",
                about=each.key,
            )
        if each.baseline is None or each.baseline_year is None:
            yield _found(
                "measure.baseline",
                f"The measure {name} does not say where it starts.",
                "Enter its value before the objective begins, and the year of that value.",
                about=each.key,
            )
        if each.target is None and not each.direction:
            yield _found(
                "measure.target",
                f"The measure {name} does not say where it is to go.",
                "Enter a target, or choose whether it is to be higher or lower each year.",
                about=each.key,
            )
        elif _goes_nowhere(each):
            yield _found(
                "measure.still",
                f"The target of {name} is no step from where it starts.",
                "Check the target, the start and the direction.",
                about=each.key,
                saw=[each.baseline, each.target, each.direction],
            )


def _goes_nowhere(measure: MeasureFacts) -> bool:
    if measure.target is None or measure.baseline is None:
        return False
    step = measure.target - measure.baseline
    return step == 0 or (measure.direction == "up" and step < 0) or (measure.direction == "down" and step > 0)


def _of_comments(facts: ObjectiveFacts) -> Iterable[Finding]:
    for each in facts.comments:
        if not each.answered:
            yield _found(
                "comment.unanswered",
                f"A comment of {each.of} has no answer.",
                "Answer the comment.",
                about=each.key,
                can_answer=False,
            )


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 60 else words[:59].rstrip() + "…"


def still_open(found: Iterable[Finding], answered: dict[tuple[str, str], str]) -> list[Finding]:
    """Keep the findings that are neither mended nor answered.

    `answered` gives, by check and what it is about, the fingerprint of what the last answer saw.
    """
    return [
        each for each in found if not each.can_answer or answered.get((each.id, each.about), "") != each.fingerprint
    ]
