"""What the evidence pages read, each in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from eds.access.decide import Access
from eds.access.table import Deed
from eds.assessments.models import AssessedOutcome, Assessment
from eds.history.prepared import prepared
from eds.history.reading import Reading, attach, beside, read, rows
from eds.people.models import Organisation, User
from eds.ui import richtext

from .models import (
    EvidenceFile,
    EvidenceItem,
    EvidenceLink,
    EvidenceVersion,
    Figure,
    FigureRow,
    Finding,
    Format,
    Sharing,
    Summary,
)
from .privacy.sharing import Travel, reading_answers, reading_marks, travel_from


@dataclass(frozen=True)
class Cited:
    """A citation as a page shows it: the version that this outcome shows, with its files, findings and figures.

    `level` is how far it travels (a value of Sharing): less than its sharing level where `travel` holds it back.
    `correction` is the newest version where it was written after the round had pinned this one (R13).
    """

    link: EvidenceLink
    version: EvidenceVersion
    files: list[EvidenceFile]
    findings: list[Finding]
    figures: list[Figure]
    level: str
    travel: Travel
    correction: EvidenceVersion | None = None

    @property
    def shared_with_panels(self) -> bool:
        """Say whether panels see it."""
        return self.level != Sharing.ORGANISATION


@dataclass(frozen=True)
class EarlierSummary:
    """A summary as it stood before."""

    text: str
    format: str
    at: dt.datetime
    by: str

    @property
    def html(self) -> str:
        """Give it as HTML, whatever its format."""
        return self.text if self.format == Format.HTML else richtext.from_plain(self.text)


def cited_evidence(outcome: AssessedOutcome, access: Access) -> list[Cited]:
    """Give what an outcome cites and this person may read, in order: the pinned version, else the newest (2 queries)."""
    return cited_by_outcome([outcome], working=bool(access.may(Deed.SEE_WORKING_EVIDENCE, outcome)))[outcome.pk]


def cited_by_outcome(outcomes: list[AssessedOutcome], *, working: bool) -> dict[int, list[Cited]]:
    """Give the citations of several outcomes; without `working`, only what is shared beyond the organisation."""
    return read(reading_cited(outcomes, working=working))


@prepared
def _links(outcomes: Sequence[AssessedOutcome], working: bool) -> QuerySet[EvidenceLink]:
    newest = EvidenceVersion.objects.filter(item=OuterRef("item")).order_by("-seq").values("pk")[:1]
    links = EvidenceLink.objects.filter(assessed_outcome__in=outcomes, removed_on__isnull=True)
    if not working:
        links = links.exclude(item__sharing=Sharing.ORGANISATION)
    return links.annotate(newest=Subquery(newest)).select_related("item").order_by("position")


@prepared
def _versions(wanted: Sequence[int]) -> QuerySet[EvidenceVersion]:
    return EvidenceVersion.objects.filter(pk__in=wanted)


@prepared
def _files(wanted: Sequence[int]) -> QuerySet[EvidenceFile]:
    return EvidenceFile.objects.filter(version__in=wanted).select_related("stored").order_by("position")


@prepared
def _findings(wanted: Sequence[int]) -> QuerySet[Finding]:
    return Finding.objects.filter(version__in=wanted)


@prepared
def _figures(wanted: Sequence[int]) -> QuerySet[Figure]:
    return Figure.objects.filter(version__in=wanted)


@prepared
def _rows_of_figures(wanted: Sequence[int]) -> QuerySet[FigureRow]:
    return FigureRow.objects.filter(figure__version__in=wanted)


def reading_cited(outcomes: list[AssessedOutcome], *, working: bool) -> Reading[dict[int, list[Cited]]]:
    """Give what cited_by_outcome() gives (two steps)."""
    found = yield from rows(_links(outcomes, working))
    wanted = sorted({pk for link in found for pk in (link.pinned_version_id, link.newest) if pk})
    items = {link.item_id for link in found}
    written, files, findings, figures, of_figures, answers, marks = yield from beside(
        rows(_versions(wanted)),
        rows(_files(wanted)),
        rows(_findings(wanted)),
        rows(_figures(wanted)),
        rows(_rows_of_figures(wanted)),
        reading_answers(items),
        reading_marks(items),
    )
    attach(figures, "rows", of_figures)
    for name, children in (("files", files), ("findings", findings), ("figures", figures)):
        attach(written, name, children)
    versions = {version.pk: version for version in written}
    levels = {link.item_id: link.item.sharing for link in found}
    travels = travel_from(written, levels, answers, marks)
    result: dict[int, list[Cited]] = {outcome.pk: [] for outcome in outcomes}
    for link in found:
        version = versions[link.pinned_version_id or link.newest]
        travel = travels[version.pk]
        newer = versions[link.newest] if link.newest != version.pk else None
        if newer and not working and travels[newer.pk].level == Sharing.ORGANISATION:
            newer = None
        if not working and travel.level == Sharing.ORGANISATION:
            continue
        result[link.assessed_outcome_id].append(
            Cited(
                link=link,
                version=version,
                files=list(version.files.all()),
                findings=list(version.findings.all()),
                figures=list(version.figures.all()),
                level=travel.level,
                travel=travel,
                correction=newer,
            )
        )
    return result


def summary_of(outcome: AssessedOutcome) -> Summary | None:
    """Give an outcome's summary, if one was begun."""
    return Summary.objects.filter(assessed_outcome=outcome).first()


