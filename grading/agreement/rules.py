"""How far apart the sides of an outcome are. Pure functions of plain values; grades are positions, 0 the lowest."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class Distance(StrEnum):
    """How far apart the proposal and the panels' grades are, in whole grades and never in averages."""

    APART = "apart"
    CLOSE = "close"
    MISSING = "missing"
    SAME = "same"
    NOT_GRADED = "not_graded"

    @property
    def words(self) -> str:
        """Give the distance in words."""
        return _WORDS[self]


_WORDS = {
    Distance.APART: "two or more grades apart",
    Distance.CLOSE: "one grade apart",
    Distance.MISSING: "a grade is missing",
    Distance.SAME: "the same grade",
    Distance.NOT_GRADED: "not graded",
}


def distance(proposed: int | None, panels: Sequence[int | None], *, missing: bool) -> Distance:
    """Give the widest gap between any two of the proposal and the panels' grades; None is a panel that declined.

    `missing` says that a panel has neither graded nor declined. Where every panel declined nothing is compared.
    """
    if missing or proposed is None:
        return Distance.MISSING
    given = [grade for grade in panels if grade is not None]
    if not given:
        return Distance.NOT_GRADED
    gap = max(*given, proposed) - min(*given, proposed)
    return Distance.SAME if gap == 0 else Distance.CLOSE if gap == 1 else Distance.APART
