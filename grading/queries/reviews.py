"""What is read of reviews: a panel's answers, its three numbers, and one reviewer's own run."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from eds.access.decide import Access
from eds.access.table import Deed
from eds.assessments.models import AssessedOutcome, Assessment, Panel, PanelMember
from eds.history.prepared import prepared
from eds.history.reading import Reading, read
from eds.people.invitations import waiting_numbers
from eds.people.models import User
from grading import rules
from grading.models import Review, ReviewDraft, StepAside


def latest_review(outcome: AssessedOutcome, panel: Panel, reviewer: User) -> Review | None:
    """Give one reviewer's latest submitted review."""
    return latest_reviews(outcome, panel, reviewer).first()


@prepared
def latest_reviews(outcome: AssessedOutcome, panel: Panel, reviewer: User) -> QuerySet[Review]:
    """Give one reviewer's latest submitted review as the only row."""
    mine = Review.objects.filter(assessed_outcome=outcome, panel=panel, reviewer=reviewer)
    return mine.select_related("grade").order_by("-seq")[:1]


def draft_of(outcome: AssessedOutcome, panel: Panel, reviewer: User) -> ReviewDraft | None:
    """Give one reviewer's own draft."""
    return drafts_of(outcome, panel, reviewer).first()


@prepared
def drafts_of(outcome: AssessedOutcome, panel: Panel, reviewer: User) -> QuerySet[ReviewDraft]:
    """Give one reviewer's own draft as the only row."""
    return ReviewDraft.objects.filter(assessed_outcome=outcome, panel=panel, reviewer=reviewer)


def standing_step_aside(outcome: AssessedOutcome, panel: Panel, reviewer: User) -> StepAside | None:
    """Give one reviewer's step aside, unless a later review took it back."""
    return standing_steps_aside(outcome, panel, reviewer).first()


@prepared
def standing_steps_aside(outcome: AssessedOutcome, panel: Panel, reviewer: User) -> QuerySet[StepAside]:
    """Give one reviewer's step aside as the only row, unless a later review took it back."""
    mine = {"assessed_outcome": outcome, "panel": panel, "reviewer": reviewer}
    later = Review.objects.filter(**mine, seq__gt=OuterRef("reviews_before"))
    return StepAside.objects.filter(~Exists(later), **mine).order_by("-seq")[:1]


def rounds_of(outcomes: Iterable[AssessedOutcome]) -> list[int]:
    """Give the rounds in which some outcomes are."""
    return sorted({outcome.round_id for outcome in outcomes if outcome.round_id})


def _revealed(rows: QuerySet, outcomes: Sequence[AssessedOutcome], rounds: Sequence[int]) -> QuerySet:
    """Keep what a reveal has shown of some outcomes: what is written after a move back is hidden until the next (R18).

    Their rounds are named too, though the outcomes say which they are: else the database goes through every round's.
    """
    return rows.filter(
        assessed_outcome__in=outcomes,
        assessed_outcome__round__in=rounds,
        reveals_before__lt=F("assessed_outcome__round__reveals"),
    )


def _same_and_revealed() -> dict[str, Any]:
    """Give the filter of rows of the same reviewer, outcome and panel that a reveal has shown.

    The outcome is the same, so its round is: asking the outer row's spares the database a join for each row.
    """
    return _same(OuterRef("assessed_outcome__round__reveals"))


def _same(reveals: int | OuterRef) -> dict[str, Any]:
    same = {field: OuterRef(field) for field in ("assessed_outcome", "panel", "reviewer")}
    return {**same, "reveals_before__lt": reveals}


def standing_reviews(outcomes: Iterable[AssessedOutcome]) -> QuerySet[Review]:
    """Give the reviews that count: each reviewer's newest that is revealed and that no step aside replaced (R4, R18)."""
    outcomes = list(outcomes)
    return _standing(outcomes, rounds_of(outcomes))


@prepared
def standing_with_grades(outcomes: Sequence[AssessedOutcome], rounds: Sequence[int]) -> QuerySet[Review]:
    """Give the reviews that count with their grades; `rounds` are those of the outcomes."""
    return _standing(outcomes, rounds).select_related("grade")


@prepared
def counted_answers(outcomes: Sequence[AssessedOutcome], reveals: int) -> QuerySet[Review, Any]:
    """Give by outcome, panel and grade how many of the reviews that count say so, for outcomes revealed so many times.

    The number is given, since the database would look up the round of each of hundreds of reviews. It never falls: who
    read it a moment ago gets nothing that was not revealed then.
    """
    revealed = Review.objects.filter(assessed_outcome__in=outcomes, reveals_before__lt=reveals)
    # By the grade and not its position, for which the database would look up the grade of every review.
    by = _last(revealed, _same(reveals)).values("assessed_outcome_id", "panel_id", "grade_id")
    return by.annotate(number=Count("pk"))


