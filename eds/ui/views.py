"""Answers that every room gives: a page with its form, and the pages for what went wrong."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render

from eds.ui import richtext, unsaved
from eds.ui.away import is_away
from eds.ui.unsaved import owner_of

SECRET_NAME = re.compile(r"passw|token|secret|otp|^(version|code|key|next)$", re.IGNORECASE)
"""Names of fields whose value must not be shown again, or means nothing to a person."""

NEVER_GIVEN_BACK = re.compile(r"passw|otp|secret|^code$", re.IGNORECASE)
AWAY_SECONDS = 30
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def answer(request: HttpRequest, template: str, context: dict[str, Any], form: BaseForm | None = None) -> HttpResponse:
    """Render a page; 422 when its form was sent and has errors, else 200. The form is put in the context as `form`."""
    if form is not None:
        context = {"form": form, **context}
    invalid = form is not None and form.is_bound and not form.is_valid()
    return render(request, template, context, status=422 if invalid else 200)


@dataclass(frozen=True)
class KeptText:
    """What a person typed in one field, to copy from a page that could not take it."""

    label: str
    text: str
    rows: int


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400: what was sent could not be read (400), or was too large (413)."""
    if isinstance(exception, TOO_LARGE):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403: says the sentence that PermissionDenied was raised with, or a general one.

    Somebody who sent a text in good faith (their panel's reviewing has just closed) gets it back to copy, and 422.
    """
    sentence = str(exception) if isinstance(exception, PermissionDenied) else ""
    kept, _ = _kept_text(request) if request.method == "POST" else ([], False)
    return render(request, "403.html", {"sentence": sentence, "kept": kept}, status=422 if kept else 403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404: the same page for what does not exist and for what this person may not know of."""
    # What the address would have led to marks nothing in the menu: that would tell that it is there.
    request.resolver_match = None
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: needs no database, session or person; gives the number under which the logs hold the error.

    Where a part of the installation is away it is 503, with a button that sends the same form again. What was typed is
    shown in both, to copy.
    """
    sent = request.method == "POST"
    kept, _ = _kept_text(request) if sent else ([], False)
    context = {"request_id": request.META.get("eds.request_id", ""), "kept": kept, "sent": sent}
    if not is_away(sys.exc_info()[1]):
        return render(request, "500.html", context, status=500)
    context["again"] = _to_send_again(request) if sent else []
    response = render(request, "503.html", context, status=503)
    response["Retry-After"] = str(AWAY_SECONDS)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW: the form was open too long or in another log-in; shows what was typed, so it can be copied."""
    kept, unreadable = _kept_text(request)
    owner = None if unreadable else owner_of(request)
    user = getattr(request, "user", None)
    somebody_elses = owner is not None and user is not None and user.is_authenticated and user.pk != owner
    if somebody_elses:
        # Two people at one computer: the text waits for the one who opened the form, and is not shown to the other.
        kept = []
    files = sorted(name for name in request.FILES) if not unreadable else []
    context = {"kept": kept, "files": files, "unreadable": unreadable, "somebody_elses": somebody_elses}
    response = render(request, "403_csrf.html", context | {"waits": owner is not None}, status=403)
    if owner is not None and request.POST.get(unsaved.SAVE) != "auto":
        unsaved.keep_for_later(request, response, owner)
    return response


def _kept_text(request: HttpRequest) -> tuple[list[KeptText], bool]:
    try:
        posted = request.POST
    except (UnreadablePostError, MultiPartParserError, SuspiciousOperation):
        return [], True
    kept = [
        KeptText(_words(name), text, min(12, max(2, len(text) // 60 + text.count("\n") + 1)))
        for name, values in _typed_lists(posted)
        if not SECRET_NAME.search(name.rsplit("-", 1)[-1])
        for text in values
        if text.strip()
    ]
    return kept, False


def _to_send_again(request: HttpRequest) -> list[tuple[str, str]]:
    """Give all fields of a form that was sent, unless one is a password or a file: those are never given back."""
    try:
        posted = request.POST
    except (UnreadablePostError, MultiPartParserError, SuspiciousOperation):
        return []
    if request.FILES or any(NEVER_GIVEN_BACK.search(name) for name in posted):
        return []
    return [(name, value) for name, values in posted.lists() for value in values]


def _typed_lists(posted: QueryDict) -> Iterator[tuple[str, list[str]]]:
    """Give the fields of a form as a person typed them: rich text as text with simple marks, no fields of ours."""
    for name, values in posted.lists():
        if name in unsaved.OURS or name.endswith("__format"):
            continue
        if posted.get(f"{name}__format") == "html":
            try:
                values = [richtext.to_marks(value) for value in values]
            except richtext.Unreadable:
                continue
        yield name, values


def _words(name: str) -> str:
    return name.rsplit("-", 1)[-1].replace("_", " ").strip().capitalize() or "Text"
