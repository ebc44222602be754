"""Mails: queued once, asked for again at sending, sent once, and failures in words without an address."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from eds.jobs import domain, letters, outbox
from eds.jobs.errors import UnknownKind
from eds.jobs.models import Job, KeptMail, OutboxMail
from tests.jobs.processes import Project
from tests.jobs.smtp import MailServer
from tests.processes import end, wait_until
from tests.world import person

TO = "somebody.private@example.org"


def _why_not(mail: OutboxMail) -> str:
    return str(mail.args.get("why_not", ""))


def _compose(mail: OutboxMail) -> letters.Letter:
    return letters.Letter(to=mail.args["to"], heading="Hello", text="Plain words.\n", html="<p>Plain words.</p>")


outbox.register_mail(outbox.MailKind("test.letter", _why_not, _compose))


def queue(key: str = "k", **args: str) -> OutboxMail:
    with transaction.atomic():
        return outbox.queue_mail(kind="test.letter", subject="thing", key=key, args={"to": TO, **args})


def send(mail: OutboxMail) -> OutboxMail:
    domain.run(Job.objects.get(subject=mail.public_id).public_id)
    return OutboxMail.objects.get(pk=mail.pk)


@pytest.fixture
def server(settings: object) -> Iterator[MailServer]:
    with MailServer() as server:
        for name, value in {
            "EDS_MAILS_KEPT": False,
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": server.port,
            "EMAIL_USE_TLS": False,
        }.items():
            setattr(settings, name, value)
        yield server
        server.shutdown()


@pytest.mark.django_db
def test_the_same_key_is_queued_and_sent_once(server: MailServer) -> None:
    mail = queue()
    assert queue().pk == mail.pk
    assert send(mail).state == OutboxMail.State.SENT
    assert not domain.run(Job.objects.get(subject=mail.public_id).public_id)
    assert [(taken["To"], taken["Subject"]) for taken in server.taken] == [(TO, "Hello")]
    parts = [part.get_content_type() for part in server.taken[0].walk()]
    assert parts == ["multipart/alternative", "text/plain", "text/html"]
    assert server.taken[0]["Message-ID"].startswith(f"<{mail.public_id}@")
    assert not KeptMail.objects.exists()


@pytest.mark.django_db
def test_what_the_kind_says_no_to_is_skipped_with_the_reason(server: MailServer) -> None:
    mail = send(queue(why_not="The person left the panel."))
    assert (mail.state, mail.words, mail.sent_at) == ("skipped", "The person left the panel.", None)
    assert server.taken == []


@pytest.mark.django_db
def test_somebody_whose_account_is_closed_gets_nothing(server: MailServer) -> None:
    user = person("Clara Closed", is_active=False)
    with transaction.atomic():
        mail = outbox.queue_mail(kind="test.letter", subject="thing", key="k", to=user, args={"to": user.email})
    assert send(mail).words == outbox.NOT_ACTIVE
    assert server.taken == []


@pytest.mark.django_db
def test_a_refused_address_fails_at_once_in_words_and_no_log_names_it(
    server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.refuses = f"550 no such person {TO}"
    caplog.set_level(logging.DEBUG)
    mail = send(queue())
    assert (mail.state, mail.words) == ("failed", "The mail server does not take mails for this address.")
    assert Job.objects.get(subject=mail.public_id).state == "failed"
    assert caplog.records
    assert TO not in caplog.text + "".join(str(record.exc_info) + str(record.exc_text) for record in caplog.records)


@pytest.mark.django_db
def test_a_server_that_is_away_is_tried_again_and_then_failed(settings: object) -> None:
    settings.EDS_MAILS_KEPT = False  # type: ignore[attr-defined]
    settings.EMAIL_HOST = ""  # type: ignore[attr-defined]
    mail = queue()
    job = Job.objects.get(subject=mail.public_id)
    assert job.max_attempts == outbox.ATTEMPTS
    for attempt in range(1, outbox.ATTEMPTS + 1):
        Job.objects.filter(pk=job.pk).update(not_before=None)
        domain.run(job.public_id)
        state = OutboxMail.objects.get(pk=mail.pk)
        assert (state.state, state.words) == (
            ("sending", "")
            if attempt < outbox.ATTEMPTS
            else (
                "failed",
                "No mail server is set up for this site.",
            )
        )


@pytest.mark.django_db
def test_in_the_demo_a_mail_is_kept_and_does_not_leave(server: MailServer, settings: object) -> None:
    settings.EDS_MAILS_KEPT = True  # type: ignore[attr-defined]
    mail = send(queue())
    assert (mail.state, mail.kept.to, mail.kept.text) == ("sent", TO, "Plain words.\n")
    assert server.taken == []


@pytest.mark.django_db
def test_a_kind_that_nobody_makes_is_refused() -> None:
    with pytest.raises(UnknownKind), transaction.atomic():
        outbox.queue_mail(kind="test.unknown", subject="x", key="x")


@pytest.mark.django_db
@pytest.mark.parametrize(("state", "words"), [("sent", ""), ("skipped", ""), ("queued", "why"), ("lost", "")])
def test_the_database_refuses_a_mail_that_contradicts_itself(state: str, words: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        OutboxMail.objects.create(kind="k", subject="s", key="k", state=state, words=words)


def test_a_killed_worker_neither_loses_nor_doubles_a_mail(tmp_path: Path) -> None:
    with MailServer() as server:
        project = Project(
            tmp_path, EDS_MAILS_KEPT="0", EDS_EMAIL_URL=f"smtp://127.0.0.1:{server.port}?tls=0"
        )  # fmt: skip
        try:
            server.may_take.clear()
            public_id = project.script(
                "from django.db import transaction\nfrom eds.jobs.outbox import queue_mail\n"
                "with transaction.atomic():\n"
                f"    mail = queue_mail(kind='test.mail', subject='x', key='k', args={{'to': {TO!r}}})\n"
                "print(mail.public_id)"
            )
            first = project.start_worker()
            wait_until(server.arrived.is_set, "the mail to be on its way", project.logs)
            assert _state(project) == "sending"
            end(first)
            server.drops.set()
            server.may_take.set()
            wait_until(server.dropped.is_set, "the server to lose what it held")
            assert server.taken == []
            server.drops.clear()
            second = project.start_worker()
            wait_until(lambda: _state(project) == "sent", "the mail to be sent", project.logs)
            project.script(
                "from eds.jobs.models import Job\nfrom eds.jobs.domain import send\n"
                "job = Job.objects.get()\nassert send(job.public_id, job.kind)"
            )
            project.wait_until_done(project.enqueue("test.quick", "after it"))
            assert second.poll() is None
            assert [taken["Message-ID"].partition("@")[0] for taken in server.taken] == [f"<{public_id}"]
            assert TO not in project.logs()
        finally:
            project.end()
            server.shutdown()


def _state(project: Project) -> str:
    return str(project.rows("SELECT state FROM jobs_outboxmail")[0][0])
