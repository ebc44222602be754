"""Log-in by e-mail address, and the admin site's door."""

from __future__ import annotations

import datetime

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from eds.history.errors import DomainError
from eds.people import domain
from eds.people.models import Membership, Organisation, User
from eds.people.tasks import forget_old_sessions
from tests.world import World

pytestmark = pytest.mark.django_db
PASSWORD = "a long enough pass phrase"


@pytest.fixture(autouse=True)
def _plain_static(settings: object) -> None:
    settings.STORAGES = {  # type: ignore[attr-defined]
        **settings.STORAGES,  # type: ignore[attr-defined]
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def user() -> User:
    return User.objects.create_user("Priya.Someone@Example.org", PASSWORD, name="Priya Someone")


def log_in(client: Client, email: str, password: str) -> int:
    return client.post(reverse("account_login"), {"login": email, "password": password}).status_code


@pytest.mark.parametrize("typed", ["priya.someone@example.org", "PRIYA.SOMEONE@example.org"])
def test_the_case_of_an_address_does_not_matter(client: Client, user: User, typed: str) -> None:
    assert log_in(client, typed, PASSWORD) == 302
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_wrong_password_is_told_with_422_and_the_address_is_kept(client: Client, user: User) -> None:
    response = client.post(reverse("account_login"), {"login": user.email, "password": "wrong"})
    assert response.status_code == 422
    assert user.email in response.content.decode()
    assert "_auth_user_id" not in client.session


def test_an_unknown_address_gets_the_same_words(client: Client, user: User) -> None:
    pages = []
    for email in (user.email, "nobody@example.org"):
        response = client.post(reverse("account_login"), {"login": email, "password": "wrong"})
        pages.append([line.strip() for line in response.content.decode().splitlines() if "password" in line.lower()])
    assert pages[0] == pages[1]


def test_somebody_inactive_does_not_get_in(client: Client, user: User) -> None:
    user.is_active = False
    user.save()
    log_in(client, user.email, PASSWORD)
    assert "_auth_user_id" not in client.session


def test_nobody_signs_up_by_themselves() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


def test_two_accounts_never_share_an_address(user: User) -> None:
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        User(email="PRIYA.someone@example.org", name="Another").save()


def test_the_admin_site_uses_the_one_log_in(client: Client, world: World) -> None:
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0].startswith(reverse("account_login"))


def test_the_administrator_makes_a_member_and_the_grants_follow(client: Client, world: World) -> None:
    client.force_login(world.admin, backend="django.contrib.auth.backends.ModelBackend")
    newcomer = User.objects.create_user("new@example.org", name="New Boardmember")
    data = {"user": newcomer.pk, "organisation": world.trust.pk, "role": Membership.Role.BOARD_MEMBER}
    assert client.post("/admin/people/membership/add/", data).status_code == 302
    made = Membership.objects.get(user=newcomer)
    assert made.history.get().history_user == world.admin
    assert newcomer.groups.filter(name__contains=world.trust.public_id).exists()
    assert client.post(f"/admin/people/membership/{made.pk}/change/", {"ended_on": "2026-01-01"}).status_code == 302
    assert not newcomer.groups.exists()


def test_an_organisation_has_one_board_sponsor(world: World) -> None:
    with pytest.raises(DomainError, match="is a board sponsor already"):
        domain.join(
            actor=world.admin,
            user=world.board,
            organisation=world.trust,
            role=Membership.Role.BOARD_SPONSOR,
            reason="A second one",
        )


def test_a_tracked_thing_is_not_saved_without_actor_and_reason(world: World) -> None:
    world.trust.name = "Another name"
    with pytest.raises(TypeError, match="record"):
        world.trust.save()
    with pytest.raises(TypeError, match="history"):
        Organisation.objects.filter(pk=world.trust.pk).update(name="Another name")
    assert Organisation.objects.get(pk=world.trust.pk).name == "Hollin Vale Trust"


def test_while_tries_cannot_be_counted_nobody_logs_in_and_others_go_on(user: User, settings: object) -> None:
    away = Client(raise_request_exception=False)
    signed_in = Client()
    signed_in.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    settings.CACHES = {  # type: ignore[attr-defined]
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:9/1"}
    }
    answer = away.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert answer.status_code == 503
    assert PASSWORD not in answer.content.decode()
    assert "_auth_user_id" not in away.session
    assert signed_in.get("/").status_code == 200


def test_sessions_that_have_run_out_are_forgotten(client: Client, user: User) -> None:
    for _ in range(2):
        Client().force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    old = Session.objects.first()
    assert old is not None
    Session.objects.filter(pk=old.pk).update(expire_date=timezone.now() - datetime.timedelta(days=1))
    for _ in range(2):
        forget_old_sessions()
        assert Session.objects.count() == 1
