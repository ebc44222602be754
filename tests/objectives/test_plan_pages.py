"""The pages of the plan: who reads what of it before and after the reveal, and what each form does."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from eds.history.models import deciding_on
from eds.people.models import Membership
from objectives.months import Month
from objectives.plan import domain
from objectives.plan.models import ActionOwner, Felt, ImprovementAction, PlanObjective, PlanSettings, ProgressUpdate
from tests.leaks.walk import sign_in
from tests.world import World, member, person

SECRET = "Bring in a second interpreter line"


def _text(client: Client, name: str, *args: str) -> str:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200, name
    return response.content.decode()


@pytest.mark.parametrize("who", ["community_chair", "reviewer", "organiser", "staff_chair", "sponsor", "board"])
def test_actions_are_hidden_from_panels_and_board_until_the_reveal(world: World, who: str) -> None:
    world.to_reviewing()
    action = world.plan_action(text=SECRET)
    client = sign_in(world, who)
    assert SECRET not in _text(client, "plan", world.assessment.public_id)
    for name in ("action", "action-edit", "action-progress", "action-owners"):
        assert client.get(reverse(name, args=[action.public_id])).status_code == 404
    felt = reverse("action-felt", args=[action.public_id, world.community.public_id])
    assert client.get(felt).status_code == 404


@pytest.mark.parametrize("who", ["community_chair", "reviewer", "organiser", "staff_chair", "sponsor", "board"])
def test_after_the_reveal_they_read_it(world: World, who: str) -> None:
    world.to_agreeing()
    action = world.plan_action(text=SECRET)
    client = sign_in(world, who)
    assert SECRET in _text(client, "plan", world.assessment.public_id)
    assert SECRET in _text(client, "action", action.public_id)
    assert client.get(reverse("action-edit", args=[action.public_id])).status_code == 403


def test_names_of_owners_are_for_lead_and_board_alone(world: World) -> None:
    world.to_agreeing()
    action = world.plan_action(owner="contributor")
    for who, reads in {"lead": True, "sponsor": True, "contributor": False, "reviewer": False}.items():
        for name, key in (("plan", world.assessment.public_id), ("action", action.public_id)):
            text = _text(sign_in(world, who), name, key).replace('href="/account/">', "")
            body = text[text.index("<main") :]
            assert ("Carla Contributor" in body) == reads, (who, name)
            assert "Head of training" in body


def test_the_lead_writes_the_plan_by_its_pages(world: World) -> None:
    client = sign_in(world, "lead")
    outcome = world.outcomes["4.1"].public_id
    assert client.post(reverse("plan-objective-new", args=[outcome]), {"text": ""}).status_code == 422
    client.post(reverse("plan-objective-new", args=[outcome]), {"text": "Fair promotion.", "version": "0"})
    objective = PlanObjective.objects.get()
    sent = {
        "text": SECRET,
        "objective": objective.public_id,
        "measure": "Fewer waits.",
        "due": "Jan-27",
        "owner_name": "Head of access",
        "owner_kind": "role",
        "owner_user": world.contributor.public_id,
        "groups": ["race", "disability"],
        "version": "0",
    }
    assert client.post(reverse("action-new", args=[outcome]), {**sent, "due": "soon"}).status_code == 422
    assert client.post(reverse("action-new", args=[outcome]), {**sent, "owner_name": ""}).status_code == 422
    assert client.post(reverse("action-new", args=[outcome]), sent).status_code == 302
    action = ImprovementAction.objects.get()
    assert (action.due, action.plan_objective) == (Month(2027, 1), objective)
    assert [row.code for row in action.characteristics.order_by("code")] == ["disability", "race"]
    assert action.owners.get().user == world.contributor
    page = _text(client, "plan", world.assessment.public_id)
    assert "January 2027" in page
    assert "Head of access (Carla Contributor)" in page

    edit = reverse("action-edit", args=[action.public_id])
    stale = {"text": "Other", "due": "", "due_words": "ongoing", "version": "0"}
    assert client.post(edit, stale).status_code == 422
    assert client.post(edit, {**stale, "version": str(action.version)}).status_code == 302
    action.refresh_from_db()
    assert (action.text, action.due, action.due_words) == ("Other", None, "ongoing")
    assert "ongoing" in _text(client, "plan", world.assessment.public_id)

    owners = reverse("action-owners", args=[action.public_id])
    client.post(owners, {"owner_name": "Race network", "owner_kind": "network"})
    assert action.owners.filter(ended_on__isnull=True).count() == 2
    client.post(owners, {"end": "1 Head of access"})
    assert ActionOwner.objects.get(ended_on__isnull=True).name == "Race network"
    assert client.post(owners, {"end": "9 Nobody"}).status_code == 404

    remove = reverse("action-remove", args=[action.public_id])
    assert client.post(remove, {"reason": ""}).status_code == 422
    assert client.post(remove, {"reason": "Double"}).status_code == 302
    assert client.get(reverse("action", args=[action.public_id])).status_code == 404


def test_order_and_settings_by_their_pages(world: World) -> None:
    client = sign_in(world, "lead")
    first, second = world.plan_action(text="First"), world.plan_action(text="Second", role="Other")
    order = reverse("plan-order", args=[world.outcomes["4.1"].public_id])
    client.post(order, {f"place_{first.public_id}": "5", f"place_{second.public_id}": "2"})
    assert [row.text for row in ImprovementAction.objects.order_by("position")] == ["Second", "First"]
    settings = reverse("plan-settings", args=[world.assessment.public_id])
    client.post(settings, {"escalate_after": "3", "prints_names": "on"})
    row = PlanSettings.objects.get()
    assert (row.digest, row.escalate_after, row.prints_names) == (False, 3, True)


def test_an_owner_with_no_other_part_finds_the_action_and_says_how_it_goes(world: World) -> None:
    owner = person("Omar Owner")
    member(owner, world.trust, Membership.Role.EMPLOYEE, world.admin)
    world.people["owner"] = owner
    action = world.plan_action(text=SECRET, owner="owner")
    other = world.plan_action(text="Somebody else's work", role="Somebody else")
    client = sign_in(world, "owner")
    page = _text(client, "plans")
    assert SECRET in page
    assert "Somebody else" not in page
    assert "Not started" in _text(client, "action", action.public_id)
    assert client.get(reverse("plan", args=[world.assessment.public_id])).status_code == 404
    assert client.get(reverse("action", args=[other.public_id])).status_code == 404
    assert client.get(reverse("action-edit", args=[action.public_id])).status_code == 403
    progress = reverse("action-progress", args=[action.public_id])
    assert client.post(progress, {"status": "stopped", "words": ""}).status_code == 422
    done = {"status": "done", "words": "It runs.", "proof_title": "Contract", "proof_text": "Signed in May."}
    assert client.post(progress, {**done, "status": "on_track"}).status_code == 422
    assert client.post(progress, done).status_code == 302
    update = ProgressUpdate.objects.get()
    assert (update.actor, update.status, update.by_link) == (owner, "done", False)
    assert update.evidence is not None
    assert "Done" in _text(client, "plans")


def test_an_owner_on_a_panel_waits_for_the_reveal_like_the_panel(world: World) -> None:
    world.to_reviewing()
    action = world.plan_action(text=SECRET, owner="staff_chair")
    client = sign_in(world, "staff_chair")
    assert SECRET not in _text(client, "plans")
    assert client.get(reverse("action-progress", args=[action.public_id])).status_code == 404


def test_a_chair_says_whether_the_panel_felt_it_and_others_do_not(world: World) -> None:
    world.to_settled()
    action = world.plan_action()
    url = reverse("action-felt", args=[action.public_id, world.community.public_id])
    assert sign_in(world, "reviewer").get(url).status_code == 403
    assert sign_in(world, "lead").get(url).status_code == 403
    assert sign_in(world, "staff_chair").get(url).status_code == 403
    client = sign_in(world, "community_chair")
    assert url in _text(client, "action", action.public_id)
    assert client.post(url, {"answer": "partly", "words": ""}).status_code == 422
    assert client.post(url, {"answer": "partly", "words": "Only on weekdays."}).status_code == 302
    assert Felt.objects.get().actor == world.community_chair
    page = _text(sign_in(world, "lead"), "action", action.public_id)
    assert "Only on weekdays." in page
    assert "Hanna Healthwatch" not in page


def test_late_and_due_this_month_come_first(world: World) -> None:
    now = datetime.date(2026, 11, 22)
    with deciding_on(datetime.date(2026, 6, 1)):
        world.plan_action(text="Was due in spring", due=Month(2026, 4))
        world.plan_action(text="Is due now", due=Month(2026, 11), role="B")
        done = world.plan_action(text="Is done already", due=Month(2026, 3), role="C")
        domain.say_progress(actor=world.lead, action=done, status="done")
    with time_machine.travel(datetime.datetime.combine(now, datetime.time(12)), tick=False):
        page = _text(sign_in(world, "lead"), "plan", world.assessment.public_id)
    late, due, whole = (page.index(words) for words in ("What is late", "Due this month", "The whole plan"))
    assert late < page.index("Was due in spring") < due < page.index("Is due now") < whole
    assert page.index("Is done already") > whole
