"""What happened to an outcome's grades, as far as the viewer may know (R3, R10)."""

from __future__ import annotations

from collections.abc import Iterator

from eds.access.table import Deed
from eds.assessments.contracts import TimelineEntry, Viewer
from eds.assessments.models import AssessedOutcome, Panel, Phase, PhaseChange

from .agreement.queries import answers_of
from .models import AgreedGrade, NotGraded, PanelGrade, Review, Statement
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
    """Give the viewer's own reviews. They are hidden from everybody else, so no right is asked."""
    rows = Review.objects.filter(assessed_outcome=outcome, reviewer_id=viewer.user.pk).select_related("grade")
    for row in rows.order_by("seq"):
        what = "submitted your grade" if row.seq == 1 else "changed your grade"
        if row.grade is None:
            what += ": not enough evidence to judge"
        yield TimelineEntry.of(row, "You", what, "", row.grade)


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
        yield TimelineEntry.of(row, f"The chair of {row.panel}", what, row.reason, row.grade)
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


SOURCES = (proposals, own_reviews, reveals, decisions)
