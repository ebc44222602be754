"""What the outcome page reads, in two steps however much there is: who may see what of it stands in each reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from eds.access.decide import Access
from eds.access.table import Deed
from eds.assessments import contracts
from eds.assessments.models import AssessedOutcome, Contributor, Panel
from eds.frameworks.models import Characteristic, Grade
from eds.frameworks.queries import characteristics_of, scale_of
from eds.history.prepared import prepared
from eds.history.reading import Reading, beside, read, ready, rows
from evidence.coverage import reading_settled_findings
from evidence.models import OutcomeFinding, Summary
from evidence.queries import Cited, reading_cited
from grading.own_review import OwnReview, reading_own_review
from grading.queries import OutcomeGrades, PanelWords, reading_grades, reading_own_states, reading_panel_words
from grading.talk.queries import ShownQuestion, ShownRemark, reading_discussions, reading_questions
from reports.queries import LastGrade, reading_last_years_grades


@dataclass(frozen=True)
class OfPanels:
    """An outcome's grades, and what this person has to do with its panels.

    `discussing` are the panels whose discussion they may read; `own` is their form where they may review.
    """

    grades: OutcomeGrades
    states: dict[tuple[int, int], str]
    discussing: list[Panel]
    remarks: dict[int, list[ShownRemark]]
    own: OwnReview | None


@dataclass(frozen=True)
class OutcomeParts:
    """All that the outcome page shows of an outcome to one person."""

    panels: OfPanels
    words: dict[tuple[int, int], PanelWords]
    evidence: list[Cited]
    characteristics: list[Characteristic]
    settled: dict[str, OutcomeFinding]
    scale: list[Grade]
    summary: Summary | None
    questions: list[ShownQuestion]
    contributors: list[Contributor]
    last_year: dict[tuple[str, str], LastGrade]
    timeline: list[contracts.TimelineEntry]


@prepared
def _summary(outcome: AssessedOutcome) -> QuerySet[Summary]:
    return Summary.objects.filter(assessed_outcome=outcome)


@prepared
def _contributors(outcome: AssessedOutcome) -> QuerySet[Contributor]:
    return Contributor.objects.filter(assessed_outcome=outcome, ended_on__isnull=True).select_related("user")


def outcome_parts(outcome: AssessedOutcome, access: Access) -> OutcomeParts:
    """Give what a person may see of an outcome (two queries, and one about conflicts for who may review it)."""
    return read(_reading_parts(outcome, access))


def _reading_parts(outcome: AssessedOutcome, access: Access) -> Reading[OutcomeParts]:
    revision = outcome.assessment.revision
    sees_proposal = access.may(Deed.SEE_PROPOSAL, outcome)
    (
        panels,
        words_of,
        cited,
        characteristics,
        settled,
        scale,
        summaries,
        questions,
        contributors,
        last_year,
        timeline,
    ) = yield from beside(
        _reading_panels(outcome, access),
        reading_panel_words([outcome], access),
        reading_cited([outcome], working=bool(access.may(Deed.SEE_WORKING_EVIDENCE, outcome))),
        rows(characteristics_of(revision)),
        # What the lead set counts towards the indicated grade: it is shown with the proposal, not before (R3, R7).
        reading_settled_findings([outcome]) if sees_proposal else ready({}),
        rows(scale_of(revision)),
        rows(_summary(outcome)),
        reading_questions(outcome, access) if access.may(Deed.SEE_QUESTIONS, outcome) else ready([]),
        rows(_contributors(outcome)),
        reading_last_years_grades(outcome.assessment),
        contracts.reading_timeline(outcome, access),
    )
    return OutcomeParts(
        panels=panels,
        words=words_of(scale),
        evidence=cited[outcome.pk],
        characteristics=characteristics,
        settled=settled.get(outcome.pk, {}),
        scale=scale,
        summary=next(iter(summaries), None),
        questions=questions,
        contributors=contributors,
        last_year=last_year,
        timeline=timeline,
    )


def _reading_panels(outcome: AssessedOutcome, access: Access) -> Reading[OfPanels]:
    user: Any = access.user
    standing = access.standing(outcome.assessment)
    by_outcome, states = yield from beside(
        reading_grades([outcome], access),
        reading_own_states([outcome.assessment], user) if standing.places else ready({}),
    )
    grades = by_outcome[outcome.pk]
    discussing = [each for each in grades.panels if access.may_for_panel(Deed.SEE_PANEL_REVIEWS, outcome, each)]
    panel = _panel_to_review_for(outcome, access, grades.panels, states)
    remarks, own = yield from beside(
        reading_discussions(outcome, discussing, user.pk or 0) if discussing else ready({}),
        reading_own_review(user, outcome, panel) if panel else ready(None),
    )
    return OfPanels(grades, states, discussing, remarks, own)


def _panel_to_review_for(
    outcome: AssessedOutcome, access: Access, panels: list[Panel], states: dict[tuple[int, int], str]
) -> Panel | None:
    """Give the panel whose form stands on the page: the first that waits for this person's grade, else the first."""
    if not access.may(Deed.REVIEW, outcome):
        return None
    reviews_in = set(access.standing(outcome.assessment).reviews_in(outcome.pk))
    mine = [panel for panel in panels if panel.pk in reviews_in]
    waiting = [panel for panel in mine if states.get((outcome.pk, panel.pk), "") in {"", "draft"}]
    return next(iter([*waiting, *mine]), None)
