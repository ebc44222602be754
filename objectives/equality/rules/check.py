"""What keeps an objective from being specific and measurable."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from objectives.months import Month

LONGEST = 48
"""Months. Equality objectives are set at least every four years."""


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
