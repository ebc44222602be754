"""Keeps what was typed when a form arrives after its author's log-in ran out."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url

from eds.ui import unsaved

GetResponse = Callable[[HttpRequest], HttpResponse]


class KeepTypedTextMiddleware:
    """A form that is sent without a log-in leads to the log-in page; its text waits for the person who opened it.

    It waits only for the browser that sent it, only for that person, and is offered at the form, never sent by itself.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if (
            request.method == "POST"
            and not request.user.is_authenticated
            and unsaved.is_to_log_in(response, resolve_url("account_login"))
            and unsaved.TYPED_BY in request.POST
            and request.POST.get(unsaved.SAVE) != "auto"
        ):
            unsaved.keep_for_later(request, response, unsaved.owner_of(request))
        return response
