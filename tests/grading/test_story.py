"""The story in verbs: from preparing to a published version, with the local interests prevailing."""

import pytest

from eds.assessments.models import Phase, State
from grading.queries import outcome_grades
from grading.rules import Basis
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def test_local_interests_prevail_where_they_differ(world: World) -> None:
    world.to_settled()
    outcomes = [world.outcome("4.1"), world.outcome("4.2")]
    grades = outcome_grades(outcomes)
    first, second = (grades[outcome.pk] for outcome in outcomes)
    assert (first.basis, second.basis) == (Basis.PREVAILED, Basis.FROM_THE_START)
    assert first.agreed is not None
    assert first.agreed.local_interests_grade.grade.code == "developing"
    assert first.agreed.proposed_grade.grade.code == "achieving"


def test_publishing_makes_a_version(world: World) -> None:
    world.to_published()
    assert world.refreshed().state == State.PUBLISHED
    assert world.round.phase == Phase.AGREED
    publication = world.refreshed().publications.get()
    assert publication.seq == 1
    assert '"basis":"Local interests prevail"' in publication.content
