"""What would move an outcome up: from an agreed grade, a list that the lead turns into actions (R25)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from eds.assessments.criteria import criteria_of
from eds.assessments.models import AssessedOutcome
from eds.frameworks.models import Grade
from evidence.coverage import CellState, coverage_of
from evidence.queries import cited_by_outcome, summary_of
from grading.queries import OutcomeGrades, outcome_grades, panel_words
from objectives.months import Month

from .models import ImprovementAction, Source
from .promises import promises


@dataclass(frozen=True)
class Suggestion:
    """Something that could become an action: where it comes from, its words there, and what the action would say."""

    source: str
    said_by: str
    words: str
    text: str
    due: Month | None = None
    characteristic: tuple[str, str] | None = None
    taken: bool = False

    @property
    def key(self) -> str:
        """Give what names it in a form, the same each time."""
        return hashlib.sha256(f"{self.source}\n{self.words}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Suggested:
    """The suggestions for an outcome, with its agreed grade and the next; `grade` is None while nothing is agreed."""

    grade: Grade | None
    next_grade: Grade | None
    found: list[Suggestion]

    @property
    def groups(self) -> list[tuple[str, list[Suggestion]]]:
        """Give them by where they come from."""
        order = [Source.CRITERIA, Source.GAP, Source.COMMENT, Source.PROMISE]
        grouped = [(str(kind.label), [each for each in self.found if each.source == kind]) for kind in order]
        return [(words, rows) for words, rows in grouped if rows]


def suggestions_for(outcome: AssessedOutcome) -> Suggested:
    """Give what would move an outcome up, from what is agreed and may be read by everybody in the organisation.

    Of panels only what they have passed on is read: reasons, the chair's summary, dissents that were passed. Without an
    agreed grade there is nothing (a fixed number of queries).
    """
    grades = outcome_grades([outcome])[outcome.pk]
    if grades.agreed is None or grades.local is None:
        return Suggested(None, None, [])
    agreed = grades.local.grade
    scale = list(Grade.objects.filter(revision=outcome.assessment.revision_id).order_by("position"))
    above = next((grade for grade in scale if grade.position > agreed.position), None)
    taken = set(
        ImprovementAction.objects.filter(assessed_outcome=outcome, removed=False)
        .exclude(source_words="")
        .values_list("source", "source_words")
    )
    found: dict[str, Suggestion] = {}
    for each in (
        *_criteria(outcome, above),
        *_gaps(outcome),
        *_comments(outcome, grades, scale),
        *_promises(outcome, grades),
    ):
        found.setdefault(each.key, _mark(each, taken))
    return Suggested(agreed, above, list(found.values()))


def _mark(each: Suggestion, taken: set[tuple[str, str]]) -> Suggestion:
    if (each.source, each.words) not in taken:
        return each
    return Suggestion(each.source, each.said_by, each.words, each.text, each.due, each.characteristic, True)


def _criteria(outcome: AssessedOutcome, above: Grade | None) -> Iterator[Suggestion]:
    if above is None:
        return
    shown = criteria_of(outcome)
    texts = [row.text for row in shown.criteria if row.grade_id == above.pk] if shown else []
    for text in texts or ([above.meaning] if above.meaning else []):
        for part in _parts(text):
            yield Suggestion(Source.CRITERIA, f"What {above.name} asks for", part, part)


def _parts(text: str) -> list[str]:
    """Give the lines of a criterion: each point of a list is one suggestion."""
    return [line.strip().lstrip("-•* ").strip() for line in text.splitlines() if line.strip(" -•*\t")]


def _gaps(outcome: AssessedOutcome) -> Iterator[Suggestion]:
    for cell in coverage_of([outcome])[outcome.pk]:
        group = (cell.characteristic.code, cell.characteristic.name)
        if cell.state is CellState.NONE:
            yield Suggestion(
                Source.GAP,
                "Coverage",
                f"No evidence speaks of {group[1].lower()}.",
                f"Gather evidence on how people fare by {group[1].lower()}, and say what it shows.",
                characteristic=group,
            )
        elif cell.fares == "worse":
            yield Suggestion(
                Source.GAP,
                "Coverage",
                f"The evidence says that people fare worse by {group[1].lower()}.",
                f"Find out why people fare worse by {group[1].lower()}, and change it.",
                characteristic=group,
            )


def _comments(outcome: AssessedOutcome, grades: OutcomeGrades, scale: Iterable[Grade]) -> Iterator[Suggestion]:
    for row in grades.panel_grades:
        if row.reason.strip():
            yield _said(row.panel.name, row.reason)
    for words in panel_words([outcome], scale).values():
        if words.summary.strip():
            yield _said(words.panel.name, words.summary)
        for dissent in words.dissents:
            yield _said(f"A member of {words.panel.name}", dissent.reason)
    for said in grades.statements:
        if said.panel is not None:
            yield _said(said.panel.name, said.reason)


def _said(by: str, words: str) -> Suggestion:
    return Suggestion(Source.COMMENT, by, words.strip(), f"Answer what {by} said: {words.strip()}")


def _promises(outcome: AssessedOutcome, grades: OutcomeGrades) -> Iterator[Suggestion]:
    for place, text in _texts(outcome, grades):
        for promise in promises(text):
            yield Suggestion(Source.PROMISE, place, promise.sentence, promise.sentence, promise.due)


def _texts(outcome: AssessedOutcome, grades: OutcomeGrades) -> Iterator[tuple[str, str]]:
    summary = summary_of(outcome)
    if summary:
        yield "The summary", summary.words
    for cited in cited_by_outcome([outcome], working=True)[outcome.pk]:
        yield f"“{cited.version.title}”", cited.version.words
    if grades.proposal:
        for reason in grades.proposal.reasons:
            yield "The organisation’s reasons", reason["text"]
        yield "The organisation’s conclusion", grades.proposal.conclusion
    for said in grades.statements:
        if said.panel is None:
            yield "The organisation’s statement", said.reason
