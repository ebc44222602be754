"""The grade that EDS2's comparison of groups indicates (R7). It stands beside the others and decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eds.frameworks.models import FrameworkRevision, Grade
from eds.frameworks.queries import grades_of
from evidence.coverage import Cell

from .scoring import Fares, groups_faring_well, indicated_grade


@dataclass(frozen=True)
class Indicated:
    """How many characteristics fare as well or better, of how many, and the grade that this indicates."""

    faring_well: int
    total: int
    grade: Grade


def indicated_by(cells: Sequence[Cell], revision: FrameworkRevision) -> Indicated | None:
    """Give the indicated grade, or None in an edition that compares no numbers of groups (one query)."""
    return indicated_from(cells, list(grades_of(revision)))


def indicated_from(cells: Sequence[Cell], of_edition: Sequence[Grade]) -> Indicated | None:
    """Give the indicated grade with the edition's grades read already, for pages and reports of many outcomes."""
    grades = {grade.name: grade for grade in of_edition if grade.fares_well_minimum is not None}
    if not grades or not cells:
        return None
    number = groups_faring_well([Fares(cell.fares) if cell.fares else Fares.NOT_KNOWN for cell in cells])
    thresholds = [(grade.fares_well_minimum or 0, name) for name, grade in grades.items()]
    return Indicated(number, len(cells), grades[indicated_grade(number, thresholds)])
