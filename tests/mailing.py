"""Sends what waits in the outbox, as the worker would, and reads what was sent."""

from __future__ import annotations

import re

from eds.jobs import domain, outbox
from eds.jobs.models import Job, KeptMail

A_LINK = re.compile(r"https?://\S+")


def deliver() -> list[KeptMail]:
    """Send everything that waits; gives the mails that left, in their order."""
    before = set(KeptMail.objects.values_list("pk", flat=True))
    for job in Job.objects.filter(kind=outbox.SEND, state=Job.State.QUEUED).order_by("pk"):
        domain.run(job.public_id)
    return list(KeptMail.objects.exclude(pk__in=before).order_by("pk"))


def link_in(mail: KeptMail) -> str:
    """Give the path and query of the one link in a mail; plain text and HTML have the same."""
    links = A_LINK.findall(mail.text)
    assert len(links) == 1, mail.text
    assert links[0].replace("&", "&amp;") in mail.html
    return re.sub(r"^https?://[^/]+", "", links[0])


def key_in(mail: KeptMail) -> str:
    """Give the token of the one link in a mail."""
    return link_in(mail).partition("?key=")[2]
