"""What is read of grades, each in a fixed number of queries however many rows there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, QuerySet, Subquery

from eds.access.decide import Access
from eds.access.table import Deed
from eds.assessments.contracts import Viewer
from eds.assessments.models import AssessedOutcome, Assessment, Panel, PanelRemit
from eds.history.prepared import Asked, prepared
from eds.history.reading import Reading, beside, read
from eds.history.reading import rows as all_of
from grading import rules
from grading.models import (
    AgreedGrade,
    LocalInterestsGrade,
    NotGraded,
    PanelGrade,
    ProposedGrade,
    PublishedElsewhere,
    Statement,
)

from .joint import JointState, reading_joint_states
from .panel_grades import latest_rows, reading_panel_grades

Outcomes = Iterable[AssessedOutcome]


def latest_proposal(outcome: AssessedOutcome) -> ProposedGrade | None:
    """Give the organisation's latest proposal for an outcome."""
    return latest_proposals([outcome]).get(outcome.pk)


def latest_proposals(outcomes: Outcomes) -> dict[int, ProposedGrade]:
    """Give the latest proposals by assessed outcome (one query)."""
    rows = latest_rows(ProposedGrade.objects.filter(assessed_outcome__in=list(outcomes)), "assessed_outcome")
    return {row.assessed_outcome_id: row for row in rows.select_related("grade")}


def opening_proposals(outcomes: Outcomes) -> dict[int, ProposedGrade]:
    """Give the proposals as they stood at opening: the last before the first reveal (R1)."""
    found: dict[int, ProposedGrade] = {}
    for pk, rows in _proposals(list(outcomes)).items():
        found[pk] = _opening(rows)
    return found


def _proposals(outcomes: list[AssessedOutcome]) -> dict[int, list[ProposedGrade]]:
    return read(_reading_proposals(outcomes))


@prepared
def _all_proposals(outcomes: Sequence[AssessedOutcome]) -> QuerySet[ProposedGrade]:
    return ProposedGrade.objects.filter(assessed_outcome__in=outcomes).select_related("grade").order_by("seq")


def _reading_proposals(outcomes: list[AssessedOutcome]) -> Reading[dict[int, list[ProposedGrade]]]:
    found: dict[int, list[ProposedGrade]] = {}
    rows = _all_proposals(outcomes)
    yield [rows]
    for row in rows:
        found.setdefault(row.assessed_outcome_id, []).append(row)
    return found


def _opening(rows: list[ProposedGrade]) -> ProposedGrade:
    return [row for row in rows if not row.after_reveal][-1] if not rows[0].after_reveal else rows[0]


def shown_proposals(outcome: AssessedOutcome, access: Viewer) -> list[ProposedGrade]:
    """Give all proposals for an outcome that this person may see, in their order (R3, R18)."""
    return read(reading_shown_proposals(outcome, access))


def reading_shown_proposals(outcome: AssessedOutcome, access: Viewer) -> Reading[list[ProposedGrade]]:
    """Give what shown_proposals() gives (one step at most)."""
    if not access.may(Deed.SEE_PROPOSAL, outcome):
        return []
    proposals = yield from _reading_proposals([outcome])
    return _shown(proposals.get(outcome.pk, []), outcome, access)


def shown_proposal(outcome: AssessedOutcome, access: Access) -> ProposedGrade | None:
    """Give the proposal that this person may see: the latest, or the one that the last reveal showed (R3, R18)."""
    rows = shown_proposals(outcome, access)
    return rows[-1] if rows else None


def _shown(rows: list[ProposedGrade], outcome: AssessedOutcome, access: Viewer | None) -> list[ProposedGrade]:
    if access is None or access.may(Deed.SEE_UNREVEALED_PROPOSAL, outcome):
        return rows
    reveals = outcome.round.reveals if outcome.round else 0
    return [row for row in rows if row.reveals_before < reveals]


