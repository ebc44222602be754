"""What the templates `reports/v1` show, worked out from a payload alone. Frozen with those templates.

Nothing is judged here: grades, rules and reasons are the payload's; this groups them, words them and gives them ids.
"""

from __future__ import annotations

import hashlib
import re
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator, slugify

from eds.ui import richtext
from grading.rules import Basis

from .v1_panels import remit_in_words

Data = dict[str, Any]

NOT_GRADED = {"code": "", "name": "Not graded by local interests", "colour": "grey"}
NOT_AGREED = "Graded by local interests, not agreed yet"
ORGANISATION = "The organisation"
_SCOPE_WORDS = {"left_out": "Left out", "not_applicable": "Not applicable"}
_CHANGED = {Basis.PREVAILED, Basis.ORGANISATION_MOVED, Basis.BOTH_MOVED}
_HOW = {
    Basis.PREVAILED: "The organisation and the local interests did not agree on a grade. "
    "The view of the local interests prevails, so the grade is theirs.",
    Basis.FROM_THE_START: "The organisation and the local interests gave the same grade from the start.",
    Basis.ORGANISATION_MOVED: "The organisation first proposed another grade, "
    "and then took on the local interests' grade.",
    Basis.LOCAL_INTERESTS_MOVED: "The local interests first gave another grade, and then changed it. "
    "It is now the grade that the organisation proposed.",
    Basis.BOTH_MOVED: "The organisation and the local interests both changed their grade, and now give the same one.",
}
_TURNS = {
    Basis.FROM_THE_START: "the organisation and local people gave the same grade from the start.",
    Basis.ORGANISATION_MOVED: "the organisation took on the grade that local people had given.",
    Basis.LOCAL_INTERESTS_MOVED: "local people changed their grade after the grades were compared.",
    Basis.BOTH_MOVED: "both sides changed their grade and met.",
    Basis.PREVAILED: "the two did not agree, and the view of local people prevails.",
}
_LONGEST_SLUG = 60
_EVIDENCE_FIRST = "eds-2011"
"""The edition whose reports tell of an outcome before they grade it."""
_CONTENTS_LINE = 75


