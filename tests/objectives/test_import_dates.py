"""The words by which plans say when."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eds.ui.text import MONTHS
from objectives.imports.cells import items, who_and_when
from objectives.imports.dates import looks_like_a_date, read_due
from objectives.months import Month, read_month

SPELLINGS = [
    "{long} {year}",
    "{short}-{yy}",
    "{short} {yy}",
    "{mm}/{year}",
    "{year}-{mm}",
    "{long}, {year}",
    "31 {long} {year}",
]
months = st.builds(Month, st.integers(2000, 2099), st.integers(1, 12))


@given(months, st.sampled_from(SPELLINGS))
def test_a_month_is_read_in_every_common_spelling(month: Month, spelling: str) -> None:
    name = MONTHS[month.month - 1]
    words = spelling.format(
        long=name, short=name[:3], year=month.year, yy=f"{month.year % 100:02}", mm=f"{month.month:02}"
    )
    assert read_month(words) == month
    due = read_due(f"by end of {words}")
    assert due is not None
    assert due.month == month


@given(months, st.integers(-400, 400))
def test_months_are_counted(month: Month, away: int) -> None:
    other = month.later(away) if 1900 <= month.number // 12 + away // 12 <= 2190 else month
    assert Month.numbered(other.number) == other
    assert (other > month) == (other.number > month.number)
    assert month.first_day <= month.last_day
    assert Month.of(month.last_day) == month


@pytest.mark.parametrize(
    ("words", "month"),
    [
        ("Q1 2024/25", Month(2024, 6)),
        ("Q3 2024/25", Month(2024, 12)),
        ("Quarter 4 2024-25", Month(2025, 3)),
        ("January 2025 to March 2025", Month(2025, 3)),
        ("March 2025 – ongoing", Month(2025, 3)),
        ("Completion date: 31/03/2025", Month(2025, 3)),
        ("ongoing", None),
        ("On-going.", None),
        ("TBC", None),
    ],
)
def test_when(words: str, month: Month | None) -> None:
    due = read_due(words)
    assert due is not None
    assert due.month == month
    assert due.words


@pytest.mark.parametrize(
    "words", ["EDI Team", "Head of People", "", "Board", "10 actions", "May", "Marching Group 2025 fund"]
)
def test_what_is_no_date(words: str) -> None:
    assert read_due(words) is None


@pytest.mark.parametrize("words", ["Summer 2025", "2024/25", "end of the year", "13/2025"])
def test_what_was_meant_as_one_is_asked_about(words: str) -> None:
    assert read_due(words) is None
    assert looks_like_a_date(words)
    assert who_and_when(words).unread == (words,)


def test_owners_and_dates_in_one_cell() -> None:
    who = who_and_when("Head of Estates – March 2026\nAccess group; Head of Nursing\n\nongoing")
    assert who.names == ["Head of Estates", "Access group", "Head of Nursing"]
    assert [due.month for _, due in who.dates] == [Month(2026, 3), None]
    assert who.unread == ()


def test_items_are_split_by_bullets_and_empty_lines() -> None:
    cell = "1) Ask carers\nwhat they need\n2) Write it down\n\nA third one – with a dash\n\n- a fourth"
    assert [item.text for item in items(cell)] == [
        "Ask carers what they need",
        "Write it down",
        "A third one – with a dash",
        "a fourth",
    ]
    heights = [item.height for item in items(cell)]
    assert heights == sorted(heights)
