"""What every room's views share: run a verb for a form, and say no in words beside the form."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.forms import BaseForm

from eds.files.errors import UploadRefused
from eds.history.errors import DomainError, Stale

Result = TypeVar("Result")


def attempt(form: BaseForm, verb: Callable[[], Result]) -> Result | None:
    """Run a verb whose form is valid. Its no becomes an error of the form, at the field it names if any; gives None."""
    try:
        return verb()
    except Stale as stale:
        form.add_error(
            None, f"{stale.sentence} Your text is kept below. Check it against the page, then send it again."
        )
    except DomainError as no:
        form.add_error(no.field if no.field in form.fields else None, no.sentence)
    except UploadRefused as refused:
        form.add_error("uploads" if "uploads" in form.fields else None, str(refused))
    return None
