"""The shape of a report's content, schema version 1. Published payloads keep their version for ever.

Every value is a string, number, boolean, list or one of these classes, so that the content is the same JSON each time.
Dates are ISO 8601 texts. Rich text is HTML in its stored form (`eds.ui.richtext`). Nothing in it names a person (R21).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

SCHEMA_VERSION = "1"
TEMPLATES_VERSION = "v1"


@dataclass(frozen=True)
class GradeWord:
    """A grade as it is printed."""

    code: str
    name: str
    colour: str


@dataclass(frozen=True)
class FindingSaid:
    """What a piece of evidence says of a group of people: how they fare, why perhaps, and what will test that."""

    group: str
    fares: str
    explanation: str
    test: str


@dataclass(frozen=True)
class FigureRow:
    """A row of a figure in words; small numbers are not in it (R15). Bars are lengths up to 1000, -1 for none."""

    label: str
    value: str
    count: str
    base: str
    compared: str
    bar: int
    compared_bar: int
    is_total: bool


@dataclass(frozen=True)
class FigureReport:
    """A figure in words, as it may leave the organisation (R14, R15); `hides` says that numbers were left out."""

    title: str
    source: str
    period: str
    about: str
    unit: str
    base: str
    rate: str
    compared_with: str
    has_counts: bool
    has_bases: bool
    rows: list[FigureRow]
    hides: bool


@dataclass(frozen=True)
class Evidence:
    """A cited item as it stood when the round opened; only what is shared with everybody.

    `text` is its words, for every form of the report; `html` is the same as rich text, "" where it is plain.
    """

    title: str
    text: str
    source: str
    period: str
    who_it_covers: str
    html: str = ""
    findings: list[FindingSaid] = field(default_factory=list)
    figures: list[FigureReport] = field(default_factory=list)


@dataclass(frozen=True)
class Reason:
    """The reason under one factor (R6)."""

    heading: str
    text: str


@dataclass(frozen=True)
class Asked:
    """What a grade was asked, in the words of then, and the answer; "" where the question was left open (R6)."""

    heading: str
    answer: str


@dataclass(frozen=True)
class Proposal:
    """The organisation's proposal: its last one, and the grade it had at opening."""

    grade: GradeWord
    at_opening: GradeWord
    reasons: list[Reason]
    conclusion: str
    why_changed: str
    decided_on: str
    questions: list[Asked] = field(default_factory=list)


@dataclass(frozen=True)
class SpreadCount:
    """How many members of a panel gave a grade."""

    grade: GradeWord
    number: int


@dataclass(frozen=True)
class CommentSaid:
    """What one member of a panel wrote, without a name; `grade` is None for "not enough evidence to judge"."""

    grade: GradeWord | None
    text: str


@dataclass(frozen=True)
class PanelsGrade:
    """One panel's grade with its reasons; `grade` is None where the panel declined.

    `how` says in sentences how the panel's rule made it. `median`, `spread`, `not_enough`, `stepped_aside` and `comments`
    are there only where enough of the panel reviewed; `summary` and `dissents` only as they may leave it (R21).
    `comments` stand in the order of their words, and `dissents` are words without a name.
    """

    panel: str
    grade: GradeWord | None
    for_lack_of_evidence: bool
    reason: str
    decided_on: str
    how: list[str] = field(default_factory=list)
    median: GradeWord | None = None
    why_not_median: str = ""
    spread: list[SpreadCount] = field(default_factory=list)
    not_enough: int = 0
    stepped_aside: int = 0
    summary: str = ""
    dissents: list[str] = field(default_factory=list)
    questions: list[Asked] = field(default_factory=list)
    comments: list[CommentSaid] = field(default_factory=list)


@dataclass(frozen=True)
class JointSaid:
    """A joint grade of the chairs: which panel's chair wrote it and why, and which panels' chairs confirmed it (R5)."""

    written_by: str
    confirmed_by: list[str]
    reason: str
    decided_on: str


