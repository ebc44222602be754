"""The home page beside its tasks: assessments with their progress, what changed, and what came of one's reviews."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from eds.access.decide import Access
from eds.access.table import Deed
from eds.assessments.models import AssessedOutcome, Assessment, Panel, Phase, PhaseChange, Round, State
from eds.frameworks.models import Grade
from eds.history.prepared import prepared
from eds.people.models import User
from eds.ui.text import shortened, uk_date
from grading.models import AgreedGrade, PanelGrade, Review
from grading.queries import DONE, agreed_grades, current_panel_grades, own_states_of
from grading.talk.queries import answers_to
from objectives.equality.queries import answers_since

from .rounds import in_scope_of, rounds_of

HEADLINE = 80


@dataclass(frozen=True)
class AssessmentLine:
    """An assessment on the home page: where its rounds stand, and how far it is in words."""

    assessment: Assessment
    rounds: list[str]
    progress: str


def assessment_lines(access: Access, assessments: Sequence[Assessment]) -> list[AssessmentLine]:
    """Give where each assessment stands, with the reader's own progress or the lead's (a fixed number of queries).

    Nothing goes on in a published one, so nothing is read of those: an organisation has more of them every year.
    """
    assert isinstance(access.user, User)
    under_way = [each for each in assessments if each.state != State.PUBLISHED]
    rounds: dict[int, list[Round]] = {}
    for round_ in rounds_of(under_way):
        rounds.setdefault(round_.assessment_id, []).append(round_)
    outcomes: dict[int, list[AssessedOutcome]] = {}
    for outcome in in_scope_of(under_way):
        outcomes.setdefault(outcome.assessment_id, []).append(outcome)
    agreed = agreed_grades([outcome for rows in outcomes.values() for outcome in rows])
    states = own_states_of(under_way, access.user)
    lines = []
    for assessment in assessments:
        mine = outcomes.get(assessment.pk, [])
        progress = _own_progress(access, assessment, mine, states) if mine else ""
        if not progress and mine and access.may(Deed.SEE_NUMBERS, assessment):
            progress = f"{sum(each.pk in agreed for each in mine)} of {len(mine)} outcomes agreed"
        words = [_round_words(round_) for round_ in rounds.get(assessment.pk, [])]
        lines.append(AssessmentLine(assessment, words, progress))
    return lines


def _round_words(round_: Round) -> str:
    until = {Phase.REVIEWING: round_.review_by, Phase.AGREEING: round_.agree_by}.get(Phase(round_.phase))
    return f"{round_}: {round_.get_phase_display().lower()}" + (f" until {uk_date(until)}" if until else "")


def _own_progress(
    access: Access, assessment: Assessment, outcomes: list[AssessedOutcome], states: dict[tuple[int, int], str]
) -> str:
    standing = access.standing(assessment)
    places = [
        (outcome.pk, panel)
        for outcome in outcomes
        if outcome.round is not None and outcome.round.phase == Phase.REVIEWING
        for panel in standing.reviews_in(outcome.pk)
    ]
    if not places:
        return ""
    done = sum(states.get(place) in DONE for place in places)
    return f"You have graded {done} of {len(places)}"


@dataclass(frozen=True)
class News:
    """Something that changed since the last visit."""

    at: datetime.datetime
    words: str
    url: str


def news(access: Access, assessments: Iterable[Assessment], since: datetime.datetime | None) -> list[News]:
    """Give what changed since a moment, newest first: answers to own questions and comments, and rounds that moved.

    It takes three queries.
    """
    if since is None:
        return []
    assert isinstance(access.user, User)
    found = [
        News(
            row.recorded_at,
            f"Your question about {row.question.assessed_outcome} was answered.",
            reverse("outcome", args=[row.question.assessed_outcome.public_id]) + "#questions",
        )
        for row in answers_to(access.user, since)
        if access.may(Deed.SEE_QUESTIONS, row.question.assessed_outcome)
    ]
    found += [
        News(
            row.recorded_at,
            f"Your comment on “{shortened(row.comment.objective.headline, HEADLINE)}” was answered.",
            reverse("objective", args=[row.comment.objective.public_id]) + "#comments",
        )
        for row in answers_since(access, since)
        if access.may(Deed.SEE_OBJECTIVES, row.comment.objective.organisation)
    ]
    moves = PhaseChange.objects.filter(round__assessment__in=list(assessments), recorded_at__gt=since)
    for move in moves.select_related("round__assessment__framework").order_by("-recorded_at")[:20]:
        assessment = move.round.assessment
        words = f"\u201c{move.round}\u201d of {assessment} is {move.get_to_phase_display().lower()} now."
        found.append(News(move.recorded_at, words, reverse("assessment", args=[assessment.public_id])))
    return sorted(found, key=lambda each: each.at, reverse=True)


@dataclass(frozen=True)
class CameOf:
    """What came of one review: what its author gave, what the panel recorded, and what was agreed."""

    outcome: AssessedOutcome
    panel: Panel
    own: Grade | None
    panels: PanelGrade | None
    agreed: AgreedGrade | None


@prepared
def _agreed_reviews(reviewer: int, assessments: Sequence[Assessment]) -> QuerySet[Review]:
    newest = Review.objects.filter(
        assessed_outcome=OuterRef("assessed_outcome"), panel=OuterRef("panel"), reviewer=OuterRef("reviewer")
    ).order_by("-seq")
    rows = Review.objects.filter(
        reviewer_id=reviewer,
        assessed_outcome__assessment__in=assessments,
        assessed_outcome__round__phase=Phase.AGREED,
        pk=Subquery(newest.values("pk")[:1]),
    )
    return rows.select_related(
        "grade",
        "panel",
        "assessed_outcome__round",
        "assessed_outcome__service",
        "assessed_outcome__outcome__goal",
        "assessed_outcome__assessment__framework",
        "assessed_outcome__assessment__organisation",
    ).order_by(
        "-assessed_outcome__assessment__year",
        "-assessed_outcome__assessment",
        "assessed_outcome__outcome__goal__position",
        "assessed_outcome__outcome__position",
        "assessed_outcome__service__position",
    )


def came_of_reviews(access: Access, assessments: Iterable[Assessment]) -> list[tuple[Assessment, list[CameOf]]]:
    """Give by assessment what came of the reader's own reviews in agreed rounds, newest year first (three queries)."""
    rows = _agreed_reviews(access.user.pk or 0, list(assessments))
    mine = [row for row in rows if access.may(Deed.SEE_PANEL_GRADES, row.assessed_outcome)]
    outcomes = [row.assessed_outcome for row in mine]
    agreed = agreed_grades(outcomes)
    panels = current_panel_grades(outcomes)
    found = [
        CameOf(
            outcome=row.assessed_outcome,
            panel=row.panel,
            own=row.grade,
            panels=panels[row.assessed_outcome_id].get(row.panel_id),
            agreed=agreed.get(row.assessed_outcome_id),
        )
        for row in mine
    ]
    return [(of, list(rows)) for of, rows in groupby(found, key=lambda each: each.outcome.assessment)]
