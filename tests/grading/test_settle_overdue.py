"""The nightly sweep settles every overdue outcome; one that fails is logged by its public id and holds no other back."""

from __future__ import annotations

import datetime
import logging

import pytest
from django.db import connection, transaction

from eds.assessments.models import Round
from eds.history.models import today
from grading import domain as grading
from grading.models import AgreedGrade
from grading.queries import agreed_grades
from grading.tasks import settle_overdue_outcomes
from tests.world import D, U, World

pytestmark = pytest.mark.django_db


def waiting(world: World) -> World:
    """4.2 waits for statements; 4.1 is agreed so far."""
    world.to_agreeing()
    world.propose("4.2", "achieving", reason="We thought again.")
    for code in ("4.1", "4.2"):
        for who in ("community_chair", "staff_chair"):
            world.panel_grade(who, code, D)
    world.propose("4.1", D, reason="The panels convinced us.")
    return world


def use_up_the_numbers(world: World) -> None:
    """Give 4.1 an agreed grade with the largest number that the column holds: no other can follow it."""
    _, largest = connection.ops.integer_field_range("PositiveIntegerField")
    last = agreed_grades([world.outcome("4.1")])[world.outcomes["4.1"].pk]
    assert largest is not None
    AgreedGrade(
        seq=largest,
        actor=world.lead,
        assessed_outcome=last.assessed_outcome,
        local_interests_grade=last.local_interests_grade,
        proposed_grade=last.proposed_grade,
        closed_by=last.closed_by,
    ).save()


def pass_the_deadline(world: World) -> None:
    """A panel sees 4.1 otherwise, so that it is no longer agreed either; and both are overdue."""
    world.panel_grade("community_chair", "4.1", U, "We read it again.")
    assert agreed_grades(world.outcomes.values()) == {}
    round_ = Round.objects.get(pk=world.round.pk)
    round_.review_by = round_.agree_by = today() - datetime.timedelta(days=1)
    round_.record(actor=world.lead, reason="The dates passed")


@pytest.mark.engine
def test_one_that_fails_holds_no_other_back(world: World, caplog: pytest.LogCaptureFixture) -> None:
    waiting(world)
    with transaction.atomic():
        use_up_the_numbers(world)
        pass_the_deadline(world)
        with caplog.at_level(logging.ERROR, logger="grading.domain.settling"):
            assert grading.settle_overdue(today()) == 1
        assert set(agreed_grades(world.outcomes.values())) == {world.outcomes["4.2"].pk}
        [record] = [each for each in caplog.records if each.name == "grading.domain.settling"]
        assert world.outcomes["4.1"].public_id in record.getMessage()
        assert record.exc_info is not None
        # As it was before the number was used up: nothing else stands in the way.
        transaction.set_rollback(True)
    pass_the_deadline(world)
    settle_overdue_outcomes()
    assert set(agreed_grades(world.outcomes.values())) == {row.pk for row in world.outcomes.values()}
