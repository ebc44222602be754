"""A correction after opening: who has submitted is told what changed and asked to confirm; nobody learns who (R13)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from eds.assessments.models import Phase
from evidence import domain
from evidence.models import Sharing
from grading.corrections import to_confirm
from grading.models import Review
from tests.world import D, World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = build_world().to_reviewing()
    world.review("reviewer", "4.1", D)
    return world


def client_of(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world.people[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def correct(world: World, text: str = "Eight of eleven, not nine.", sharing: str = Sharing.PUBLIC) -> None:
    assert world.item
    domain.correct_item(
        actor=world.contributor,
        item=world.item,
        content=domain.EvidenceText("Board training", text),
        sharing=sharing,
        reason="One name was counted twice.",
        expected_version=domain.latest_version(world.item).seq,
    )


def waiting(world: World, who: str = "reviewer") -> set[tuple[int, int]]:
    return to_confirm([world.assessment], world.people[who])


def test_who_submitted_is_told_and_confirms_by_submitting_again(world: World) -> None:
    assert waiting(world) == set()
    correct(world)
    key = (world.outcomes["4.1"].pk, world.community.pk)
    assert waiting(world) == {key}
    assert waiting(world, "community_chair") == set()
    client = client_of(world, "reviewer")
    url = reverse("review", args=[world.outcomes["4.1"].public_id, world.community.public_id])
    assert "Confirm your grade for 4.1" in client.get(reverse("home")).content.decode()
    page = client.get(url).content.decode()
    assert "One name was counted twice." in page
    assert "Eight of eleven, not nine." in page
    assert "Nine of ten board members were trained." in page
    sent = {"grade": D, "reason": "My own reasons.", "version": "1.0"}
    for _ in range(2):
        assert client.post(url, sent).status_code == 302
    first, second = Review.objects.filter(reviewer=world.reviewer).order_by("seq")
    assert second.grade == first.grade
    assert len(second.evidence_versions) == len(first.evidence_versions) + 1
    assert waiting(world) == set()
    assert "Confirm your grade" not in client.get(reverse("home")).content.decode()
    correct(world, "Seven of eleven.")
    assert waiting(world) == {key}


def test_the_lead_s_pages_say_nothing_of_who_is_asked(world: World) -> None:
    correct(world)
    lead = client_of(world, "lead")
    urls = [reverse("home"), reverse("assessment", args=[world.assessment.public_id])]
    before = [lead.get(url).content.decode().count("Confirm your grade") for url in urls]
    assert before == [0, 0]


def test_a_correction_that_stays_inside_tells_nobody(world: World) -> None:
    correct(world, "Ask bob@example.org, it was eight.")
    assert waiting(world) == set()
    url = reverse("outcome", args=[world.outcomes["4.1"].public_id])
    assert "bob@example.org" not in client_of(world, "reviewer").get(url).content.decode()


def test_after_the_reveal_nothing_waits(world: World) -> None:
    correct(world)
    for who in ("community_chair", "staff_chair"):
        world.review(who, "4.1", D)
        world.review(who, "4.2", D)
    world.review("reviewer", "4.2", D)
    world.move(Phase.AGREEING)
    assert waiting(world) == set()


def test_who_stepped_aside_has_no_grade_to_confirm(world: World) -> None:
    world.step_aside("reviewer", "4.1")
    correct(world)
    assert waiting(world) == set()
    assert "Confirm your grade" not in client_of(world, "reviewer").get(reverse("home")).content.decode()
    world.review("reviewer", "4.1", D)  # shown the correction, and takes the step aside back
    assert waiting(world) == set()
    correct(world, "Seven of eleven.")
    assert len(waiting(world)) == 1