@dataclass(frozen=True)
class OutcomeView:
    """One outcome: `data` and `goal` are the payload's, the rest is said about them."""

    data: Data
    goal: Data
    id: str
    shows_groups: bool = False
    evidence_first: bool = False

    @property
    def label(self) -> str:
        """Give the code, and the service where there is one: "1A Maternity"."""
        return f"{self.data['code']} {self.data['service']}".strip()

    @property
    def contents(self) -> str:
        """Give its line in the table of contents: with the service, or with as many words of its text as fit on one."""
        if self.data["service"]:
            return Truncator(f"Outcome {self.label}").chars(_CONTENTS_LINE)
        whole = f"Outcome {self.label}: {self.data['text']}"
        cut = textwrap.shorten(whole, _CONTENTS_LINE, placeholder="…")
        return cut if len(cut) > _CONTENTS_LINE // 2 else Truncator(whole).chars(_CONTENTS_LINE)

    @property
    def graded(self) -> bool:
        """Say whether local interests graded it (R2)."""
        return self.data["local"] is not None

    @property
    def grade(self) -> Data:
        """Give the local interests' grade, which is the agreed one (R1), or the words for none (R2)."""
        return self.data["local"]["grade"] if self.graded else NOT_GRADED

    @property
    def basis(self) -> str:
        """Give how the grade came about in a few words, for a table."""
        if self.data["agreed"]:
            return self.data["agreed"]["basis"]
        return NOT_AGREED if self.graded else ""

    @property
    def how(self) -> str:
        """Give how the grade came about as a sentence."""
        return _HOW.get(self.data["agreed"]["basis"], "") if self.data["agreed"] else ""

    @property
    def prevailed(self) -> bool:
        """Say whether the local interests prevailed (R1)."""
        return bool(self.data["agreed"] and self.data["agreed"]["prevailed"])

    @property
    def changed_by_local_people(self) -> bool:
        """Say whether the grade is another one than the organisation first proposed, because of local people."""
        agreed = self.data["agreed"]
        return bool(agreed and (agreed["prevailed"] or agreed["basis"] in _CHANGED))

    @property
    def proposal_changed(self) -> bool:
        """Say whether the organisation's last proposal differs from the one at opening."""
        proposal = self.data["proposal"]
        return bool(proposal and proposal["grade"]["code"] != proposal["at_opening"]["code"])

    @property
    def proposed(self) -> Data | None:
        """Give the proposal that local people changed: the last where they prevailed, else the one at opening."""
        proposal = self.data["proposal"]
        return proposal and (proposal["grade"] if self.prevailed else proposal["at_opening"])

    @property
    def moved(self) -> bool:
        """Say whether either side changed its grade, or the local interests prevailed."""
        return bool(self.data["agreed"] and self.data["agreed"]["basis"] != Basis.FROM_THE_START)

    @property
    def local_changed(self) -> bool:
        """Say whether the local interests' last grade differs from their first."""
        first = self.data["first_local"]
        return bool(self.graded and first and first["code"] != self.grade["code"])

    @property
    def wording_differs(self) -> bool:
        """Say whether the report was published with another wording than the official one."""
        return bool(self.data["wording_then"])

    @property
    def fares(self) -> list[tuple[str, list[str]]]:
        """Name the groups by how they fare: better or as well first, then worse, mixed, and what nobody knows."""
        found: dict[str, list[str]] = {}
        for group in self.data["groups"]:
            words = group["fares"] or ("Evidence, without one answer" if group["state"] != "none" else "No evidence")
            found.setdefault(words, []).append(group["name"])
        return [(words, found[words]) for words in sorted(found, key=lambda words: (words == "No evidence", words))]

    @property
    def evidence_titles(self) -> list[str]:
        """Name the evidence, for a table."""
        return [item["title"] for item in self.data["evidence"]]

    @property
    def silent(self) -> list[str]:
        """Name the sides that gave no statement where the local interests prevailed."""
        if not self.prevailed:
            return []
        by = [said["by"] for said in self.data["statements"]]
        missing = [] if ORGANISATION in by else ["the organisation"]
        return missing if any(name != ORGANISATION for name in by) else [*missing, "the local interests"]


@dataclass(frozen=True)
class GoalView:
    """A goal with the outcomes of it that were to be graded."""

    data: Data
    id: str
    outcomes: list[OutcomeView]
    panels: list[Data]
    score: Data | None

    @property
    def owners(self) -> bool:
        """Say whether any outcome names its lead contacts."""
        return any(view.data["contacts"] for view in self.outcomes)


@dataclass(frozen=True)
class ThenAndNow:
    """An outcome whose grade of an earlier year is known, and whether the grade is another one now."""

    view: OutcomeView
    then: Data
    words: str


@dataclass(frozen=True)
class SetAside:
    """Outcomes left out, or not applicable, for one and the same reason (R9)."""

    words: str
    reason: str
    outcomes: list[OutcomeView]


@dataclass(frozen=True)
class RoundView:
    """A round and, in words, the outcomes that it graded."""

    data: Data
    outcomes: str


@dataclass(frozen=True)
class PanelView:
    """A panel and, in words, the outcomes that it graded."""

    data: Data
    outcomes: str


@dataclass(frozen=True)
class Report:
    """A content, grouped for reading."""

    goals: list[GoalView]
    set_aside: list[SetAside]
    changed: list[OutcomeView]
    moved: list[OutcomeView]
    turns: list[str]
    then_and_now: list[ThenAndNow]
    rounds: list[RoundView]
    panels: list[PanelView]
    panel_changes: list[Data]
    total: int

    @property
    def outcomes(self) -> list[OutcomeView]:
        """Give the outcomes that were to be graded, in order."""
        return [outcome for goal in self.goals for outcome in goal.outcomes]

    @property
    def graded(self) -> int:
        """Give how many outcomes local interests graded."""
        return sum(outcome.graded for outcome in self.outcomes)


