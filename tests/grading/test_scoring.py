"""Scores against a reference that is computed here in another way, and the examples of the rules."""

from __future__ import annotations

import statistics
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.scoring import (
    Band,
    DomainScore,
    Fares,
    ServicesRule,
    TwoServicesRule,
    band_of,
    domain,
    domain_of_services,
    groups_faring_well,
    indicated_grade,
    points_in_words,
    rating,
)

BANDS = [Band("Undeveloped", 0), Band("Developing", 8), Band("Achieving", 22), Band("Excelling", 33)]
full_service = st.lists(st.integers(0, 3), min_size=4, max_size=4)
partial_service = st.lists(st.none() | st.integers(0, 3), min_size=4, max_size=4)


def named(rows: list[list[int]] | list[list[int | None]]) -> dict[str, list[int | None]]:
    return {f"service {number}": list(row) for number, row in enumerate(rows)}


def test_the_example_in_which_both_ways_differ() -> None:
    services = named([[2, 2, 0, 0], [2, 0, 2, 0], [0, 2, 2, 0]])
    assert domain_of_services(services).points == 4
    assert domain_of_services(services, rule=ServicesRule.SUM_OF_MEDIANS).points == 6


def test_one_service_counts_as_it_is() -> None:
    assert domain_of_services(named([[3, 2, 1, 0]])) == DomainScore(Fraction(6), 12, 4, 4)


def test_two_services_give_half_points_or_the_lower() -> None:
    services = named([[2, 2, 2, 2], [2, 2, 2, 1]])
    assert domain_of_services(services).points == Fraction(15, 2)
    assert domain_of_services(services, two=TwoServicesRule.LOWER).points == 7
    assert points_in_words(Fraction(15, 2)) == "7.5"


@given(st.lists(full_service, min_size=3, max_size=9))
def test_three_and_more_services(rows: list[list[int]]) -> None:
    totals = [sum(row) for row in rows]
    found = domain_of_services(named(rows))
    assert float(found.points) == statistics.median(totals)
    summed = domain_of_services(named(rows), rule=ServicesRule.SUM_OF_MEDIANS)
    assert float(summed.points) == sum(statistics.median(column) for column in zip(*rows, strict=True))
    assert found.complete
    assert (found.maximum, summed.maximum) == (12, 12)
    assert min(totals) <= found.points <= max(totals)


@given(st.lists(partial_service, min_size=1, max_size=5))
def test_a_service_that_lacks_a_grade_makes_the_domain_partial(rows: list[list[int | None]]) -> None:
    found = domain_of_services(named(rows))
    whole = [column for column in zip(*rows, strict=True) if all(each is not None for each in column)]
    assert found.graded == len(whole)
    assert found.maximum == 3 * len(whole)
    assert found.complete == (len(whole) == 4)
    assert 0 <= found.points <= found.maximum


@given(st.lists(st.none() | st.integers(0, 3), min_size=1, max_size=6))
def test_domain_sums_what_is_graded(points: list[int | None]) -> None:
    given_points = [each for each in points if each is not None]
    assert domain(points) == DomainScore(
        Fraction(sum(given_points)), 3 * len(given_points), len(given_points), len(points)
    )


@given(
    st.lists(full_service, min_size=1, max_size=4), full_service, st.lists(st.integers(0, 3), min_size=3, max_size=3)
)
def test_a_complete_set_is_rated_by_its_total(rows: list[list[int]], second: list[int], third: list[int]) -> None:
    first = domain_of_services(named(rows))
    found = rating([first, domain(second), domain(third)], BANDS)
    total = float(first.points) + sum(second) + sum(third)
    assert float(found.points) == total
    expected = (
        "Undeveloped" if total < 8 else "Developing" if total < 22 else "Achieving" if total < 33 else "Excelling"
    )
    assert found.band == expected
    assert (found.maximum, found.graded, found.outcomes) == (33, 11, 11)


