"""Where an objective stands, what may follow, and what the check before adoption asks: pure functions."""

from __future__ import annotations

import datetime
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from objectives.equality.models import ObjectiveDecision
from objectives.equality.rules import (
    ALLOWED,
    CommentFacts,
    CommitmentFacts,
    Finding,
    MeasureFacts,
    ObjectiveFacts,
    Stage,
    Step,
    findings,
    is_vague,
    review_due,
    stage_of,
    still_open,
    why_not,
)
from objectives.months import Month

MEASURE = MeasureFacts("m", "Disabled staff who feel heard", "Staff survey", Decimal(40), 2025, Decimal(60), "up")
SOUND = ObjectiveFacts(
    headline="Six in ten disabled staff say that they are heard",
    starts=Month(2026, 4),
    ends=Month(2030, 3),
    expected=Month(2029, 12),
    limbs=1,
    groups=1,
    lead_role="Chief people officer",
    commitments=(CommitmentFacts("c", "Meet the network every month", Month(2027, 1)),),
    measures=(MEASURE,),
    comments=(CommentFacts("k", "Healthwatch", True),),
)

months = st.builds(Month, st.integers(2010, 2040), st.integers(1, 12))
numbers = st.one_of(st.none(), st.decimals(0, 100, places=1))
measures = st.builds(
    MeasureFacts,
    key=st.uuids().map(str),
    name=st.text(min_size=1),
    source=st.sampled_from(["", " ", "Staff survey"]),
    baseline=numbers,
    baseline_year=st.one_of(st.none(), st.integers(2000, 2026)),
    target=numbers,
    direction=st.sampled_from(["", "up", "down"]),
)
facts = st.builds(
    ObjectiveFacts,
    headline=st.sampled_from(["Improve access", "Nine in ten letters in large print", "No gap in pay"]),
    starts=months,
    ends=months,
    expected=st.one_of(st.none(), months),
    limbs=st.integers(0, 3),
    groups=st.integers(0, 9),
    lead_role=st.sampled_from(["", "  ", "Director of nursing"]),
    commitments=st.lists(
        st.builds(CommitmentFacts, key=st.uuids().map(str), text=st.text(min_size=1), expected=st.none() | months),
        max_size=3,
    ).map(tuple),
    measures=st.lists(measures, max_size=3).map(tuple),
    comments=st.lists(
        st.builds(CommentFacts, key=st.uuids().map(str), of=st.just("Healthwatch"), answered=st.booleans()), max_size=2
    ).map(tuple),
)


def ids(found: list[Finding]) -> list[str]:
    return [each.id for each in found]


def test_a_sound_objective_has_nothing_to_mend() -> None:
    assert findings(SOUND) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"measures": ()}, ["measure.none"]),
        ({"measures": (replace(MEASURE, source=""),)}, ["measure.source"]),
        ({"measures": (replace(MEASURE, baseline=None),)}, ["measure.baseline"]),
        ({"measures": (replace(MEASURE, baseline_year=None),)}, ["measure.baseline"]),
        ({"measures": (replace(MEASURE, target=None, direction=""),)}, ["measure.target"]),
        ({"measures": (replace(MEASURE, target=None),)}, []),
        ({"measures": (replace(MEASURE, target=Decimal(40)),)}, ["measure.still"]),
        ({"measures": (replace(MEASURE, target=Decimal(30)),)}, ["measure.still"]),
        ({"measures": (replace(MEASURE, target=Decimal(30), direction="down"),)}, []),
        ({"lead_role": " "}, ["lead.none"]),
        ({"expected": None}, ["month.none"]),
        ({"expected": Month(2030, 4)}, ["month.late"]),
        ({"limbs": 0}, ["limb.none"]),
        ({"groups": 0}, ["group.none"]),
        ({"commitments": ()}, ["commitment.none"]),
        ({"commitments": (CommitmentFacts("c", "Later", Month(2031, 1)),)}, ["commitment.late"]),
        ({"commitments": (CommitmentFacts("c", "Some day", None),)}, []),
        ({"ends": Month(2030, 4)}, ["period.long"]),
        ({"ends": Month(2026, 3), "expected": Month(2026, 1), "commitments": SOUND.commitments[:0]},
         ["commitment.none", "period.order"]),
        ({"comments": (CommentFacts("k", "Healthwatch", False),)}, ["comment.unanswered"]),
        ({"headline": "Improve the experience of disabled staff"}, ["headline.vague"]),
    ],
)  # fmt: skip
def test_each_thing_that_is_missing_is_asked_for(change: dict, expected: list[str]) -> None:
    found = findings(replace(SOUND, **change))
    assert ids(found) == expected
    for each in found:
        assert each.sentence.endswith(".")
        assert each.mend.endswith(".")


