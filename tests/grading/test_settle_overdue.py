"""The nightly sweep settles every overdue outcome; one that fails is logged by its public id and holds no other back."""

from __future__ import annotations

import datetime
import logging

import pytest
from django.db import connection

from eds.assessments.models import Round
from eds.history.models import today
from grading import domain as grading
from grading.queries import agreed_grades
from grading.tasks import settle_overdue_outcomes
from tests import databases
from tests.world import D, World

pytestmark = pytest.mark.django_db


def overdue(world: World) -> World:
    """Both outcomes wait for statements, and the deadline has passed."""
    world.to_agreeing()
    world.propose("4.2", "achieving", reason="We thought again.")
    for code in ("4.1", "4.2"):
        for who in ("community_chair", "staff_chair"):
            world.panel_grade(who, code, D)
    round_ = Round.objects.get(pk=world.round.pk)
    round_.review_by = round_.agree_by = today() - datetime.timedelta(days=1)
    round_.record(actor=world.lead, reason="The dates passed")
    return world


@pytest.mark.engine
@pytest.mark.skipif(databases.on_postgresql(), reason="the application's role makes no triggers")
def test_one_that_fails_holds_no_other_back(world: World, caplog: pytest.LogCaptureFixture) -> None:
    overdue(world)
    first = world.outcomes["4.1"]
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TRIGGER broken BEFORE INSERT ON grading_agreedgrade WHEN NEW.assessed_outcome_id = {first.pk} "
            "BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        )
    with caplog.at_level(logging.ERROR, logger="grading.domain.settling"):
        assert grading.settle_overdue(today()) == 1
    assert set(agreed_grades(world.outcomes.values())) == {world.outcomes["4.2"].pk}
    [record] = [each for each in caplog.records if each.name == "grading.domain.settling"]
    assert first.public_id in record.getMessage()
    assert record.exc_info is not None
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER broken")
    settle_overdue_outcomes()
    assert len(agreed_grades(world.outcomes.values())) == 2
