"""The assessment board: the one next step, and what each outcome has and still needs."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet
from django.urls import reverse

from eds.access.decide import Access
from eds.access.table import Deed
from eds.assessments import contracts, rules
from eds.assessments.models import AssessedOutcome, Assessment, Contributor, Phase, Round, ScopeDecision, State
from eds.frameworks.models import Goal
from eds.history.prepared import prepared
from evidence.coverage import CellState, coverage_of
from evidence.queries import citation_counts_of, summaries_of
from grading.models import Statement
from grading.queries import OutcomeGrades, PanelNumbers, outcome_grades
from grading.talk.queries import open_questions_of
from reports.checks import Checked
from reports.models import SignOff

from .rounds import outcomes_of


@dataclass(frozen=True)
class Need:
    """Something that an outcome still needs, in words, and where to give it."""

    words: str
    url: str


@dataclass(frozen=True)
class BoardRow:
    """An outcome on the assessment board; grades, counts and contacts are None where this person may not see them.

    `numbers` are the three of each panel that reviews it now: of people and their whole task, not of this outcome (R3).
    """

    outcome: AssessedOutcome
    readable: bool
    contacts: list[str] | None
    citations: int | None
    covered: int | None
    characteristics: int
    open_questions: int | None
    proposal: OutcomeGrades | None
    result: OutcomeGrades | None
    numbers: list[PanelNumbers]
    status: str
    colour: str
    needs: list[Need]


@dataclass(frozen=True)
class BoardGoal:
    """A goal or domain with its rows."""

    goal: Goal
    rows: list[BoardRow]


def by_goal(rows: Iterable[BoardRow]) -> list[BoardGoal]:
    """Put rows, which are in the framework's order, under their goals."""
    groups = groupby(rows, key=lambda row: row.outcome.outcome.goal)
    return [BoardGoal(goal, list(of_goal)) for goal, of_goal in groups]


def board_rows(
    assessment: Assessment, access: Access, numbers: Iterable[PanelNumbers] = (), checked: Checked | None = None
) -> list[BoardRow]:
    """Give the board's rows: what each outcome has and needs, as far as this person may see it.

    `numbers` of the panels and the report's checks are given where this person may see them.
    """
    outcomes = outcomes_of(assessment)
    leads = bool(access.may(Deed.SEE_NUMBERS, assessment))
    grades = outcome_grades(outcomes, access)
    citations = citation_counts_of([assessment])
    asked = open_questions_of([assessment])
    graded = [each for each in outcomes if each.scope == ScopeDecision.Scope.IN_SCOPE]
    working = {each.pk for each in graded if access.may(Deed.SEE_WORKING_EVIDENCE, each)}
    coverage = coverage_of([each for each in graded if each.pk in working]) if working else {}
    contacts = _contacts(assessment) if leads else {}
    summaries = summaries_of(assessment) if leads else {}
    by_panel = {each.panel.pk: each for each in numbers}
    held_up = Counter(each.finding.url.partition("#")[0] for each in (*checked.stops, *checked.open)) if checked else {}
    rows = []
    for outcome in outcomes:
        found = grades[outcome.pk]
        sees_result = bool(access.may(Deed.SEE_PANEL_GRADES, outcome))
        cells = coverage.get(outcome.pk, [])
        status, colour = _status(outcome, found if sees_result else None)
        rows.append(
            BoardRow(
                outcome=outcome,
                readable=bool(access.may(Deed.SEE_OUTCOME, outcome)),
                contacts=contacts.get(outcome.pk, []) if leads else None,
                citations=citations.get(outcome.pk, 0) if outcome.pk in working else None,
                covered=sum(cell.state != CellState.NONE for cell in cells) if outcome.pk in working else None,
                characteristics=len(cells),
                open_questions=asked.get(outcome.pk, 0) if access.may(Deed.SEE_QUESTIONS, outcome) else None,
                proposal=found if access.may(Deed.SEE_PROPOSAL, outcome) else None,
                result=found if sees_result else None,
                numbers=[by_panel[panel.pk] for panel in found.panels if panel.pk in by_panel]
                if outcome.round and outcome.round.phase == Phase.REVIEWING
                else [],
                status=status,
                colour=colour,
                needs=list(
                    _needs(
                        outcome,
                        found,
                        contacts=contacts.get(outcome.pk, []),
                        citations=citations.get(outcome.pk, 0),
                        summary=summaries[outcome.pk].text if outcome.pk in summaries else "",
                        questions=asked.get(outcome.pk, 0),
                        checks=held_up.get(reverse("outcome", args=[outcome.public_id]), 0),
                    )
                )
                if leads and outcome.scope == ScopeDecision.Scope.IN_SCOPE
                else [],
            )
        )
    return rows


def _contacts(assessment: Assessment) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row in _contributors(assessment):
        found.setdefault(row.assessed_outcome_id, []).append(str(row.user))
    return found


