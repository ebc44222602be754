"""The pure rules against references that this file works out in another way."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading import rules
from grading.models import LocalInterestsGrade
from grading.rules import Basis, LocalGrade, LocalRule

grades = st.integers(0, 3)
answers = st.integers(0, 40).flatmap(lambda size: st.lists(st.one_of(st.none(), grades), min_size=size, max_size=size))
panels = st.lists(st.one_of(st.none(), grades), max_size=5)


def graded(given_answers: list[int | None]) -> list[int]:
    return [answer for answer in given_answers if answer is not None]


@given(answers)
def test_the_median_is_the_lower_of_two_middle_grades(given_answers: list[int | None]) -> None:
    left = sorted(graded(given_answers))
    while len(left) > 2:
        left = left[1:-1]
    assert rules.median_grade(given_answers) == (min(left) if left else None)


@given(answers, st.randoms(use_true_random=False))
def test_the_order_of_answers_decides_nothing(given_answers: list[int | None], random) -> None:
    shuffled = list(given_answers)
    random.shuffle(shuffled)
    for rule in (rules.median_grade, rules.majority_grade, rules.spread_of):
        assert rule(shuffled) == rule(given_answers)
    assert rules.lacks_evidence(shuffled, 3) == rules.lacks_evidence(given_answers, 3)


@given(answers)
def test_a_majority_is_more_than_half_of_those_who_gave_a_grade(given_answers: list[int | None]) -> None:
    voted = graded(given_answers)
    winners = [grade for grade in range(4) if voted and Fraction(voted.count(grade), len(voted)) > Fraction(1, 2)]
    assert rules.majority_grade(given_answers) == (winners[0] if winners else None)


@pytest.mark.parametrize(
    ("given_answers", "median", "majority"),
    [
        ([], None, None),
        ([None, None], None, None),
        ([2], 2, 2),
        ([1, 2], 1, None),
        ([0, 3], 0, None),
        ([0, 1, 2, 3], 1, None),
        ([1, 1, 3, 3], 1, None),
        ([3, 3, None, None, None], 3, 3),
        ([0, 2, 2], 2, 2),
    ],
)
def test_median_and_majority_by_example(
    given_answers: list[int | None], median: int | None, majority: int | None
) -> None:
    assert (rules.median_grade(given_answers), rules.majority_grade(given_answers)) == (median, majority)


@given(answers, st.integers(1, 6))
def test_evidence_lacks_at_half_of_the_answers_or_below_the_quorum(
    given_answers: list[int | None], quorum: int
) -> None:
    gave_none = given_answers.count(None)
    gave_a_grade = len(given_answers) - gave_none
    at_least_half = bool(given_answers) and Fraction(gave_none, len(given_answers)) >= Fraction(1, 2)
    assert rules.lacks_evidence(given_answers, quorum) == (at_least_half or gave_a_grade < quorum)


@pytest.mark.parametrize(
    ("given_answers", "quorum", "lacks"),
    [
        ([], 1, True),
        ([1], 1, False),
        ([1], 2, True),
        ([1, None], 1, True),
        ([1, 2, None], 2, False),
        ([1, 2, 3, None, None, None], 3, True),
        ([1, 2, 3, None, None], 3, False),
        ([1, 2, 3, None, None], 4, True),
    ],
)
def test_lack_of_evidence_by_example(given_answers: list[int | None], quorum: int, lacks: bool) -> None:
    assert rules.lacks_evidence(given_answers, quorum) is lacks


@given(answers)
def test_the_spread_counts_every_answer_once(given_answers: list[int | None]) -> None:
    spread = rules.spread_of(given_answers)
    assert spread.counts == {grade: given_answers.count(grade) for grade in range(4) if grade in given_answers}
    assert list(spread.counts) == sorted(spread.counts)
    assert (spread.graded, spread.not_enough) == (len(graded(given_answers)), given_answers.count(None))
    assert spread.submitted == len(given_answers)


@given(panels, st.sampled_from(["lower", "joint", "named_panel"]), st.data())
def test_one_grade_of_all_panels(found: list[int | None], differ_rule: str, data: st.DataObject) -> None:
    named = None
    if differ_rule == "named_panel" and found:
        named = data.draw(st.sampled_from(found))
    made = rules.local_interests_grade(found, differ_rule=differ_rule, named=named)
    spoke = graded(found)
    match len(spoke):
        case 0:
            assert made is None
        case 1:
            assert made == LocalGrade(spoke[0], LocalRule.ONLY_PANEL)
        case _ if differ_rule == "joint" and min(spoke) != max(spoke):
            assert made is None
        case _ if named is not None:
            assert made == LocalGrade(named, LocalRule.NAMED_PANEL)
        case _:
            assert made == LocalGrade(sorted(spoke)[0], LocalRule.LOWER)


@given(panels)
def test_no_panel_lifts_the_grade_under_the_lower_rule(found: list[int | None]) -> None:
    made = rules.local_interests_grade(found)
    for more in range(4):
        with_more = rules.local_interests_grade([*found, more])
        assert with_more is not None
        assert with_more.grade <= more
        assert made is None or with_more.grade <= made.grade


def test_the_rules_that_are_computed_are_rules_that_a_row_may_name() -> None:
    assert {rule.value for rule in LocalRule} <= set(LocalInterestsGrade.Rule.values)


def test_the_basis_in_all_cases() -> None:
    seen = set()
    for opening, proposed, first, last in itertools.product(range(4), repeat=4):
        found = rules.basis(opening=opening, proposed=proposed, first_local=first, local=last)
        if proposed != last:
            expected = Basis.PREVAILED
        else:
            expected = {
                (False, False): Basis.FROM_THE_START,
                (True, False): Basis.ORGANISATION_MOVED,
                (False, True): Basis.LOCAL_INTERESTS_MOVED,
                (True, True): Basis.BOTH_MOVED,
            }[opening != proposed, first != last]
        assert found is expected, (opening, proposed, first, last)
        seen.add(found)
    assert seen == set(Basis)
