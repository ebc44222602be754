"""What is read of reviews: a panel's answers, its three numbers, and one reviewer's own run."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from eds.access.decide import Access
from eds.access.table import Deed
from eds.assessments.models import AssessedOutcome, Assessment, Panel, PanelMember
from eds.people.invitations import waiting_numbers
from eds.people.models import User
from grading import rules
from grading.models import Review, ReviewDraft, StepAside


def latest_review(outcome: AssessedOutcome, panel: Panel, reviewer: User) -> Review | None:
    """Give one reviewer's latest submitted review."""
    return (
        Review.objects.filter(assessed_outcome=outcome, panel=panel, reviewer=reviewer)
        .select_related("grade")
        .order_by("-seq")
        .first()
    )


def draft_of(outcome: AssessedOutcome, panel: Panel, reviewer: User) -> ReviewDraft | None:
    """Give one reviewer's own draft."""
    return ReviewDraft.objects.filter(assessed_outcome=outcome, panel=panel, reviewer=reviewer).first()


def standing_step_aside(outcome: AssessedOutcome, panel: Panel, reviewer: User) -> StepAside | None:
    """Give one reviewer's step aside, unless a later review took it back."""
    mine = {"assessed_outcome": outcome, "panel": panel, "reviewer": reviewer}
    later = Review.objects.filter(**mine, seq__gt=OuterRef("reviews_before"))
    return StepAside.objects.filter(~Exists(later), **mine).order_by("-seq").first()


def _revealed(rows: QuerySet) -> QuerySet:
    """Keep what a reveal has shown: what is written after a move back is hidden until the next reveal (R18)."""
    return rows.filter(reveals_before__lt=F("assessed_outcome__round__reveals"))


def _within(*fields: str) -> dict[str, OuterRef]:
    return {field: OuterRef(field) for field in ("assessed_outcome", "panel", *fields)}


def standing_reviews(outcomes: Iterable[AssessedOutcome]) -> QuerySet[Review]:
    """Give the reviews that count: each reviewer's newest that is revealed and that no step aside replaced (R4, R18)."""
    revealed = _revealed(Review.objects.filter(assessed_outcome__in=list(outcomes)))
    newest = _revealed(Review.objects.filter(**_within("reviewer"))).order_by("-seq").values("pk")[:1]
    aside = _revealed(StepAside.objects.filter(**_within("reviewer"), reviews_before__gte=OuterRef("seq")))
    return revealed.filter(~Exists(aside), pk=Subquery(newest))


def standing_step_asides(outcomes: Iterable[AssessedOutcome]) -> QuerySet[StepAside]:
    """Give each reviewer's newest step aside that is revealed and that no revealed review took back (R4, R18)."""
    revealed = _revealed(StepAside.objects.filter(assessed_outcome__in=list(outcomes)))
    newest = _revealed(StepAside.objects.filter(**_within("reviewer"))).order_by("-seq").values("pk")[:1]
    later = _revealed(Review.objects.filter(**_within("reviewer"), seq__gt=OuterRef("reviews_before")))
    return revealed.filter(~Exists(later), pk=Subquery(newest))


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


def panel_numbers(assessment: Assessment) -> list[PanelNumbers]:
    """Give each panel's three numbers: who was invited, began anything, and submitted every outcome of the remit.

    Invited are those on the panel and those who have yet to answer. Stepping aside is an answer like another (R4).
    """
    panels = list(
        Panel.objects.filter(assessment=assessment)
        .select_related("kind")
        .annotate(
            invited=Count(
                "members",
                filter=Q(members__left_on__isnull=True) & ~Q(members__role=PanelMember.Role.ORGANISER),
                distinct=True,
            ),
            covered=Count("remit", distinct=True),
        )
    )
    started: dict[int, set[int]] = {panel.pk: set() for panel in panels}
    answered: dict[tuple[int, int], set[int]] = defaultdict(set)
    covered = {panel.pk: panel.covered for panel in panels}
    for panel, reviewer in ReviewDraft.objects.filter(panel__in=panels).values_list("panel_id", "reviewer_id"):
        started[panel].add(reviewer)
    # One query for both, so that neither the numbers nor their cost tell which of the two it was (R4).
    fields = ("panel_id", "reviewer_id", "assessed_outcome_id")
    answers = Review.objects.filter(panel__in=panels).values_list(*fields)
    asides = StepAside.objects.filter(panel__in=panels).values_list(*fields)
    for panel, reviewer, outcome in answers.union(asides):
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
    """Give by (outcome, panel) where this reviewer's own reviews stand (three queries).

    "draft", "submitted", "changed" (submitted, with a draft of a change), or "aside" for who stepped aside.
    """
    assessments = list(assessments)
    key = ("assessed_outcome_id", "panel_id")
    mine = {"panel__assessment__in": assessments, "reviewer": reviewer}
    states = dict.fromkeys(ReviewDraft.objects.filter(**mine).values_list(*key), "draft")
    newest: dict[tuple[int, int], int] = {}
    for *place, seq in Review.objects.filter(**mine).order_by("seq").values_list(*key, "seq"):
        newest[place[0], place[1]] = seq
    for found in newest:
        states[found] = "changed" if found in states else "submitted"
    for outcome, panel, before in StepAside.objects.filter(**mine).values_list(*key, "reviews_before"):
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
