"""How grades come about: pure functions of plain values. Grades are positions, 0 the lowest to 3 the highest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

LOWEST = 0
SMALL_PANEL = 5
"""With fewer answers than this, spread and comments leave the panel only in words that its chair passed (R21)."""


@dataclass(frozen=True)
class Spread:
    """What a panel's submitted answers come to: how many per grade, and how many said "not enough evidence"."""

    counts: dict[int, int]
    not_enough: int

    @property
    def graded(self) -> int:
        """Give how many gave a grade."""
        return sum(self.counts.values())

    @property
    def submitted(self) -> int:
        """Give how many answered at all."""
        return self.graded + self.not_enough


def spread_of(answers: Sequence[int | None]) -> Spread:
    """Count a panel's answers; None is "not enough evidence to judge" and counts in no median (R4)."""
    given = [answer for answer in answers if answer is not None]
    return Spread(dict(sorted(Counter(given).items())), len(answers) - len(given))


def median_grade(answers: Sequence[int | None]) -> int | None:
    """Give the median grade, the lower of two middle ones; None where nobody gave a grade (R5)."""
    given = sorted(answer for answer in answers if answer is not None)
    return given[(len(given) - 1) // 2] if given else None


def majority_grade(answers: Sequence[int | None]) -> int | None:
    """Give the grade of more than half of those who gave one, or None."""
    given = [answer for answer in answers if answer is not None]
    for grade, number in Counter(given).items():
        if number * 2 > len(given):
            return grade
    return None


def lacks_evidence(answers: Sequence[int | None], quorum: int) -> bool:
    """Say whether a panel may record only "Undeveloped for lack of evidence" or "not graded" (R4).

    So it is where at least half of the submitted answers say "not enough evidence", or fewer than the quorum gave a grade.
    """
    spread = spread_of(answers)
    return spread.graded < quorum or spread.not_enough * 2 >= spread.submitted


def demanded_grade(rule: str, answers: Sequence[int | None]) -> int | None:
    """Give the grade that a panel's rule itself makes of its answers; None where it is left to the chair (R5).

    It is left to the chair under "consensus", and under "majority" where no grade has more than half: the chair then
    records the panel's grade as in a consensus, and a grade other than the median needs a reason.
    """
    if rule == "majority":
        return majority_grade(answers)
    return median_grade(answers) if rule == "median" else None


def why_evidence_lacks(answers: Sequence[int | None], quorum: int) -> list[str]:
    """Say in words why a panel may record only what R4 allows; an empty list where it may record any grade."""
    spread = spread_of(answers)
    found = []
    if spread.graded < quorum:
        gave = "nobody" if not spread.graded else str(spread.graded)
        found.append(f"The quorum is {quorum}, and {gave} gave a grade.")
    if spread.submitted and spread.not_enough * 2 >= spread.submitted:
        found.append(
            f"{spread.not_enough} of {spread.submitted} answers say that there is not enough evidence to judge."
        )
    return found


def may_show_spread(reviewed: int) -> bool:
    """Say whether enough people of a panel reviewed for its spread, comments and step-asides to be told (R21)."""
    return reviewed >= SMALL_PANEL


class LocalRule(StrEnum):
    """Which rule made the local interests' grade of the panels' alone; the values are those of LocalInterestsGrade.Rule."""

    ONLY_PANEL = "only_panel"
    LOWER = "lower"
    NAMED_PANEL = "named_panel"
    LOWER_AT_DEADLINE = "lower_at_deadline"


@dataclass(frozen=True)
class LocalGrade:
    """The local interests' grade and the rule that made it."""

    grade: int
    rule: LocalRule


def local_interests_grade(
    grades: Sequence[int | None],
    *,
    differ_rule: str = "lower",
    named: int | None = None,
    deadline_passed: bool = False,
) -> LocalGrade | None:
    """Make one grade of the panels' grades; None stands for a panel that declined (R5).

    `differ_rule` is the round's; `named` the named panel's grade. Gives None where no panel gave a grade, and where the
    panels differ under "joint", which only the chairs can settle; once the round's deadline has passed without them the
    lower grade counts, so that nobody holds the outcome back.
    """
    given = [grade for grade in grades if grade is not None]
    if not given:
        return None
    if len(given) == 1:
        return LocalGrade(given[0], LocalRule.ONLY_PANEL)
    if differ_rule == "named_panel" and named is not None:
        return LocalGrade(named, LocalRule.NAMED_PANEL)
    if differ_rule == "joint" and len(set(given)) > 1:
        return LocalGrade(min(given), LocalRule.LOWER_AT_DEADLINE) if deadline_passed else None
    return LocalGrade(min(given), LocalRule.LOWER)


class Basis(StrEnum):
    """Why the agreed grade is what it is, in the words that are printed (R1)."""

    PREVAILED = "Local interests prevail"
    FROM_THE_START = "Agreed from the start"
    ORGANISATION_MOVED = "The organisation moved"
    LOCAL_INTERESTS_MOVED = "The local interests moved"
    BOTH_MOVED = "Both moved"


def basis(*, opening: int, proposed: int, first_local: int, local: int) -> Basis:
    """Say how an agreed grade came about (R1).

    `opening` and `proposed` are the organisation's proposal at opening and its last; `first_local` and `local` the local
    interests' first grade and their last.
    """
    if proposed != local:
        return Basis.PREVAILED
    organisation_moved = opening != proposed
    local_moved = first_local != local
    if organisation_moved and local_moved:
        return Basis.BOTH_MOVED
    if organisation_moved:
        return Basis.ORGANISATION_MOVED
    return Basis.LOCAL_INTERESTS_MOVED if local_moved else Basis.FROM_THE_START