@prepared
def _contributors(assessment: Assessment) -> QuerySet[Contributor]:
    rows = Contributor.objects.filter(assessed_outcome__assessment=assessment, ended_on__isnull=True)
    return rows.select_related("user")


def _needs(
    outcome: AssessedOutcome,
    found: OutcomeGrades,
    *,
    contacts: list[str],
    citations: int,
    summary: str,
    questions: int,
    checks: int,
) -> Iterator[Need]:
    """Say what the lead can do, or wait for, in this phase. Nothing here comes from reviews (R3)."""
    page = reverse("outcome", args=[outcome.public_id])
    if outcome.round is None:
        yield Need("A round", reverse("assessment-scope", args=[outcome.assessment.public_id]))
        return
    phase = Phase(outcome.round.phase)
    if checks:
        words = "1 check to settle" if checks == 1 else f"{checks} checks to settle"
        yield Need(words, reverse("checks", args=[outcome.assessment.public_id]))
    if phase == Phase.PREPARING:
        if not contacts:
            yield Need("A lead contact", reverse("contributor-add", args=[outcome.public_id]))
        if not citations:
            yield Need("Evidence", page)
        if not summary:
            yield Need("A summary", reverse("summary", args=[outcome.public_id]))
        if found.proposal is None:
            yield Need("A proposed grade", reverse("propose", args=[outcome.public_id]))
    if questions and phase in {Phase.REVIEWING, Phase.AGREEING}:
        yield Need("An answer" if questions == 1 else f"{questions} answers", f"{page}#questions")
    if phase != Phase.AGREEING or found.closed:
        return
    if not found.panels:
        yield Need("A record that nobody graded it", reverse("not-graded", args=[outcome.public_id]))
    for panel in found.missing_panels:
        yield Need(f"The grade of {panel}", page)
    if found.differ:
        sides = {said.side for said in found.statements}
        if Statement.Side.ORGANISATION not in sides:
            yield Need("The organisation\u2019s statement", reverse("statement", args=[outcome.public_id]))
        if Statement.Side.LOCAL_INTERESTS not in sides:
            yield Need("The local interests\u2019 statement", page)


def _status(outcome: AssessedOutcome, found: OutcomeGrades | None) -> tuple[str, str]:
    if outcome.scope != ScopeDecision.Scope.IN_SCOPE:
        return ScopeDecision.Scope(outcome.scope).label, "grey"
    if outcome.round is None:
        return "In no round yet", "grey"
    phase = Phase(outcome.round.phase)
    if found is None or phase in {Phase.PREPARING, Phase.REVIEWING}:
        return phase.label, "blue"
    if found.agreed:
        return "Agreed", "green"
    if found.closed:
        return "Not graded", "grey"
    if found.missing_panels:
        return "Waits for panels", "yellow"
    if found.joint and found.local is None:
        return "Waits for a joint grade", "yellow"
    return "Waits for statements", "yellow"


@dataclass(frozen=True)
class NextStep:
    """The one next step of an assessment: what it is, where, until when, and what it still waits for."""

    title: str
    url: str
    due: datetime.date | None
    waits_for: list[contracts.Unmet]


_STEPS = {
    Phase.PREPARING: ("Open reviewing of", "review_by"),
    Phase.REVIEWING: ("Close reviewing of", "review_by"),
    Phase.AGREEING: ("Close agreeing of", "agree_by"),
}


def next_step(assessment: Assessment, rounds: list[Round]) -> NextStep | None:
    """Give the lead's next step: of the rounds under way, that of the one whose date comes first."""
    scope = reverse("assessment-scope", args=[assessment.public_id])
    if assessment.state == State.PUBLISHED:
        return None
    if not rounds:
        return NextStep("Choose what is graded, and plan a round", scope, None, [])
    under_way = [round_ for round_ in rounds if Phase(round_.phase) in _STEPS]
    if under_way:
        far = datetime.date.max
        first = min(under_way, key=lambda each: (getattr(each, _STEPS[Phase(each.phase)][1]) or far, each.position))
        words, date = _STEPS[Phase(first.phase)]
        target = rules.next_phase(first.phase)
        assert target is not None
        return NextStep(
            f"{words} \u201c{first}\u201d",
            reverse("round-move", args=[first.public_id]),
            getattr(first, date) if first.phase != Phase.PREPARING else None,
            contracts.unmet_conditions(first, target),
        )
    last = SignOff.objects.filter(assessment=assessment).order_by("-seq").first()
    url = reverse("publish", args=[assessment.public_id])
    if last is not None and last.decision == SignOff.Decision.SIGNED:
        return NextStep("Publish the report", url, assessment.publish_by, [])
    waits = contracts.Unmet("sign-off", "The board sponsor has not signed off the report yet.", url)
    draft = reverse("report-draft", args=[assessment.public_id])
    return NextStep("Read the report as it stands", draft, assessment.publish_by, [waits])
