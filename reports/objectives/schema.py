"""The shape of what is published of an organisation's equality objectives, schema version 1.

Texts, numbers as texts, lists and these classes only, so that the same objectives are the same JSON each time. Roles and
local interests stand in it; no person is named (R21).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SCHEMA_VERSION = "1"
TEMPLATES_VERSION = "v1"


@dataclass(frozen=True)
class CommitmentSaid:
    """A commitment, and the month by which it is expected, "" where that is not known."""

    text: str
    expected: str


@dataclass(frozen=True)
class CommentSaid:
    """What a local interest said, and what was answered."""

    of: str
    on: str
    text: str
    answer: str
    answered_on: str


@dataclass(frozen=True)
class Decided:
    """A step in an objective's life."""

    on: str
    kind: str
    words: str
    comments_until: str
    paper: str
    result: str
    reason: str


@dataclass(frozen=True)
class AnsweredCheck:
    """What the check before adoption asked, and what was answered."""

    asked: str
    answer: str


@dataclass(frozen=True)
class OutcomeNamed:
    """An outcome that an objective answers."""

    edition: str
    code: str
    text: str


@dataclass(frozen=True)
class ObjectiveSaid:
    """An objective that the board has decided on. Measures are as `objectives.equality.queries.MeasureKnown.shown`."""

    key: str
    headline: str
    stage: str
    stage_words: str
    stage_colour: str
    theme: str
    why: str
    limbs: list[str]
    groups: list[str]
    starts: str
    ends: str
    expected: str
    lead_role: str
    outcomes: list[OutcomeNamed]
    commitments: list[CommitmentSaid]
    measures: list[dict[str, Any]]
    comments: list[CommentSaid]
    history: list[Decided]
    answered: list[AnsweredCheck]
    follows: str


@dataclass(frozen=True)
class Publisher:
    """Whose objectives they are, and how to ask for them in another form."""

    name: str
    slug: str
    contact_post: str
    contact_phone: str
    contact_email: str


@dataclass(frozen=True)
class ObjectivesContent:
    """All objectives of an organisation that the public may read."""

    schema_version: str
    templates_version: str
    organisation: Publisher
    objectives: list[ObjectiveSaid]
