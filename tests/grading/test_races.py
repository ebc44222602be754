"""Two at once, with real commits: threads with a connection each, released together by a barrier."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from eds.assessments import domain as assessments
from eds.assessments.models import Phase, PhaseChange, Round
from eds.history.errors import DomainError
from grading import domain as grading
from grading.domain import FactorReason
from grading.models import AgreedGrade, LocalInterestsGrade, PanelGrade, ProposedGrade, Review
from grading.queries import agreed_grades, current_local_interests_grade
from tests.world import A, D, E, U, World, build_world

pytestmark = pytest.mark.engine

CODES = ["4.1", "4.2"]


@pytest.fixture
def world(own_database: str) -> Iterator[World]:
    """A world in a database of its own, for rows that are really committed."""
    yield build_world()
    connection.close()


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Run the deeds at the same moment; give what each gave, or the DomainError that it met."""
    barrier = threading.Barrier(len(deeds), timeout=60)

    def start(deed: Callable[[], Any]) -> Any:
        try:
            connection.ensure_connection()
            barrier.wait()
            return deed()
        except DomainError as no:
            return no
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(start, deeds))


def said_yes(results: list[Any]) -> list[Any]:
    return [result for result in results if not isinstance(result, DomainError)]


def test_two_chairs_record_the_last_two_grades_at_once(world: World) -> None:
    """Whoever comes second makes the local interests' grade; ten times, with grades that agree and that differ."""
    world.to_agreeing()
    rounds = [(D, D), (U, D), (D, A), (E, U), (A, A), (U, U), (A, E), (D, U), (E, A), (U, E)]
    order = [U, D, A, E]
    outcome = world.outcome("4.2")
    for number, (first, second) in enumerate(rounds):
        text = f"The panel's reasons, time {number}"
        results = at_once(
            lambda grade=first, text=text: world.panel_grade("community_chair", "4.2", grade, text),
            lambda grade=second, text=text: world.panel_grade("staff_chair", "4.2", grade, text),
        )
        assert said_yes(results) == results
        expected = min(first, second, key=order.index)
        local = current_local_interests_grade(outcome)
        assert local is not None
        assert local.grade.code == expected
        assert local.made_by_id == PanelGrade.objects.filter(assessed_outcome=outcome).latest("pk").pk
        newest = LocalInterestsGrade.objects.filter(assessed_outcome=outcome).latest("seq")
        assert newest == local
        counting = AgreedGrade.objects.filter(
            assessed_outcome=outcome,
            local_interests_grade=local,
            proposed_grade=ProposedGrade.objects.filter(assessed_outcome=outcome).latest("seq"),
        )
        # The organisation proposes Developing.
        assert counting.count() == (expected == D)
        assert len(agreed_grades([outcome])) == (expected == D)
    assert PanelGrade.objects.filter(assessed_outcome=outcome).count() == 2 * len(rounds)


def test_both_statements_at_once_make_one_agreed_grade(world: World) -> None:
    world.to_agreeing()
    for who in ("community_chair", "staff_chair"):
        world.panel_grade(who, "4.1", D)
    results = at_once(
        lambda: world.say("lead", "4.1", "The organisation's view."),
        lambda: world.say("community_chair", "4.1", "Healthwatch's view."),
        lambda: world.say("staff_chair", "4.1", "Staff side's view."),
    )
    assert said_yes(results) == results
    assert AgreedGrade.objects.filter(assessed_outcome=world.outcome("4.1")).count() == 1


def test_the_same_review_sent_twenty_times_at_once_is_one_row(world: World) -> None:
    world.to_reviewing()
    results = at_once(*[lambda: world.review("reviewer", "4.1", D, "The same words.")] * 20)
    assert len({review.pk for review in said_yes(results)}) == 1
    assert Review.objects.filter(reviewer=world.reviewer).count() == 1