@pytest.mark.parametrize(
    ("headline", "vague"),
    [
        ("Improve access to our services", True),
        ("Promote good practice", True),
        ("Further progress our response to surveys", True),
        ("To raise awareness of autism", True),
        ("Improve declaration rates to 90%", False),
        ("More interpreters: every clinic has one within two days", False),
        ("Halve the pay gap", False),
        ("Disabled staff are promoted as often as others", False),
        ("No patient waits longer because of their language", False),
    ],
)
def test_a_headline_without_anything_to_count_is_vague(headline: str, vague: bool) -> None:
    assert is_vague(headline) is vague


@given(facts)
def test_whatever_it_says_each_finding_is_one_of_its_own_and_can_be_acted_on(given_facts: ObjectiveFacts) -> None:
    found = findings(given_facts)
    keys = [(each.id, each.about) for each in found]
    assert len(keys) == len(set(keys))
    assert all(each.sentence.endswith(".") and each.mend.endswith(".") for each in found)
    assert all(len(each.fingerprint) == 64 for each in found)
    # What is asked for follows from the facts, counted by other means than the code's.
    assert ("measure.none" in ids(found)) == (len(given_facts.measures) == 0)
    assert ids(found).count("measure.source") == sum(not each.source.strip() for each in given_facts.measures)
    assert ("lead.none" in ids(found)) == (given_facts.lead_role.split() == [])
    assert ("month.none" in ids(found)) == (given_facts.expected is None)
    late = given_facts.ends.number - given_facts.starts.number >= 48
    assert ("period.long" in ids(found)) == late


@given(facts, st.data())
def test_an_answer_counts_for_what_it_saw_and_never_for_what_must_be_mended(
    given_facts: ObjectiveFacts, data: st.DataObject
) -> None:
    found = findings(given_facts)
    answered = {(each.id, each.about): each.fingerprint if data.draw(st.booleans()) else "another" for each in found}
    waiting = still_open(found, answered)
    for each in found:
        right = answered[each.id, each.about] == each.fingerprint
        assert (each in waiting) == (not each.can_answer or not right)
    assert still_open(found, {}) == found


def test_an_answer_about_a_vague_headline_goes_with_the_headline() -> None:
    [first] = findings(replace(SOUND, headline="Improve access"))
    [second] = findings(replace(SOUND, headline="Improve the experience"))
    assert still_open([first], {("headline.vague", ""): first.fingerprint}) == []
    assert still_open([second], {("headline.vague", ""): first.fingerprint}) == [second]


# Where it stands

DAY = datetime.date(2026, 5, 1)


@given(
    st.booleans(),
    st.sampled_from(["", *ObjectiveDecision.Kind.values]),
    st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 1, 1)),
)
def test_every_history_stands_somewhere_and_something_may_follow_or_it_has_ended(
    withdrawn: bool, last: str, on: datetime.date
) -> None:
    stage = stage_of(withdrawn=withdrawn, last=last, comments_until=DAY if last == "consulted" else None, on=on)
    may = {step for step in Step if not why_not(step, stage)}
    assert may == {step for step, stages in ALLOWED.items() if stage in stages}
    assert (not may) == (stage in {Stage.WITHDRAWN, Stage.NOT_ADOPTED})
    assert (Step.DECIDE in may) == (last == "consulted" and on > DAY and not withdrawn)
    assert all(why_not(step, stage).endswith(".") for step in Step if step not in may)
    assert stage.words
    assert stage.colour


def test_the_last_day_for_comments_is_still_a_day_for_comments() -> None:
    on = {day: stage_of(withdrawn=False, last="consulted", comments_until=DAY, on=DAY + datetime.timedelta(days=day))
          for day in (-1, 0, 1)}  # fmt: skip
    assert on == {-1: Stage.CONSULTING, 0: Stage.CONSULTING, 1: Stage.DECIDING}


@given(st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1)))
def test_a_review_is_due_a_year_later(day: datetime.date) -> None:
    due = review_due(day)
    assert due.year == day.year + 1
    assert (due.month, due.day) == ((day.month, day.day) if (day.month, day.day) != (2, 29) else (3, 1))
