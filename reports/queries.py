"""What the report pages read."""

from __future__ import annotations

from django.db.models import F, OuterRef, QuerySet, Subquery

from .models import Publication


def publications() -> QuerySet[Publication]:
    """Give all publications with what their addresses need."""
    return Publication.objects.select_related("assessment__organisation", "assessment__framework")


def newest_publications() -> QuerySet[Publication]:
    """Give the newest version of each published report, newest year first."""
    newest = Publication.objects.filter(assessment=OuterRef("assessment")).order_by("-seq").values("pk")[:1]
    return (
        publications()
        .filter(pk=Subquery(newest))
        .defer("content")
        .order_by(F("assessment__year").desc(), "assessment__organisation__name")
    )


def versions_of(organisation: str, year: int, edition: str) -> list[Publication]:
    """Give all versions of one report, newest first."""
    return list(
        publications()
        .filter(
            assessment__organisation__slug=organisation,
            assessment__year=year,
            assessment__framework__code=edition,
        )
        .order_by("-seq")
    )
