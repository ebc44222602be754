"""Late, due, reminded and escalated: pure rules over months, by random days."""

from __future__ import annotations

import datetime

from hypothesis import given
from hypothesis import strategies as st

from objectives.months import Month
from objectives.plan import rules
from objectives.plan.models import Status

DAYS = st.dates(datetime.date(2012, 1, 1), datetime.date(2090, 1, 1))
MONTHS = st.builds(Month, st.integers(2012, 2089), st.integers(1, 12))
STATUSES = st.sampled_from(list(Status))
OPEN = [Status.NOT_STARTED, Status.ON_TRACK, Status.AT_RISK]


@given(STATUSES, MONTHS, DAYS)
def test_late_is_open_and_its_month_is_over(status: Status, due: Month, on: datetime.date) -> None:
    month_is_over = (on.year, on.month) > (due.year, due.month)
    assert rules.is_late(status, due, on) == (status in OPEN and month_is_over)


@given(STATUSES, DAYS)
def test_without_a_month_nothing_is_late_reminded_or_escalated(status: Status, on: datetime.date) -> None:
    assert not rules.is_late(status, None, on)
    assert not rules.is_to_remind(status, None, on)
    assert not rules.is_to_escalate(status, None, on, 1)
    assert rules.state(status, None, on) == status.value


@given(st.sampled_from(OPEN), MONTHS)
def test_it_is_late_from_the_day_after_its_month_on(status: Status, due: Month) -> None:
    assert not rules.is_late(status, due, due.last_day)
    assert rules.is_late(status, due, due.last_day + datetime.timedelta(days=1))


@given(st.sampled_from([Status.DONE, Status.STOPPED]), MONTHS, DAYS)
def test_what_has_ended_is_never_late_and_keeps_its_word(status: Status, due: Month, on: datetime.date) -> None:
    assert rules.state(status, due, on) == status.value
    assert rules.months_late(status, due, on) == 0


@given(st.sampled_from(OPEN), MONTHS, DAYS)
def test_on_each_day_an_open_action_is_waiting_reminded_or_late(status: Status, due: Month, on: datetime.date) -> None:
    reminded, late = rules.is_to_remind(status, due, on), rules.is_late(status, due, on)
    assert not (reminded and late)
    assert reminded == (due.number - 1 <= Month.of(on).number <= due.number)
    assert late == (rules.months_late(status, due, on) > 0)


@given(st.sampled_from(OPEN), MONTHS, DAYS, st.integers(1, 24))
def test_the_sponsor_is_told_after_as_many_months(status: Status, due: Month, on: datetime.date, after: int) -> None:
    assert rules.is_to_escalate(status, due, on, after) == (Month.of(on) >= due.later(after))
    assert not rules.is_to_escalate(status, due, on, None)


SAID = st.lists(st.tuples(st.dates(datetime.date(2025, 1, 1), datetime.date(2026, 12, 31)), STATUSES), max_size=5)
COURSES = st.lists(
    st.builds(
        rules.Course,
        st.none() | st.builds(Month, st.integers(2025, 2027), st.integers(1, 12)),
        SAID.map(lambda rows: sorted(rows, key=lambda row: row[0])),
    ),
    max_size=6,
)


@given(COURSES, st.dates(datetime.date(2025, 1, 1), datetime.date(2027, 6, 30)))
def test_over_time_counts_every_action_once_a_month(courses: list[rules.Course], day: datetime.date) -> None:
    found = rules.over_time(courses, Month(2025, 1), day)
    assert [each.month for each in found] == [Month(2025, 1).later(n) for n in range(len(found))]
    assert found[-1].month == Month.of(day)
    assert all(each.total == len(courses) for each in found)
    for key in rules.ORDER:
        assert found[-1].counts[key] == sum(course.on(day) == key for course in courses)
