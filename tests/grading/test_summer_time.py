"""A deadline is a day of London's calendar: it ends at that day's midnight, however many hours the day has."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from eds.assessments.models import Round
from eds.ui.text import clock
from grading.models import AgreedGrade
from grading.tasks import settle_overdue_outcomes
from tests.world import D, World

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def at(moment: str) -> dt.datetime:
    return dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)


def deadline(world: World, day: dt.date) -> None:
    """Both panels differ from the organisation, so that the deadline alone decides."""
    world.to_agreeing()
    world.propose("4.2", "achieving", reason="We thought again.")
    for who in ("community_chair", "staff_chair"):
        world.panel_grade(who, "4.2", D)
    round_ = Round.objects.get(pk=world.round.pk)
    round_.review_by = round_.agree_by = day
    round_.record(actor=world.lead, reason="Other dates")


def settled_at(world: World, moment: str) -> int:
    with time_machine.travel(at(moment), tick=False):
        settle_overdue_outcomes()
    return AgreedGrade.objects.filter(assessed_outcome=world.outcomes["4.2"]).count()


@pytest.mark.parametrize(
    ("day", "still", "past"),
    [
        # 25 hours: half past one comes twice, and is on the last day both times
        ("2025-10-26", ["2025-10-26T00:30:00", "2025-10-26T01:30:00", "2025-10-26T23:59:59"], "2025-10-27T00:00:00"),
        # 23 hours: half past one never comes
        ("2025-03-30", ["2025-03-30T00:59:59", "2025-03-30T01:00:00", "2025-03-30T22:59:59"], "2025-03-30T23:00:00"),
        ("2025-06-30", ["2025-06-30T22:59:59"], "2025-06-30T23:00:00"),
        ("2025-12-01", ["2025-12-01T23:59:59"], "2025-12-02T00:00:00"),
    ],
)
def test_the_last_day_ends_at_midnight_in_london(world: World, day: str, still: list[str], past: str) -> None:
    deadline(world, dt.date.fromisoformat(day))
    assert [settled_at(world, moment) for moment in still] == [0] * len(still)
    assert settled_at(world, past) == 1
    assert settled_at(world, still[-1]) == 1
    assert settled_at(world, past) == 1


def test_an_hour_that_comes_twice_is_shown_as_clocks_on_the_wall_do() -> None:
    """Saved texts are kept by moments, not by what the wall shows: their order is that of the moments."""
    first, second = at("2025-10-26T00:30:00"), at("2025-10-26T01:30:00")
    assert clock(first) == clock(second) == "01:30 on 26 October 2025"
    assert first < second
