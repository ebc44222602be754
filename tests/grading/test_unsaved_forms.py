"""What is typed in any form of grading survives a log-in that ran out, for its author alone."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from eds.ui.models import UnsavedText
from tests.evidence.test_unsaved import TYPED, client_of, expire, hidden, log_in
from tests.grading.test_joint import differing
from tests.world import D, World

pytestmark = pytest.mark.django_db

FORMS = {
    # route: who writes, who else may open it (or is on the same panel), the field, and what else is needed to send it
    "step-aside": ("reviewer", "community_chair", "interest", {}),
    "question-ask": ("reviewer", "community_chair", "text", {}),
    "question-answer": ("lead", "deputy", "text", {"item": "none"}),
    "remark": ("reviewer", "community_chair", "text", {}),
    "dissent": ("reviewer", "community_chair", "text", {}),
    "panel-words": ("community_chair", "reviewer", "summary", {}),
    "joint-grade": ("community_chair", "staff_chair", "reason", {"grade": D}),
    "joint-answer": ("staff_chair", "community_chair", "reason", {"answer": "decline"}),
}


def address(world: World, route: str) -> str:
    """Move the world to where the form can be opened; give its address."""
    outcome = world.outcomes["4.1"].public_id
    if route in {"step-aside", "question-ask", "question-answer"}:
        world.to_reviewing()
    elif route in {"joint-grade", "joint-answer"}:
        differing(world)
    else:
        world.to_agreeing()
        world.panel_grade("community_chair", "4.1", D)
    if route == "joint-answer":
        sent = {"grade": D, "reason": "For all.", "version": "0"}
        url = reverse("joint-grade", args=[outcome, world.community.public_id])
        assert client_of(world, "community_chair").post(url, sent).status_code == 302
        return reverse(route, args=[outcome, world.staff.public_id])
    if route == "question-ask":
        return reverse(route, args=[outcome])
    if route == "question-answer":
        return reverse(route, args=[outcome, world.ask("reviewer", "4.1").public_id])
    return reverse(route, args=[outcome, world.community.public_id])


@pytest.mark.parametrize("route", FORMS)
def test_what_was_typed_when_the_log_in_ran_out_is_there_after_it(world: World, route: str) -> None:
    who, other, field, more = FORMS[route]
    url = address(world, route)
    client = Client()
    log_in(client, world, who)
    names = {"typed_by"} | ({"version"} if 'name="version"' in client.get(url).content.decode() else set())
    carried = {name: hidden(client, url, name) for name in names}
    expire(client)
    lost = client.post(url, {field: TYPED, **carried, **more})
    assert lost["Location"].startswith(reverse("account_login"))
    log_in(client, world, other)
    assert TYPED not in client.get(url).content.decode()
    log_in(client, world, who)
    page = client.get(url).content.decode()
    assert "You were logged out. Here is what you typed" in page
    assert TYPED in page.split(f'name="{field}"')[1].split("</textarea>")[0]
    assert client.post(url, {field: TYPED, **more, **carried}).status_code == 302
    assert UnsavedText.objects.count() == 0


@pytest.mark.parametrize("route", FORMS)
def test_a_draft_is_kept_and_nothing_is_decided_by_it(world: World, route: str) -> None:
    who, other, field, more = FORMS[route]
    url = address(world, route)
    client = client_of(world, who)
    kept = client.post(url, {"save_draft": "1", "draft_revision": "0", field: TYPED, **more})
    assert kept["Location"] == f"{url}?draft=use"
    assert TYPED in client.get(kept["Location"]).content.decode().split("</textarea>")[0]
    assert TYPED not in client_of(world, other).get(f"{url}?draft=use").content.decode()
    outcome = client_of(world, "lead").get(reverse("outcome", args=[world.outcomes["4.1"].public_id]))
    assert TYPED not in outcome.content.decode()
