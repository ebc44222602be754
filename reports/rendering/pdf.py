"""The PDF of a report: tagged, declaring PDF/UA-1, and the same bytes for the same payload."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.core.exceptions import ImproperlyConfigured
from django.template.loader import render_to_string

from eds.jobs.errors import JobFailed

from .tagging import tag_mender
from .v1 import link_words, report_context, with_breaks
from .words import mark_words

_TEMPLATES = {"v1"}


def render_pdf(payload: dict[str, Any]) -> bytes:
    """Make the PDF of a payload {"content": …, "envelope": …}.

    Nothing is fetched while it is made: neither files nor addresses that a text names. Raises JobFailed for a payload
    whose templates this program does not have.
    """
    page, style = page_of(payload)
    return write_pdf(page, style, link_words(payload["content"]))


def write_pdf(page: str, style: str, words: Mapping[str, str]) -> bytes:
    """Make a tagged PDF of a page; `words` says, by id or address, what stands where a link leads."""
    # Only the process that renders pays for loading it.
    from weasyprint import CSS, HTML
    from weasyprint.urls import URLFetcher

    mark_words()
    fetcher = URLFetcher(allowed_protocols={"data"}, allow_redirects=False)
    return HTML(string=page, url_fetcher=fetcher).write_pdf(
        stylesheets=[CSS(string=style, url_fetcher=fetcher)],
        pdf_variant="pdf/ua-1",
        finisher=tag_mender(words),
    )


def page_of(payload: dict[str, Any]) -> tuple[str, str]:
    """Give the HTML and the stylesheet that a payload's PDF is made from. Raises JobFailed as render_pdf does."""
    version = payload["content"]["templates_version"]
    if version not in _TEMPLATES:
        raise JobFailed(f"This report needs the templates {version}, which are not installed here.", final=True)
    page = render_to_string(f"reports/{version}/pdf.html", with_breaks(report_context(payload)))
    return page, stylesheet(f"reports/{version}/pdf.css")


def stylesheet(name: str) -> str:
    """Give the text of a stylesheet. Raises ImproperlyConfigured where it is missing."""
    path = finders.find(name)
    if path is None:
        raise ImproperlyConfigured(f"The stylesheet {name} is missing.")
    return Path(path).read_text(encoding="utf-8")
