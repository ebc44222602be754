"""Invitations: by mail, one button, once; the inviter is asked again; nobody learns who has an account (R21)."""

from __future__ import annotations

import logging
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from eds.assessments import domain as assessments
from eds.assessments.models import Contributor, PanelMember, Phase
from eds.jobs.models import KeptMail, OutboxMail
from eds.people import invitations, links
from eds.people.domain import leave
from eds.people.models import Invitation, Membership, OneTimeLink, User
from tests.leaks.same import plain
from tests.leaks.walk import ask, sign_in
from tests.mailing import deliver, key_in, link_in
from tests.noes import no
from tests.ui.checks_of_pages import parse
from tests.world import World

pytestmark = pytest.mark.django_db
NEW = "new.person@example.net"
LINK = "/account/link/"


def invite(world: World, email: str = NEW, who: str = "community_chair", role: str = "reviewer") -> Invitation:
    return invitations.invite(
        actor=world.people[who],
        kind="panel",
        subject=world.community.public_id,
        email=email,
        role=role,
        appointed=who in {"lead", "deputy"},
    )


def mailed(world: World, **values: str) -> KeptMail:
    invite(world, **values)
    [mail] = deliver()
    return mail


def on_panel(world: World, email: str = NEW) -> bool:
    return world.community.members.filter(user__email=email, left_on__isnull=True).exists()


def test_the_form_sends_a_mail_and_the_place_comes_with_accepting(world: World, client: Client) -> None:
    chair = sign_in(world, "community_chair")
    add = reverse("panel-member-add", args=[world.community.public_id])
    data = {"email": NEW.upper(), "name": "New Person", "role": "reviewer"}
    page = chair.post(add, data, follow=True).content.decode()
    assert f"An invitation is on its way to {NEW}." in page
    assert not on_panel(world)
    assert not User.objects.filter(email=NEW).exists()
    [mail] = deliver()
    assert mail.to == NEW
    opened = client.get(link_in(mail))
    assert opened.status_code == 200
    assert "New Person" in opened.content.decode()
    assert opened["Referrer-Policy"] == "strict-origin"
    assert not on_panel(world)
    accepted = client.post(LINK, {"key": key_in(mail), "name": "Newton Person"})
    assert accepted["Location"] == reverse("account-start")
    assert on_panel(world)
    user = User.objects.get(email=NEW)
    assert (user.name, user.has_usable_password()) == ("Newton Person", False)
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.get(reverse("assessment", args=[world.assessment.public_id])).status_code == 200


def test_after_joining_one_stays_with_links_or_chooses_a_password(world: World, client: Client) -> None:
    mail = mailed(world)
    client.post(LINK, {"key": key_in(mail), "name": "N"})
    start = parse(client.get(reverse("account-start")).content.decode())
    ways = {" ".join(each.text_content().split()): each.get("href") for each in start.xpath("//main//a")}
    assert ways == {"Stay with links": reverse("home"), "Choose a password": reverse("account-password")}
    assert client.get(ways["Stay with links"]).status_code == 200
    assert not User.objects.get(email=NEW).has_usable_password()
    words = "a long enough pass phrase"
    data = {"new": words, "again": words}
    assert client.post(ways["Choose a password"], data).status_code == 302
    assert User.objects.get(email=NEW).check_password(words)


def test_opening_the_link_often_uses_nothing_up(world: World, client: Client) -> None:
    mail = mailed(world)
    before = list(OneTimeLink.objects.values())
    for _ in range(3):
        assert client.get(link_in(mail)).status_code == 200
        client.head(link_in(mail))
    assert list(OneTimeLink.objects.values()) == before
    assert client.post(LINK, {"key": key_in(mail), "name": "N"}).status_code == 302


def test_a_link_works_once_and_the_page_after_it_says_so(world: World) -> None:
    mail = mailed(world)
    assert Client().post(LINK, {"key": key_in(mail), "name": "N"}).status_code == 302
    again = Client().post(LINK, {"key": key_in(mail), "name": "Somebody Else"})
    assert again.status_code == 410
    assert "It has been used" in again.content.decode()
    assert Client().get(link_in(mail)).status_code == 410
    assert User.objects.get(email=NEW).name == "N"


