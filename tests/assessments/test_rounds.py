"""Planning and changing rounds, named panels, and proposals in view."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from eds.access.decide import Access
from eds.access.table import Deed
from eds.assessments import domain
from eds.assessments.models import Phase, Round
from eds.history.errors import DomainError, Stale
from eds.history.models import today
from grading.queries import outcome_grades
from grading.rules import Basis
from tests.world import A, D, E, World

pytestmark = pytest.mark.django_db


def plan_of(world: World) -> domain.RoundPlan:
    return domain.RoundPlan(
        name="Leadership", outcomes=list(world.outcomes.values()), agree_by=today() + datetime.timedelta(days=20)
    )


def change(world: World, plan: domain.RoundPlan, **more: int) -> Round:
    world.round = domain.change_round(actor=world.lead, round=world.round, plan=plan, **more)
    return world.round


def test_outcomes_leave_and_join_a_round_before_it_opens(world: World) -> None:
    only = replace(plan_of(world), outcomes=[world.outcomes["4.1"]], name="Only 4.1")
    change(world, only)
    assert (world.outcome("4.1").round, world.outcome("4.2").round) == (world.round, None)
    change(world, plan_of(world))
    assert world.outcome("4.2").round == world.round


def test_a_round_that_opened_is_fixed(world: World) -> None:
    world.to_reviewing()
    with pytest.raises(DomainError, match="has been opened"):
        change(world, plan_of(world))


def test_an_outdated_form_is_stale(world: World) -> None:
    seen = Round.objects.get(pk=world.round.pk).version
    change(world, plan_of(world))
    with pytest.raises(Stale):
        change(world, plan_of(world), expected_version=seen)


def test_a_named_panel_needs_its_panel(world: World) -> None:
    with pytest.raises(DomainError, match="Choose the panel"):
        change(world, replace(plan_of(world), differ_rule=Round.DifferRule.NAMED_PANEL))


def test_the_named_panels_grade_counts_where_panels_differ(world: World) -> None:
    named = replace(plan_of(world), differ_rule=Round.DifferRule.NAMED_PANEL, named_panel=world.staff)
    change(world, named)
    world.to_agreeing()
    world.panel_grade("community_chair", "4.1", D)
    world.panel_grade("staff_chair", "4.1", A)
    outcome = world.outcome("4.1")
    found = outcome_grades([outcome])[outcome.pk]
    assert found.local is not None
    assert (found.local.rule, found.local.grade.code) == ("named_panel", A)
    assert found.basis is Basis.FROM_THE_START
    world.panel_grade("staff_chair", "4.1", E, "We read more of it.")
    later = outcome_grades([outcome])[outcome.pk]
    assert later.local is not None
    assert later.local.grade.code == E
    assert later.agreed is None


@pytest.mark.parametrize(("in_view", "seen"), [(True, True), (False, False)])
def test_a_proposal_is_in_view_only_where_the_round_says_so(world: World, in_view: bool, seen: bool) -> None:
    change(world, replace(plan_of(world), proposal_in_view=in_view))
    world.prepare()
    outcome = world.outcome("4.1")
    assert not Access(world.reviewer).may(Deed.SEE_PROPOSAL, outcome)
    world.move(Phase.REVIEWING)
    outcome = world.outcome("4.1")
    assert bool(Access(world.reviewer).may(Deed.SEE_PROPOSAL, outcome)) is seen
    assert not Access(world.reviewer).may(Deed.SEE_PANEL_GRADES, outcome)
    assert not Access(world.board).may(Deed.SEE_OUTCOME, outcome)
    assert not Access(world.board).may(Deed.SEE_PROPOSAL, outcome)
