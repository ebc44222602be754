"""What the pages of one objective share: a page with a form whose verb is called, and then the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from eds.access.http import attempt
from eds.ui.views import answer
from objectives.equality.queries import Known


def form_page(
    request: HttpRequest,
    found: Known,
    form: BaseForm,
    verb: Callable[[], Any],
    *,
    heading: str,
    intro: str,
    button: str,
    done: str | Callable[[], str],
    template: str = "objectives/form.html",
    **context: Any,
) -> HttpResponse:
    """Show a form of an objective, or run its verb and go back to the objective."""
    if request.method == "POST" and form.is_valid() and attempt(form, verb):
        messages.success(request, done if isinstance(done, str) else done())
        return redirect("objective", found.objective.public_id)
    words = {"heading": heading, "intro": intro, "button": button}
    return answer(request, template, {"found": found, "objective": found.objective, "words": words, **context}, form)
