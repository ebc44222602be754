"""What happened to an outcome's grades, as far as the viewer may know (R3, R10)."""

from __future__ import annotations

from django.db.models import QuerySet

from eds.access.table import Deed
from eds.assessments.contracts import TimelineEntry, Viewer
from eds.assessments.models import AssessedOutcome, Panel, Phase, PhaseChange
from eds.history.prepared import prepared
from eds.history.reading import Reading, beside
from eds.history.reading import rows as all_of

from .agreement.queries import reading_answers
from .models import (
    AgreedGrade,
    JointAnswer,
    JointGrade,
    LocalInterestsGrade,
    NotGraded,
    PanelGrade,
    Review,
    Statement,
    StepAside,
)
from .queries import reading_shown_proposals

ORGANISATION = "The organisation"


def proposals(outcome: AssessedOutcome, viewer: Viewer) -> Reading[list[TimelineEntry]]:
    """Give the proposals: all to the lead, to others the one at opening and those after the reveal."""
    rows = yield from reading_shown_proposals(outcome, viewer)
    leads = viewer.may(Deed.SEE_NUMBERS, outcome.assessment)
    if not leads:
        before = [row for row in rows if not row.after_reveal]
        rows = before[-1:] + [row for row in rows if row.after_reveal]
    return [
        TimelineEntry.of(
            row,
            ORGANISATION,
            "changed its proposal" if position else "proposed a grade",
            row.reason if position else "",
            row.grade,
        )
        for position, row in enumerate(rows)
    ]


@prepared
def _reviews_by(outcome: AssessedOutcome, reviewer: int | None) -> QuerySet[Review]:
    return Review.objects.filter(assessed_outcome=outcome, reviewer=reviewer).select_related("grade").order_by("seq")


@prepared
def _asides_by(outcome: AssessedOutcome, reviewer: int | None) -> QuerySet[StepAside]:
    return StepAside.objects.filter(assessed_outcome=outcome, reviewer=reviewer).order_by("seq")


@prepared
def _covering(outcome: AssessedOutcome) -> QuerySet[Panel]:
    return Panel.objects.filter(remit__assessed_outcome=outcome)


@prepared
def _last_reveal(round_: int | None) -> QuerySet[PhaseChange]:
    moves = PhaseChange.objects.filter(round=round_, from_phase=Phase.REVIEWING, to_phase=Phase.AGREEING)
    return moves.order_by("-seq")[:1]


@prepared
def _recorded(outcome: AssessedOutcome) -> QuerySet[PanelGrade]:
    return PanelGrade.objects.filter(assessed_outcome=outcome).select_related("panel", "grade").order_by("pk")


@prepared
def _said(outcome: AssessedOutcome) -> QuerySet[Statement]:
    return Statement.objects.filter(assessed_outcome=outcome).select_related("panel").order_by("seq")


@prepared
def _agreed(outcome: AssessedOutcome) -> QuerySet[AgreedGrade]:
    agreed = AgreedGrade.objects.filter(assessed_outcome=outcome)
    return agreed.select_related("local_interests_grade__grade").order_by("seq")


@prepared
def _not_graded(outcome: AssessedOutcome) -> QuerySet[NotGraded]:
    return NotGraded.objects.filter(assessed_outcome=outcome).order_by("seq")


@prepared
def _joint_grades(outcome: AssessedOutcome) -> QuerySet[JointGrade]:
    return JointGrade.objects.filter(assessed_outcome=outcome).select_related("panel", "grade").order_by("seq")


@prepared
def _joint_answers(outcome: AssessedOutcome, confirmed: bool) -> QuerySet[JointAnswer]:
    answers = JointAnswer.objects.filter(joint__assessed_outcome=outcome, confirmed=confirmed)
    return answers.select_related("panel").order_by("pk")


@prepared
def _of_several(outcome: AssessedOutcome) -> QuerySet[LocalInterestsGrade]:
    made = LocalInterestsGrade.objects.filter(assessed_outcome=outcome).select_related("grade").order_by("seq")
    return made.exclude(rule=LocalInterestsGrade.Rule.ONLY_PANEL)