def earlier_summaries(summary: Summary | None) -> list[EarlierSummary]:
    """Give what a summary said before, the newest first, at most ten: nobody's words are lost when texts are merged."""
    if summary is None:
        return []
    earlier = summary.history.select_related("history_user").order_by("-history_date", "-history_id")[1:11]
    return [EarlierSummary(row.text, row.format, row.history_date, str(row.history_user or "")) for row in earlier]


def summaries_of(assessment: Assessment) -> dict[int, Summary]:
    """Give all summaries of an assessment by assessed outcome."""
    return {summary.assessed_outcome_id: summary for summary in _summaries(assessment)}


@prepared
def _summaries(assessment: Assessment) -> QuerySet[Summary]:
    return Summary.objects.filter(assessed_outcome__assessment=assessment)


def citation_counts_of(assessments: Iterable[Assessment]) -> dict[int, int]:
    """Give by assessed outcome how many items are cited (one query)."""
    return {row["assessed_outcome_id"]: row["number"] for row in _counted(list(assessments))}


@prepared
def _counted(assessments: Sequence[Assessment]) -> QuerySet[EvidenceLink, Any]:
    links = EvidenceLink.objects.filter(assessed_outcome__assessment__in=assessments, removed_on__isnull=True)
    return links.values("assessed_outcome_id").annotate(number=Count("pk"))


def library(organisation: Organisation, *, written_by: User | None = None) -> QuerySet[EvidenceItem]:
    """Give an organisation's items, newest first, each with its newest title; one person's only where named."""
    newest = EvidenceVersion.objects.filter(item=OuterRef("pk")).order_by("-seq")
    # Not a Count of a join: the database would group all items by all their texts before it took a page of them.
    links = EvidenceLink.objects.filter(item=OuterRef("pk"), removed_on__isnull=True).order_by().values("item")
    items = EvidenceItem.objects.filter(organisation=organisation).annotate(
        title=Subquery(newest.values("title")[:1]),
        source=Subquery(newest.values("source")[:1]),
        period=Subquery(newest.values("period")[:1]),
        newest_seq=Subquery(newest.values("seq")[:1]),
        changed_at=Subquery(newest.values("recorded_at")[:1]),
        cited=Coalesce(Subquery(links.annotate(number=Count("pk")).values("number")), 0),
    )
    if written_by is not None:
        items = items.filter(
            Q(created_by=written_by)
            | Q(citations__assessed_outcome__contributors__user=written_by, citations__removed_on__isnull=True)
            # Chosen to be renewed for an outcome of theirs: they write its new version before it is cited there.
            | Q(offer_decisions__assessed_outcome__contributors__user=written_by)
        ).distinct()
    return items.select_related("created_by").order_by(F("changed_at").desc(), "-pk")


def authors_conflict(user: User, assessment: Assessment) -> dict[int, str]:
    """Access fact: who wrote evidence for an outcome cannot review that outcome (domain section 2)."""
    written = (
        EvidenceLink.objects.filter(
            assessed_outcome__assessment=assessment, removed_on__isnull=True, item__versions__actor=user
        )
        .values_list("assessed_outcome_id", flat=True)
        .distinct()
    )
    return dict.fromkeys(written, "You wrote evidence for this outcome, so you cannot review it.")
