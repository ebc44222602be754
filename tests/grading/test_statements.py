"""Statements and "not graded" are written on what their author saw: whoever was quicker is shown, and no word is lost."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from eds.assessments import domain as assessments
from eds.assessments.models import Phase
from eds.history.errors import Stale
from grading import domain as grading
from grading.models import NotGraded, Statement
from tests.evidence.test_unsaved import TYPED, expire, hidden, log_in
from tests.leaks.walk import sign_in
from tests.noes import no
from tests.world import A, D, E, World

pytestmark = pytest.mark.django_db


def differing(world: World) -> World:
    """On 4.1 the organisation says Achieving and both panels Developing."""
    world.to_agreeing()
    for who in ("community_chair", "staff_chair"):
        world.panel_grade(who, "4.1", D)
    return world


def outcome_url(world: World, route: str, *more: str) -> str:
    return reverse(route, args=[world.outcomes["4.1"].public_id, *more])


def test_a_statement_is_about_the_grades_that_its_author_saw(world: World) -> None:
    """The chair answers Achieving; meanwhile the lead proposes Excelling."""
    differing(world)
    chair = sign_in(world, "community_chair")
    url = outcome_url(world, "local-statement", world.community.public_id)
    seen = hidden(chair, url, "version")
    world.propose("4.1", E, reason="A new figure")
    refused = chair.post(url, {"version": seen, "text": "Achieving is too high."})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Somebody changed this since you opened it." in page
    assert "Achieving is too high." in page
    assert "Excelling" in page
    assert not Statement.objects.exists()
    again = hidden(chair, url, "version")
    assert again != seen
    assert chair.post(url, {"version": again, "text": "Excelling is too high."}).status_code == 302
    said = Statement.objects.get()
    assert (said.reason, said.proposed_grade.grade.code) == ("Excelling is too high.", E)


def test_two_leads_who_write_one_statement_both_keep_their_words(world: World) -> None:
    differing(world)
    url = outcome_url(world, "statement")
    lead, deputy = sign_in(world, "lead"), sign_in(world, "deputy")
    seen = hidden(lead, url, "version")
    assert deputy.post(url, {"version": seen, "text": "The deputy's words."}).status_code == 302
    refused = lead.post(url, {"version": seen, "text": "The lead's words."})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "The deputy&#x27;s words." in page
    assert "The lead&#x27;s words." in page
    assert [said.reason for said in Statement.objects.all()] == ["The deputy's words."]


def test_the_verb_itself_refuses_an_outdated_statement(world: World) -> None:
    differing(world)
    common = {
        "actor": world.lead,
        "assessed_outcome": world.outcome("4.1"),
        "side": "organisation",
        "text": "We differ.",
    }
    world.panel_grade("staff_chair", "4.1", D, "In other words.")
    with no("The grades, or this statement, were changed", kind=Stale):
        grading.give_statement(**common, expected_version="1.1.0")
    grading.give_statement(**common, expected_version="1.2.0")
    # The same text sent twice is one.
    grading.give_statement(**common, expected_version="1.2.0")
    with no("The grades, or this statement, were changed", kind=Stale):
        grading.give_statement(**{**common, "text": "Otherwise."}, expected_version="1.2.0")


def without_panel(world: World) -> World:
    """4.1 is in no panel's remit."""
    world.prepare()
    for panel in (world.community, world.staff):
        plan = assessments.PanelPlan(panel.name, panel.kind, [world.outcome("4.2")], panel.quorum)
        assessments.change_panel(actor=world.lead, panel=panel, plan=plan, expected_version=None, reason="")
    world.move(Phase.REVIEWING)
    world.move(Phase.AGREEING)
    return world


def test_two_leads_who_record_that_nobody_graded_it(world: World) -> None:
    without_panel(world)
    url = outcome_url(world, "not-graded")
    lead, deputy = sign_in(world, "lead"), sign_in(world, "deputy")
    seen = hidden(lead, url, "version")
    assert deputy.post(url, {"version": seen, "reason": "No group was found."}).status_code == 302
    refused = lead.post(url, {"version": seen, "reason": "Nobody came."})
    assert refused.status_code == 422
    assert "No group was found." in refused.content.decode()
    assert "Nobody came." in refused.content.decode()
    with no("Somebody else recorded this", kind=Stale):
        grading.record_not_graded(
            actor=world.lead, assessed_outcome=world.outcome("4.1"), reason="Nobody came.", expected_seq=0
        )
    assert [row.reason for row in NotGraded.objects.all()] == ["No group was found."]


@pytest.mark.parametrize("where", ["board", "own page"])
def test_a_statement_typed_when_the_log_in_ran_out_is_there_after_it(world: World, where: str) -> None:
    differing(world)
    client = Client()
    log_in(client, world, "lead")
    url = outcome_url(world, "statement")
    page = reverse("agreement", args=[world.assessment.public_id]) if where == "board" else url
    carried = {name: hidden(client, page, name) for name in ("typed_by", "version")}
    expire(client)
    assert client.post(url, {"text": TYPED, **carried})["Location"].startswith(reverse("account_login"))
    log_in(client, world, "lead")
    assert TYPED in client.get(url).content.decode().split('name="text"')[1].split("</textarea>")[0]
    assert client.post(url, {"text": TYPED, **carried}).status_code == 302
    assert Statement.objects.get().proposed_grade.grade.code == A
