"""Following the plan: owners' homes, mailed links, reminders, the summary, escalation, and evidence for next year."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from eds.jobs.models import KeptMail, OutboxMail
from eds.people.links import may_come_by_link
from eds.people.models import Membership, User
from evidence.last_year.queries import offers_of
from objectives.months import Month
from objectives.plan import domain, mails
from objectives.plan.domain.following import Proof
from objectives.plan.links import find
from objectives.plan.models import ProgressLink, ProgressUpdate
from objectives.plan.telling import follow_up
from tests.leaks.walk import sign_in
from tests.mailing import deliver, key_in, link_in
from tests.world import World, another_year, member, person

pytestmark = pytest.mark.django_db
WORDS = "Ring every ward on Sundays"


@contextmanager
def at(year: int, month: int, day: int = 15) -> Iterator[None]:
    """Let it be noon of a day."""
    with time_machine.travel(datetime.datetime(year, month, day, 12, tzinfo=datetime.UTC), tick=False):
        yield


@pytest.fixture
def owner(world: World) -> User:
    found = person("Omar Owner")
    member(found, world.trust, Membership.Role.EMPLOYEE, world.admin)
    world.people["owner"] = found
    return found


def _sent(kind: str) -> list[KeptMail]:
    return [row for row in deliver() if row.outbox.kind == kind]


def test_an_owner_is_reminded_once_from_the_month_before(world: World, owner: User) -> None:
    world.plan_action(text=WORDS, owner="owner", due=Month(2027, 3))
    with at(2027, 1, 31):
        follow_up()
        assert _sent(mails.DUE) == []
    with at(2027, 2, 1):
        follow_up()
        follow_up()
        (mail,) = _sent(mails.DUE)
    assert mail.to == owner.email
    assert "March 2027" in mail.heading
    assert WORDS not in mail.text + mail.html + mail.heading
    with at(2027, 3, 20):
        follow_up()
        assert _sent(mails.DUE) == []


def test_a_new_month_reminds_again_and_what_ended_does_not(world: World, owner: User) -> None:
    action = world.plan_action(owner="owner", due=Month(2027, 3))
    with at(2027, 2, 2):
        follow_up()
        assert len(_sent(mails.DUE)) == 1
    domain.change_action(actor=world.lead, action=action, content=domain.ActionText(action.text, due=Month(2027, 6)))
    with at(2027, 5, 2):
        follow_up()
        domain.say_progress(actor=owner, action=action, status="done")
        assert _sent(mails.DUE) == []
    assert OutboxMail.objects.get(state="skipped", kind=mails.DUE).words == mails.NOTHING_LEFT


def test_an_owner_on_a_panel_gets_no_mail_before_the_reveal(world: World) -> None:
    world.to_reviewing()
    world.plan_action(owner="reviewer", due=Month(2027, 3))
    with at(2027, 2, 2):
        follow_up()
        assert _sent(mails.DUE) == []


def _mailed_key(world: World) -> str:
    follow_up()
    (mail,) = _sent(mails.DUE)
    assert link_in(mail).startswith(reverse("progress-link"))
    return key_in(mail)


def test_a_mailed_link_says_it_once_without_signing_in(world: World, owner: User) -> None:
    action = world.plan_action(text=WORDS, owner="owner", due=Month(2027, 3))
    url = reverse("progress-link")
    with at(2027, 2, 2):
        key = _mailed_key(world)
        client = Client()
        page = client.get(url, {"key": key})
        assert WORDS in page.content.decode()
        assert page["Referrer-Policy"] == "strict-origin"
        assert ProgressUpdate.objects.count() == 0
        assert client.post(url, {"key": key, "status": ""}).status_code == 422
        assert client.post(url, {"key": key, "status": "stopped"}).status_code == 422
        assert client.post(url, {"key": key, "status": "on_track", "words": "Half are done."}).status_code == 200
        update = ProgressUpdate.objects.get()
        assert (update.actor, update.action, update.status, update.by_link) == (owner, action, "on_track", True)
        assert client.post(url, {"key": key, "status": "done"}).status_code == 410
        again = client.get(url, {"key": key})
        assert again.status_code == 410
        assert WORDS not in again.content.decode()
    assert ProgressUpdate.objects.count() == 1
    assert "_auth_user_id" not in client.session


def test_no_token_is_kept_and_a_wrong_one_opens_nothing(world: World, owner: User) -> None:
    world.plan_action(owner="owner", due=Month(2027, 3))
    with at(2027, 2, 2):
        key = _mailed_key(world)
        link = ProgressLink.objects.get()
        assert key not in str(link.__dict__)
        assert len(link.token_hash) == 64
        for wrong in ("", key[:-1], key + "x", link.token_hash):
            assert find(wrong)[0] is None


def test_a_link_ends_with_time_ownership_and_action(world: World, owner: User) -> None:
    action = world.plan_action(text=WORDS, owner="owner", due=Month(2027, 3))
    with at(2027, 2, 2):
        key = _mailed_key(world)
    with at(2027, 4, 20):
        assert Client().get(reverse("progress-link"), {"key": key}).status_code == 410
    with at(2027, 2, 3):
        assert find(key)[1] == "open"
        domain.end_owner(actor=world.lead, owner=action.owners.get())
        assert find(key)[1] == "used"
        domain.add_owner(actor=world.lead, action=action, owner=domain.OwnerText("person", "Ward manager", owner))
        domain.change_action(actor=world.lead, action=action, content=domain.ActionText("Other", due=Month(2027, 4)))
        with at(2027, 3, 3):
            key = _mailed_key(world)
            domain.remove_action(actor=world.lead, action=action, reason="Double")
            assert find(key)[1] == "ended"


def test_the_home_page_of_an_owner_names_what_is_due(world: World, owner: User) -> None:
    world.plan_action(text=WORDS, owner="owner", due=Month(2027, 3))
    world.plan_action(text="Far away", owner="owner", due=Month(2028, 3), role="B")
    for year, month, words in ((2027, 1, ""), (2027, 2, "due in March 2027"), (2027, 4, "late")):
        with at(year, month):
            page = sign_in(world, "owner").get(reverse("home")).content.decode()
        assert (WORDS in page) == bool(words)
        assert words in page
        assert "Far away" not in page


def test_an_owner_may_come_in_by_a_link_while_something_is_open(world: World) -> None:
    owner = world.people["owner"] = person("Owner Without Membership")
    assert not may_come_by_link(owner)
    action = world.plan_action(owner="owner")
    assert may_come_by_link(owner)
    domain.say_progress(actor=owner, action=action, status="done")
    assert not may_come_by_link(owner)


def test_the_lead_gets_one_summary_a_month_unless_it_is_switched_off(world: World) -> None:
    world.plan_action(text=WORDS, due=Month(2027, 1))
    with at(2027, 2, 3):
        follow_up()
        follow_up()
        sent = _sent(mails.DIGEST)
        assert sorted(mail.to for mail in sent) == sorted([world.lead.email, world.deputy.email])
        assert "Late: 1" in sent[0].text
        assert WORDS not in sent[0].text
    with at(2027, 2, 20):
        follow_up()
        assert _sent(mails.DIGEST) == []
    with at(2027, 3, 1):
        follow_up()
        assert len(_sent(mails.DIGEST)) == 2
    domain.keep_settings(
        actor=world.lead, organisation=world.trust, digest=False, escalate_after=None, prints_names=False
    )
    with at(2027, 4, 1):
        follow_up()
        assert _sent(mails.DIGEST) == []


def test_the_sponsor_is_told_by_setting_once_revealed_and_once_a_month(world: World) -> None:
    world.plan_action(due=Month(2027, 1))
    with at(2027, 6, 1):
        follow_up()
        assert _sent(mails.ESCALATION) == []
    domain.keep_settings(actor=world.lead, organisation=world.trust, digest=False, escalate_after=3, prints_names=False)
    with at(2027, 3, 31):
        follow_up()
        assert not OutboxMail.objects.filter(kind=mails.ESCALATION).exists()
    with at(2027, 4, 1):
        follow_up()
        # The outcome is not revealed yet: nothing tells the board that there is an action.
        assert _sent(mails.ESCALATION) == []
    world.to_agreeing()
    with at(2027, 5, 1):
        follow_up()
        follow_up()
        assert [mail.to for mail in _sent(mails.ESCALATION)] == [world.sponsor.email]


def test_evidence_of_completion_is_offered_next_year(world: World) -> None:
    world.to_reviewing()
    action = world.plan_action()
    domain.say_progress(
        actor=world.lead, action=action, status="done", proof=Proof("Training list", "All fourteen came.")
    )
    later = another_year(world.trust, world.other_trust, world.people, 2027)
    offers = offers_of([later.outcome("4.1")])[later.outcomes["4.1"].pk]
    assert [offer.newest.title for offer in offers] == ["Board training", "Training list"]
    assert [offer.newest.title for offer in offers_of([later.outcome("4.2")])[later.outcomes["4.2"].pk]] == [
        "Board training"
    ]
