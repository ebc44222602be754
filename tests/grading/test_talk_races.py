"""Questions and remarks at the same moment, and while a round moves, with real commits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from eds.assessments.models import Phase
from grading.models import Answer, Question, Remark, RemarkTakenBack
from grading.talk import domain as talk
from tests.grading.test_races import at_once, said_yes
from tests.world import World, build_world

pytestmark = pytest.mark.engine


@pytest.fixture
def world(own_database: str) -> Iterator[World]:
    """A world in a database of its own, for rows that are really committed."""
    yield build_world()
    connection.close()


def test_two_ask_at_once_and_one_of_them_twice(world: World) -> None:
    world.to_reviewing()
    results = at_once(
        lambda: world.ask("reviewer", "4.1", "How many?"),
        lambda: world.ask("reviewer", "4.1", "How many?"),
        lambda: world.ask("staff_chair", "4.1", "How many?"),
    )
    assert said_yes(results) == results
    assert sorted(Question.objects.values_list("seq", "actor__name")) in (
        [(1, "Ravi Reviewer"), (2, "Stan Staffside")],
        [(1, "Stan Staffside"), (2, "Ravi Reviewer")],
    )
    question = Question.objects.get(actor=world.reviewer)
    at_once(
        lambda: world.answer(question, "Ten."),
        lambda: world.answer(question, "Ten.", who="contributor"),
    )
    assert list(Answer.objects.values_list("seq", "reason")) == [(1, "Ten.")]


def test_a_remark_is_taken_back_once(world: World) -> None:
    world.to_agreeing()
    said = world.remark("reviewer", "4.1")
    results = at_once(*[lambda: talk.take_back(actor=world.reviewer, remark=said)] * 3)
    assert said_yes(results) == results
    assert RemarkTakenBack.objects.count() == 1


def test_a_remark_meets_the_move_back(world: World) -> None:
    """Either it was said before the round went back, or it comes too late; never afterwards."""
    world.to_agreeing()
    said, moved = at_once(
        lambda: world.remark("reviewer", "4.1"),
        lambda: world.move(Phase.REVIEWING, "To read again."),
    )
    assert moved.phase == Phase.REVIEWING
    assert Remark.objects.count() == (1 if isinstance(said, Remark) else 0)
