"""What happened to an outcome's grades, as far as the viewer may know (R3, R10)."""

from __future__ import annotations

from collections.abc import Iterator

from eds.access.table import Deed
from eds.assessments.contracts import TimelineEntry, Viewer
from eds.assessments.models import AssessedOutcome, Panel, Phase, PhaseChange

from .agreement.queries import answers_of
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
from .queries import shown_proposals

ORGANISATION = "The organisation"


def proposals(outcome: AssessedOutcome, viewer: Viewer) -> Iterator[TimelineEntry]:
    """Give the proposals: all to the lead, to others the one at opening and those after the reveal."""
    rows = shown_proposals(outcome, viewer)
    leads = viewer.may(Deed.SEE_NUMBERS, outcome.assessment)
    if not leads:
        before = [row for row in rows if not row.after_reveal]
        rows = before[-1:] + [row for row in rows if row.after_reveal]
    for position, row in enumerate(rows):
        what = "changed its proposal" if position else "proposed a grade"
        yield TimelineEntry.of(row, ORGANISATION, what, row.reason if position else "", row.grade)


def own_reviews(outcome: AssessedOutcome, viewer: Viewer) -> Iterator[TimelineEntry]:
    """Give the viewer's own reviews and steps aside. They are hidden from everybody else, so no right is asked."""
    rows = Review.objects.filter(assessed_outcome=outcome, reviewer_id=viewer.user.pk).select_related("grade")
    for row in rows.order_by("seq"):
        what = "submitted your grade" if row.seq == 1 else "changed your grade"
        if row.grade is None:
            what += ": not enough evidence to judge"
        yield TimelineEntry.of(row, "You", what, "", row.grade)
    for aside in StepAside.objects.filter(assessed_outcome=outcome, reviewer_id=viewer.user.pk).order_by("seq"):
        yield TimelineEntry.of(aside, "You", "stepped aside", aside.reason)


def reveals(outcome: AssessedOutcome, viewer: Viewer) -> Iterator[TimelineEntry]:
    """Give when the reviews of the viewer's own panels were revealed: never one by one, which would tell who and when."""
    panels = [
        panel
        for panel in Panel.objects.filter(remit__assessed_outcome=outcome)
        if viewer.may_for_panel(Deed.SEE_PANEL_REVIEWS, outcome, panel)
    ]
    if not panels:
        return
    moves = PhaseChange.objects.filter(round=outcome.round_id, from_phase=Phase.REVIEWING, to_phase=Phase.AGREEING)
    last = moves.order_by("-seq").first()
    answers = answers_of([outcome])
    for panel in panels:
        number = answers[outcome.pk, panel.pk].total() if (outcome.pk, panel.pk) in answers else 0
        if last and number:
            words = "one review" if number == 1 else f"{number} reviews"
            yield TimelineEntry.of(last, str(panel), f"was shown the {words} of its members")


def decisions(outcome: AssessedOutcome, viewer: Viewer) -> Iterator[TimelineEntry]:
    """Give what panels recorded, what both sides said, and what was agreed."""
    if not viewer.may(Deed.SEE_PANEL_GRADES, outcome):
        return
    recorded = PanelGrade.objects.filter(assessed_outcome=outcome).select_related("panel", "grade")
    for row in recorded.order_by("pk"):
        what = "recorded the panel\u2019s grade" if row.seq == 1 else "changed the panel\u2019s grade"
        if row.grade is None:
            what = "declined to grade"
        yield TimelineEntry.of(row, _chair(row.panel), what, row.reason, row.grade)
    yield from _together(outcome)
    for said in Statement.objects.filter(assessed_outcome=outcome).select_related("panel").order_by("seq"):
        yield TimelineEntry.of(said, str(said.panel or ORGANISATION), "gave a statement")
    agreed = AgreedGrade.objects.filter(assessed_outcome=outcome).select_related("local_interests_grade__grade")
    for each in agreed.order_by("seq"):
        yield TimelineEntry.of(
            each,
            "The grade",
            f"was settled, because {each.get_closed_by_display()}",
            each.reason,
            each.local_interests_grade.grade,
        )
    for closed in NotGraded.objects.filter(assessed_outcome=outcome).order_by("seq"):
        yield TimelineEntry.of(closed, ORGANISATION, "recorded that no panel graded it", closed.reason)


def _together(outcome: AssessedOutcome) -> Iterator[TimelineEntry]:
    """Give how several panels came to one grade. A joint grade's reasons are told once it counts, with that (R5)."""
    for written in JointGrade.objects.filter(assessed_outcome=outcome).select_related("panel", "grade").order_by("seq"):
        yield TimelineEntry.of(written, _chair(written.panel), "wrote a joint grade", "", written.grade)
    confirmed = JointAnswer.objects.filter(joint__assessed_outcome=outcome, confirmed=True)
    for each in confirmed.select_related("panel").order_by("pk"):
        yield TimelineEntry.of(each, _chair(each.panel), "confirmed the joint grade")
    made = LocalInterestsGrade.objects.filter(assessed_outcome=outcome).select_related("grade").order_by("seq")
    for row in made.exclude(rule=LocalInterestsGrade.Rule.ONLY_PANEL):
        why = row.reason if row.rule == LocalInterestsGrade.Rule.JOINT else ""
        yield TimelineEntry.of(row, "The panels together", f"gave one grade: {row.get_rule_display()}", why, row.grade)


def declined_joint_grades(outcome: AssessedOutcome, viewer: Viewer) -> Iterator[TimelineEntry]:
    """Give which chairs did not confirm a joint grade, to the chairs alone: what they say to each other is theirs."""
    panels = Panel.objects.filter(remit__assessed_outcome=outcome)
    if not any(viewer.may_for_panel(Deed.WRITE_JOINT_GRADE, outcome, panel) for panel in panels):
        return
    declined = JointAnswer.objects.filter(joint__assessed_outcome=outcome, confirmed=False)
    for row in declined.select_related("panel").order_by("pk"):
        yield TimelineEntry.of(row, _chair(row.panel), "did not confirm the joint grade", row.reason)


def _chair(panel: Panel) -> str:
    return f"The chair of {panel}"


SOURCES = (proposals, own_reviews, reveals, decisions, declined_joint_grades)
