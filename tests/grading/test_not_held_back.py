"""The organisation has no way to hold the local interests' grade back (R1)."""

from __future__ import annotations

import datetime

import pytest

from eds.assessments.models import Round
from eds.history.errors import DomainError
from eds.history.models import today
from grading.queries import outcome_grades
from grading.rules import Basis
from tests.world import A, D, E, U, World

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def basis_of(world: World, code: str) -> Basis | None:
    outcome = world.outcome(code)
    return outcome_grades([outcome])[outcome.pk].basis


@pytest.mark.parametrize("grade", [U, A, E])
def test_a_settled_outcome_is_not_opened_again_by_another_proposal(world: World, grade: str) -> None:
    world.to_settled()
    with pytest.raises(DomainError, match="The grade is agreed"):
        world.propose("4.1", grade, "We think again.", reason="We think again.")
    assert basis_of(world, "4.1") is Basis.PREVAILED


def test_the_organisation_may_come_round_after_all(world: World) -> None:
    world.to_settled()
    world.propose("4.1", D, "The panels are right.", reason="Their statement convinced us.")
    assert basis_of(world, "4.1") is Basis.ORGANISATION_MOVED


def test_after_the_deadline_a_new_difference_is_settled_at_once(world: World) -> None:
    world.to_agreeing()
    round_ = Round.objects.get(pk=world.round.pk)
    round_.review_by = round_.agree_by = today() - datetime.timedelta(days=1)
    round_.record(actor=world.lead, reason="The date passed")
    world.panel_grade("staff_chair", "4.1", D)
    assert basis_of(world, "4.1") is None
    world.panel_grade("community_chair", "4.1", D)
    assert basis_of(world, "4.1") is Basis.PREVAILED