@dataclass(frozen=True)
class LocalGrade:
    """The local interests' grade and the rule that made it, in words.

    `joint` is there where the chairs wrote it. `deadline` is the date by which they had to, where they did not.
    """

    grade: GradeWord
    rule: str
    joint: JointSaid | None = None
    deadline: str = ""


@dataclass(frozen=True)
class Agreed:
    """How the agreed grade came about. The grade itself is the local interests' one (R1)."""

    basis: str
    prevailed: bool
    closed_by: str
    decided_on: str


@dataclass(frozen=True)
class Said:
    """A statement where the two grades differed: whose, and its text."""

    by: str
    text: str


@dataclass(frozen=True)
class LastYear:
    """What was published for the outcome in an earlier year; `source` says where, "" for a report published here."""

    year: str
    grade: GradeWord
    source: str


@dataclass(frozen=True)
class GroupFares:
    """How people of a protected characteristic fare by what is published: in words, "" where nothing says it (R7, R17).

    `state` is "evidence", "worse" or "none".
    """

    name: str
    state: str
    fares: str


@dataclass(frozen=True)
class IndicatedGrade:
    """The grade that the comparison of groups indicates: it decides nothing (R7).

    People fare as well or better for `faring_well` of `of` protected characteristics, by what is published.
    """

    grade: GradeWord
    faring_well: int
    of: int


@dataclass(frozen=True)
class OutcomeReport:
    """Everything about one outcome."""

    code: str
    service: str
    text: str
    wording_confirmed: bool
    round: str
    scope: str
    scope_reason: str
    summary: str
    evidence: list[Evidence]
    proposal: Proposal | None
    panels: list[PanelsGrade]
    local: LocalGrade | None
    agreed: Agreed | None
    statements: list[Said]
    not_graded_reason: str
    wording_then: str = ""
    contacts: list[str] = field(default_factory=list)
    first_local: GradeWord | None = None
    last_year: LastYear | None = None
    groups: list[GroupFares] = field(default_factory=list)
    summary_html: str = ""
    indicated: IndicatedGrade | None = None


@dataclass(frozen=True)
class GoalReport:
    """A goal (or domain) with its outcomes."""

    code: str
    title: str
    statement: str
    outcomes: list[OutcomeReport]


@dataclass(frozen=True)
class ServiceScore:
    """A service of a domain: why it was chosen, its grades by outcome ("" where there is none), and its total."""

    name: str
    why_chosen: str
    grades: list[str]
    total: str


@dataclass(frozen=True)
class DomainScore:
    """A domain's score in words that are exact ("7.5"), its maximum, and how services made it (R8)."""

    code: str
    points: str
    maximum: int
    graded: int
    outcomes: int
    outcome_codes: list[str]
    services: list[ServiceScore]
    how: str


@dataclass(frozen=True)
class Overall:
    """The total. `rating` is None where any outcome is left out, not applicable or ungraded (R9)."""

    points: str
    maximum: int
    graded: int
    outcomes: int
    rating: GradeWord | None


@dataclass(frozen=True)
class ChangeSaid:
    """What changed after grading had opened, with its reason, in a sentence without a name (R12)."""

    words: str
    on: str


@dataclass(frozen=True)
class PanelReport:
    """A panel as the method section names it: never its people. `changes` are of its members and its grounds (R12).

    `how` says in a word how those who took part gave their grades, "" where nobody did (R11).
    """

    name: str
    kind: str
    quorum: int
    rule: str
    outcomes: list[str]
    took_part: int
    changes: list[ChangeSaid]
    how: str = ""


@dataclass(frozen=True)
class MovedBack:
    """A round that went back, and why (R18)."""

    to_phase: str
    on: str
    reason: str


