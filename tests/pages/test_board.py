"""The assessment board: the one next step with what it waits for, and what each outcome needs."""

from __future__ import annotations

import pytest
from django.urls import reverse

from eds.assessments.models import Phase
from eds.pages.queries import next_step
from evidence import domain as evidence
from tests.leaks.walk import sign_in
from tests.ui.checks_of_pages import assert_sound, parse, texts
from tests.world import A, D, World

pytestmark = pytest.mark.django_db


def board(world: World, who: str, query: str = "") -> str:
    answered = sign_in(world, who).get(reverse("assessment", args=[world.assessment.public_id]) + query)
    text = answered.content.decode()
    assert_sound(parse(text))
    return text


def step(world: World) -> tuple[str, list[str]]:
    found = next_step(world.refreshed(), list(world.assessment.rounds.select_related("assessment")))
    return (found.title, [each.id for each in found.waits_for]) if found else ("", [])


def test_the_next_step_follows_the_year(world: World) -> None:
    title, waits = step(world)
    assert title == "Open reviewing of “Leadership”"
    assert waits
    assert "It still waits for:" in board(world, "lead")
    world.to_reviewing()
    assert step(world) == ("Close reviewing of “Leadership”", [])
    assert "Nothing stands in its way." in board(world, "lead")
    for who in ("community_chair", "reviewer", "staff_chair"):
        for code in ("4.1", "4.2"):
            world.review(who, code, D)
    world.move(Phase.AGREEING)
    title, waits = step(world)
    assert (title, len(waits)) == ("Close agreeing of “Leadership”", 2)
    world.settle()
    world.move(Phase.AGREED)
    assert step(world) == ("Read the report as it stands", ["sign-off"])
    world.sign()
    assert step(world) == ("Publish the report", [])
    world.publish()
    assert step(world) == ("", [])
    assert "The next step" not in board(world, "lead")


def test_only_the_lead_sees_the_next_step_and_what_is_needed(world: World) -> None:
    world.to_reviewing()
    for who in ("contributor", "reviewer", "sponsor"):
        text = board(world, who, "?show=needs")
        assert "The next step" not in text
        assert "4.2" in text
        assert "Needs" not in texts(parse(text), "//main//th")


def test_the_filter_keeps_what_needs_something(world: World) -> None:
    evidence.write_summary(actor=world.lead, assessed_outcome=world.outcome("4.1"), text="In short.")
    evidence.write_and_cite(
        actor=world.contributor,
        assessed_outcome=world.outcome("4.1"),
        content=evidence.EvidenceText("Board training", "Nine of ten."),
    )
    needs = texts(parse(board(world, "lead")), "//table[contains(@class, 'eds-board')]//tr[1]/td[last()]")
    assert "A proposed grade" in needs[0]
    assert "A summary" not in needs[0]
    world.propose("4.1", A)
    everything, filtered = board(world, "lead"), board(world, "lead", "?show=needs")
    link = reverse("outcome", args=[world.outcomes["4.1"].public_id])
    assert "1 of 2 outcomes need something." in everything
    assert f'href="{link}"' in everything
    assert f'href="{link}"' not in filtered
    assert f'href="{reverse("outcome", args=[world.outcomes["4.2"].public_id])}"' in filtered


def test_open_questions_are_counted_for_those_who_may_see_them(world: World) -> None:
    world.to_reviewing()
    world.ask("reviewer", "4.1")
    assert "An answer<span" in board(world, "lead")
    for who, sees in (("lead", True), ("contributor", True), ("staff_chair", True), ("sponsor", False)):
        assert ("1 open question<" in board(world, who)) is sees
