"""Stepping aside for a declared interest: an answer that counts in nothing, and that nobody outside learns of (R4)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from eds.access.decide import Access
from eds.assessments import domain as assessments
from eds.assessments.models import Phase
from eds.history.errors import Stale
from grading import domain as grading
from grading.models import ReviewDraft, StepAside
from grading.queries import (
    own_states_of,
    panel_answers,
    panel_numbers,
    panel_step_asides,
    reviewers_run,
    stepped_aside_numbers,
)
from tests.grading.attacks import PATHS
from tests.noes import counts, no
from tests.world import A, D, E, World, person

pytestmark = pytest.mark.django_db


def answers(world: World, code: str = "4.1") -> list[int | None]:
    return panel_answers(world.outcome(code), world.community)


def more_reviewers(world: World, number: int) -> list[str]:
    """Put more people on the community panel; give their keys."""
    keys = [f"more{index}" for index in range(number)]
    for key in keys:
        world.people[key] = person(f"Member {key}")
        assessments.add_panel_member(actor=world.community_chair, panel=world.community, user=world.people[key])
    return keys


def test_of_a_review_and_a_step_aside_the_later_counts(world: World) -> None:
    world.to_reviewing()
    world.review("community_chair", "4.1", D)
    world.review("reviewer", "4.1", E)
    world.step_aside("reviewer", "4.1")
    world.step_aside("community_chair", "4.1")
    world.review("community_chair", "4.1", D)  # the very same answer takes it back
    world.move(Phase.AGREEING)
    assert answers(world) == [1]
    assert [aside.reviewer for aside in panel_step_asides(world.outcome("4.1"), world.community)] == [world.reviewer]


def test_it_makes_neither_quorum_nor_half(world: World) -> None:
    """Of five, two step aside, one cannot judge and two grade: one of three is less than half, and the quorum is 2."""
    keys = ["community_chair", "reviewer", *more_reviewers(world, 3)]
    world.to_reviewing()
    for who, grade in zip(keys, (D, A, None), strict=False):
        world.review(who, "4.1", grade)
    for who in keys[3:]:
        world.step_aside(who, "4.1")
    world.review("community_chair", "4.2", D)
    world.step_aside("reviewer", "4.2")
    world.move(Phase.AGREEING)
    assert answers(world) == [None, 1, 2]
    assert world.panel_grade("community_chair", "4.1", D).grade.code == D
    with no("Too few of the panel", "grade"):
        world.panel_grade("community_chair", "4.2", D)


def test_the_run_and_the_numbers_take_it_for_an_answer(world: World) -> None:
    world.to_reviewing()
    for who in ("community_chair", "reviewer"):
        world.review(who, "4.1", D)
    world.review("community_chair", "4.2", D)
    world.step_aside("reviewer", "4.2")
    run = reviewers_run(world.refreshed(), Access(world.reviewer))
    assert (run.done, run.next_step, run.minutes_left) == (2, None, 0)
    assert own_states_of([world.assessment], world.reviewer)[world.outcomes["4.2"].pk, world.community.pk] == "aside"
    numbers = {row.panel.name: (row.invited, row.started, row.submitted) for row in panel_numbers(world.assessment)}
    assert numbers["Healthwatch"] == (2, 2, 2)


def test_the_noes(world: World) -> None:
    world.prepare()
    with no("closed"):
        world.step_aside("reviewer", "4.1")
    world.move(Phase.REVIEWING)
    with no("which interest", "interest"):
        world.step_aside("reviewer", "4.1", " ")
    with no("members of a panel"):
        world.step_aside("lead", "4.1")
    world.review("reviewer", "4.1", D)
    with no("in another window", kind=Stale):
        grading.step_aside(
            actor=world.reviewer,
            assessed_outcome=world.outcome("4.1"),
            panel=world.community,
            interest="A friend.",
            expected_seq=0,
        )
    first = world.step_aside("reviewer", "4.1")
    before = counts()
    assert world.step_aside("reviewer", "4.1") == first
    assert counts() == before
    world.move(Phase.AGREEING)
    with no("closed"):
        world.step_aside("reviewer", "4.1", "Another one.")


def test_a_draft_goes_with_it(world: World) -> None:
    world.to_reviewing()
    grading.save_draft(
        actor=world.reviewer, assessed_outcome=world.outcome("4.1"), panel=world.community, answer=D, text="So far."
    )
    world.step_aside("reviewer", "4.1")
    assert not ReviewDraft.objects.exists()


def test_after_a_move_back_it_is_hidden_until_the_next_reveal(world: World) -> None:
    world.to_agreeing()
    assert answers(world) == [1, 1]
    world.move(Phase.REVIEWING, "Once more.")
    world.step_aside("reviewer", "4.1")
    assert answers(world) == [1, 1]
    assert panel_step_asides(world.outcome("4.1"), world.community) == []
    world.move(Phase.AGREEING)
    assert answers(world) == [1]
    world.move(Phase.REVIEWING, "And again.")
    world.review("reviewer", "4.1", A)
    assert answers(world) == [1]
    assert len(panel_step_asides(world.outcome("4.1"), world.community)) == 1
    world.move(Phase.AGREEING)
    assert answers(world) == [1, 2]
    assert panel_step_asides(world.outcome("4.1"), world.community) == []


@pytest.mark.parametrize(("reviewed", "told"), [(4, {}), (5, 1)])
def test_a_report_is_told_only_where_five_reviewed(world: World, reviewed: int, told: object) -> None:
    keys = ["community_chair", "reviewer", *more_reviewers(world, 4)]
    world.to_reviewing()
    for who in keys[:reviewed]:
        world.review(who, "4.1", D)
    world.step_aside(keys[5], "4.1")
    outcome = world.outcome("4.1")
    assert stepped_aside_numbers([outcome]) == {}, "nothing before the reveal"
    world.move(Phase.AGREEING)
    expected = {(outcome.pk, world.community.pk): told} if told else {}
    assert stepped_aside_numbers([outcome]) == expected


@pytest.mark.engine
def test_the_database_refuses_what_comes_before_a_review_or_from_another_panel(world: World) -> None:
    world.to_reviewing()
    world.review("reviewer", "4.1", D)
    common = {
        "actor": world.reviewer,
        "reviewer": world.reviewer,
        "assessed_outcome": world.outcome("4.1"),
        "panel": world.community,
        "reason": "A friend works there.",
    }
    spare = world.assessment.outcomes.filter(round__isnull=True).earliest("pk")
    for changes in ({"reviews_before": 0}, {"reviews_before": 7}, {"assessed_outcome": spare}, {"reason": ""}):
        for insert in PATHS.values():
            with pytest.raises(IntegrityError), transaction.atomic():
                insert(StepAside, **{"reviews_before": 1, **common, **changes})
    for insert in PATHS.values():
        with transaction.atomic():
            insert(StepAside, **common, reviews_before=1)
            transaction.set_rollback(True)


def test_on_screen(world: World) -> None:
    """A reviewer steps aside; afterwards chair and organiser read why, the rest of the panel does not."""
    world.to_reviewing()
    world.review("community_chair", "4.1", D)
    client = Client()
    client.force_login(world.reviewer, backend="django.contrib.auth.backends.ModelBackend")
    base = f"/outcomes/{world.outcomes['4.1'].public_id}/panels/{world.community.public_id}"
    assert "step-aside/" in client.get(f"{base}/review/").content.decode()
    assert client.post(f"{base}/step-aside/", {"version": "0"}).status_code == 422
    done = client.post(f"{base}/step-aside/", {"version": "0", "interest": "My son works there."}, follow=True)
    assert "You have stepped aside from 4.1." in done.content.decode()
    run = client.get(f"/assessments/{world.assessment.public_id}/my-reviews/").content.decode()
    assert "Stepped aside" in run
    assert "You stepped aside" in client.get(f"{base}/review/").content.decode()
    world.move(Phase.AGREEING)
    for who, sees in (("reviewer", False), ("community_chair", True), ("organiser", True)):
        client.force_login(world.people[who], backend="django.contrib.auth.backends.ModelBackend")
        page = client.get(f"{base}/reviews/").content.decode()
        assert ("My son works there." in page) == sees
        assert "Ravi Reviewer" not in page.partition("<main")[2]
    client.force_login(world.organiser, backend="django.contrib.auth.backends.ModelBackend")
    assert "Ravi Reviewer" in client.post(f"{base}/reviews/names/").content.decode()
