"""What the pages of published objectives read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from eds.jobs.models import Job
from eds.people.models import Organisation

from .domain import RENDER
from .models import ObjectivesRendition, ObjectivesVersion


def versions_of(organisation: str) -> list[ObjectivesVersion]:
    """Give all versions of an organisation's objectives, newest first (one query); `organisation` is its slug."""
    rows = ObjectivesVersion.objects.filter(organisation__slug=organisation)
    return list(rows.select_related("organisation", "closure").order_by("-seq"))


def publishers() -> QuerySet[Organisation]:
    """Give the organisations whose newest version of objectives can be read (one query)."""
    newest = ObjectivesVersion.objects.filter(organisation=OuterRef("organisation")).order_by("-seq").values("pk")[:1]
    current = ObjectivesVersion.objects.filter(pk=Subquery(newest), closure__isnull=True)
    return Organisation.objects.filter(pk__in=current.values("organisation")).order_by("name")


@dataclass(frozen=True)
class VersionLine:
    """A version on the lead's page: how far its PDF is."""

    version: ObjectivesVersion
    job: Job | None
    closed: bool


def version_lines(versions: Sequence[ObjectivesVersion]) -> list[VersionLine]:
    """Give versions with the jobs that make their PDF (one query)."""
    jobs = {
        job.subject: job for job in Job.objects.filter(kind=RENDER, subject__in=[each.public_id for each in versions])
    }
    return [VersionLine(each, jobs.get(each.public_id), hasattr(each, "closure")) for each in versions]


def pdf_of(version: ObjectivesVersion) -> ObjectivesRendition | None:
    """Give a version's PDF, once it is made (one query)."""
    return version.renditions.filter(format=ObjectivesRendition.Format.PDF).select_related("stored").first()
