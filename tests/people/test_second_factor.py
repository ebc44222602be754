"""The second factor: who must have it, setting it up, signing in with it, recovery codes; with computed codes."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse

from tests.mailing import deliver, key_in
from tests.world import World

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough pass phrase"
SET_UP, ASKED = "mfa_activate_totp", "mfa_authenticate"


@pytest.fixture(autouse=True)
def _required(settings: Any, world: World) -> None:
    settings.EDS_REQUIRE_SECOND_FACTOR = True
    for user in world.people.values():
        user.set_password(PASSWORD)
        user.save()


def code_of(secret: str, steps: int = 0) -> str:
    """Compute the code that an authenticator app shows now, as RFC 6238 says."""
    counter = int(time.time()) // 30 + steps
    return format_hotp_value(hotp_value(secret, counter))


def log_in(world: World, who: str) -> tuple[Client, str]:
    client = Client()
    data = {"login": world.people[who].email, "password": PASSWORD}
    return client, client.post(reverse("account_login"), data).headers.get("Location", "")


def set_up(client: Client) -> str:
    """Set the second factor up as a person does: read the key from the page, and enter the code."""
    confirm = client.get(reverse(SET_UP))
    if confirm.status_code == 302:
        client.post(confirm["Location"], {"password": PASSWORD})
    page = client.get(reverse(SET_UP))
    assert page.status_code == 200
    secret = re.search(r"Key: <strong[^>]*>(\w+)</strong>", page.content.decode())[1]  # type: ignore[index]
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert re.search(r'<img [^>]*alt="[^"]{20,}"', page.content.decode())
    assert client.post(reverse(SET_UP), {"code": "000000"}).status_code == 422
    done = client.post(reverse(SET_UP), {"code": code_of(secret)})
    assert done["Location"] == reverse("mfa_view_recovery_codes")
    return secret


@pytest.mark.parametrize("who", ["lead", "deputy", "admin"])
def test_whoever_needs_one_sets_it_up_before_anything_else(world: World, who: str) -> None:
    client, _ = log_in(world, who)
    for url in ("/", reverse("assessments"), "/admin/", reverse("organisation-people", args=[world.trust.public_id])):
        for ask in (client.get, client.post):
            assert ask(url)["Location"] == reverse(SET_UP), url
    assert client.get(reverse("public-reports")).status_code == 200
    set_up(client)
    assert client.get("/").status_code == 200
    assert client.get("/admin/").status_code == (200 if who == "admin" else 302)


@pytest.mark.parametrize("who", ["reviewer", "community_chair", "contributor", "sponsor", "board"])
def test_others_need_none(world: World, who: str) -> None:
    client, leads_to = log_in(world, who)
    assert leads_to == reverse("home")
    assert client.get("/").status_code == 200


def test_with_one_the_password_alone_lets_nobody_in(world: World) -> None:
    first, _ = log_in(world, "lead")
    secret = set_up(first)
    client, leads_to = log_in(world, "lead")
    assert leads_to == reverse(ASKED)
    assert client.get("/").content.decode().count("Sign in") > 0
    assert "_auth_user_id" not in client.session
    wrong = client.post(reverse(ASKED), {"code": "123123"})
    assert wrong.status_code == 422
    assert client.post(reverse(ASKED), {"code": ""}).status_code == 422
    assert client.post(reverse(ASKED), {"code": code_of(secret, 1)})["Location"] == reverse("home")
    assert client.session["_auth_user_id"] == str(world.lead.pk)


def test_a_mailed_link_asks_for_it_too(world: World) -> None:
    first, _ = log_in(world, "lead")
    secret = set_up(first)
    client = Client()
    client.post(reverse("sign-in-link"), {"email": world.lead.email})
    [mail] = deliver()
    assert client.post(reverse("link"), {"key": key_in(mail)})["Location"] == reverse(ASKED)
    assert "_auth_user_id" not in client.session
    client.post(reverse(ASKED), {"code": code_of(secret, 1)})
    assert client.session["_auth_user_id"] == str(world.lead.pk)


def test_the_admin_site_asks_for_it(world: World) -> None:
    first, _ = log_in(world, "admin")
    set_up(first)
    client, leads_to = log_in(world, "admin")
    assert leads_to == reverse(ASKED)
    assert client.get("/admin/").status_code == 302


def test_a_recovery_code_works_once(world: World) -> None:
    first, _ = log_in(world, "lead")
    set_up(first)
    page = first.get(reverse("mfa_view_recovery_codes")).content.decode()
    codes = re.findall(r"<li><code>(\d+)</code></li>", page)
    assert len(codes) == 10
    for expected in (302, 422):
        client, _ = log_in(world, "lead")
        assert client.post(reverse(ASKED), {"code": codes[0]}).status_code == expected


def test_whoever_needs_it_cannot_take_it_away(world: World) -> None:
    client, _ = log_in(world, "lead")
    set_up(client)
    assert client.post(reverse("mfa_deactivate_totp")).status_code in {302, 422}
    assert Authenticator.objects.filter(user=world.lead, type="totp").exists()


def test_others_may_have_one_and_take_it_away(world: World) -> None:
    client, _ = log_in(world, "reviewer")
    secret = set_up(client)
    again, leads_to = log_in(world, "reviewer")
    assert leads_to == reverse(ASKED)
    again.post(reverse(ASKED), {"code": code_of(secret, 1)})
    asked = again.get(reverse("mfa_deactivate_totp"))
    if asked.status_code == 302:
        again.post(asked["Location"], {"password": PASSWORD})
    assert again.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert not Authenticator.objects.filter(user=world.reviewer).exists()


def test_the_setting_switches_the_gate_off(world: World, settings: Any) -> None:
    settings.EDS_REQUIRE_SECOND_FACTOR = False
    client, _ = log_in(world, "lead")
    assert client.get("/").status_code == 200


def test_the_codes_are_those_of_the_standard() -> None:
    # RFC 4226, appendix D, of the key "12345678901234567890".
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert [format_hotp_value(hotp_value(secret, counter)) for counter in range(3)] == ["755224", "287082", "359152"]
    assert int(time.time()) // 30 in yield_hotp_counters_from_time()