def test_the_same_panel_grade_sent_ten_times_at_once_is_one_row(world: World) -> None:
    world.to_agreeing()
    results = at_once(*[lambda: world.panel_grade("staff_chair", "4.1", D, "The same words.")] * 10)
    assert len({row.pk for row in said_yes(results)}) == 1
    assert PanelGrade.objects.count() == 1


def test_a_review_is_in_before_the_reveal_or_refused(world: World) -> None:
    """The phase closes while reviews are being sent: none comes in after, and none counts as seen beforehand."""
    world.to_reviewing()
    met_both = set()
    for number in range(6):
        round_, text = Round.objects.get(pk=world.round.pk), f"Words {number}"
        results = at_once(
            lambda round_=round_: assessments.move_phase(actor=world.lead, round=round_, to_phase=Phase.AGREEING),
            *[lambda who=who, text=text: world.review(who, "4.1", D, text) for who in ("reviewer", "community_chair")],
        )
        moved, *reviews = results
        assert not isinstance(moved, DomainError)
        reveal = PhaseChange.objects.filter(round=world.round, to_phase=Phase.AGREEING).latest("seq")
        stored = Review.objects.filter(reason=text)
        assert {review.pk for review in stored} == {review.pk for review in said_yes(reviews)}
        for review in stored:
            assert review.recorded_at <= reveal.recorded_at
            assert review.reveals_before == reveal.round.reveals - 1
        met_both |= {isinstance(review, DomainError) for review in reviews}
        refused = [review for review in reviews if isinstance(review, DomainError)]
        assert all("closed" in no.sentence for no in refused)
        assessments.move_phase(actor=world.lead, round=moved, to_phase=Phase.REVIEWING, reason="Once more.")
    assert met_both, "no review was tried"


def test_a_round_moves_once_however_many_press_the_button(world: World) -> None:
    world.to_reviewing()
    round_ = Round.objects.get(pk=world.round.pk)
    results = at_once(
        *[
            lambda: assessments.move_phase(
                actor=world.lead, round=round_, to_phase=Phase.AGREEING, from_phase=Phase.REVIEWING
            )
        ]
        * 6
    )
    assert len(said_yes(results)) == 1
    assert PhaseChange.objects.filter(round=round_).count() == 2
    assert Round.objects.get(pk=round_.pk).reveals == 1


def test_two_proposals_from_the_same_form_leave_one_stale(world: World) -> None:
    world.prepare()

    def propose(grade: str) -> ProposedGrade:
        return grading.propose_grade(
            actor=world.lead,
            assessed_outcome=world.outcome("4.1"),
            grade=world.grade(grade),
            reasons=[FactorReason("outcome", "Outcome", f"Because of {grade}")],
            reason="We thought again.",
            expected_seq=1,
        )

    results = at_once(lambda: propose(D), lambda: propose(E), lambda: propose(U))
    (kept,) = said_yes(results)
    assert kept.seq == 2
    assert ProposedGrade.objects.filter(assessed_outcome=world.outcome("4.1")).count() == 2


def test_a_proposal_and_a_panels_grade_at_once_end_in_one_agreed_grade(world: World) -> None:
    """The organisation moves to the grade that the last panel gives at that moment: either order, one agreed grade."""
    world.to_agreeing()
    world.panel_grade("community_chair", "4.1", D)
    results = at_once(
        lambda: world.propose("4.1", D, "We see it now.", reason="The reviews convinced us."),
        lambda: world.panel_grade("staff_chair", "4.1", D),
    )
    assert said_yes(results) == results
    assert AgreedGrade.objects.filter(assessed_outcome=world.outcome("4.1")).count() == 1
    assert world.outcome("4.1").pk in agreed_grades([world.outcome("4.1")])


def test_publishing_twice_at_once_is_one_version(world: World) -> None:
    world.to_agreed()
    world.sign()
    results = at_once(*[world.publish] * 4)
    assert len(said_yes(results)) == 1
    assert world.refreshed().publications.count() == 1
