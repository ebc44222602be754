"""What the report pages read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from eds.assessments.models import Assessment
from eds.history.prepared import Asked, prepared
from eds.history.reading import Reading, beside, read, rows
from grading.queries import published_elsewhere
from reports.payload.reading import read as read_content

from .models import Publication


def publications() -> QuerySet[Publication]:
    """Give all publications with what their addresses and their being closed need."""
    return Publication.objects.select_related("assessment__organisation", "assessment__framework", "closure")


def newest_publications(words: str = "") -> QuerySet[Publication]:
    """Give the newest version of each published report, newest year first; `words` are looked for in what names it.

    Every word must stand in the organisation's name, its care system, the edition or the year.
    """
    newest = Publication.objects.filter(assessment=OuterRef("assessment")).order_by("-seq").values("pk")[:1]
    found = publications().filter(pk=Subquery(newest))
    for word in words.split()[:10]:
        matches = (
            Q(assessment__organisation__name__icontains=word)
            | Q(assessment__organisation__integrated_care_system__icontains=word)
            | Q(assessment__framework__name__icontains=word)
            | Q(assessment__framework__short_name__icontains=word)
        )
        year = word.partition("-")[0]
        if year.isdigit() and len(year) == len("2027"):
            matches |= Q(assessment__year=int(year))
        found = found.filter(matches)
    return found.defer("content").order_by(F("assessment__year").desc(), "assessment__organisation__name")


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


@dataclass(frozen=True)
class LastGrade:
    """What was published for an outcome in an earlier year: `grade` has code, name and colour."""

    year: int
    grade: dict[str, str]
    source: str
    promised: tuple[str, ...] = ()
    """The actions that the published plan of that year has for it."""

    @property
    def year_words(self) -> str:
        """Give the year as people write it: 2026-27."""
        return f"{self.year}-{(self.year + 1) % 100:02d}"


def last_years_grades(assessment: Assessment) -> dict[tuple[str, str], LastGrade]:
    """Give by outcome's code and service's name ("" without one) the grades that were last published before this year.

    They are of the same organisation and edition, of one year: the newest one that was published here or brought in
    (`grading.models.PublishedElsewhere`). Where a year has both, what was published here counts. A closed version is not
    read. One query.
    """
    return read(reading_last_years_grades(assessment))


def reading_last_years_grades(assessment: Assessment) -> Reading[dict[tuple[str, str], LastGrade]]:
    """Give what last_years_grades() gives (one step)."""
    newest, elsewhere = yield from beside(rows(_earlier(assessment)), rows(published_elsewhere(assessment)))
    published = next(iter(newest), None)
    years = [row.year for row in elsewhere] + ([published.assessment.year] if published else [])
    if not years:
        return {}
    year = max(years)
    found = {
        (row.outcome_code, row.service): LastGrade(year, _words(row.grade), row.source)
        for row in elsewhere
        if row.year == year
    }
    if published and published.assessment.year == year:
        found |= _grades_in(published.content, year)
    return found


@lru_cache(maxsize=32)
def _grades_in(text: str, year: int) -> dict[tuple[str, str], LastGrade]:
    """Give the grades that a published content tells. It never changes, and each outcome of the next year asks."""
    content = read_content(text)
    promised = _promised(content)
    found = {}
    for outcome in outcomes_of_content(content):
        if outcome["local"]:
            key = outcome["code"], outcome["service"]
            actions = [*promised.get(key, ()), *(promised.get((key[0], ""), ()) if key[1] else ())]
            found[key] = LastGrade(year, outcome["local"]["grade"], "", tuple(actions))
    return found


def _promised(content: dict[str, Any]) -> dict[tuple[str, str], list[str]]:
    """Give by outcome's code and service's name ("" for all services) the actions of a content's plan."""
    found: dict[tuple[str, str], list[str]] = {}
    for line in content.get("plan", []):
        if line["action"]:
            found.setdefault((line["code"], line["service"]), []).append(line["action"])
    return found


def earlier_publication(assessment: Assessment) -> Publication | None:
    """Give the newest version of the newest earlier year of an assessment's organisation and edition (one query)."""
    return _earlier(assessment).first()


def _earlier(assessment: Assessment) -> Asked[Publication]:
    return _newest_before(assessment.organisation_id, assessment.framework_id, assessment.year)


@prepared
def _newest_before(organisation: int, framework: int, year: int) -> QuerySet[Publication]:
    earlier = publications().filter(
        assessment__organisation=organisation,
        assessment__framework=framework,
        assessment__year__lt=year,
        closure__isnull=True,
    )
    return earlier.order_by("-assessment__year", "-seq")[:1]


def outcomes_of_content(content: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the outcomes of a stored content, in order."""
    return [outcome for goal in content["goals"] for outcome in goal["outcomes"]]


def _words(grade: Any) -> dict[str, str]:
    return {"code": grade.code, "name": grade.name, "colour": grade.colour}
