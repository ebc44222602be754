"""What outcomes had last year and have not this year, for several outcomes in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from eds.assessments.models import AssessedOutcome, Assessment, Phase
from eds.history.prepared import prepared
from eds.history.reading import fill
from evidence.models import EvidenceItem, EvidenceLink, EvidenceVersion, OfferDecision


@dataclass(frozen=True)
class Offer:
    """An item that an outcome had last year: its newest version, the version shown then, and what was decided."""

    item: EvidenceItem
    newest: EvidenceVersion
    shown: EvidenceVersion | None
    year: Assessment
    decision: OfferDecision | None

    @property
    def state(self) -> str:
        """Give "renew" or "drop" where that was decided, else ""."""
        choice = self.decision.choice if self.decision else ""
        return "" if choice == OfferDecision.Choice.OFFER else choice

    @property
    def waits(self) -> bool:
        """Say whether something is still to be done: a decision, or the new version that was decided on."""
        return self.state != OfferDecision.Choice.DROP


OfferSource = Callable[[Iterable[int]], Mapping[int, Sequence[EvidenceItem]]]
"""Gives, by assessed outcome, items beside the cited ones that the next year is offered."""

_sources: list[OfferSource] = []


def offer_source(source: OfferSource) -> OfferSource:
    """Register what else a year is offered, such as evidence that actions of a plan are done (R19)."""
    if source not in _sources:
        _sources.append(source)
    return source


def offers_of(outcomes: Sequence[AssessedOutcome]) -> dict[int, list[Offer]]:
    """Give by outcome the items that last year cited and this year does not, in last year's order (5 queries at most).

    After them come the items that registered sources give for last year's outcome, or for this year's own. Last year is
    the last earlier year in which the same outcome (its code, and its service's name) was opened for review. `outcomes`
    need their `assessment`, `outcome` and `service`.
    """
    before = _before(outcomes)
    links: dict[int, list[Any]] = {}
    cited_then, cited_now, decisions = _links({row.pk for row in before.values()}), _cited(before), _decisions(before)
    fill([cited_then, cited_now, decisions])
    for link in cited_then:
        links.setdefault(link.assessed_outcome_id, []).append(link)
    cited = set(cited_now)
    decided = {(row.assessed_outcome_id, row.item_id): row for row in decisions}
    more = _more({*before, *(row.pk for row in before.values())})
    wanted: set[int] = {link.newest for link in cited_then}
    wanted |= {version for decided_later in more.values() for _, version in decided_later}
    versions = {row.pk: row for row in _versions(wanted)}
    result = {}
    for outcome in outcomes:
        last = before.get(outcome.pk)
        found: dict[int, tuple[EvidenceItem, int, EvidenceVersion | None]] = {}
        if last is not None:
            for cited_last in links.get(last.pk, []):
                newest = cited_last.newest
                found[cited_last.item_id] = (cited_last.item, newest, cited_last.pinned_version)
            for item, version in [*more.get(last.pk, []), *more.get(outcome.pk, [])]:
                found.setdefault(item.pk, (item, version, None))
        result[outcome.pk] = [
            Offer(item, versions[newest_pk], shown, last.assessment, decided.get((outcome.pk, item.pk)))
            for item, newest_pk, shown in found.values()
            if last is not None and (outcome.pk, item.pk) not in cited
        ]
    return result


@prepared
def _links(outcomes: Collection[int]) -> QuerySet[EvidenceLink, Any]:
    newest = EvidenceVersion.objects.filter(item=OuterRef("item")).order_by("-seq").values("pk")[:1]
    rows = EvidenceLink.objects.filter(assessed_outcome__in=outcomes, removed_on__isnull=True)
    return rows.select_related("item", "pinned_version").annotate(newest=Subquery(newest)).order_by("position")


@prepared
def _cited(outcomes: Collection[int]) -> QuerySet[EvidenceLink, Any]:
    rows = EvidenceLink.objects.filter(assessed_outcome__in=outcomes, removed_on__isnull=True)
    return rows.values_list("assessed_outcome_id", "item_id")


@prepared
def _decisions(outcomes: Collection[int]) -> QuerySet[OfferDecision]:
    return OfferDecision.objects.filter(assessed_outcome__in=outcomes).order_by("seq")


@prepared
def _versions(wanted: Collection[int]) -> QuerySet[EvidenceVersion]:
    return EvidenceVersion.objects.filter(pk__in=wanted)


@prepared
def _in_order(items: Collection[int]) -> QuerySet[EvidenceVersion, Any]:
    return EvidenceVersion.objects.filter(item__in=items).order_by("item", "seq").values_list("item_id", "pk")


@prepared
def _ran(
    organisations: Collection[int], frameworks: Collection[int], codes: Collection[str]
) -> QuerySet[AssessedOutcome]:
    rows = AssessedOutcome.objects.in_scope().filter(
        assessment__organisation__in=organisations,
        assessment__framework__in=frameworks,
        outcome__code__in=codes,
        round__isnull=False,
    )
    rows = rows.exclude(round__phase=Phase.PREPARING)
    return rows.select_related("assessment__framework", "outcome", "service").order_by("-assessment__year")


def _more(outcomes: set[int]) -> dict[int, list[tuple[EvidenceItem, int]]]:
    """Give what the sources give, with each item's newest version (one query, and one a source)."""
    given = [source(outcomes) for source in _sources]
    items = {item.pk for rows in given for found in rows.values() for item in found}
    newest = dict(_in_order(items))
    found: dict[int, list[tuple[EvidenceItem, int]]] = {}
    for rows in given:
        for outcome, listed in rows.items():
            found.setdefault(outcome, []).extend((item, newest[item.pk]) for item in listed)
    return found


def waiting_of(outcomes: Sequence[AssessedOutcome]) -> dict[int, int]:
    """Give by outcome how many items from last year wait for a decision or a new version (5 queries at most)."""
    return {pk: sum(offer.waits for offer in offers) for pk, offers in offers_of(outcomes).items()}


Key = tuple[int, int, str, str]


def _key(outcome: AssessedOutcome) -> Key:
    assessment = outcome.assessment
    service = outcome.service.name if outcome.service else ""
    return assessment.organisation_id, assessment.framework_id, outcome.outcome.code, service


def _before(outcomes: Sequence[AssessedOutcome]) -> dict[int, AssessedOutcome]:
    """Give by outcome the same outcome of the last earlier year that ran it (one query)."""
    rows = _ran(
        {each.assessment.organisation_id for each in outcomes},
        {each.assessment.framework_id for each in outcomes},
        {each.outcome.code for each in outcomes},
    )
    ran: dict[Key, list[AssessedOutcome]] = {}
    for row in rows:
        ran.setdefault(_key(row), []).append(row)
    found = {}
    for outcome in outcomes:
        earlier = (row for row in ran.get(_key(outcome), []) if row.assessment.year < outcome.assessment.year)
        if last := next(earlier, None):
            found[outcome.pk] = last
    return found
