"""The PDF of a report: tagged, declaring PDF/UA-1, and the same bytes for the same payload."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string

from eds.jobs.errors import JobFailed

from .tagging import tag_mender
from .v1 import build_report, link_words, report_context, with_breaks
from .words import mark_words

_TEMPLATES = {"v1"}


def render_pdf(payload: dict[str, Any]) -> bytes:
    """Make the PDF of a payload {"content": …, "envelope": …}.

    Nothing is fetched while it is made: neither files nor addresses that a text names. Raises JobFailed for a payload
    whose templates this program does not have.
    """
    # Only the process that renders pays for loading it.
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher

    mark_words()
    version = payload["content"]["templates_version"]
    if version not in _TEMPLATES:
        raise JobFailed(f"This report needs the templates {version}, which are not installed here.", final=True)
    context = with_breaks(report_context(payload))
    page = render_to_string(f"reports/{version}/pdf.html", context)
    fetcher = URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
    style = CSS(string=_css(f"reports/{version}/pdf.css"), url_fetcher=fetcher)
    email = context["content"]["organisation"]["contact_email"]
    words = {**link_words(build_report(context["content"])), f"mailto:{email}": f"E-mail to {email}"}
    return HTML(string=page, url_fetcher=fetcher).write_pdf(
        stylesheets=[style], pdf_variant="pdf/ua-1", finisher=tag_mender(words)
    )


def _css(name: str) -> str:
    path = finders.find(name)
    if path is None:
        raise ImproperlyConfigured(f"The stylesheet {name} is missing.")
    return Path(path).read_text(encoding="utf-8")
