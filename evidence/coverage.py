"""Coverage: what the evidence of an outcome says of each protected characteristic (R7, R17).

`coverage_of(outcomes, public=True)` is for reports: nine cells an outcome, from what may be published alone. Pages use
`coverage_from` with the evidence that they show, so that nobody learns from a cell what they may not read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import OuterRef, QuerySet, Subquery

from eds.assessments.models import AssessedOutcome
from eds.frameworks.models import Characteristic
from eds.history.prepared import prepared
from eds.history.reading import Reading, read

from .models import Fares, OutcomeFinding, Sharing
from .queries import Cited, cited_by_outcome

NONE_EXPLAINED = "No evidence about a group is itself a reason for a low grade."


class CellState(StrEnum):
    """What there is about a characteristic."""

    EVIDENCE = "evidence"
    WORSE = "worse"
    NONE = "none"


WORDS = {
    CellState.EVIDENCE: "Evidence",
    CellState.WORSE: "Evidence that people fare worse",
    CellState.NONE: "No evidence",
}


@dataclass(frozen=True)
class Cell:
    """A characteristic under an outcome.

    `fares` is a value of Fares: the lead's finding where one is set and may be seen, else what all findings agree on,
    else None. `settled` says that the lead set it; `disagree` that findings differ and nobody has settled them.
    """

    characteristic: Characteristic
    state: CellState
    fares: str | None = None
    settled: bool = False
    disagree: bool = False
    titles: tuple[str, ...] = ()
    reason: str = ""

    @property
    def words(self) -> str:
        """Give the state in words."""
        return WORDS[self.state]

    @property
    def fares_words(self) -> str:
        """Give how people fare in words, or "" where it is not said."""
        return str(Fares(self.fares).label) if self.fares else ""


@dataclass(frozen=True)
class GroupCell:
    """A group beside the nine characteristics that the evidence of an outcome speaks of."""

    name: str
    state: CellState
    fares: str | None
    titles: tuple[str, ...]

    @property
    def words(self) -> str:
        """Give the state in words."""
        return WORDS[self.state]

    @property
    def fares_words(self) -> str:
        """Give how people fare in words, or "" where it is not said."""
        return str(Fares(self.fares).label) if self.fares else ""


def coverage_of(outcomes: Sequence[AssessedOutcome], public: bool = False) -> dict[int, list[Cell]]:
    """Give the cells of the nine characteristics by assessed outcome, in the edition's order (a fixed number of queries).

    With `public` only evidence that may be published counts; without, all that is cited. The lead's findings count.
    `outcomes` need their `assessment`.
    """
    cited = cited_by_outcome(list(outcomes), working=True)
    if public:
        cited = {pk: [each for each in rows if each.level == Sharing.PUBLIC] for pk, rows in cited.items()}
    return coverage_from_many(outcomes, cited, settled_findings(outcomes))


def coverage_from_many(
    outcomes: Sequence[AssessedOutcome],
    cited: Mapping[int, Sequence[Cited]],
    settled: Mapping[int, Mapping[str, OutcomeFinding]],
) -> dict[int, list[Cell]]:
    """Give the cells of several outcomes from evidence that was read already (one query)."""
    by_revision: dict[int, list[Characteristic]] = {}
    for each in _characteristics({outcome.assessment.revision_id for outcome in outcomes}):
        by_revision.setdefault(each.revision_id, []).append(each)
    return {
        outcome.pk: coverage_from(
            by_revision.get(outcome.assessment.revision_id, []), cited.get(outcome.pk, ()), settled.get(outcome.pk, {})
        )
        for outcome in outcomes
    }


@prepared
def _characteristics(revisions: Collection[int]) -> QuerySet[Characteristic]:
    return Characteristic.objects.filter(revision__in=revisions).order_by("position")


def coverage_from(
    characteristics: Iterable[Characteristic], cited: Sequence[Cited], settled: Mapping[str, OutcomeFinding]
) -> list[Cell]:
    """Give one outcome's cells from the evidence and the lead's findings that somebody may see."""
    said = _said(cited)
    cells = []
    for characteristic in characteristics:
        fares, titles = said.get(characteristic.code, ([], ()))
        last = settled.get(characteristic.code)
        agreed = fares[0] if len(set(fares)) == 1 else None
        cells.append(
            Cell(
                characteristic=characteristic,
                state=_state(fares, titles),
                fares=last.fares if last else agreed,
                settled=last is not None,
                disagree=last is None and len(set(fares)) > 1,
                titles=titles,
                reason=last.reason if last else "",
            )
        )
    return cells


def groups_from(characteristics: Iterable[Characteristic], cited: Sequence[Cited]) -> list[GroupCell]:
    """Give the other groups that the evidence speaks of, in the order in which it does."""
    known = {each.code for each in characteristics}
    names = {
        (finding.about_code or finding.category): finding.about_name or finding.category
        for each in cited
        for finding in each.findings
    } | {figure.about_code: figure.about_name for each in cited for figure in each.figures if figure.about_code}
    found = []
    for key, (fares, titles) in _said(cited).items():
        if key not in known:
            agreed = fares[0] if len(set(fares)) == 1 else None
            found.append(GroupCell(names[key], _state(fares, titles), agreed, titles))
    return found


def settled_findings(outcomes: Iterable[AssessedOutcome]) -> dict[int, dict[str, OutcomeFinding]]:
    """Give the lead's findings that count, by assessed outcome and characteristic (one query)."""
    return read(reading_settled_findings(list(outcomes)))


@prepared
def _newest_findings(outcomes: Sequence[AssessedOutcome]) -> QuerySet[OutcomeFinding]:
    newest = OutcomeFinding.objects.filter(
        assessed_outcome=OuterRef("assessed_outcome"), about_code=OuterRef("about_code")
    ).order_by("-seq")
    rows = OutcomeFinding.objects.filter(assessed_outcome__in=outcomes, pk=Subquery(newest.values("pk")[:1]))
    return rows.select_related("actor")


def reading_settled_findings(outcomes: list[AssessedOutcome]) -> Reading[dict[int, dict[str, OutcomeFinding]]]:
    """Give what settled_findings() gives (one step)."""
    rows = _newest_findings(outcomes)
    yield [rows]
    found: dict[int, dict[str, OutcomeFinding]] = {}
    for row in rows:
        found.setdefault(row.assessed_outcome_id, {})[row.about_code] = row
    return found


def _state(fares: Sequence[str], titles: Sequence[str]) -> CellState:
    if Fares.WORSE in fares:
        return CellState.WORSE
    return CellState.EVIDENCE if titles else CellState.NONE


def _said(cited: Sequence[Cited]) -> dict[str, tuple[list[str], tuple[str, ...]]]:
    """Give by characteristic (or group) what findings say, and the titles of the evidence that speaks of it."""
    found: dict[str, tuple[list[str], tuple[str, ...]]] = {}
    for each in cited:
        about = [(finding.about_code or finding.category, finding.fares) for finding in each.findings]
        about += [(figure.about_code, "") for figure in each.figures if figure.about_code]
        for key, fares in about:
            says, titles = found.get(key, ([], ()))
            title = each.version.title
            found[key] = (
                [*says, fares] if fares else says,
                titles if title in titles else (*titles, title),
            )
    return found
