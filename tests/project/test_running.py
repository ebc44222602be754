"""What the installation does around requests and on a schedule."""

from __future__ import annotations

import logging

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, RequestFactory

from eds.project.celery import app
from eds.project.middleware import RequestIdMiddleware
from eds.ui.request_id import RequestIdFilter


@pytest.mark.django_db
def test_healthz_answers_with_an_id_of_its_own(client: Client) -> None:
    answers = [client.get("/healthz") for _ in range(2)]
    assert [answer.content for answer in answers] == [b"ok\n", b"ok\n"]
    assert answers[0]["X-Request-ID"] != answers[1]["X-Request-ID"]


def test_logs_carry_the_id_of_the_request(rf: RequestFactory) -> None:
    seen: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(record.request_id)  # type: ignore[attr-defined]

    keeper = Keeper()
    keeper.addFilter(RequestIdFilter())
    logger = logging.getLogger("eds.test")
    logger.addHandler(keeper)
    try:

        def answer(request: object) -> HttpResponse:
            logger.warning("Something happened")
            return HttpResponse()

        response = RequestIdMiddleware(answer)(rf.get("/"))
    finally:
        logger.removeHandler(keeper)
    assert seen == [response["X-Request-ID"]]


def test_every_scheduled_task_exists() -> None:
    app.loader.import_default_modules()
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        assert entry["task"] in app.tasks, name


@pytest.mark.django_db
def test_pages_of_signed_in_people_are_not_kept_by_caches(client: Client, django_user_model: type) -> None:
    user = django_user_model.objects.create_user("some@example.org", name="Some One")
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert "no-store" in client.get("/healthz")["Cache-Control"]


@pytest.mark.django_db
def test_the_policy_allows_no_script_without_a_nonce(client: Client) -> None:
    policy = client.get("/healthz")["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
