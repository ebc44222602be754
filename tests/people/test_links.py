"""Links by mail: the same answer for every address, limits, once even for two at once, and dead with their round."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from eds.assessments.models import Phase
from eds.jobs.models import Job, OutboxMail
from eds.people import links
from eds.people.models import LinkRequest, OneTimeLink, User
from tests.counting import counted
from tests.mailing import deliver, key_in, link_in
from tests.world import World

pytestmark = pytest.mark.django_db
LINK = "/account/link/"
SIGN_IN, RESET = "sign-in-link", "password-reset"
PASSWORD = "a long enough pass phrase"


def ask_for(client: Client, email: str, route: str = SIGN_IN) -> str:
    """Ask for a link; give the status and the page without what is new each time."""
    response = client.post(reverse(route), {"email": email})
    return f"{response.status_code} {re.sub(r'nonce=.[^ >]+', '', response.content.decode())}"


def link_for(email: str, route: str = SIGN_IN) -> str:
    ask_for(Client(), email, route)
    [mail] = deliver()
    assert mail.to == email
    return key_in(mail)


def test_a_sign_in_link_needs_its_button(world: World, client: Client) -> None:
    ask_for(client, world.reviewer.email.upper())
    [mail] = deliver()
    page = client.get(link_in(mail))
    assert (page.status_code, "_auth_user_id" in client.session) == (200, False)
    assert client.post(LINK, {"key": key_in(mail)})["Location"] == reverse("home")
    assert client.session["_auth_user_id"] == str(world.reviewer.pk)
    assert Client().post(LINK, {"key": key_in(mail)}).status_code == 410


@pytest.mark.parametrize("route", [SIGN_IN, RESET])
def test_the_answer_is_the_same_whether_an_address_is_known(world: World, route: str) -> None:
    closed = world.board
    closed.is_active = False
    closed.save()
    answers, queries, jobs = [], [], []
    Client().get("/")
    for email in (world.lead.email, "nobody@example.net", closed.email, world.reviewer.email):
        client, before = Client(), Job.objects.count()
        with counted() as count:
            answers.append(ask_for(client, email, route))
        queries.append(count.queries)
        jobs.append(Job.objects.count() - before)
    assert len(set(answers)) == 1
    assert (len(set(queries)), set(jobs)) == (1, {1})
    assert {mail.to for mail in deliver()} == {world.lead.email, world.reviewer.email}
    skipped = OutboxMail.objects.filter(state="skipped")
    assert set(skipped.values_list("words", flat=True)) == {"Nobody has this address."}


def test_an_address_gets_three_links_in_a_quarter_of_an_hour_and_always_the_same_answer(world: World) -> None:
    answers = {ask_for(Client(), world.lead.email) for _ in range(6)}
    assert len(answers) == 1
    assert len(deliver()) == links.REQUESTS_AN_ADDRESS
    LinkRequest.objects.update(asked_at=timezone.now() - timedelta(minutes=16))
    ask_for(Client(), world.lead.email)
    assert len(deliver()) == 1


def test_one_place_may_ask_only_so_often_whatever_process_answers(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "REQUESTS_A_PLACE", 4)
    codes = [Client().post(reverse(SIGN_IN), {"email": f"p{n}@example.net"}).status_code for n in range(6)]
    assert codes == [200] * 4 + [429] * 2
    elsewhere = Client(REMOTE_ADDR="192.0.2.7").post(reverse(SIGN_IN), {"email": "p@example.net"})
    assert elsewhere.status_code == 200
    assert not LinkRequest.objects.filter(came_from__contains="127.0.0.1").exists()


def test_requests_are_forgotten_after_a_day(world: World) -> None:
    ask_for(Client(), world.lead.email)
    assert links.forget_requests() == 0
    LinkRequest.objects.update(asked_at=timezone.now() - timedelta(hours=25))
    assert links.forget_requests() == 1


def test_a_link_runs_out(world: World) -> None:
    key = link_for(world.reviewer.email)
    OneTimeLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert Client().post(LINK, {"key": key}).status_code == 410


def test_a_sign_in_link_dies_with_its_round(world: World) -> None:
    world.to_settled()
    deliver()
    key = link_for(world.reviewer.email)
    world.move(Phase.AGREED)
    deliver()
    client = Client()
    assert client.post(LINK, {"key": key}).status_code == 410
    assert "_auth_user_id" not in client.session
    ask_for(client, world.reviewer.email)
    [mail] = deliver()
    assert mail.heading == "Your part has ended"
    assert link_in(mail) == reverse("public-reports")
    assert not OneTimeLink.objects.filter(
        used_at__isnull=True, user=world.reviewer, created_at__gt=mail.outbox.created_at
    )


def test_whoever_has_a_password_may_still_choose_a_new_one(world: World) -> None:
    world.to_agreed()
    deliver()
    world.reviewer.set_password(PASSWORD)
    world.reviewer.save()
    assert Client().post(LINK, {"key": link_for(world.reviewer.email, RESET)}).status_code == 302


def test_a_new_password_by_mail_needs_no_old_one_and_signs_others_out(world: World) -> None:
    world.lead.set_password(PASSWORD)
    world.lead.save()
    other = Client()
    other.post(reverse("account_login"), {"login": world.lead.email, "password": PASSWORD})
    client = Client()
    key, spare = link_for(world.lead.email, RESET), link_for(world.lead.email, SIGN_IN)
    assert client.post(LINK, {"key": key})["Location"] == reverse("account-password")
    page = reverse("account-password")
    assert client.post(page, {"new": "short", "again": "short"}).status_code == 422
    assert client.post(page, {"new": "another good phrase", "again": "another bad phrase"}).status_code == 422
    assert client.post(page, {"new": "another good phrase", "again": "another good phrase"}).status_code == 302
    assert User.objects.get(pk=world.lead.pk).check_password("another good phrase")
    assert client.get(reverse("assessments")).status_code == 200
    assert other.get(reverse("assessments")).status_code == 302
    assert Client().post(LINK, {"key": spare}).status_code == 410
    # The second time the old one is asked for.
    assert client.post(page, {"new": "a third good phrase", "again": "a third good phrase"}).status_code == 422


def test_a_sign_in_link_lets_nobody_change_a_password_without_the_old_one(world: World) -> None:
    world.lead.set_password(PASSWORD)
    world.lead.save()
    client = Client()
    client.post(LINK, {"key": link_for(world.lead.email)})
    refused = client.post(reverse("account-password"), {"new": "another good phrase", "again": "another good phrase"})
    assert refused.status_code == 422
    assert "Enter your password" in refused.content.decode()


def test_a_link_signs_out_whoever_was_there(world: World) -> None:
    client = Client()
    client.force_login(world.lead, backend="django.contrib.auth.backends.ModelBackend")
    client.post(LINK, {"key": link_for(world.reviewer.email)})
    assert client.session["_auth_user_id"] == str(world.reviewer.pk)


def test_nothing_but_a_hash_is_stored(world: World) -> None:
    key = link_for(world.reviewer.email)
    [row] = OneTimeLink.objects.values()
    assert key not in str(row)
    assert row["token_hash"] == links.hash_of(key)
    assert len(key) >= 43


def test_the_account_page_changes_the_name(world: World, client: Client) -> None:
    client.force_login(world.reviewer, backend="django.contrib.auth.backends.ModelBackend")
    page = reverse("account")
    assert client.post(page, {"name": ""}).status_code == 422
    assert client.post(page, {"name": "Ravi Renamed"}).status_code == 302
    assert "Ravi Renamed" in client.get(page).content.decode()


def test_the_form_of_a_link_passes_the_check_of_where_it_came_from(world: World) -> None:
    ask_for(Client(), world.reviewer.email)
    [mail] = deliver()
    client = Client(enforce_csrf_checks=True)
    page = client.get(link_in(mail))
    # With "no-referrer" browsers send "Origin: null", and the form would be refused.
    assert page["Referrer-Policy"] == "strict-origin"
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.content.decode())[1]  # type: ignore[index]
    data = {"key": key_in(mail), "csrfmiddlewaretoken": token}
    kept = client.post(LINK, data, HTTP_ORIGIN="null").content.decode()
    assert key_in(mail) not in kept
    assert client.post(LINK, data, HTTP_ORIGIN="http://testserver").status_code == 302