def test_without_a_name_nothing_is_used_up(world: World, client: Client) -> None:
    mail = mailed(world)
    refused = client.post(LINK, {"key": key_in(mail), "name": " "})
    assert refused.status_code == 422
    assert "Enter your name" in refused.content.decode()
    assert not User.objects.filter(email=NEW).exists()
    assert client.post(LINK, {"key": key_in(mail), "name": "N"}).status_code == 302


def test_somebody_with_an_account_keeps_name_and_password(world: World, client: Client) -> None:
    world.outsider.set_password("a long enough pass phrase")
    world.outsider.save()
    mail = mailed(world, email=world.outsider.email)
    assert 'name="name"' not in client.get(link_in(mail)).content.decode()
    accepted = client.post(LINK, {"key": key_in(mail), "name": "Mallory"})
    assert accepted["Location"] == reverse("home")
    assert User.objects.get(pk=world.outsider.pk).name == "Olga Outsider"
    assert on_panel(world, world.outsider.email)


def test_an_expired_link_offers_a_new_one_by_mail(world: World, client: Client) -> None:
    mail = mailed(world)
    past = timezone.now() - timedelta(minutes=6)
    OneTimeLink.objects.update(expires_at=past)
    Invitation.objects.update(expires_at=past, last_sent_at=past)
    page = client.get(link_in(mail))
    assert page.status_code == 410
    assert "Send me a new link" in page.content.decode()
    assert client.post(LINK, {"key": key_in(mail)}).status_code == 410
    assert not on_panel(world)
    [second] = deliver()
    assert second.to == NEW
    assert key_in(second) != key_in(mail)
    assert client.post(LINK, {"key": key_in(second), "name": "N"}).status_code == 302
    assert on_panel(world)


def test_a_withdrawn_invitation_is_closed_and_says_who_withdrew_it(world: World, client: Client) -> None:
    mail = mailed(world)
    invitation = Invitation.objects.get()
    page = reverse("invitation", args=[invitation.public_id])
    organiser = sign_in(world, "organiser")
    assert organiser.post(page, {"do": "withdraw"}).status_code == 302
    assert "by Orla Organiser" in organiser.get(page).content.decode()
    closed = client.post(LINK, {"key": key_in(mail), "name": "N"})
    assert (closed.status_code, "taken back" in closed.content.decode()) == (410, True)
    assert not on_panel(world)
    with no("This invitation was withdrawn."):
        invitations.send_again(actor=world.organiser, invitation=invitation)


def test_the_inviter_is_asked_again_when_the_mail_is_sent(world: World) -> None:
    invite(world)
    chair = world.community.members.get(user=world.community_chair)
    assessments.end_panel_member(actor=world.organiser, member=chair, reason="Left")
    assert deliver() == []
    mail = OutboxMail.objects.get()
    assert (mail.state, mail.words) == ("skipped", "The list of a panel's people is kept by its chair and organiser.")
    assert not OneTimeLink.objects.exists()


def test_the_inviter_is_asked_again_when_it_is_accepted(world: World, client: Client) -> None:
    mail = mailed(world)
    chair = world.community.members.get(user=world.community_chair)
    assessments.end_panel_member(actor=world.organiser, member=chair, reason="Left")
    assert client.get(link_in(mail)).status_code == 410
    assert client.post(LINK, {"key": key_in(mail), "name": "N"}).status_code == 410
    with no("can no longer"):
        invitations.accept(token=key_in(mail), name="N")
    assert not User.objects.filter(email=NEW).exists()


def test_of_what_bars_a_person_only_they_hear(world: World, client: Client) -> None:
    mail = mailed(world, email=world.board.email, who="community_chair")
    refused = client.post(LINK, {"key": key_in(mail)})
    assert refused.status_code == 422
    assert "Leads and board members do not review" in refused.content.decode()
    assert OneTimeLink.objects.get().used_at is None


