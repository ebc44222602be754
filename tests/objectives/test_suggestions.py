"""What would move an outcome up: what is found, what is not, and that a button makes an action of it."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from eds.frameworks.criteria import load_criteria
from evidence import domain as evidence
from objectives.months import Month
from objectives.plan.models import ImprovementAction
from objectives.plan.promises import promises
from objectives.plan.suggestions import suggestions_for
from tests.leaks.walk import sign_in
from tests.world import World

PROMISE = "We will train all managers by March 2027."


@pytest.mark.parametrize(
    ("text", "due"),
    [
        (PROMISE, Month(2027, 3)),
        ("A second line is to be completed in Sept 2026.", Month(2026, 9)),
        ("The policy is due on 31/01/2027.", Month(2027, 1)),
        ("From May 2026 to January 2027 we will ask everybody.", Month(2027, 1)),
        ("We plan to do it before 2028.", None),
    ],
)
def test_a_promise_has_a_month(text: str, due: Month | None) -> None:
    assert [(each.sentence, each.due) for each in promises(f"Before. {text} After.")] == [(text, due)]


@pytest.mark.parametrize(
    "text",
    ["We trained all managers in March 2026.", "We will train all managers.", "In 2026 there were 14 people.", ""],
)
def test_what_is_past_or_has_no_date_is_no_promise(text: str) -> None:
    assert promises(text) == []


@given(st.text(max_size=400))
def test_any_text_can_be_looked_through(text: str) -> None:
    assert all(each.sentence.strip() for each in promises(text))


@given(st.integers(2020, 2099), st.integers(1, 12))
def test_every_month_is_read(year: int, month: int) -> None:
    due = Month(year, month)
    assert [each.due for each in promises(f"It will be in place by {due}.")] == [due]


def _agreed(world: World) -> World:
    load_criteria(
        actor=world.admin,
        revision=world.revision,
        cells={
            ("4.1", "developing"): "Some are trained.",
            ("4.1", "achieving"): "- Most are trained.\n- All are asked.",
        },
        source="The handbook",
        source_dated=datetime.date(2026, 3, 1),
    )
    evidence.write_and_cite(
        actor=world.contributor,
        assessed_outcome=world.outcome("4.1"),
        content=evidence.EvidenceText("Training plan", f"Ten were trained. {PROMISE}"),
    )
    return world.to_settled()


def test_before_the_grade_is_agreed_there_is_nothing(world: World) -> None:
    world.to_agreeing()
    assert suggestions_for(world.outcome("4.1")).found == []


def test_the_list_of_an_agreed_outcome(world: World) -> None:
    found = suggestions_for(_agreed(world).outcome("4.1"))
    assert found.grade is not None
    assert found.next_grade is not None
    assert (found.grade.code, found.next_grade.code) == ("developing", "achieving")
    words = {(each.source, each.words) for each in found.found}
    assert ("criteria", "Most are trained.") in words
    assert ("criteria", "All are asked.") in words
    assert ("criteria", "Some are trained.") not in words
    assert ("gap", "No evidence speaks of religion or belief.") in words
    assert ("comment", "The panel's reasons.") in words
    assert ("comment", "We heard too little from disabled people.") in words
    assert ("promise", PROMISE) in words
    # Single reviews are the panel's own, whatever the grade.
    assert all("My own reasons." not in each.words for each in found.found)


def test_a_button_makes_an_action_once(world: World) -> None:
    _agreed(world)
    outcome = world.outcome("4.1")
    client = sign_in(world, "lead")
    url = reverse("plan-suggestions", args=[outcome.public_id])
    promise = next(each for each in suggestions_for(outcome).found if each.source == "promise")
    gap = next(each for each in suggestions_for(outcome).found if each.source == "gap")
    assert promise.key in client.get(url).content.decode()
    response = client.post(url, {"take": promise.key})
    action = ImprovementAction.objects.get()
    assert response["Location"] == reverse("action-edit", args=[action.public_id])
    assert (action.text, action.due, action.source_words) == (PROMISE, Month(2027, 3), PROMISE)
    client.post(url, {"take": promise.key})
    assert ImprovementAction.objects.count() == 1
    assert promise.key not in client.get(url).content.decode()
    client.post(url, {"take": gap.key})
    about = ImprovementAction.objects.get(source="gap").characteristics.get()
    assert about.name.lower() in gap.words
    assert client.post(url, {"take": "nonsense"}).status_code == 404
    assert sign_in(world, "contributor").get(url).status_code == 403
