"""What every room's views share: run a verb for a form, and say no in words beside the form."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse

from eds.files.errors import UploadRefused
from eds.history.errors import DomainError, Stale
from eds.ui.forms import VersionedForm

Result = TypeVar("Result")
View = Callable[..., HttpResponse]
TRIES = 3
_reads_again: ContextVar[bool] = ContextVar("reads_again", default=False)


def shows_conflict(view: View) -> View:
    """Decorate a view whose form carries a version: where somebody was quicker, read again and show both texts."""

    @wraps(view)
    def again(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        token = _reads_again.set(True)
        try:
            for _ in range(TRIES):
                try:
                    return view(request, *args, **kwargs)
                except Stale as stale:
                    sentence = stale.sentence
            raise PermissionDenied(sentence)
        finally:
            _reads_again.reset(token)

    return again


def attempt(form: BaseForm, verb: Callable[[], Result]) -> Result | None:
    """Run a verb whose form is valid. Its no becomes an error of the form, at the field it names if any; gives None."""
    try:
        return verb()
    except Stale as stale:
        if _reads_again.get() and isinstance(form, VersionedForm):
            # Somebody was quicker between our reading and our writing: the view reads again and shows both texts.
            raise
        form.add_error(
            None, f"{stale.sentence} Your text is kept below. Check it against the page, then send it again."
        )
    except DomainError as no:
        form.add_error(no.field if no.field in form.fields else None, no.sentence)
    except UploadRefused as refused:
        form.add_error("uploads" if "uploads" in form.fields else None, str(refused))
    return None
