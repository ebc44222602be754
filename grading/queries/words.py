"""What of a panel's spread, comments and dissents may leave the panel (R3, R21)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import OuterRef, Subquery

from eds.access.decide import Access
from eds.access.table import Deed
from eds.assessments.models import AssessedOutcome, Panel, PanelRemit
from eds.frameworks.models import Grade
from grading import rules
from grading.models import Dissent, DissentDecision, PanelGrade, PanelSummary, Review

from .reviews import standing_reviews


def latest_summary(outcome: AssessedOutcome, panel: Panel) -> PanelSummary | None:
    """Give the chair's latest summary of what a panel's members said."""
    return PanelSummary.objects.filter(assessed_outcome=outcome, panel=panel).order_by("-seq").first()


@dataclass(frozen=True)
class DissentRow:
    """A dissent to a panel's present grade, and whether its chair passed it on (None: not decided)."""

    dissent: Dissent
    decision: DissentDecision | None

    @property
    def passed(self) -> bool:
        """Say whether the chair passed it on."""
        return self.decision is not None and self.decision.passed


@dataclass(frozen=True)
class PanelWords:
    """What one reader may know of how a panel came to its grade; empty parts are not for this reader."""

    panel: Panel
    spread: list[tuple[Grade, int]] = field(default_factory=list)
    not_enough: int = 0
    comments: list[Review] = field(default_factory=list)
    dissents: list[Dissent] = field(default_factory=list)
    summary: str = ""

    @property
    def anything(self) -> bool:
        """Say whether there is anything to show."""
        return bool(self.spread or self.comments or self.dissents or self.summary)


def dissents_of(outcomes: Iterable[AssessedOutcome]) -> dict[tuple[int, int], list[DissentRow]]:
    """Give by (outcome, panel) the dissents to the panels' present grades, by their words (two queries)."""
    newest = PanelGrade.objects.filter(
        assessed_outcome=OuterRef("panel_grade__assessed_outcome"), panel=OuterRef("panel_grade__panel")
    ).order_by("-seq")
    standing = Dissent.objects.filter(
        panel_grade__assessed_outcome__in=list(outcomes), panel_grade=Subquery(newest.values("pk")[:1])
    ).select_related("panel_grade", "actor")
    rows = list(standing.order_by("reason"))
    decided: dict[int, DissentDecision] = {}
    for decision in DissentDecision.objects.filter(dissent__in=rows).order_by("seq"):
        decided[decision.dissent_id] = decision
    found: dict[tuple[int, int], list[DissentRow]] = defaultdict(list)
    for row in rows:
        key = (row.panel_grade.assessed_outcome_id, row.panel_grade.panel_id)
        found[key].append(DissentRow(row, decided.get(row.pk)))
    return found


def panel_words(
    outcomes: Iterable[AssessedOutcome], grades: Iterable[Grade], access: Access | None = None
) -> dict[tuple[int, int], PanelWords]:
    """Give by (outcome, panel) what a reader may know of a panel's reviews (a fixed number of queries).

    `grades` are those of the edition. Without `access` it is what the public may read, for reports: where fewer than
    five reviewed only what the chair passed. With it, lead and board read as much, contributors and other panels only
    what was passed, and a panel's own people its dissents as well (their reviews stand on a page of their own).
    """
    by_pk = {outcome.pk: outcome for outcome in outcomes}
    grades = list(grades)
    reviews: dict[tuple[int, int], list[Review]] = defaultdict(list)
    for review in standing_reviews(by_pk.values()).select_related("grade"):
        reviews[review.assessed_outcome_id, review.panel_id].append(review)
    dissents = dissents_of(by_pk.values())
    summaries: dict[tuple[int, int], str] = {}
    for row in PanelSummary.objects.filter(assessed_outcome__in=by_pk).order_by("seq"):
        summaries[row.assessed_outcome_id, row.panel_id] = row.reason
    found = {}
    for remit in PanelRemit.objects.filter(assessed_outcome__in=by_pk).select_related("panel"):
        outcome, panel = by_pk[remit.assessed_outcome_id], remit.panel
        key = (outcome.pk, panel.pk)
        if access is not None and not access.may(Deed.SEE_PANEL_GRADES, outcome):
            continue
        enough = rules.may_show_spread(len(reviews[key]))
        own = access is not None and bool(access.may_for_panel(Deed.SEE_PANEL_REVIEWS, outcome, panel))
        shows = enough and (access is None or bool(access.may(Deed.SEE_SPREAD, outcome)))
        counts = Counter(review.grade_id for review in reviews[key])
        found[key] = PanelWords(
            panel=panel,
            spread=[(grade, counts[grade.pk]) for grade in grades] if shows else [],
            not_enough=counts[None] if shows else 0,
            # By their words, so that their order tells nothing of who or when.
            comments=sorted(reviews[key], key=lambda review: review.reason) if shows else [],
            dissents=[row.dissent for row in dissents[key] if enough or own or row.passed],
            summary=summaries.get(key, ""),
        )
    return found
