"""Small numbers never leave the organisation, nor can they be worked out from a total (R15)."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.figures.small import Hidden, SmallNumbers, Suppressed, hide_column, suppress
from evidence.figures.writing import FigureText, RowText

SETTING = SmallNumbers()


def people(*counts: int, total: int | None = None, base: int | None = None, **more: str) -> FigureText:
    rows = [RowText(f"Group {number}", Decimal(count)) for number, count in enumerate(counts)]
    if total is not None:
        rows.append(RowText("All", Decimal(total), is_total=True))
    return FigureText("A figure", "people", tuple(rows), base=base, **more)


def values(found: Suppressed) -> list[int | None]:
    return [None if row.value is None else int(row.value) for row in found.figure.rows]


def test_a_count_below_the_threshold_goes_and_the_others_stay() -> None:
    found = suppress(people(9, 10, 40), SETTING)
    assert values(found) == [None, 10, 40]
    assert [hidden.count for _, hidden in found.rows] == [Hidden.SMALL, Hidden.NO, Hidden.NO]


def test_a_second_cell_goes_where_a_total_would_give_one_away() -> None:
    assert values(suppress(people(4, 30, 60, total=94), SETTING)) == [None, None, 60, 94]
    assert values(suppress(people(4, 30, 60, base=94), SETTING)) == [None, None, 60]
    assert values(suppress(people(4, 5, 60, total=69), SETTING)) == [None, None, 60, 69]


def test_two_small_cells_that_a_total_gives_away_take_a_third() -> None:
    assert values(suppress(people(1, 1, 60, 70, total=132), SETTING)) == [None, None, None, 70, 132]
    assert values(suppress(people(9, 9, 60, 70, total=148), SETTING)) == [None, None, None, 70, 148]


def test_where_no_other_cell_is_left_the_total_goes() -> None:
    found = suppress(people(4, total=94), SETTING)
    assert values(found) == [None, None]
    found = suppress(people(1, 1, base=2000), SETTING)
    assert (values(found), found.figure.base) == ([None, None], None)


def test_zeros_are_shown_or_hidden_by_the_setting() -> None:
    assert values(suppress(people(0, 40), SETTING)) == [0, 40]
    assert values(suppress(people(0, 40), SmallNumbers(hide_zeros=True))) == [None, 40]


def test_gender_reassignment_is_stricter_and_so_may_a_source_be() -> None:
    assert values(suppress(people(15, 40), SETTING)) == [15, 40]
    assert values(suppress(people(15, 40, about_code="gender-reassignment"), SETTING)) == [None, 40]
    strict = SmallNumbers(sources={"Complaints": 50})
    assert values(suppress(people(15, 40, 60, source="complaints "), strict)) == [None, None, 60]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (RowText("A", Decimal(50), 20, 40), (50, 20, 40)),
        (RowText("A", Decimal(5), 2, 40), (None, None, 40)),
        (RowText("A", Decimal(50), 4, 8), (None, None, None)),
        (RowText("A", Decimal(100), None, 8), (None, None, None)),
        (RowText("A", Decimal(5), None, 40), (None, None, 40)),
        (RowText("A", Decimal(0), 0, 40), (0, 0, 40)),
    ],
)
def test_a_rate_goes_with_its_numerator_or_its_base(row: RowText, expected: tuple[int | None, ...]) -> None:
    [shown] = suppress(FigureText("A figure", "percent", (row,)), SETTING).figure.rows
    assert (shown.value, shown.numerator, shown.base) == expected


def test_a_score_of_few_people_goes() -> None:
    rows = (RowText("A", Decimal("6.4"), base=7), RowText("B", Decimal("7.1"), base=300))
    assert [row.value for row in suppress(FigureText("A", "score", rows), SETTING).figure.rows] == [
        None,
        Decimal("7.1"),
    ]


def test_shares_of_a_known_base_are_counts_that_anybody_can_work_out() -> None:
    rows = tuple(RowText(label, Decimal(value)) for label, value in (("A", 60), ("B", 35), ("C", 5)))
    found = suppress(FigureText("A", "percent", rows, base=100), SETTING)
    assert [row.value for row in found.figure.rows] == [Decimal(60), None, None]


def test_last_year_s_counts_are_counts_too() -> None:
    rows = (RowText("A", Decimal(30), compared=Decimal(3)), RowText("B", Decimal(40), compared=Decimal(44)))
    found = suppress(FigureText("A", "people", rows, comparison="last_year"), SETTING)
    assert [row.compared for row in found.figure.rows] == [None, Decimal(44)]


COUNTS = st.lists(st.integers(0, 14), min_size=1, max_size=5)


@given(counts=COUNTS, zeros=st.booleans(), in_row=st.booleans())
@settings(max_examples=300, deadline=None)
def test_nobody_can_work_out_a_small_count(counts: list[int], zeros: bool, in_row: bool) -> None:
    """Whoever knows the rule and the total finds two values or more for each small count: tried by trying all."""
    threshold, lowest = 4, 0 if zeros else 1
    column = [*counts, sum(counts)] if in_row else counts
    totals = [*[False] * len(counts), True] if in_row else [False] * len(counts)
    hidden, outer = hide_column(column, totals, None if in_row else sum(counts), threshold, lowest)
    for count, why in zip(column, hidden, strict=True):
        assert (why is Hidden.SMALL) == (lowest <= count < threshold)
    if hidden[-1] if in_row else outer:
        return  # no total, no sum to work anything out from
    gone = [i for i in range(len(counts)) if hidden[i]]
    rest = sum(counts[i] for i in gone)
    ranges = [
        range(lowest, threshold) if hidden[i] is Hidden.SMALL else range(threshold, max(rest, threshold) + 1)
        for i in gone
    ]
    possible = [each for each in product(*ranges) if sum(each) == rest]
    for place, i in enumerate(gone):
        if hidden[i] is Hidden.SMALL:
            assert len({each[place] for each in possible}) > 1


@given(
    counts=st.lists(st.integers(0, 60), min_size=1, max_size=8),
    threshold=st.integers(2, 20),
    zeros=st.booleans(),
)
@settings(max_examples=200, deadline=None)
def test_no_small_number_is_left_in_what_leaves(counts: list[int], threshold: int, zeros: bool) -> None:
    setting = SmallNumbers(default=threshold, hide_zeros=zeros)
    found = suppress(people(*counts, total=sum(counts), base=sum(counts)), setting)
    lowest = 0 if zeros else 1
    for row in found.figure.rows:
        assert row.value is None or not lowest <= row.value < threshold
    assert found.figure.base is None or not lowest <= found.figure.base < threshold
    assert suppress(people(*[c + 1000 for c in counts]), setting).hides is False