def own_reviews(outcome: AssessedOutcome, viewer: Viewer) -> Reading[list[TimelineEntry]]:
    """Give the viewer's own reviews and steps aside. They are hidden from everybody else, so no right is asked."""
    reviews, asides = _reviews_by(outcome, viewer.user.pk), _asides_by(outcome, viewer.user.pk)
    yield [reviews, asides]
    told = []
    for row in reviews:
        what = "submitted your grade" if row.seq == 1 else "changed your grade"
        if row.grade is None:
            what += ": not enough evidence to judge"
        told.append(TimelineEntry.of(row, "You", what, "", row.grade))
    return told + [TimelineEntry.of(aside, "You", "stepped aside", aside.reason) for aside in asides]


def reveals(outcome: AssessedOutcome, viewer: Viewer) -> Reading[list[TimelineEntry]]:
    """Give when the reviews of the viewer's own panels were revealed: never one by one, which would tell who and when."""
    covering = _covering(outcome)
    yield [covering]
    panels = [panel for panel in covering if viewer.may_for_panel(Deed.SEE_PANEL_REVIEWS, outcome, panel)]
    if not panels:
        return []
    newest, answers = yield from beside(all_of(_last_reveal(outcome.round_id)), reading_answers([outcome]))
    told = []
    for panel in panels:
        number = answers[outcome.pk, panel.pk].total() if (outcome.pk, panel.pk) in answers else 0
        if newest and number:
            words = "one review" if number == 1 else f"{number} reviews"
            told.append(TimelineEntry.of(newest[0], str(panel), f"was shown the {words} of its members"))
    return told


def decisions(outcome: AssessedOutcome, viewer: Viewer) -> Reading[list[TimelineEntry]]:
    """Give what panels recorded, what both sides said, and what was agreed."""
    if not viewer.may(Deed.SEE_PANEL_GRADES, outcome):
        return []
    panels, said, settled, closed, joint = yield from beside(
        all_of(_recorded(outcome)),
        all_of(_said(outcome)),
        all_of(_agreed(outcome)),
        all_of(_not_graded(outcome)),
        _together(outcome),
    )
    told = []
    for row in panels:
        what = "recorded the panel\u2019s grade" if row.seq == 1 else "changed the panel\u2019s grade"
        if row.grade is None:
            what = "declined to grade"
        told.append(TimelineEntry.of(row, _chair(row.panel), what, row.reason, row.grade))
    told += joint
    told += [TimelineEntry.of(row, str(row.panel or ORGANISATION), "gave a statement") for row in said]
    for row in settled:
        why = f"was settled, because {row.get_closed_by_display()}"
        told.append(TimelineEntry.of(row, "The grade", why, row.reason, row.local_interests_grade.grade))
    return told + [
        TimelineEntry.of(row, ORGANISATION, "recorded that no panel graded it", row.reason) for row in closed
    ]


def _together(outcome: AssessedOutcome) -> Reading[list[TimelineEntry]]:
    """Give how several panels came to one grade. A joint grade's reasons are told once it counts, with that (R5)."""
    written, confirmed, made = _joint_grades(outcome), _joint_answers(outcome, True), _of_several(outcome)
    yield [written, confirmed, made]
    told = [TimelineEntry.of(row, _chair(row.panel), "wrote a joint grade", "", row.grade) for row in written]
    told += [TimelineEntry.of(row, _chair(row.panel), "confirmed the joint grade") for row in confirmed]
    for row in made:
        why = row.reason if row.rule == LocalInterestsGrade.Rule.JOINT else ""
        what = f"gave one grade: {row.get_rule_display()}"
        told.append(TimelineEntry.of(row, "The panels together", what, why, row.grade))
    return told


def declined_joint_grades(outcome: AssessedOutcome, viewer: Viewer) -> Reading[list[TimelineEntry]]:
    """Give which chairs did not confirm a joint grade, to the chairs alone: what they say to each other is theirs."""
    panels = _covering(outcome)
    yield [panels]
    if not any(viewer.may_for_panel(Deed.WRITE_JOINT_GRADE, outcome, panel) for panel in panels):
        return []
    declined = _joint_answers(outcome, False)
    yield [declined]
    return [TimelineEntry.of(row, _chair(row.panel), "did not confirm the joint grade", row.reason) for row in declined]


def _chair(panel: Panel) -> str:
    return f"The chair of {panel}"


SOURCES = (proposals, own_reviews, reveals, decisions, declined_joint_grades)
