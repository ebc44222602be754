"""What of a panel's spread, comments and dissents may leave the panel (R3, R21)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import OuterRef, QuerySet, Subquery

from eds.access.decide import Access
from eds.access.table import Deed
from eds.assessments.models import AssessedOutcome, Panel, PanelRemit
from eds.frameworks.models import Grade
from eds.history.prepared import prepared
from eds.history.reading import Reading, beside, read, rows
from grading import rules
from grading.models import Dissent, DissentDecision, PanelGrade, PanelSummary, Review

from .reviews import rounds_of, standing_with_grades


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
    """Give by (outcome, panel) the dissents to the panels' present grades, by their words (one query)."""
    return read(_reading_dissents(list(outcomes)))


@prepared
def _standing_dissents(outcomes: Sequence[AssessedOutcome]) -> QuerySet[Dissent]:
    newest = PanelGrade.objects.filter(
        assessed_outcome=OuterRef("panel_grade__assessed_outcome"), panel=OuterRef("panel_grade__panel")
    ).order_by("-seq")
    standing = Dissent.objects.filter(
        panel_grade__assessed_outcome__in=outcomes, panel_grade=Subquery(newest.values("pk")[:1])
    )
    return standing.select_related("panel_grade", "actor").order_by("reason")


@prepared
def _decisions(outcomes: Sequence[AssessedOutcome]) -> QuerySet[DissentDecision]:
    return DissentDecision.objects.filter(dissent__panel_grade__assessed_outcome__in=outcomes).order_by("seq")


@prepared
def _summaries(outcomes: Sequence[AssessedOutcome]) -> QuerySet[PanelSummary]:
    return PanelSummary.objects.filter(assessed_outcome__in=outcomes).order_by("seq")


@prepared
def _remits(outcomes: Sequence[AssessedOutcome]) -> QuerySet[PanelRemit]:
    return PanelRemit.objects.filter(assessed_outcome__in=outcomes).select_related("panel")


def _reading_dissents(outcomes: list[AssessedOutcome]) -> Reading[dict[tuple[int, int], list[DissentRow]]]:
    newest_rows, decisions = _standing_dissents(outcomes), _decisions(outcomes)
    yield [newest_rows, decisions]
    decided = {decision.dissent_id: decision for decision in decisions}
    found: dict[tuple[int, int], list[DissentRow]] = defaultdict(list)
    for row in newest_rows:
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
    return read(reading_panel_words(list(outcomes), access))(grades)


def reading_panel_words(
    outcomes: list[AssessedOutcome], access: Access | None = None
) -> Reading[Callable[[Iterable[Grade]], dict[tuple[int, int], PanelWords]]]:
    """Give what makes panel_words() of the edition's grades, so that both are read at once (one step)."""
    counting, summing, covering, dissents = yield from beside(
        rows(standing_with_grades(outcomes, rounds_of(outcomes))),
        rows(_summaries(outcomes)),
        rows(_remits(outcomes)),
        _reading_dissents(outcomes),
    )
    reviews: dict[tuple[int, int], list[Review]] = defaultdict(list)
    for review in counting:
        reviews[review.assessed_outcome_id, review.panel_id].append(review)
    summaries = {(row.assessed_outcome_id, row.panel_id): row.reason for row in summing}
    return lambda grades: _words(outcomes, access, covering, reviews, dissents, summaries, list(grades))


def _words(
    outcomes: list[AssessedOutcome],
    access: Access | None,
    covering: list[PanelRemit],
    reviews: dict[tuple[int, int], list[Review]],
    dissents: dict[tuple[int, int], list[DissentRow]],
    summaries: dict[tuple[int, int], str],
    grades: list[Grade],
) -> dict[tuple[int, int], PanelWords]:
    by_pk = {outcome.pk: outcome for outcome in outcomes}
    found = {}
    for remit in covering:
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