def test_the_lead_gets_the_same_answer_whoever_the_address_is(world: World) -> None:
    lead = sign_in(world, "lead")
    url = reverse("panel-member-add", args=[world.community.public_id])
    answers = []
    for email in ("nobody@example.net", world.reviewer.email, world.outsider.email, world.organiser.email):
        response = lead.post(url, {"email": email, "role": "organiser"})
        page = lead.get(response["Location"]).content.decode()
        page = re.sub(r"invitations/\w+", "invitations/x", page).replace(email, "address")
        answers.append((response.status_code, re.sub(r'nonce="[^"]+"|value="\w{64}"', "", page)))
        Invitation.objects.all().delete() if not OneTimeLink.objects.exists() else None
    assert len(set(answers)) == 1


def test_invitations_of_a_panel_are_its_own_and_the_lead_sees_only_whom_the_lead_named(world: World) -> None:
    own = invite(world)
    named = invite(world, email="named@example.net", who="lead", role="organiser")
    lead, chair = sign_in(world, "lead"), sign_in(world, "community_chair")
    panel = reverse("panel", args=[world.community.public_id])
    assert NEW not in lead.get(panel).content.decode()
    assert "named@example.net" in lead.get(panel).content.decode()
    assert NEW in chair.get(panel).content.decode()
    asked = [sign_in(world, who).get(reverse("invitation", args=[own.public_id])).status_code for who in world.people]
    assert dict(zip(world.people, asked, strict=True)) == {
        **dict.fromkeys(world.people, 404), "community_chair": 200, "organiser": 200
    }  # fmt: skip
    assert lead.get(reverse("invitation", args=[named.public_id])).status_code == 200
    hidden = ask(lead, "GET", reverse("invitation", args=[own.public_id]))
    nothing = ask(lead, "GET", reverse("invitation", args=["doesnotexist"]))
    assert plain(hidden) == plain(nothing).replace("doesnotexist", own.public_id)


def test_somebody_on_the_panel_already_hears_it_and_nobody_else_does(world: World, client: Client) -> None:
    mail = mailed(world, email=world.reviewer.email, who="lead", role="organiser")
    refused = client.post(LINK, {"key": key_in(mail)})
    assert refused.status_code == 422
    assert "You are on this panel already" in refused.content.decode()


def test_a_contributor_of_the_organisation_is_added_at_once_and_anybody_else_invited(world: World) -> None:
    lead = sign_in(world, "lead")
    url = reverse("contributor-add", args=[world.outcomes["4.1"].public_id])
    lead.post(url, {"email": world.staff_chair.email, "for_what": "Training"})
    assert Contributor.objects.filter(user=world.staff_chair).exists()
    lead.post(url, {"email": world.reviewer.email, "for_what": "Complaints"})
    assert not Contributor.objects.filter(user=world.reviewer).exists()
    [mail] = deliver()
    Client().post(LINK, {"key": key_in(mail)})
    assert Contributor.objects.get(user=world.reviewer).for_what == "Complaints"


@pytest.mark.parametrize("role", ["deputy", "board_member", "employee"])
def test_the_lead_invites_into_the_organisation(world: World, client: Client, role: str) -> None:
    url = reverse("organisation-people", args=[world.trust.public_id])
    assert sign_in(world, "lead").post(url, {"email": NEW, "role": role}).status_code == 302
    [mail] = deliver()
    client.post(LINK, {"key": key_in(mail), "name": "N"})
    membership = Membership.objects.get(user__email=NEW)
    assert (membership.role, membership.organisation) == (role, world.trust)
    assert membership.history.get().history_user == world.lead


