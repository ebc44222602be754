"""The leak walk's mails: in each phase all that leaves by mail, as it goes over the wire, tells nothing that is planted."""

from __future__ import annotations

import datetime
import email.policy
import logging
from email.message import EmailMessage
from email.parser import BytesParser

import pytest
from django.core import mail as sent
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from eds.assessments.models import Phase
from eds.jobs.models import OutboxMail
from eds.pages.mails import kinds, telling
from eds.people.invitations import INVITATION_MAIL
from eds.people.links import SIGN_IN_MAIL
from objectives.equality.mails import ANSWERED, CONSULTED
from tests.mailing import deliver
from tests.world import World

from .planted.phases import to
from .planted.preparing import planted_world
from .planted.table import WORDS
from .walk import sign_in

KINDS = {
    "R": {kinds.REVIEWING, kinds.REMINDER, INVITATION_MAIL, CONSULTED, ANSWERED},
    "B": {kinds.REMINDER, INVITATION_MAIL, CONSULTED, ANSWERED},
    "A": {kinds.AGREEING, kinds.REMINDER, INVITATION_MAIL, CONSULTED, ANSWERED},
    "D": {kinds.AGREED},
    "X": {kinds.PUBLISHED},
}
"""What must be among the mails of a phase, beside links to sign in."""
TELLING = {"hollin", "healthwatch", "staff side", "panel", "undeveloped", "developing", "achieving", "excelling"}
TELLING |= {"union", "4.1", "leadership", "reviewer", "chair", "proposal", "evidence", "dissent"}
"""What a mail to a reviewer never names, beside what is planted: it says only that there is something to read (R21)."""


def everything_waits(world: World) -> None:
    """Queue all mails that this phase knows: reminders by date and by the lead's buttons, and links to sign in."""
    for days in (7, 2):
        for due in (world.round.review_by, world.round.agree_by):
            assert due is not None
            telling.remind_before_dates(due - datetime.timedelta(days=days))
    lead = sign_in(world, "lead")
    url = reverse("remind", args=[world.assessment.public_id])
    for panel in (world.community, world.staff):
        lead.post(url, {"panel": panel.public_id})
    lead.post(url)
    for who in ("second", "staff_chair", "lead"):
        cache.clear()  # the limits on how often one may ask
        assert Client().post(reverse("sign-in-link"), {"email": world.people[who].email}).status_code in {200, 302}


def as_sent() -> list[EmailMessage]:
    """Give the mails as they went over the wire."""
    parser = BytesParser(policy=email.policy.default)
    return [parser.parsebytes(each.message().as_bytes()) for each in sent.outbox]  # type: ignore[misc]


def words_of(message: EmailMessage) -> str:
    """Give all words of a mail but its address: headers, and each part decoded."""
    headers = [f"{name}: {value}" for name, value in message.items() if name != "To"]
    parts = [str(part.get_content()) for part in message.walk() if not part.is_multipart()]
    return "\n".join([*headers, *parts]).lower()


@pytest.mark.django_db
@pytest.mark.parametrize("phase", KINDS)
def test_no_mail_tells_what_is_planted(phase: str, settings: object, caplog: pytest.LogCaptureFixture) -> None:
    settings.EDS_MAILS_KEPT, settings.EMAIL_HOST = False, "mail.example.org"  # type: ignore[attr-defined]
    caplog.set_level(logging.DEBUG, logger="eds")
    world = to(planted_world(), phase)
    everything_waits(world)
    assert deliver() == [], "none is kept: all are sent"
    found = {row.kind for row in OutboxMail.objects.filter(state=OutboxMail.State.SENT)}
    assert found >= KINDS[phase] | {SIGN_IN_MAIL}
    messages = as_sent()
    assert len(messages) == OutboxMail.objects.filter(state=OutboxMail.State.SENT).count()
    for message in messages:
        words = words_of(message)
        telling_words = [word for word in {*WORDS.values(), *TELLING} if word.lower() in words]
        telling_words += [user.name for user in world.people.values() if user.name.lower() in words]
        assert telling_words == [], f"{message['Subject']} to {message['To']}"
        assert not ({"cc", "bcc", "reply-to", "list-id"} & {name.lower() for name in message})
        assert str(message["To"]).count("@") == 1
    for word in WORDS.values():
        assert word not in caplog.text, "the logs"
    rows = "\n".join(str(row) for row in OutboxMail.objects.values()).lower()
    assert [word for word in WORDS.values() if word.lower() in rows] == []


@pytest.mark.django_db
def test_mails_of_one_kind_are_all_the_same(settings: object) -> None:
    """Neither words nor headers tell a lead's from a reviewer's, nor whose grade was changed."""
    settings.EDS_MAILS_KEPT, settings.EMAIL_HOST = False, "mail.example.org"  # type: ignore[attr-defined]
    world = to(planted_world(), "R")
    deliver()
    sent.outbox.clear()
    world.move(Phase.AGREEING)
    deliver()
    bodies = {
        tuple(str(part.get_content()) for part in message.walk() if not part.is_multipart()) for message in as_sent()
    }
    assert len(sent.outbox) > 5
    assert len(bodies) == 1
    assert len({tuple(sorted(name for name in message)) for message in as_sent()}) == 1