def report_context(payload: Data) -> Data:
    """Give the template variables `content` and `envelope` of a payload, for the pages and the PDF.

    Characters that no page or PDF may hold are taken out of every text.
    """
    return {"content": clean(payload["content"]), "envelope": clean(payload["envelope"])}


def build_report(content: Data) -> Report:
    """Group a content's outcomes for reading."""
    views = list(_views(content))
    in_scope = [view for view in views if view.data["scope"] == "in_scope"]
    order = [grade["code"] for grade in content["grades"]]
    scores = {score["code"]: score for score in content["scores"]}
    return Report(
        goals=[
            GoalView(
                goal, _id("goal", goal["code"]), mine, _panels_of(content["panels"], mine), scores.get(goal["code"])
            )
            for goal in content["goals"]
            if (mine := [view for view in in_scope if view.goal is goal])
        ],
        set_aside=_set_aside([view for view in views if view.data["scope"] != "in_scope"]),
        changed=[view for view in in_scope if view.changed_by_local_people],
        moved=[view for view in in_scope if view.moved],
        turns=_turns([view for view in in_scope if view.data["agreed"]], order),
        then_and_now=[
            ThenAndNow(view, view.data["last_year"], _then_and_now(view, order))
            for view in in_scope
            if view.data["last_year"]
        ],
        rounds=[
            RoundView(
                round_,
                remit_in_words(content, [view.label for view in in_scope if view.data["round"] == round_["name"]]),
            )
            for round_ in content["rounds"]
        ],
        panels=[PanelView(panel, remit_in_words(content, panel["outcomes"])) for panel in content["panels"]],
        panel_changes=[panel for panel in content["panels"] if panel["changes"]],
        total=len(views),
    )


def _panels_of(panels: Sequence[Data], views: Sequence[OutcomeView]) -> list[Data]:
    labels = {view.label for view in views}
    return [panel for panel in panels if labels & set(panel["outcomes"])]


def _turns(agreed: Sequence[OutcomeView], order: Sequence[str]) -> list[str]:
    """Count in words how the grades came about (R1)."""
    number = Counter(view.data["agreed"]["basis"] for view in agreed)
    said = [(_outcomes_in_words(number[basis]), words) for basis, words in _TURNS.items() if number[basis]]
    found = [f"{start}, {words}" for start, words in said]
    against = [view for view in agreed if view.prevailed and view.proposed]
    lower = sum(_place(view.grade, order) < _place(view.proposed, order) for view in against)
    if against:
        higher = len(against) - lower
        found.append(f"Where the local interests prevailed, their grade is lower in {lower} and higher in {higher}.")
    return found


def _outcomes_in_words(number: int) -> str:
    return f"In {number} outcome{'' if number == 1 else 's'}"


def _place(grade: Data | None, order: Sequence[str]) -> int:
    return order.index(grade["code"]) if grade and grade["code"] in order else -1


def _then_and_now(view: OutcomeView, order: Sequence[str]) -> str:
    if not view.graded:
        return "Not graded now"
    then, now = _place(view.data["last_year"]["grade"], order), _place(view.grade, order)
    return "Same grade" if then == now else "Higher now" if now > then else "Lower now"


def outcome_view(content: Data, outcome: Data) -> OutcomeView:
    """Give the view of one outcome of a content. Raises LookupError where the content holds no such outcome."""
    for view in _views(content):
        if view.data["code"] == outcome["code"] and view.data["service"] == outcome["service"]:
            return view
    raise LookupError(f"The report has no outcome {outcome['code']} {outcome['service']}".rstrip())


def link_words(content: Data) -> dict[str, str]:
    """Say, by id or address, what stands where a link of the report leads."""
    content = with_breaks(clean(content))
    report = build_report(content)
    email = content["organisation"]["contact_email"]
    written = [
        html
        for outcome in (view.data for view in report.outcomes)
        for html in (outcome.get("summary_html", ""), *(item.get("html", "") for item in outcome["evidence"]))
        if html
    ]
    return {
        **{
            href: words if words != href else f"Go to {href}"
            for html in written
            for href, words in richtext.links(html).items()
        },
        f"mailto:{email}": f"E-mail to {email}",
        "changed": "How local people changed the grades",
        "engagement": "Meeting local people",
        "good-practice": "Good practice",
        "approval": "Approval route",
        "scores": "Scores and rating",
        "at-a-glance": "Grades at a glance",
        "method": "How grading was done",
        "set-aside": "Outcomes left out or not applicable",
        "version": "Version and sign-off",
        **{goal.id: goal.data["title"] for goal in report.goals},
        **{view.id: f"Outcome {view.label}" for view in report.outcomes},
    }