def test_nobody_makes_an_equality_lead_by_invitation(world: World) -> None:
    url = reverse("organisation-people", args=[world.trust.public_id])
    assert sign_in(world, "lead").post(url, {"email": NEW, "role": "equality_lead"}).status_code == 422
    with no("What it was for is not there any more."):
        invitations.invite(
            actor=world.lead, kind="organisation", subject=world.trust.public_id, email=NEW, role="equality_lead"
        )


def test_inviting_twice_sends_no_second_mail_at_once(world: World) -> None:
    assert invite(world) == invite(world)
    assert OutboxMail.objects.count() == 1
    with no("was sent a moment ago"):
        invitations.send_again(actor=world.community_chair, invitation=Invitation.objects.get())


def test_who_leaves_a_panel_loses_open_invitations_and_links(world: World) -> None:
    member = world.community.members.get(user=world.reviewer)
    mail = mailed(world, email=world.reviewer.email, role="organiser")
    links.issue_link(OneTimeLink.Purpose.SIGN_IN, world.reviewer)
    assessments.end_panel_member(actor=world.organiser, member=member, reason="Left")
    assert not OneTimeLink.objects.filter(used_at__isnull=True, ended_at__isnull=True).exists()
    assert Client().post(LINK, {"key": key_in(mail)}).status_code == 410
    assert Invitation.objects.get().withdrawn_by == world.organiser


def test_who_leaves_an_organisation_can_no_longer_be_let_in_by_what_they_invited(world: World) -> None:
    invitations.invite(
        actor=world.deputy, kind="organisation", subject=world.trust.public_id, email=NEW, role="employee"
    )
    [mail] = deliver()
    leave(actor=world.admin, membership=world.deputy.memberships.get(), reason="Left")
    assert Client().post(LINK, {"key": key_in(mail), "name": "N"}).status_code == 410
    assert not User.objects.filter(email=NEW).exists()


def test_the_numbers_count_who_is_invited(world: World) -> None:
    from grading.queries import panel_numbers

    def invited() -> int:
        return next(each.invited for each in panel_numbers(world.assessment) if each.panel == world.community)

    before = invited()
    mail = mailed(world)
    assert invited() == before + 1
    Client().post(LINK, {"key": key_in(mail), "name": "N"})
    assert invited() == before + 1


def test_a_mail_says_no_more_than_that_something_waits(world: World) -> None:
    mail = mailed(world)
    said = (mail.text + mail.html + mail.heading).lower()
    for word in ("hollin", "healthwatch", "panel", "grade", "review", "hanna", "4.1", "equality objective", "union"):
        assert word not in said


def test_no_log_holds_a_token_or_an_address(world: World, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    mail = mailed(world)
    client.get(link_in(mail))
    client.post(LINK, {"key": key_in(mail), "name": "N"})
    client.get(link_in(mail))
    client.post(LINK, {"key": key_in(mail)})
    own = [record for record in caplog.records if not record.name.startswith("django.db")]
    said = "\n".join(record.getMessage() for record in own)
    assert "Gone: /account/link/" in said
    assert key_in(mail) not in said
    assert NEW not in said


def test_a_link_that_nobody_made_says_nothing(client: Client) -> None:
    for key in ("", "x", "a" * 5000, "\x00"):
        assert client.get(LINK, {"key": key}).status_code == 410
        assert client.post(LINK, {"key": key}).status_code == 410


def test_a_new_phase_does_not_stop_an_invitation_but_asks_for_the_reason(world: World) -> None:
    world.to_reviewing()
    chair = sign_in(world, "community_chair")
    url = reverse("panel-member-add", args=[world.community.public_id])
    assert chair.post(url, {"email": NEW, "role": "reviewer"}).status_code == 422
    assert chair.post(url, {"email": NEW, "role": "reviewer", "reason": "One fell ill."}).status_code == 302
    mail = next(mail for mail in deliver() if mail.to == NEW)
    Client().post(LINK, {"key": key_in(mail), "name": "N"})
    assert world.community.changes.get(after_opening=True).reason == "One fell ill."
    assert world.round.phase == Phase.REVIEWING
    assert PanelMember.objects.filter(user__email=NEW).exists()