@pytest.mark.parametrize(
    ("total", "band"),
    [
        (0, "Undeveloped"), (7, "Undeveloped"), (Fraction(15, 2), "Undeveloped"), (8, "Developing"), (21, "Developing"),
        (Fraction(43, 2), "Developing"), (22, "Achieving"), (Fraction(65, 2), "Achieving"), (33, "Excelling"),
    ],
)  # fmt: skip
def test_the_band_is_the_last_threshold_reached(total: Fraction, band: str) -> None:
    assert band_of(total, BANDS) == band


def test_a_partial_set_has_points_and_no_rating() -> None:
    found = rating([domain([3, 3, None]), domain([3, 3])], BANDS)
    assert (found.points, found.maximum, found.graded, found.outcomes, found.band) == (12, 12, 4, 5, None)


def expected_points(rows: list[list[int | None]], rule: ServicesRule, two: TwoServicesRule) -> tuple[float, int]:
    """The first domain's points and over how many outcomes, counted by hand: services as lists, medians as floats."""

    def of_two(one: float, other: float) -> float:
        return min(one, other) if two is TwoServicesRule.LOWER else (one + other) / 2

    columns = [column for column in zip(*rows, strict=True) if all(each is not None for each in column)]
    by_outcome = sum(of_two(*column) if len(rows) == 2 else statistics.median(column) for column in columns)  # type: ignore[arg-type, type-var]
    totals = [sum(row) for row in rows if None not in row]  # type: ignore[arg-type]
    if len(totals) < len(rows):
        return float(by_outcome), len(columns)  # type: ignore[arg-type]
    if len(rows) == 1:
        return totals[0], 4
    if len(rows) == 2:
        return of_two(*totals), 4
    return float(by_outcome if rule is ServicesRule.SUM_OF_MEDIANS else statistics.median(totals)), 4  # type: ignore[arg-type]


mostly_graded = st.sampled_from([0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, None])


@pytest.mark.parametrize("number", range(1, 10))
@pytest.mark.parametrize("rule", ServicesRule)
@pytest.mark.parametrize("two", TwoServicesRule)
@given(data=st.data())
@settings(max_examples=40)
def test_a_whole_year_against_the_reference(
    number: int, rule: ServicesRule, two: TwoServicesRule, data: st.DataObject
) -> None:
    """Services of domain 1, the outcomes of domains 2 and 3, any of them perhaps left out: points, of how many, rating."""
    rows = [data.draw(st.lists(mostly_graded, min_size=4, max_size=4)) for _ in range(number)]
    second, third = (data.draw(st.lists(mostly_graded, min_size=size, max_size=size)) for size in (4, 3))
    first = domain_of_services(named(rows), rule=rule, two=two)
    points, graded = expected_points(rows, rule, two)
    assert (float(first.points), first.graded, first.maximum) == (points, graded, 3 * graded)
    assert first.points.denominator in {1, 2}
    found = rating([first, domain(second), domain(third)], BANDS)
    others = [each for each in [*second, *third] if each is not None]
    total = points + sum(others)
    assert (float(found.points), found.graded, found.outcomes) == (total, graded + len(others), 11)
    assert found.maximum == 3 * found.graded
    names = ["Undeveloped"] * 8 + ["Developing"] * 14 + ["Achieving"] * 11 + ["Excelling"]
    assert found.band == (names[int(total)] if found.graded == 11 else None)
    assert points_in_words(found.points) == (str(int(total)) if total == int(total) else f"{int(total)}.5")


@given(st.lists(st.sampled_from(list(Fares)), min_size=9, max_size=9))
def test_the_indicated_grade_counts_groups_that_fare_well(findings: list[Fares]) -> None:
    number = sum(str(finding) in {"better", "as_well"} for finding in findings)
    assert groups_faring_well(findings) == number
    thresholds = [(0, "Undeveloped"), (3, "Developing"), (6, "Achieving"), (9, "Excelling")]
    expected = ["Undeveloped"] * 3 + ["Developing"] * 3 + ["Achieving"] * 3 + ["Excelling"]
    assert indicated_grade(number, thresholds) == expected[number]


def test_services_must_answer_the_same_outcomes() -> None:
    with pytest.raises(ValueError, match="different numbers"):
        domain_of_services({"a": [1, 2], "b": [1]})
    with pytest.raises(ValueError, match="needs a service"):
        domain_of_services({})
