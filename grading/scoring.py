"""Points, scores and ratings as pure functions (R7, R8, R9). Exact: half points are fractions, never floats.

A grade's points are 0 to 3. `None` stands for an outcome that is left out, not applicable or not graded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

MOST_POINTS = 3
Points = int | None


class ServicesRule(StrEnum):
    """How three or more services become the domain's score; chosen before opening (R8)."""

    MEDIAN_OF_TOTALS = "median_of_totals"
    SUM_OF_MEDIANS = "sum_of_medians"


class TwoServicesRule(StrEnum):
    """How two services become the domain's score; chosen before opening (R8)."""

    MEAN = "mean"
    LOWER = "lower"


@dataclass(frozen=True)
class Band:
    """A rating and the total from which it counts."""

    name: str
    minimum: int


@dataclass(frozen=True)
class DomainScore:
    """A domain's points out of its maximum, over how many of its outcomes. It carries no word (R8)."""

    points: Fraction
    maximum: int
    graded: int
    outcomes: int

    @property
    def complete(self) -> bool:
        """Say whether every outcome of the domain has its points."""
        return self.graded == self.outcomes


@dataclass(frozen=True)
class Rating:
    """All domains together: points, maximum and outcomes; `band` is None unless everything is graded (R9)."""

    points: Fraction
    maximum: int
    graded: int
    outcomes: int
    band: str | None


def median(values: Sequence[int | Fraction]) -> Fraction:
    """Give the median; of an even number the mean of the middle two. Raises ValueError for none."""
    if not values:
        raise ValueError("There is no median of nothing.")
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return Fraction(ordered[middle])
    return Fraction(ordered[middle - 1] + ordered[middle], 2)


def outcome_over_services(points: Sequence[int], *, two: TwoServicesRule = TwoServicesRule.MEAN) -> Fraction:
    """Give one outcome's points over its services: the median; of two their mean or the lower, as chosen."""
    if len(points) == 2 and two is TwoServicesRule.LOWER:
        return Fraction(min(points))
    return median(points)


def service_total(points: Sequence[Points]) -> int | None:
    """Give a service's total over its outcomes, or None where one has no points."""
    given = [each for each in points if each is not None]
    return sum(given) if len(given) == len(points) else None


def domain_of_services(
    services: Mapping[str, Sequence[Points]],
    *,
    rule: ServicesRule = ServicesRule.MEDIAN_OF_TOTALS,
    two: TwoServicesRule = TwoServicesRule.MEAN,
) -> DomainScore:
    """Score a domain that is graded per service, each service's points in the same order of outcomes (R8).

    One service: its total. Two: the mean of the totals or the lower. More: the median of the totals, or the sum of the
    medians per outcome. Where a service lacks a grade the outcomes that all services have count by themselves. Raises
    ValueError where services have different numbers of outcomes, or there is no service.
    """
    if not services:
        raise ValueError("A domain graded per service needs a service.")
    rows = list(services.values())
    outcomes = len(rows[0])
    if any(len(row) != outcomes for row in rows):
        raise ValueError("Services have different numbers of outcomes.")
    columns = [[row[index] for row in rows] for index in range(outcomes)]
    full = [[points for points in column if points is not None] for column in columns if None not in column]
    per_outcome = sum((outcome_over_services(column, two=two) for column in full), Fraction(0))
    totals = [total for row in rows if (total := service_total(row)) is not None]
    if len(totals) < len(rows) or (len(rows) > 2 and rule is ServicesRule.SUM_OF_MEDIANS):
        score = per_outcome
    elif len(rows) == 2:
        score = Fraction(min(totals)) if two is TwoServicesRule.LOWER else Fraction(sum(totals), 2)
    else:
        score = median(totals)
    return DomainScore(
        score, MOST_POINTS * len(full) if len(full) < outcomes else MOST_POINTS * outcomes, len(full), outcomes
    )


def domain(points: Sequence[Points]) -> DomainScore:
    """Score a domain that is graded once: the sum of its outcomes' points."""
    given = [each for each in points if each is not None]
    return DomainScore(Fraction(sum(given)), MOST_POINTS * len(given), len(given), len(points))


def rating(domains: Sequence[DomainScore], bands: Sequence[Band]) -> Rating:
    """Rate all domains together. The band is the last threshold reached; a partial set has none (R8, R9)."""
    total = sum((each.points for each in domains), Fraction(0))
    complete = all(each.complete for each in domains)
    return Rating(
        points=total,
        maximum=sum(each.maximum for each in domains),
        graded=sum(each.graded for each in domains),
        outcomes=sum(each.outcomes for each in domains),
        band=band_of(total, bands) if complete else None,
    )


def band_of(total: Fraction | int, bands: Sequence[Band]) -> str:
    """Give the name of the last band whose threshold the total reaches. Raises ValueError below the first."""
    reached = [band for band in sorted(bands, key=lambda band: band.minimum) if band.minimum <= total]
    if not reached:
        raise ValueError("The total is below the lowest band.")
    return reached[-1].name


def points_in_words(points: Fraction | int) -> str:
    """Write points as people do: "7", "7.5"; other fractions, which no rule here makes, as they are."""
    exact = Fraction(points)
    if exact.denominator == 1:
        return str(exact.numerator)
    return f"{exact.numerator // 2}.5" if exact.denominator == 2 else str(exact)


class Fares(StrEnum):
    """How people from a protected group fare against people overall (R14)."""

    BETTER = "better"
    AS_WELL = "as_well"
    WORSE = "worse"
    MIXED = "mixed"
    NOT_KNOWN = "not_known"


def groups_faring_well(findings: Sequence[Fares]) -> int:
    """Count the groups that fare better or as well; mixed, worse and not known do not count (R7)."""
    return sum(finding in {Fares.BETTER, Fares.AS_WELL} for finding in findings)


def indicated_grade(number: int, thresholds: Sequence[tuple[int, str]]) -> str:
    """Give the grade that a number of groups faring well indicates (R7). `thresholds` are (from how many, grade).

    It decides nothing; it stands beside the other grades once all is revealed.
    """
    return band_of(number, [Band(name, minimum) for minimum, name in thresholds])
