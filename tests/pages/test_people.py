"""The lists of people that somebody keeps, ending a part in the organisation, and mails that could not be sent."""

from __future__ import annotations

import pytest
from django.urls import reverse

from eds.jobs.models import Job, OutboxMail
from eds.jobs.outbox import failed
from eds.people.invitations import invite
from eds.people.models import Membership
from tests.leaks.walk import sign_in
from tests.ui.checks_of_pages import assert_sound, parse, texts
from tests.world import World

pytestmark = pytest.mark.django_db


def menu(world: World, who: str) -> list[str]:
    tree = parse(sign_in(world, who).get(reverse("home")).content.decode())
    return [each.strip() for each in texts(tree, "//nav//a")]


@pytest.mark.parametrize(
    ("who", "there"),
    [
        ("lead", True),
        ("deputy", True),
        ("community_chair", True),
        ("organiser", True),
        ("reviewer", False),
        ("contributor", False),
        ("sponsor", False),
        ("admin", False),
    ],
)
def test_people_stands_in_the_menu_of_those_who_keep_a_list(world: World, who: str, there: bool) -> None:
    assert ("People" in menu(world, who)) is there


def test_people_leads_to_the_organisation_or_to_ones_panels_only(world: World) -> None:
    url = reverse("your-people")
    assert sign_in(world, "lead").get(url)["Location"] == reverse("organisation-people", args=[world.trust.public_id])
    page = sign_in(world, "community_chair").get(url).content.decode()
    assert_sound(parse(page))
    assert reverse("panel", args=[world.community.public_id]) in page
    assert reverse("panel", args=[world.staff.public_id]) not in page
    assert "You keep no list of people." in sign_in(world, "reviewer").get(url).content.decode()


def end_url(world: World, who: str) -> str:
    place = world.people[who].memberships.get()
    return reverse("membership-end", args=[world.trust.public_id, place.user.public_id, place.role])


def test_the_lead_ends_a_part_with_a_reason(world: World) -> None:
    client, url = sign_in(world, "lead"), end_url(world, "board")
    assert_sound(parse(client.get(url).content.decode()))
    refused = client.post(url, {"reason": " "})
    assert refused.status_code == 422
    assert "Say why this person" in refused.content.decode()
    assert Membership.objects.get(user=world.people["board"]).ended_on is None
    assert client.post(url, {"reason": "Retired"}).status_code == 302
    place = Membership.objects.get(user=world.people["board"])
    assert place.ended_on is not None
    last = place.history.latest()
    assert (last.history_user, last.history_change_reason) == (world.lead, "Retired")
    assessment = reverse("assessment", args=[world.assessment.public_id])
    assert sign_in(world, "board").get(assessment).status_code == 404
    assert client.post(url, {"reason": "Again"}).status_code == 404


def test_nobody_ends_their_own_part_or_an_equality_leads(world: World) -> None:
    deputy = sign_in(world, "deputy")
    assert deputy.post(end_url(world, "deputy"), {"reason": "Enough"}).status_code == 422
    assert deputy.post(end_url(world, "lead"), {"reason": "Enough"}).status_code == 404
    page = deputy.get(reverse("organisation-people", args=[world.trust.public_id])).content.decode()
    assert end_url(world, "board") in page
    assert end_url(world, "deputy") not in page
    assert end_url(world, "lead") not in page
    assert not Membership.objects.filter(ended_on__isnull=False).exists()


def let_fail(world: World) -> OutboxMail:
    """Let a mail to the community panel, one of its own invitations, and one of the lead's fail."""
    world.to_reviewing()
    for who, role in (("community_chair", "reviewer"), ("lead", "organiser")):
        invite(
            actor=world.people[who],
            kind="panel",
            subject=world.community.public_id,
            email=f"{role}@example.net",
            role=role,
            appointed=who == "lead",
        )
    chosen = [
        *OutboxMail.objects.filter(kind="people.invitation"),
        OutboxMail.objects.get(kind="pages.reviewing", to=world.community_chair),
    ]
    for mail in chosen:
        failed(mail.public_id, "The mail server does not take mails for this address.")
        Job.objects.filter(subject=mail.public_id).delete()
        Job.objects.create(
            kind="jobs.mail",
            subject=mail.public_id,
            key=f"failed {mail.pk}",
            state="failed",
            error="No.",
            finished_at=mail.created_at,
        )
    return chosen[-1]


def test_the_site_administrator_sees_the_addresses_and_sends_again(world: World) -> None:
    mail = let_fail(world)
    client = sign_in(world, "admin")
    page = client.get(reverse("failed-mails")).content.decode()
    assert_sound(parse(page))
    for address in (world.community_chair.email, "reviewer@example.net", "organiser@example.net"):
        assert address in page
    url = reverse("failed-mail-again", args=[mail.public_id])
    assert client.post(url).status_code == 302
    mail.refresh_from_db()
    assert (mail.state, mail.words) == ("queued", "")
    assert Job.objects.get(subject=mail.public_id).state == "queued"
    assert client.post(url).status_code == 404


def test_the_lead_sees_numbers_only_and_none_of_a_panels_own_invitations(world: World) -> None:
    let_fail(world)
    client = sign_in(world, "lead")
    assert client.get(reverse("failed-mails")).status_code == 403
    page = client.get(reverse("organisation-people", args=[world.trust.public_id])).content.decode()
    said = " ".join(texts(parse(page), "//main//li"))
    assert "Invitation: 1" in said
    assert "Reviewing has opened: 1" in said
    assert world.community_chair.email not in page
    assert "example.net" not in page.split("<main")[1].split("<form")[0]
