"""Turns a stored version of the objectives into what people read: the values for the pages, and the PDF."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string

from eds.jobs.errors import JobFailed
from reports.rendering.pdf import stylesheet, write_pdf
from reports.rendering.v1 import clean, with_breaks

_TEMPLATES = {"v1"}
GROUPS = (
    ("adopted", "Adopted by the board"),
    ("closed", "Closed"),
    ("not_adopted", "Consulted on, not adopted"),
)


def context_of(payload: dict[str, Any]) -> dict[str, Any]:
    """Give what the templates show: the content, its envelope, and the objectives by where they stand."""
    content = clean(payload["content"])
    groups = [
        {"words": words, "rows": rows}
        for stage, words in GROUPS
        if (rows := [each for each in content["objectives"] if each["stage"] == stage])
    ]
    return {"content": content, "envelope": payload["envelope"], "groups": groups}


def render_pdf(payload: dict[str, Any]) -> bytes:
    """Make the PDF of a version. Raises JobFailed for templates that this program does not have."""
    version = payload["content"]["templates_version"]
    if version not in _TEMPLATES:
        raise JobFailed(f"These objectives need the templates {version}, which are not installed here.", final=True)
    context = with_breaks(context_of(payload))
    page = render_to_string(f"reports/objectives/{version}/pdf.html", context)
    email = context["content"]["organisation"]["contact_email"]
    words = {f"mailto:{email}": f"E-mail to {email}"}
    words |= {each["key"]: each["headline"] for each in context["content"]["objectives"]}
    return write_pdf(page, stylesheet("reports/v1/pdf.css"), words)