@dataclass(frozen=True)
class RoundReport:
    """How a round was graded."""

    name: str
    proposal_in_view: bool
    differ_rule: str
    opened_on: str
    revealed_on: str
    agreed_on: str
    moved_back: list[MovedBack]
    reviews_not_blind: int
    changes: list[ChangeSaid] = field(default_factory=list)


@dataclass(frozen=True)
class OrganisationReport:
    """Whose report it is, and how to get it in another form."""

    name: str
    integrated_care_system: str
    contact_post: str
    contact_phone: str
    contact_email: str


@dataclass(frozen=True)
class Notice:
    """How to ask for the report in another form, in another language: its BCP 47 tag and its name in English."""

    language: str
    name: str
    text: str
    direction: str
    checked: bool


@dataclass(frozen=True)
class Details:
    """What stands at the front. `lead` and `sponsor` are roles, with a name only by consent (R21)."""

    level: str = ""
    bodies: list[str] = field(default_factory=list)
    lead: str = ""
    sponsor: str = ""
    method_note: str = ""
    involvement: str = ""
    good_practice: str = ""
    other_text: str = ""
    completed_on: str = ""
    revise_on: str = ""


@dataclass(frozen=True)
class Engagement:
    """A meeting or event with local people."""

    name: str
    on: str
    groups: str
    numbers: str
    heard: str
    changed: str


@dataclass(frozen=True)
class Approval:
    """A step of the approval route; `kind` is in words."""

    kind: str
    body: str
    on: str
    paper: str
    minute: str


@dataclass(frozen=True)
class ScorePoints:
    """How many points a grade has."""

    grade: GradeWord
    points: int


@dataclass(frozen=True)
class ScoreBand:
    """The totals, both ends included, that make an overall rating."""

    grade: GradeWord
    minimum: int
    maximum: int


@dataclass(frozen=True)
class ScoreCard:
    """What the points mean, in an edition that has them."""

    points: list[ScorePoints]
    bands: list[ScoreBand]


@dataclass(frozen=True)
class FeltSaid:
    """What a panel said of an action: whether it felt it, in words, and its sentence."""

    panel: str
    answer: str
    words: str


@dataclass(frozen=True)
class PlannedAction:
    """A line of the plan; `action` is "" for an objective without one. Owners are roles, with names only by setting.

    `due` is a month in words, and `due_on` its last day, "" where none is known. `status` is in words.
    """

    domain: str
    code: str
    service: str
    objective: str
    serves: str
    action: str
    owner: str
    due: str
    due_on: str
    status: str
    measure: str
    carried_from: str


@dataclass(frozen=True)
class CompletedAction:
    """An action of the year before that is done, with the objective that it belonged to and who felt it."""

    code: str
    service: str
    action: str
    objective: str
    completed_on: str
    felt: list[FeltSaid]


@dataclass(frozen=True)
class Content:
    """The hashed and signed part of the payload."""

    schema_version: str
    templates_version: str
    organisation: OrganisationReport
    framework: str
    framework_code: str
    framework_year: int
    goal_word: str
    year: str
    local_interests_rule_is_official: bool
    grades: list[GradeWord]
    rounds: list[RoundReport]
    panels: list[PanelReport]
    goals: list[GoalReport]
    scores: list[DomainScore] = field(default_factory=list)
    overall: Overall | None = None
    notices: list[Notice] = field(default_factory=list)
    details: Details = field(default_factory=Details)
    engagement: list[Engagement] = field(default_factory=list)
    approval: list[Approval] = field(default_factory=list)
    score_card: ScoreCard | None = None
    compares_groups: bool = False
    plan: list[PlannedAction] = field(default_factory=list)
    completed: list[CompletedAction] = field(default_factory=list)


def canonical(content: Content | dict[str, Any]) -> str:
    """Give the one JSON text of a content: sorted keys, no spaces, no escapes."""
    data = asdict(content) if isinstance(content, Content) else content
    return json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def content_hash(text: str) -> str:
    """Give the SHA-256 of a canonical JSON text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
