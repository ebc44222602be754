"""What the agreement board reads, in a fixed number of queries however many outcomes and reviews there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain

from django.db.models import QuerySet

from eds.access.decide import Access
from eds.access.table import Deed
from eds.assessments.models import AssessedOutcome, Assessment, Panel
from eds.frameworks.models import Grade
from eds.frameworks.queries import grade_positions, scale_of
from eds.history.prepared import prepared
from eds.history.reading import Reading, read, rows, together
from grading import rules
from grading.forms import StatementForm
from grading.models import PanelGrade
from grading.queries import OutcomeGrades, counted_answers, reading_grades
from grading.statements import statement_form

from .rules import Distance, distance

Answers = Counter[int | None]
"""How many of a panel gave each grade (its position); None counts "not enough evidence"."""


@dataclass(frozen=True)
class Spread:
    """A panel's reviews as numbers: each grade with how many gave it, and the median."""

    counts: list[tuple[Grade, int]]
    not_enough: int
    median: Grade | None

    @property
    def total(self) -> int:
        """Give how many answered."""
        return sum(number for _, number in self.counts) + self.not_enough


@dataclass(frozen=True)
class PanelLine:
    """One panel of an outcome: what it recorded, its spread where this person may see it, and what they may do."""

    panel: Panel
    grade: PanelGrade | None
    spread: Spread | None
    own: bool
    may_record: bool
    statement_form: StatementForm | None


@dataclass(frozen=True)
class AgreementRow:
    """An outcome on the agreement board."""

    outcome: AssessedOutcome
    grades: OutcomeGrades
    distance: Distance
    panels: list[PanelLine]
    may_propose: bool
    may_record_not_graded: bool
    statement_form: StatementForm | None
    settled: bool


@dataclass(frozen=True)
class Group:
    """The outcomes of one distance."""

    distance: Distance
    rows: list[AgreementRow]


@prepared
def _in_scope(assessment: Assessment) -> QuerySet[AssessedOutcome]:
    outcomes = AssessedOutcome.objects.in_scope().filter(assessment=assessment)
    return outcomes.select_related(
        "assessment__organisation", "assessment__framework", "outcome__goal", "service", "round"
    ).in_order()


def agreement_board(assessment: Assessment, access: Access) -> list[Group]:
    """Give the outcomes whose grades this person may see by distance, the furthest apart first (a fixed number of queries)."""
    outcomes = [outcome for outcome in _in_scope(assessment) if access.may(Deed.SEE_PANEL_GRADES, outcome)]
    grades, answers, scale = together(
        reading_grades(outcomes, access),
        reading_answers(outcomes),
        rows(scale_of(assessment.revision_id)),
    )
    board = [_row(access, outcome, grades[outcome.pk], answers, scale) for outcome in outcomes]
    return [
        Group(each, sorted((row for row in board if row.distance is each), key=lambda row: row.settled))
        for each in Distance
    ]


def answers_of(outcomes: Iterable[AssessedOutcome]) -> dict[tuple[int, int], Answers]:
    """Give by outcome and panel the counting answers: each reviewer's last that was revealed (one query, R4, R18).

    The outcomes come with their rounds.
    """
    return read(reading_answers(list(outcomes)))


def reading_answers(outcomes: list[AssessedOutcome]) -> Reading[dict[tuple[int, int], Answers]]:
    """Give what answers_of() gives (one step)."""
    by_reveals: dict[int, list[AssessedOutcome]] = {}
    for outcome in outcomes:
        if outcome.round and outcome.round.reveals:
            by_reveals.setdefault(outcome.round.reveals, []).append(outcome)
    counted = [counted_answers(those, reveals) for reveals, those in by_reveals.items()]
    positions = grade_positions()
    yield [*counted, positions]
    position_of = {None: None} | dict(positions)
    found: dict[tuple[int, int], Answers] = {}
    for row in chain.from_iterable(counted):
        key = row["assessed_outcome_id"], row["panel_id"]
        found.setdefault(key, Counter())[position_of[row["grade_id"]]] += row["number"]
    return found


def _row(
    access: Access,
    outcome: AssessedOutcome,
    grades: OutcomeGrades,
    answers: dict[tuple[int, int], Answers],
    scale: list[Grade],
) -> AgreementRow:
    recorded = {row.panel_id: row for row in grades.panel_grades}
    of_five = bool(access.may(Deed.SEE_SPREAD, outcome))
    panels = []
    for panel in grades.panels:
        own = bool(access.may_for_panel(Deed.SEE_PANEL_REVIEWS, outcome, panel))
        given = answers.get((outcome.pk, panel.pk), Counter())
        shown = own or (of_five and rules.may_show_spread(given.total()))
        may_state = grades.differ and access.may_for_panel(Deed.STATE_FOR_LOCAL_INTERESTS, outcome, panel)
        panels.append(
            PanelLine(
                panel=panel,
                grade=recorded.get(panel.pk),
                spread=_spread(given, scale) if shown else None,
                own=own,
                may_record=bool(access.may_for_panel(Deed.RECORD_PANEL_GRADE, outcome, panel)),
                statement_form=_form(outcome, grades, panel) if may_state else None,
            )
        )
    may_state = grades.differ and access.may(Deed.STATE_FOR_ORGANISATION, outcome)
    proposed = grades.proposal.grade.position if grades.proposal else None
    return AgreementRow(
        outcome=outcome,
        grades=grades,
        distance=(
            Distance.NOT_GRADED
            if grades.closed and not grades.agreed
            else distance(
                proposed,
                [row.grade.position if row.grade else None for row in grades.panel_grades],
                missing=bool(grades.missing_panels) or not grades.panels,
            )
        ),
        panels=panels,
        may_propose=bool(access.may(Deed.PROPOSE_GRADE, outcome)),
        may_record_not_graded=not grades.panels and bool(access.may(Deed.RECORD_NOT_GRADED, outcome)),
        statement_form=_form(outcome, grades, None) if may_state else None,
        settled=grades.closed,
    )


def _spread(given: Answers, scale: list[Grade]) -> Spread:
    median = rules.median_grade(list(given.elements()))
    return Spread(
        counts=[(grade, given[grade.position]) for grade in scale],
        not_enough=given[None],
        median=next((grade for grade in scale if grade.position == median), None),
    )


def _form(outcome: AssessedOutcome, grades: OutcomeGrades, panel: Panel | None) -> StatementForm:
    """Give a form to say something in place; its fields' ids name the outcome, since the page has several."""
    key = f"{outcome.public_id}-{panel.public_id}" if panel else outcome.public_id
    return statement_form(grades, panel, auto_id=f"{key}-%s")
