"""Reads of the editions, each in a fixed number of queries."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from eds.history.prepared import prepared

from .models import Characteristic, FrameworkRevision, Goal, Grade


def latest_revision(code: str) -> FrameworkRevision:
    """Give the newest revision of the edition `code`. Raises FrameworkRevision.DoesNotExist where none is loaded."""
    revision = (
        FrameworkRevision.objects.select_related("framework").filter(framework__code=code).order_by("-number").first()
    )
    if revision is None:
        raise FrameworkRevision.DoesNotExist(f'No revision of the framework "{code}" is loaded.')
    return revision


def latest_revisions() -> QuerySet[FrameworkRevision]:
    """Give the newest revision of each edition, in the editions' order."""
    newest = FrameworkRevision.objects.filter(framework=OuterRef("framework")).order_by("-number")
    return (
        FrameworkRevision.objects.filter(pk=Subquery(newest.values("pk")[:1]))
        .select_related("framework")
        .order_by("framework__position")
    )


def grades_of(revision: FrameworkRevision) -> list[Grade]:
    """Give the four grades, the lowest first."""
    return list(scale_of(revision))


@prepared
def scale_of(revision: FrameworkRevision) -> QuerySet[Grade]:
    """Give the four grades, the lowest first."""
    return Grade.objects.filter(revision=revision).order_by("position")


@prepared
def grade_positions() -> QuerySet[Grade, Any]:
    """Give the primary keys of all editions' grades (a dozen), each with its position in its scale."""
    return Grade.objects.order_by().values_list("pk", "position")


@prepared
def characteristics_of(revision: FrameworkRevision) -> QuerySet[Characteristic]:
    """Give the protected characteristics in the edition's order."""
    return Characteristic.objects.filter(revision=revision).order_by("position")


def goals_of(revision: FrameworkRevision) -> QuerySet[Goal]:
    """Give the goals in their order with statement and outcomes, in two queries."""
    return revision.goals.order_by("position").select_related("statement").prefetch_related("outcomes")


def grade_called(revision: FrameworkRevision, word: str) -> Grade | None:
    """Give the grade that a document means by `word`: its name, label or another word for it, in any case.

    Published reports write "Excellent" or "Developing activity"; None where no grade is meant.
    """
    wanted = " ".join(word.split()).casefold()
    for grade in grades_of(revision):
        if wanted in {spelling.casefold() for spelling in (grade.name, grade.label, *grade.aliases)}:
            return grade
    return None
