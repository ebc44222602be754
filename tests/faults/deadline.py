"""The clock is stepped by an hour over a deadline, there and back; database, web and worker see it at once."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from .count import Count
from .racing import ANSWERS
from .stage import AGREEING, Stage
from .ticking import clock, own_clock, row_counts, tick

LONDON = ZoneInfo("Europe/London")
AGREED = """SELECT count(*) FROM grading_agreedgrade g JOIN assessments_assessedoutcome o ON o.id = g.assessed_outcome_id
WHERE o.public_id = %s"""
LOCAL_DAY = "SELECT (now() AT TIME ZONE 'Europe/London')::date"
HOUR = 3600
PANELS = (("community", "community_chair"), ("staff", "staff_chair"))


def clock_stepped_over_a_deadline(stage: Stage) -> Count:
    """Nothing is decided on the last day; past it everything is decided once, and stepping back takes nothing away."""
    count = Count("clock stepped over a deadline and back", tries=1)
    house, outcome = stage.house, stage.years[AGREEING]["outcomes"]["4.2"]
    for panel, who in PANELS:
        _record(stage, count, "4.2", panel, who)
    now = dt.datetime.now(LONDON)
    _ends_on(stage, now.date())
    before = house.number(AGREED, outcome)
    late = dt.datetime.combine(now.date(), dt.time(23, 30), LONDON)
    with clock(stage) as hands:
        hands.step((late - now).total_seconds())
        count.expect(house.rows(LOCAL_DAY) == [(now.date(),)], "the clock was not put before midnight")
        tick(house, more=hands.settings)
        count.expect(house.number(AGREED, outcome) == before, "it was decided on the last day")
        _record(stage, count, "4.2", "staff", "staff_chair")

        hands.step(HOUR)
        count.expect(house.rows(LOCAL_DAY) == [(now.date() + dt.timedelta(days=1),)], "it is not the next day")
        tick(house, more=hands.settings)
        count.check(house.number(AGREED, outcome) - before, "agreed grades of the deadline")
        shown = stage.person("lead").get(f"/outcomes/{outcome}/")
        count.expect("deadline" in shown.words, f"the page does not say why: {shown.words[:300]}")
        after = row_counts(house)

        hands.step(-HOUR)
        tick(house, more=hands.settings)
        again = row_counts(house)
        count.expect(again == after, f"rows came or went: {grown(after, again)}")
    count.check(house.number(AGREED, outcome) - before, "agreed grades in the end")
    count.survived += not (count.amiss or count.lost or count.doubled)
    return count


def one_clock_ahead(stage: Stage) -> Count:
    """A worker's clock alone is past the deadline: the database's is not, and nothing is decided."""
    count = Count("the clock of one machine ahead of the deadline", tries=1)
    house, outcome = stage.house, stage.years[AGREEING]["outcomes"]["4.1"]
    for panel, who in PANELS:
        _record(stage, count, "4.1", panel, who)
    [(today,)] = house.rows(LOCAL_DAY)
    _ends_on(stage, today)
    before = house.number(AGREED, outcome)
    with own_clock() as alone:
        alone.step(24 * HOUR)
        tick(house, more=alone.settings)
    count.check(house.number(AGREED, outcome) - before, "agreed grades", expected=0)
    count.survived += not (count.amiss or count.lost or count.doubled)
    return count


def grown(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """Give by table how many rows came; below zero where some went."""
    return {name: number - before[name] for name, number in after.items() if number != before[name]}


def _record(stage: Stage, count: Count, code: str, panel: str, who: str) -> None:
    """Let a panel say less than the organisation proposes, so that the deadline alone decides."""
    chair = stage.person(who)
    form = chair.form(stage.panel_page(AGREEING, code, panel, "grade"), "reason")
    answer = chair.send(form.filled(grade="undeveloped", reason=stage.words("At the deadline"), **ANSWERS))
    count.expect("is recorded" in answer.words, f"recording answered {answer.status}: {answer.words[:300]}")


def _ends_on(stage: Stage, day: dt.date) -> None:
    stage.house.change(
        "UPDATE assessments_round SET review_by = %s, agree_by = %s WHERE public_id = %s",
        day,
        day,
        stage.years[AGREEING]["round"],
    )
