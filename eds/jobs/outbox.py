"""Mails as rows: queued with what happened, sent by a worker, each once as far as SMTP can promise it.

A room registers a `MailKind` from AppConfig.ready(). When the worker sends, the kind is asked again whether the person
may still have the mail; if not, the row says so and nothing leaves. The text is made at that moment, so neither text nor
one-time link nor address lies in the outbox.

SMTP has one gap: a worker killed after the server took a mail and before the row says so will send it again. Both carry
the same Message-ID, by which mail programs know a double.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models.functions import Now

from . import domain
from .errors import JobFailed, UnknownKind
from .letters import Letter
from .models import Job, KeptMail, OutboxMail
from .registry import Finish
from .running import RunningJob

logger = logging.getLogger(__name__)

SEND = "jobs.mail"
ATTEMPTS = 9  # with the jobs' back-off the last one is some four and a half hours after the first
NOT_ACTIVE = "The person's account is closed."


@dataclass(frozen=True)
class MailKind:
    """A kind of mail: `why_not` gives "" where it may still be sent, else the reason; `compose` makes it."""

    code: str
    why_not: Callable[[OutboxMail], str]
    compose: Callable[[OutboxMail], Letter]


_kinds: dict[str, MailKind] = {}


def register_mail(kind: MailKind) -> MailKind:
    """Say who makes mails of this kind. Raises ValueError where another has the code."""
    if _kinds.get(kind.code, kind) != kind:
        raise ValueError(f"Mails of kind {kind.code!r} are made by another already.")
    _kinds[kind.code] = kind
    return kind


def kind_of(code: str) -> MailKind:
    """Give a kind of mail. Raises UnknownKind where there is none."""
    try:
        return _kinds[code]
    except KeyError:
        raise UnknownKind(f"No room makes mails of kind {code!r}.") from None


def queue_mail(
    *, kind: str, subject: str, key: str, to: Any = None, args: Mapping[str, Any] | None = None
) -> OutboxMail:
    """Queue a mail, or give the one that has this key already, whatever became of it.

    Call it in the transaction of what happened. Raises UnknownKind for a kind that nobody makes.
    """
    kind_of(kind)
    mail, created = OutboxMail.objects.get_or_create(
        key=key, defaults={"kind": kind, "subject": subject, "to": to, "args": dict(args or {})}
    )
    if created:
        domain.enqueue(kind=SEND, subject=mail.public_id, key=f"mail:{mail.public_id}", max_attempts=ATTEMPTS)
    return mail


def deliver(running: RunningJob) -> Finish | None:
    """Job handler: send one mail, or say why not. Raises JobFailed where the mail server does not take it.

    What is raised or logged names neither an address nor a text.
    """
    mail = OutboxMail.objects.select_related("to").get(public_id=running.subject)
    if mail.state in {OutboxMail.State.SENT, OutboxMail.State.SKIPPED}:
        return None
    kind = kind_of(mail.kind)
    why_not = NOT_ACTIVE if mail.to is not None and not mail.to.is_active else kind.why_not(mail)
    if why_not:
        return lambda: _mark(mail, OutboxMail.State.SKIPPED, words=why_not)
    letter = kind.compose(mail)
    _mark(mail, OutboxMail.State.SENDING)
    running.beat()
    if not settings.EDS_MAILS_KEPT:
        _send(mail, letter)

    def finish() -> None:
        _mark(mail, OutboxMail.State.SENT)
        if settings.EDS_MAILS_KEPT:
            KeptMail.objects.create(
                outbox=mail, to=letter.to, heading=letter.heading, text=letter.text, html=letter.html
            )

    return finish


def failed(subject: str, sentence: str) -> None:
    """Let the mail of a failed job say so, in words."""
    OutboxMail.objects.filter(public_id=subject).exclude(state=OutboxMail.State.SENT).update(
        state=OutboxMail.State.FAILED, words=sentence
    )


def send_again(mail: OutboxMail, *, actor: Any) -> None:
    """Queue a failed mail again. Raises JobNotFailed where it is not failed, or is under way again already."""
    with transaction.atomic():
        job = Job.objects.get(kind=SEND, subject=mail.public_id)
        domain.retry(job, actor=actor)
        _mark(mail, OutboxMail.State.QUEUED)


def _mark(mail: OutboxMail, state: OutboxMail.State, words: str = "") -> None:
    OutboxMail.objects.filter(pk=mail.pk).update(
        state=state, words=words, sent_at=Now() if state == OutboxMail.State.SENT else None
    )


def _send(mail: OutboxMail, letter: Letter) -> None:
    if not settings.EMAIL_HOST:
        raise JobFailed("No mail server is set up for this site.")
    domain_part = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")
    message = EmailMultiAlternatives(
        subject=letter.heading,
        body=letter.text,
        to=[letter.to],
        connection=get_connection(),
        headers={"Message-ID": f"<{mail.public_id}@{domain_part}>", "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(letter.html, "text/html")
    # Errors of smtplib carry the address, so none of them may reach the log.
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _ in refused.recipients.values()]
        final = bool(codes) and all(500 <= code < 600 for code in codes)
        raise JobFailed("The mail server does not take mails for this address.", final=final) from None
    except smtplib.SMTPResponseException as refused:
        raise JobFailed(f"The mail server answered with an error ({refused.smtp_code}).") from None
    except (smtplib.SMTPException, OSError) as error:
        raise JobFailed(f"The mail server cannot be reached ({type(error).__name__}).") from None
