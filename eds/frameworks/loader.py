"""Writes editions from their files into the database: a new state of a file becomes a new revision, once."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.db import transaction

from .edition import Edition, read_edition
from .models import (
    Band,
    Characteristic,
    Factor,
    Framework,
    FrameworkRevision,
    Goal,
    GoalStatement,
    Grade,
    Group,
    Outcome,
)
from .table import EditionError

DATA = Path(__file__).resolve().parent / "data"


class Deed(StrEnum):
    """What loading a file came to."""

    CREATED = "created"
    UNCHANGED = "unchanged"
    SUPERSEDED = "superseded"


@dataclass(frozen=True)
class LoadResult:
    """What loading a file came to: the revision that has its content, and whether this call wrote it."""

    deed: Deed
    revision: FrameworkRevision
    latest_number: int

    def __str__(self) -> str:
        if self.deed is Deed.CREATED:
            return f"{self.revision}: loaded."
        if self.deed is Deed.UNCHANGED:
            return f"{self.revision}: already there, nothing to do."
        return (
            f"{self.revision}: already there and followed by revision {self.latest_number}, nothing was changed. "
            "To go back to these texts, say so in the file's note: it then becomes a new revision."
        )


@transaction.atomic
def load_edition(path: Path) -> LoadResult:
    """Load the edition in the file at `path`.

    Content that some revision has already writes nothing; other content becomes the next revision and leaves the
    earlier ones as they are. Raises EditionError, and writes nothing, where the file is wrong.
    """
    edition = read_edition(path)
    framework = _locked_framework(path, edition)
    stored = {revision.content_hash: revision for revision in framework.revisions.select_related("framework")}
    latest_number = max((revision.number for revision in stored.values()), default=0)
    known = stored.get(edition.content_hash)
    if known is not None:
        deed = Deed.UNCHANGED if known.number == latest_number else Deed.SUPERSEDED
        return LoadResult(deed, known, latest_number)
    for name, value in edition.framework.items():
        setattr(framework, name, value)
    framework.save()
    revision = _write(edition, framework, latest_number + 1)
    return LoadResult(Deed.CREATED, revision, revision.number)


@transaction.atomic
def load_all(folder: Path = DATA) -> list[LoadResult]:
    """Load every edition in `folder`, or none where one of them is wrong (EditionError)."""
    results = [load_edition(path) for path in sorted(folder.glob("*.toml"))]
    return sorted(results, key=lambda result: result.revision.framework.position)


def _locked_framework(path: Path, edition: Edition) -> Framework:
    """Give the edition's framework, made if it is new, and hold it: two loaders must not take the same number."""
    code = edition.framework["code"]
    for name in ("short_name", "position"):
        value = edition.framework[name]
        other = Framework.objects.filter(**{name: value}).exclude(code=code).first()
        if other is not None:
            raise EditionError(path.name, "the file", f'"{name}" is {value!r}, which "{other.code}" has already.')
    framework, _ = Framework.objects.get_or_create(code=code, defaults=edition.framework)
    return Framework.objects.select_for_update().get(pk=framework.pk)


def _write(edition: Edition, framework: Framework, number: int) -> FrameworkRevision:
    revision = FrameworkRevision.objects.create(
        framework=framework, number=number, content_hash=edition.content_hash, **edition.revision
    )
    for values in edition.goals:
        _write_goal(revision, dict(values))
    grades = {values["code"]: Grade.objects.create(revision=revision, **values) for values in edition.grades}
    for values in edition.bands:
        Band.objects.create(revision=revision, **values | {"grade": grades[values["grade"]]})
    for model, rows in (
        (Factor, edition.factors),
        (Characteristic, edition.characteristics),
        (Group, edition.groups),
    ):
        for values in rows:
            model.objects.create(revision=revision, **values)
    return revision


def _write_goal(revision: FrameworkRevision, values: dict[str, Any]) -> None:
    statement = values.pop("statement")
    outcomes = values.pop("outcomes")
    goal = Goal.objects.create(revision=revision, **values)
    if statement:
        GoalStatement.objects.create(goal=goal, **statement)
    for outcome in outcomes:
        Outcome.objects.create(goal=goal, **outcome)
