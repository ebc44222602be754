"""A mail's words: one text template makes the plain part and the HTML part, so the two cannot differ.

The first line of a template is `Subject: …`. A line `[Words](address)` is a link: in plain text the address stands on a
line of its own, in HTML it is a button. Only addresses of this site become links.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

_LINK = re.compile(r"\[([^\[\]]+)\]\((\S+)\)")


@dataclass(frozen=True)
class Letter:
    """A mail that is ready to be sent."""

    to: str
    heading: str
    text: str
    html: str


@dataclass(frozen=True)
class Part:
    """A paragraph, or a link with its words."""

    words: str
    url: str = ""


def write_letter(to: str, template: str, **context: Any) -> Letter:
    """Make a mail from templates/mail/<template>.txt. Raises ValueError where it does not begin with a subject."""
    first, _, rest = render_to_string(f"mail/{template}.txt", context).strip().partition("\n")
    if not first.startswith("Subject: "):
        raise ValueError(f"The mail {template!r} does not begin with its subject.")
    parts = [_part(block) for block in re.split(r"\n\s*\n", rest.strip())]
    heading = first.removeprefix("Subject: ").strip()
    text = "\n\n".join(f"{part.words}:\n{part.url}" if part.url else part.words for part in parts) + "\n"
    html = render_to_string("mail/letter.html", {"heading": heading, "parts": parts})
    return Letter(to=to, heading=heading, text=text, html=html)


def site_url(path: str) -> str:
    """Give the full address of a page of this site."""
    return f"{settings.EDS_BASE_URL.rstrip('/')}{path}"


def _part(block: str) -> Part:
    words = " ".join(block.split())
    link = _LINK.fullmatch(words)
    return Part(link[1], link[2]) if link and link[2].startswith(site_url("/")) else Part(words)