def _views(content: Data) -> Iterator[OutcomeView]:
    taken: set[str] = set()
    shows_groups = content["compares_groups"] or any(
        group["state"] != "none" for goal in content["goals"] for each in goal["outcomes"] for group in each["groups"]
    )
    for goal in content["goals"]:
        for outcome in goal["outcomes"]:
            id_ = _id("outcome", outcome["code"], outcome["service"])
            if id_ in taken:
                id_ = f"{id_}-{_digest(outcome['service'])}"
            taken.add(id_)
            yield OutcomeView(outcome, goal, id_, shows_groups, content["framework_code"] == _EVIDENCE_FIRST)


def _id(kind: str, code: str, service: str = "") -> str:
    parts = [kind, re.sub(r"[^\w.-]+", "-", code)]
    if service:
        slug = slugify(service, allow_unicode=True)
        parts.append(slug if slug and len(slug) <= _LONGEST_SLUG else _digest(service))
    return "-".join(parts)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _set_aside(views: Sequence[OutcomeView]) -> list[SetAside]:
    groups: dict[tuple[str, str], list[OutcomeView]] = {}
    for view in views:
        groups.setdefault((view.data["scope"], view.data["scope_reason"].strip()), []).append(view)
    return [SetAside(_SCOPE_WORDS[scope], reason, mine) for (scope, reason), mine in groups.items()]


def clean(value: Any) -> Any:
    """Take out of every text of a payload what no page may hold: control and non-characters, lone surrogates.

    So go the two characters that force letters into the other direction: with them a text reads as it is not written.
    """
    return _each_text(value, _clean_text)


def with_breaks(value: Any) -> Any:
    """Put places to break into the endless words of every text: without them laying one out takes minutes."""
    return _each_text(value, lambda text: _ENDLESS.sub(_with_breaks, text), but=_MARKUP)


def with_breaks_between_tags(html: SafeString) -> SafeString:
    """Put places to break into the endless words of rich text, not into its tags and addresses."""
    pieces = _TAG.split(html)
    pieces[::2] = [_ENDLESS.sub(_with_breaks, piece) for piece in pieces[::2]]
    return mark_safe("".join(pieces))  # noqa: S308 - only invisible characters were added


def _each_text(value: Any, change: Callable[[str], str], but: frozenset[str] = frozenset()) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: each if key in but else _each_text(each, change, but) for key, each in value.items()}
    if isinstance(value, list):
        return [_each_text(each, change, but) for each in value]
    return value


_MARKUP = frozenset(["html", "summary_html"])
_TAG = re.compile(r"(<[^>]*>)")
_ENDLESS = re.compile(r"\S{300,}")
_PIECE = re.compile(r".{60}")
_ZERO_WIDTH_SPACE = "\u200b"


def _with_breaks(word: re.Match[str]) -> str:
    return _PIECE.sub(lambda piece: piece[0] + _ZERO_WIDTH_SPACE, word[0])


_LINE_END = re.compile(r"\r\n|[\r\x0b\x0c\x85]")
_FORBIDDEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_PLANE = 0x10000
_BEYOND = chr(_PLANE)


def _clean_text(text: str) -> str:
    text = _FORBIDDEN.sub("", _LINE_END.sub("\n", text))
    if max(text, default="") >= _BEYOND:
        return "".join(char for char in text if ord(char) % _PLANE < _PLANE - 2)
    return text


def direction_of(text: str) -> str:
    """Give "rtl" where the first letter of a text is written from right to left, else "ltr"."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind in {"R", "AL"}:
            return "rtl"
        if kind == "L":
            break
    return "ltr"