@prepared
def _current_local(outcomes: Sequence[AssessedOutcome]) -> QuerySet[LocalInterestsGrade]:
    newest_panel_grade = (
        PanelGrade.objects.filter(assessed_outcome=OuterRef("assessed_outcome"))
        .values("assessed_outcome")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    has_spoken = PanelGrade.objects.filter(assessed_outcome=OuterRef("assessed_outcome"), panel=OuterRef("panel"))
    # A panel that was added after a move back has yet to grade.
    waited_for = PanelRemit.objects.filter(~Exists(has_spoken), assessed_outcome=OuterRef("assessed_outcome"))
    rows = latest_rows(LocalInterestsGrade.objects.filter(assessed_outcome__in=outcomes), "assessed_outcome")
    rows = rows.filter(~Exists(waited_for), made_by=Subquery(newest_panel_grade))
    return rows.select_related("grade", "actor")


def current_local_interests_grade(outcome: AssessedOutcome) -> LocalInterestsGrade | None:
    """Give the local interests' grade that counts, or None while a panel's grade is newer or missing."""
    return _current_local([outcome]).first()


def local_interests_grades(outcomes: Outcomes) -> dict[int, LocalInterestsGrade]:
    """Give the local interests' grades that count, by assessed outcome (one query)."""
    return {row.assessed_outcome_id: row for row in _current_local(list(outcomes))}


@prepared
def _first_local(outcomes: Sequence[AssessedOutcome]) -> QuerySet[LocalInterestsGrade]:
    return LocalInterestsGrade.objects.filter(assessed_outcome__in=outcomes, seq=1).select_related("grade")


def first_local_interests_grades(outcomes: Outcomes) -> dict[int, LocalInterestsGrade]:
    """Give the local interests' first grades by assessed outcome (one query)."""
    rows = _first_local(list(outcomes))
    return {row.assessed_outcome_id: row for row in rows}


def agreed_grades(outcomes: Outcomes) -> dict[int, AgreedGrade]:
    """Give the agreed grades that count, by assessed outcome (one query).

    An agreed grade counts only while both rows that it points to are still the latest (R1). This is the one place that
    says so; every page, check and report asks here or through `outcome_grades`.
    """
    outcomes = list(outcomes)
    return {row.assessed_outcome_id: row for row in _agreed_with_the_newest(outcomes)}


@prepared
def _agreed_with_the_newest(outcomes: Sequence[AssessedOutcome]) -> QuerySet[AgreedGrade]:
    newest = ProposedGrade.objects.filter(assessed_outcome=OuterRef("assessed_outcome")).order_by("-seq")
    rows = _agreed_with_the_current_local.queryset(outcomes)
    return rows.filter(proposed_grade=Subquery(newest.values("pk")[:1]))


@prepared
def _agreed_with_the_current_local(outcomes: Sequence[AssessedOutcome]) -> QuerySet[AgreedGrade]:
    rows = AgreedGrade.objects.filter(
        assessed_outcome__in=outcomes, local_interests_grade__in=_current_local.queryset(outcomes).values("pk")
    )
    return rows.select_related("local_interests_grade__grade", "proposed_grade__grade").order_by("seq")


def statements(outcomes: Outcomes) -> dict[int, list[Statement]]:
    """Give by assessed outcome the latest statement of each side and panel (one query); the caller keeps the pair's."""
    return read(_reading_statements(list(outcomes)))


@prepared
def _all_statements(outcomes: Sequence[AssessedOutcome]) -> QuerySet[Statement]:
    return Statement.objects.filter(assessed_outcome__in=outcomes).select_related("panel").order_by("seq")


def _reading_statements(outcomes: list[AssessedOutcome]) -> Reading[dict[int, list[Statement]]]:
    found: dict[int, dict[tuple[str, int | None], Statement]] = {outcome.pk: {} for outcome in outcomes}
    rows = _all_statements(outcomes)
    yield [rows]
    for row in rows:
        found[row.assessed_outcome_id][row.side, row.panel_id] = row
    return {
        pk: sorted(by_side.values(), key=lambda s: (s.side != "organisation", s.panel_id))
        for pk, by_side in found.items()
    }


def statement_version(proposal: ProposedGrade | None, local: LocalInterestsGrade | None, said: Statement | None) -> str:
    """Give what a statement's form carries: the pair of grades that it is about, and what this side has said of it."""
    return ".".join(str(row.seq if row else 0) for row in (proposal, local, said))


def not_graded(outcomes: Outcomes) -> dict[int, NotGraded]:
    """Give the lead's latest "not graded by local interests" by assessed outcome (one query)."""
    return {row.assessed_outcome_id: row for row in _not_graded(list(outcomes))}


@prepared
def _not_graded(outcomes: Sequence[AssessedOutcome]) -> QuerySet[NotGraded]:
    return latest_rows(NotGraded.objects.filter(assessed_outcome__in=outcomes), "assessed_outcome")


def published_elsewhere(assessment: Assessment) -> Asked[PublishedElsewhere]:
    """Give the results brought in for earlier years of an assessment's organisation and edition, newest first (one query)."""
    return _elsewhere_before(assessment.organisation_id, assessment.framework_id, assessment.year)


@prepared
def _elsewhere_before(organisation: int, framework: int, year: int) -> QuerySet[PublishedElsewhere]:
    rows = PublishedElsewhere.objects.filter(organisation=organisation, framework=framework, year__lt=year)
    counting = latest_rows(rows, *PublishedElsewhere.seq_within).filter(grade__isnull=False)
    return counting.select_related("grade").order_by("-year", "outcome_code", "service")


@dataclass(frozen=True)
class OutcomeGrades:
    """All that is known of one outcome's grades; pages show of it what `access` allows."""

    outcome: AssessedOutcome
    proposal: ProposedGrade | None
    opening: ProposedGrade | None
    panel_grades: list[PanelGrade]
    panels: list[Panel]
    local: LocalInterestsGrade | None
    first_local: LocalInterestsGrade | None
    agreed: AgreedGrade | None
    statements: list[Statement]
    not_graded: NotGraded | None
    joint: JointState | None = None

    @property
    def basis(self) -> rules.Basis | None:
        """Give how the agreed grade came about, computed from the rows (R1); None while nothing is agreed."""
        if self.agreed is None:
            return None
        assert self.opening is not None
        assert self.first_local is not None
        return rules.basis(
            opening=self.opening.grade.position,
            proposed=self.agreed.proposed_grade.grade.position,
            first_local=self.first_local.grade.position,
            local=self.agreed.local_interests_grade.grade.position,
        )

    @property
    def differ(self) -> bool:
        """Say whether both sides have a grade and the two are not equal."""
        return bool(self.local and self.proposal and self.local.grade_id != self.proposal.grade_id)

    @property
    def declined_by_all(self) -> bool:
        """Say whether every panel whose remit covers the outcome declined to grade it."""
        return bool(self.panels) and all(
            any(row.panel_id == panel.pk and row.grade_id is None for row in self.panel_grades) for panel in self.panels
        )

    @property
    def closed(self) -> bool:
        """Say whether nothing more is to be agreed: agreed, declined by every panel, or recorded as not graded."""
        return bool(self.agreed or self.declined_by_all or (not self.panels and self.not_graded))

    @property
    def missing_panels(self) -> list[Panel]:
        """Give the panels that have neither graded nor declined."""
        spoken = {row.panel_id for row in self.panel_grades}
        return [panel for panel in self.panels if panel.pk not in spoken]


def outcome_grades(outcomes: Outcomes, access: Access | None = None) -> dict[int, OutcomeGrades]:
    """Give everything about the grades of some outcomes (a fixed number of queries, however many outcomes).

    Pages give `access`: a proposal that no reveal has shown yet is then left out for whoever may not see it, and what
    is agreed or differs is said of the one that was shown, as if the other did not exist (R3, R18). Verbs, conditions
    and reports give none.
    """
    return read(reading_grades(list(outcomes), access))


@prepared
def _remits(outcomes: Sequence[AssessedOutcome]) -> QuerySet[PanelRemit]:
    remits = PanelRemit.objects.filter(assessed_outcome__in=outcomes)
    return remits.select_related("panel__kind").order_by("panel_id", "pk")


def reading_grades(outcomes: list[AssessedOutcome], access: Access | None = None) -> Reading[dict[int, OutcomeGrades]]:
    """Give what outcome_grades() gives (one step)."""
    panels: dict[int, list[Panel]] = {outcome.pk: [] for outcome in outcomes}
    covering, current_local, first, closing, settled, proposals, by_panel, joint_of, said = yield from beside(
        all_of(_remits(outcomes)),
        all_of(_current_local(outcomes)),
        all_of(_first_local(outcomes)),
        all_of(_not_graded(outcomes)),
        all_of(_agreed_with_the_current_local(outcomes)),
        _reading_proposals(outcomes),
        reading_panel_grades(outcomes),
        reading_joint_states(outcomes),
        _reading_statements(outcomes),
    )
    joint = joint_of(by_panel)
    for remit in covering:
        panels[remit.assessed_outcome_id].append(remit.panel)
    local = {row.assessed_outcome_id: row for row in current_local}
    first_local = {row.assessed_outcome_id: row for row in first}
    closed = {row.assessed_outcome_id: row for row in closing}
    agreed = {(row.assessed_outcome_id, row.proposed_grade_id): row for row in settled}
    result = {}
    for outcome in outcomes:
        pk = outcome.pk
        shown = _shown(proposals.get(pk, []), outcome, access)
        proposal, current = shown[-1] if shown else None, local.get(pk)
        result[pk] = OutcomeGrades(
            outcome=outcome,
            proposal=proposal,
            opening=_opening(shown) if shown else None,
            panel_grades=list(by_panel[pk].values()),
            panels=panels[pk],
            local=current,
            first_local=first_local.get(pk),
            agreed=agreed.get((pk, proposal.pk)) if proposal else None,
            statements=[
                s
                for s in said[pk]
                if proposal
                and current
                and s.proposed_grade_id == proposal.pk
                and s.local_interests_grade_id == current.pk
            ],
            not_graded=closed.get(pk),
            joint=joint.get(pk),
        )
    return result
