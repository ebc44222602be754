"""Somebody was quicker between a view's reading and its writing."""

from __future__ import annotations

from typing import Never

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from eds.access.http import attempt, shows_conflict
from eds.history.errors import Stale
from eds.ui.forms import TextField, VersionedForm


class TextForm(VersionedForm):
    text = TextField(label="Text")


def quicker() -> Never:
    raise Stale("Somebody else changed this.")


def form_of(stored: str, version: int) -> TextForm:
    return TextForm({"text": "Mine", "version": "1"}, current_version=version, current_text={"text": stored})


def test_a_view_that_shows_conflicts_reads_again_and_shows_both_texts() -> None:
    stored = {"text": "Old", "version": 1}

    @shows_conflict
    def view(request: HttpRequest) -> HttpResponse:
        form = form_of(str(stored["text"]), int(stored["version"]))
        if form.is_valid():
            stored.update(text="Theirs", version=2)
            attempt(form, quicker)
        return HttpResponse(f"{form.conflicts} {form['text'].value()}")

    assert view(HttpRequest()).content.decode() == "{'text': 'Theirs'} Mine"


def test_a_view_that_never_gets_its_turn_says_so() -> None:
    @shows_conflict
    def view(request: HttpRequest) -> HttpResponse:
        attempt(form_of("Old", 1), quicker)
        return HttpResponse()

    with pytest.raises(PermissionDenied, match="Somebody else changed this"):
        view(HttpRequest())


def test_other_views_get_the_sentence_on_their_form() -> None:
    form = form_of("Old", 1)
    assert form.is_valid()
    assert attempt(form, quicker) is None
    assert "Somebody else changed this. Your text is kept below." in str(form.non_field_errors())