def _standing(outcomes: Sequence[AssessedOutcome], rounds: Sequence[int]) -> QuerySet[Review]:
    return _last(_revealed(Review.objects.all(), outcomes, rounds), _same_and_revealed())


def _last(revealed: QuerySet[Review], same: dict[str, Any]) -> QuerySet[Review]:
    later = Review.objects.filter(**same, seq__gt=OuterRef("seq"))
    aside = StepAside.objects.filter(**same, reviews_before__gte=OuterRef("seq"))
    return revealed.filter(~Exists(later), ~Exists(aside))


def standing_step_asides(outcomes: Iterable[AssessedOutcome]) -> QuerySet[StepAside]:
    """Give each reviewer's newest step aside that is revealed and that no revealed review took back (R4, R18)."""
    outcomes = list(outcomes)
    revealed = _revealed(StepAside.objects.all(), outcomes, rounds_of(outcomes))
    newer = StepAside.objects.filter(**_same_and_revealed(), seq__gt=OuterRef("seq"))
    review = Review.objects.filter(**_same_and_revealed(), seq__gt=OuterRef("reviews_before"))
    return revealed.filter(~Exists(newer), ~Exists(review))


def panel_reviews(outcome: AssessedOutcome, panel: Panel) -> list[Review]:
    """Give the panel's counting reviews, lowest grade first, so that their order tells nothing of who or when.

    A review written after a move back is left out until the next reveal (R18); the one it replaces stands till then.
    """
    rows = standing_reviews([outcome]).filter(panel=panel).select_related("grade", "reviewer")
    return list(rows.order_by(F("grade__position").asc(nulls_first=True), "reason"))


def panel_step_asides(outcome: AssessedOutcome, panel: Panel) -> list[StepAside]:
    """Give who of a panel stepped aside, by the words of the interest: for its chair and organiser only (R4, R21)."""
    return list(standing_step_asides([outcome]).filter(panel=panel).select_related("reviewer").order_by("reason"))


def stepped_aside_numbers(outcomes: Iterable[AssessedOutcome]) -> dict[tuple[int, int], int]:
    """Give by (outcome, panel) how many stepped aside, only where enough reviewed for it to be told (R21; two queries).

    For reports: a panel that is too small, and one of which nobody stepped aside, have no entry.
    """
    outcomes = list(outcomes)
    reviewed = Counter(standing_reviews(outcomes).values_list("assessed_outcome_id", "panel_id"))
    aside = Counter(standing_step_asides(outcomes).values_list("assessed_outcome_id", "panel_id"))
    return {key: number for key, number in aside.items() if rules.may_show_spread(reviewed[key])}


def panel_answers(outcome: AssessedOutcome, panel: Panel) -> list[int | None]:
    """Give the panel's answers as positions of grades; None is "not enough evidence"."""
    return [review.grade.position if review.grade else None for review in panel_reviews(outcome, panel)]


@dataclass(frozen=True)
class PanelNumbers:
    """The three numbers of a panel that the lead sees, and nothing else (R3)."""

    panel: Panel
    invited: int
    started: int
    submitted: int


@prepared
def _counted_panels(assessment: Assessment) -> QuerySet[Panel, Any]:
    now = Q(members__left_on__isnull=True) & ~Q(members__role=PanelMember.Role.ORGANISER)
    panels = Panel.objects.filter(assessment=assessment).select_related("kind")
    return panels.annotate(invited=Count("members", filter=now, distinct=True), covered=Count("remit", distinct=True))


@prepared
def _drafted(panels: Sequence[Panel]) -> QuerySet[ReviewDraft, Any]:
    return ReviewDraft.objects.filter(panel__in=panels).values_list("panel_id", "reviewer_id")


@prepared
def _answered(panels: Sequence[Panel]) -> QuerySet[Any, Any]:
    # One query for both, so that neither the numbers nor their cost tell which of the two it was (R4).
    fields = ("panel_id", "reviewer_id", "assessed_outcome_id")
    answers = Review.objects.filter(panel__in=panels).values_list(*fields)
    return answers.union(StepAside.objects.filter(panel__in=panels).values_list(*fields))


def panel_numbers(assessment: Assessment) -> list[PanelNumbers]:
    """Give each panel's three numbers: who was invited, began anything, and submitted every outcome of the remit.

    Invited are those on the panel and those who have yet to answer. Stepping aside is an answer like another (R4).
    """
    panels = list(_counted_panels(assessment))
    started: dict[int, set[int]] = {panel.pk: set() for panel in panels}
    answered: dict[tuple[int, int], set[int]] = defaultdict(set)
    covered = {panel.pk: panel.covered for panel in panels}
    for panel, reviewer in _drafted(panels):
        started[panel].add(reviewer)
    for panel, reviewer, outcome in _answered(panels):
        started[panel].add(reviewer)
        answered[panel, reviewer].add(outcome)
    submitted = Counter(panel for (panel, _), outcomes in answered.items() if len(outcomes) >= covered[panel])
    waiting = waiting_numbers("panel", [panel.public_id for panel in panels], role__in=["chair", "reviewer"])
    return [
        PanelNumbers(
            panel,
            panel.invited + waiting.get(panel.public_id, 0),
            len(started[panel.pk]),
            submitted[panel.pk],
        )
        for panel in panels
    ]


