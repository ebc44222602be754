"""What a person needs to do, for the home page and the board."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from eds.access.decide import Access, phase_asked
from eds.access.table import Deed, Role
from eds.assessments.models import AssessedOutcome, Assessment, Panel, Phase, Round, State
from eds.history.prepared import prepared
from eds.people.models import User
from eds.ui.components import TaskItem
from eds.ui.text import uk_date
from evidence.last_year.queries import waiting_of
from evidence.queries import citation_counts_of
from grading.corrections import to_confirm
from grading.queries import JointState, OutcomeGrades, outcome_grades, own_states_of
from grading.talk.queries import open_questions_of
from objectives.plan.queries import owned_to_do
from objectives.plan.rules import LATE
from reports.models import SignOff

from .rounds import in_scope_of, rounds_of


@dataclass(frozen=True)
class Task:
    """Something a person needs to do, with the assessment it belongs to, if it does to one, and its date."""

    assessment: Assessment | None
    item: TaskItem
    due: Any = None


def home_tasks(access: Access, assessments: Iterable[Assessment]) -> list[Task]:
    """Give what a person needs to do in their assessments, soonest first (a fixed number of queries)."""
    assert isinstance(access.user, User)
    assessments = list(assessments)
    access.remember(assessments)
    outcomes = list(in_scope_of(assessments))
    grades = outcome_grades(outcomes, access)
    citations = citation_counts_of(assessments)
    offered = waiting_of(written_by(access, outcomes))
    states = own_states_of(assessments, access.user)
    confirm = to_confirm(assessments, access.user)
    panels = {panel.pk: panel for panel in _panels(assessments)}
    rounds = list(rounds_of(assessments))
    signed = {row.assessment_id: row for row in _sign_offs(assessments)}
    asked = open_questions_of(assessments)
    tasks: list[Task] = []
    for assessment in assessments:
        mine = [outcome for outcome in outcomes if outcome.assessment_id == assessment.pk]
        tasks += _writing(access, assessment, mine, citations, offered, grades)
        tasks += _answering(access, assessment, mine, asked)
        tasks += _reviewing(access, assessment, mine, states)
        tasks += _confirming(access, assessment, mine, panels, confirm)
        tasks += _agreeing(access, assessment, mine, grades, panels)
        tasks += _leading(access, assessment, [r for r in rounds if r.assessment_id == assessment.pk])
        tasks += _publishing(access, assessment, signed.get(assessment.pk))
    return soonest_first(tasks)


def soonest_first(tasks: Iterable[Task]) -> list[Task]:
    """Put tasks in the order of their dates; those without one come last."""
    return sorted(tasks, key=lambda task: (task.due is None, task.due or 0, task.item.title))


def written_by(access: Access, outcomes: Iterable[AssessedOutcome]) -> list[AssessedOutcome]:
    """Keep the outcomes whose evidence the person writes now as a lead contact."""
    return [
        outcome
        for outcome in outcomes
        if outcome.pk in access.standing(outcome.assessment).contributes_to and access.may(Deed.WRITE_EVIDENCE, outcome)
    ]


@prepared
def _panels(assessments: Sequence[Assessment]) -> QuerySet[Panel]:
    return Panel.objects.filter(assessment__in=assessments)


@prepared
def _sign_offs(assessments: Sequence[Assessment]) -> QuerySet[SignOff]:
    return SignOff.objects.filter(assessment__in=assessments).order_by("seq")


def _task(assessment: Assessment, title: str, url: str, due: Any = None) -> Task:
    hint = f"{assessment}, {assessment.organisation}"
    status = f"by {uk_date(due)}" if due else ""
    return Task(assessment, TaskItem(title=title, url=url, hint=hint, status=status), due)


def _writing(
    access: Access,
    assessment: Assessment,
    outcomes: list[AssessedOutcome],
    citations: dict[int, int],
    offered: dict[int, int],
    grades: dict[int, OutcomeGrades],
) -> Iterable[Task]:
    for outcome in outcomes:
        url = reverse("outcome", args=[outcome.public_id])
        if waiting := offered.get(outcome.pk):
            words = "1 item from last year waits" if waiting == 1 else f"{waiting} items from last year wait"
            offers = reverse("evidence-last-year", args=[outcome.public_id])
            yield _task(assessment, f"{words} for your decision: {outcome}", offers)
        elif outcome.pk in offered and not citations.get(outcome.pk):
            yield _task(assessment, f"Enter evidence for {outcome}", url)
        unproposed = outcome.round is not None and grades[outcome.pk].proposal is None
        if unproposed and access.may(Deed.PROPOSE_GRADE, outcome):
            yield _task(assessment, f"Write the summary and propose a grade for {outcome}", url)


def _answering(
    access: Access, assessment: Assessment, outcomes: list[AssessedOutcome], asked: dict[int, int]
) -> Iterable[Task]:
    """An answer helps while people review, or else while grades are being agreed: that is its date."""
    for outcome in outcomes:
        number = asked.get(outcome.pk, 0)
        if number and access.may(Deed.ANSWER_QUESTION, outcome):
            words = "Answer a question about" if number == 1 else f"Answer {number} questions about"
            round_ = outcome.round
            due = (round_.review_by if round_.phase == Phase.REVIEWING else round_.agree_by) if round_ else None
            url = reverse("outcome", args=[outcome.public_id]) + "#questions"
            yield _task(assessment, f"{words} {outcome}", url, due)


def _reviewing(
    access: Access, assessment: Assessment, outcomes: list[AssessedOutcome], states: dict[tuple[int, int], str]
) -> Iterable[Task]:
    standing = access.standing(assessment)
    waiting = [
        outcome
        for outcome in outcomes
        if phase_asked(Deed.REVIEW, outcome) == Phase.REVIEWING
        and any(states.get((outcome.pk, panel), "") in {"", "draft"} for panel in standing.reviews_in(outcome.pk))
    ]
    if waiting:
        number = len(waiting)
        words = "Grade 1 outcome" if number == 1 else f"Grade {number} outcomes"
        due = min((o.round.review_by for o in waiting if o.round and o.round.review_by), default=None)
        yield _task(assessment, words, reverse("review-run", args=[assessment.public_id]), due)


def _confirming(
    access: Access,
    assessment: Assessment,
    outcomes: list[AssessedOutcome],
    panels: dict[int, Panel],
    confirm: set[tuple[int, int]],
) -> Iterable[Task]:
    """Own grades whose evidence was corrected after they were submitted (R13)."""
    standing = access.standing(assessment)
    for outcome in outcomes:
        for panel in standing.reviews_in(outcome.pk):
            if (outcome.pk, panel) in confirm:
                url = reverse("review", args=[outcome.public_id, panels[panel].public_id])
                due = outcome.round.review_by if outcome.round else None
                words = f"Confirm your grade for {outcome}: its evidence was corrected"
                yield _task(assessment, words, url, due)


def _agreeing(
    access: Access,
    assessment: Assessment,
    outcomes: list[AssessedOutcome],
    grades: dict[int, OutcomeGrades],
    panels: dict[int, Panel],
) -> Iterable[Task]:
    standing = access.standing(assessment)
    chaired = [pk for pk, role in standing.places.items() if role is Role.CHAIR]
    for outcome in outcomes:
        found = grades[outcome.pk]
        due = outcome.round.agree_by if outcome.round else None
        missing = {panel.pk for panel in found.missing_panels}
        spoken = {(said.side, said.panel_id) for said in found.statements}
        sides = {side for side, _ in spoken}
        open_difference = found.differ and found.agreed is None
        for pk in chaired:
            if outcome.pk not in standing.remits[pk]:
                continue
            panel = panels[pk]
            args = [outcome.public_id, panel.public_id]
            if pk in missing and access.may_for_panel(Deed.RECORD_PANEL_GRADE, outcome, panel):
                yield _task(
                    assessment, f"Record the grade of {panel} for {outcome}", reverse("panel-grade", args=args), due
                )
            if found.joint and found.local is None and access.may_for_panel(Deed.WRITE_JOINT_GRADE, outcome, panel):
                if found.joint.unanswered_by(pk):
                    url = reverse("joint-answer", args=args)
                    yield _task(assessment, f"Confirm the joint grade for {outcome}, or say why not", url, due)
                elif pk in {each.pk for each in found.joint.panels} and _joint_grade_is_wanted(found.joint):
                    url = reverse("joint-grade", args=args)
                    yield _task(assessment, f"Write a joint grade for {outcome}: the panels differ", url, due)
            may_speak = access.may_for_panel(Deed.STATE_FOR_LOCAL_INTERESTS, outcome, panel)
            if open_difference and "local_interests" not in sides and may_speak:
                url = reverse("local-statement", args=args)
                yield _task(assessment, f"Say why the local interests differ on {outcome}", url, due)
        if open_difference and "organisation" not in sides and access.may(Deed.STATE_FOR_ORGANISATION, outcome):
            url = reverse("statement", args=[outcome.public_id])
            yield _task(assessment, f"Say why the organisation differs on {outcome}, or change the proposal", url, due)


def _joint_grade_is_wanted(state: JointState) -> bool:
    """None stands yet, or a chair has said no to the one that does."""
    return not state.stands or bool(state.declined)


def _leading(access: Access, assessment: Assessment, rounds: list[Round]) -> Iterable[Task]:
    if not access.may(Deed.MOVE_PHASE, assessment):
        return
    words = {
        Phase.PREPARING: ("Open reviewing of", None),
        Phase.REVIEWING: ("Close reviewing of", "review_by"),
        Phase.AGREEING: ("Close agreeing of", "agree_by"),
    }
    for round_ in rounds:
        if (phase := Phase(round_.phase)) in words:
            verb, date = words[phase]
            due = getattr(round_, date) if date else None
            yield _task(assessment, f"{verb} “{round_}”", reverse("round-move", args=[round_.public_id]), due)


def _publishing(access: Access, assessment: Assessment, sign_off: SignOff | None) -> Iterable[Task]:
    if assessment.state != State.IN_SIGN_OFF:
        return
    due = assessment.publish_by
    signed = sign_off is not None and sign_off.decision == SignOff.Decision.SIGNED
    if not signed and access.may(Deed.SIGN_OFF, assessment):
        yield _task(assessment, "Sign off the report", reverse("sign-off", args=[assessment.public_id]), due)
    if signed and access.may(Deed.PUBLISH, assessment):
        yield _task(assessment, "Publish the report", reverse("publish", args=[assessment.public_id]), due)


def owned_tasks(access: Access) -> list[Task]:
    """Give the actions of plans that a person owns and that are late or soon due, for the home page (four queries)."""
    found = []
    for each in owned_to_do(access):
        assessment = each.action.assessed_outcome.assessment
        item = TaskItem(
            title=f"Say how it goes: {each.action.text}",
            url=reverse("action-progress", args=[each.action.public_id]),
            hint=f"Plan of {assessment}, {assessment.organisation}",
            status="late" if each.state == LATE else f"due in {each.action.due}",
        )
        found.append(Task(assessment, item, each.action.due.last_day if each.action.due else None))
    return found
