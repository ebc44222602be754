"""Dates counted back from the day of publication."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eds.assessments.calendar import Dates, count_back, default_publish_by, out_of_order, working_day

DAYS = st.dates(datetime.date(2011, 1, 1), datetime.date(2100, 12, 31))
MAYBE = st.none() | DAYS
WEEK = datetime.timedelta(days=7)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def test_back_from_28_february_2027() -> None:
    assert count_back(day("2027-02-28")) == Dates(
        pack_by=day("2026-12-10"),
        review_by=day("2026-12-24"),
        agree_by=day("2027-01-15"),
        sign_off_by=day("2027-02-12"),
        publish_by=day("2027-02-28"),
    )


@given(DAYS)
def test_suggestions_are_in_order_on_working_days_and_leave_two_weeks_to_read(publish_by: datetime.date) -> None:
    dates = count_back(publish_by)
    assert out_of_order(dates) == {}
    found = [dates.pack_by, dates.review_by, dates.agree_by, dates.sign_off_by]
    assert all(each is not None and each.weekday() < 5 for each in found)
    assert dates.publish_by == publish_by
    assert dates.pack_by is not None
    assert dates.review_by is not None
    assert 2 * WEEK <= dates.review_by - dates.pack_by <= 2 * WEEK + datetime.timedelta(days=4)


@given(DAYS)
def test_a_working_day_is_the_day_itself_or_the_nearest_before(any_day: datetime.date) -> None:
    found = working_day(any_day)
    free = [any_day - datetime.timedelta(days=back) for back in range((any_day - found).days)]
    holidays = {(12, 25), (12, 26), (1, 1)}
    assert found.weekday() < 5
    assert (found.month, found.day) not in holidays
    assert all(each.weekday() > 4 or (each.month, each.day) in holidays for each in free)


@given(st.tuples(MAYBE, MAYBE, MAYBE, MAYBE, MAYBE))
def test_a_date_is_out_of_order_exactly_where_an_earlier_step_is_later(days: tuple) -> None:
    names = ("pack_by", "review_by", "agree_by", "sign_off_by", "publish_by")
    wrong = {
        name
        for number, name in enumerate(names)
        if days[number] and any(earlier and earlier > days[number] for earlier in days[:number])
    }
    assert set(out_of_order(Dates(*days))) == wrong


def test_the_sentence_names_both_dates() -> None:
    found = out_of_order(Dates(agree_by=day("2027-03-01"), publish_by=day("2027-02-28")))
    assert found == {
        "publish_by": "The report must be published by 28 February 2027. That is before 1 March 2027, when grades must be "
        "agreed."
    }


@pytest.mark.parametrize(("month", "found"), [(2, day("2027-02-28")), (None, None)])
def test_the_editions_own_day_is_in_the_year_after(month: int | None, found: datetime.date | None) -> None:
    assert default_publish_by(2026, month, 28 if month else None) == found
