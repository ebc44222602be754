"""A proposal written after a move back is hidden until the next reveal; the one that was revealed stays seen (R3, R18)."""

from __future__ import annotations

import importlib

import pytest
from django.apps import apps
from django.test import Client

from eds.access.decide import Access
from eds.assessments.models import Phase, Round
from eds.pages.queries import board_rows
from grading.models import ProposedGrade
from grading.queries import agreed_grades, outcome_grades, shown_proposal
from tests.world import A, D, E, World

pytestmark = pytest.mark.django_db

OTHERS = ("community_chair", "reviewer", "organiser", "staff_chair", "sponsor", "board", "contributor")


def back_and_proposed(world: World, code: str = "4.1", grade: str = E) -> World:
    """Settled, moved back to preparing, and another proposal written there."""
    world.to_agreeing()
    world.panel_grade("community_chair", code, D)
    for phase in (Phase.REVIEWING, Phase.PREPARING):
        world.move(phase, "A figure was wrong.")
    world.propose(code, grade, "The quagga words.", reason="The quagga reason.")
    return world


def seen_by(world: World, who: str, code: str = "4.1") -> ProposedGrade | None:
    return shown_proposal(world.outcome(code), Access(world.people[who]))


@pytest.mark.parametrize("phase", [Phase.PREPARING, Phase.REVIEWING])
def test_only_the_lead_sees_it_before_the_next_reveal(world: World, phase: Phase) -> None:
    back_and_proposed(world)
    if phase == Phase.REVIEWING:
        world.move(phase)
    for who in ("lead", "deputy"):
        assert seen_by(world, who).grade.code == E  # type: ignore[union-attr]
    for who in OTHERS:
        assert seen_by(world, who).grade.code == A  # type: ignore[union-attr]
        rows = {row.outcome.outcome.code: row for row in board_rows(world.refreshed(), Access(world.people[who]))}
        assert rows["4.1"].proposal.proposal.grade.code == A  # type: ignore[union-attr]
        client = Client()
        client.force_login(world.people[who], backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(f"/outcomes/{world.outcomes['4.1'].public_id}/").content.decode()
        assert "quagga" not in page.partition("<main")[2]
        assert phase == Phase.REVIEWING or "Excelling" not in page.partition("<main")[2]


def test_the_next_reveal_shows_it(world: World) -> None:
    back_and_proposed(world)
    world.move(Phase.REVIEWING)
    world.move(Phase.AGREEING)
    for who in OTHERS:
        assert seen_by(world, who).grade.code == E  # type: ignore[union-attr]


def test_what_is_proposed_while_agreeing_is_seen_at_once(world: World) -> None:
    world.to_agreeing()
    world.propose("4.1", E, reason="We thought again.")
    for who in OTHERS:
        assert seen_by(world, who).grade.code == E  # type: ignore[union-attr]
    world.move(Phase.REVIEWING, "Once more.")
    for who in OTHERS:
        assert seen_by(world, who).grade.code == E, "what was revealed stays revealed"  # type: ignore[union-attr]


def test_before_the_first_reveal_nobody_else_sees_any(world: World) -> None:
    world.to_reviewing()
    assert seen_by(world, "lead") is not None
    for who in OTHERS:
        assert seen_by(world, who) is None
        grades = outcome_grades([world.outcome("4.1")], Access(world.people[who]))[world.outcomes["4.1"].pk]
        assert (grades.proposal, grades.opening) == (None, None)


def test_what_was_agreed_looks_agreed_to_who_does_not_know_of_the_new_one(world: World) -> None:
    """Or the grade's turning open would tell of the hidden proposal."""
    world.to_settled()
    for phase in (Phase.REVIEWING, Phase.PREPARING):
        world.move(phase, "A figure was wrong.")
    world.propose("4.1", D, "The quagga words.", reason="The quagga reason.")
    outcome = world.outcome("4.1")
    assert agreed_grades([outcome]) == {}, "it counts no more: both rows must be the latest (R1)"
    assert outcome_grades([outcome], Access(world.lead))[outcome.pk].agreed is None
    for who in OTHERS:
        seen = outcome_grades([outcome], Access(world.people[who]))[outcome.pk]
        assert seen.agreed is not None
        assert seen.differ
        assert len(seen.statements) == 2
        assert seen.basis is not None


def test_a_round_with_the_proposal_in_view_shows_it_while_people_review(world: World) -> None:
    round_ = Round.objects.get(pk=world.round.pk)
    round_.proposal_in_view = True
    round_.record(actor=world.lead, reason="Panels test the trust's own grade")
    back_and_proposed(world)
    assert seen_by(world, "reviewer").grade.code == A  # type: ignore[union-attr]
    world.move(Phase.REVIEWING)
    assert seen_by(world, "reviewer").grade.code == E  # type: ignore[union-attr]
    assert seen_by(world, "sponsor").grade.code == A  # type: ignore[union-attr]


def test_rows_from_before_the_column_are_counted_from_the_recorded_moves(world: World) -> None:
    """The migration works out for old rows what new ones are given."""
    back_and_proposed(world)
    world.move(Phase.REVIEWING)
    world.move(Phase.AGREEING)
    world.propose("4.1", A, "Yet another.", reason="We thought again.")
    migration = importlib.import_module("grading.migrations.0006_proposal_reveals_before")
    rows = ProposedGrade.objects.filter(assessed_outcome=world.outcomes["4.1"]).order_by("seq")
    expected = list(rows.values_list("reveals_before", flat=True))
    assert expected == [0, 1, 1]
    assert [migration.reveals_before(apps, row) for row in rows] == expected