def own_states_of(assessments: Iterable[Assessment], reviewer: User) -> dict[tuple[int, int], str]:
    """Give by (outcome, panel) where this reviewer's own reviews stand (one query).

    "draft", "submitted", "changed" (submitted, with a draft of a change), or "aside" for who stepped aside.
    """
    return read(reading_own_states(list(assessments), reviewer))


_PLACE = ("assessed_outcome_id", "panel_id")


@prepared
def _own_drafts(assessments: Sequence[Assessment], reviewer: User) -> QuerySet[ReviewDraft, Any]:
    mine = ReviewDraft.objects.filter(panel__assessment__in=assessments, reviewer=reviewer)
    return mine.values_list(*_PLACE)


@prepared
def _own_reviews(assessments: Sequence[Assessment], reviewer: User) -> QuerySet[Review, Any]:
    mine = Review.objects.filter(panel__assessment__in=assessments, reviewer=reviewer)
    return mine.order_by("seq").values_list(*_PLACE, "seq")


@prepared
def _own_asides(assessments: Sequence[Assessment], reviewer: User) -> QuerySet[StepAside, Any]:
    mine = StepAside.objects.filter(panel__assessment__in=assessments, reviewer=reviewer)
    return mine.values_list(*_PLACE, "reviews_before")


def reading_own_states(assessments: list[Assessment], reviewer: User) -> Reading[dict[tuple[int, int], str]]:
    """Give what own_states_of() gives (one step)."""
    drafts = _own_drafts(assessments, reviewer)
    reviews, asides = _own_reviews(assessments, reviewer), _own_asides(assessments, reviewer)
    yield [drafts, reviews, asides]
    states = dict.fromkeys(((outcome, panel) for outcome, panel in drafts), "draft")
    newest: dict[tuple[int, int], int] = {}
    for *place, seq in reviews:
        newest[place[0], place[1]] = seq
    for found in newest:
        states[found] = "changed" if found in states else "submitted"
    for outcome, panel, before in asides:
        if before >= newest.get((outcome, panel), 0):
            states[outcome, panel] = "aside"
    return states


DONE = frozenset({"submitted", "changed", "aside"})


@dataclass(frozen=True)
class RunStep:
    """One outcome of a reviewer's run, with that reviewer's own state only."""

    outcome: AssessedOutcome
    panel: Panel
    state: str
    conflict: str
    open: bool


@dataclass(frozen=True)
class Run:
    """What one reviewer has to do in an assessment."""

    steps: list[RunStep]

    @property
    def open_steps(self) -> list[RunStep]:
        """Give the steps that can be worked on now."""
        return [step for step in self.steps if step.open and not step.conflict]

    @property
    def to_grade(self) -> list[RunStep]:
        """Give the steps of rounds that are reviewed now, with those that a conflict keeps away."""
        return [step for step in self.steps if step.open]

    @property
    def closed(self) -> list[RunStep]:
        """Give the steps of rounds that are not reviewed now."""
        return [step for step in self.steps if not step.open]

    @property
    def done(self) -> int:
        """Give how many of them are answered."""
        return sum(step.state in DONE for step in self.open_steps)

    @property
    def next_step(self) -> RunStep | None:
        """Give the first that is not answered yet."""
        return next((step for step in self.open_steps if step.state not in DONE), None)

    @property
    def minutes_left(self) -> int:
        """Give a guess of ten minutes for each outcome that is not answered."""
        return 10 * (len(self.open_steps) - self.done)


def reviewers_run(assessment: Assessment, access: Access) -> Run:
    """Give a reviewer's outcomes in order, with their own state only (R3)."""
    standing = access.standing(assessment)
    panels = {panel.pk: panel for panel in Panel.objects.filter(pk__in=standing.places)}
    outcomes = (
        AssessedOutcome.objects.in_scope()
        .filter(assessment=assessment, remits__panel__in=panels)
        .select_related("assessment__organisation", "outcome__goal", "service", "round")
        .distinct()
        .in_order()
    )
    assert isinstance(access.user, User)
    states = own_states_of([assessment], access.user)
    return Run(
        [
            RunStep(
                outcome=outcome,
                panel=panels[pk],
                state=states.get((outcome.pk, pk), ""),
                conflict=access.conflict(outcome),
                open=bool(access.may_for_panel(Deed.REVIEW, outcome, panels[pk])),
            )
            for outcome in outcomes
            for pk in standing.reviews_in(outcome.pk)
        ]
    )
