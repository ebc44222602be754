"""The form that publishes a version of an organisation's objectives."""

from __future__ import annotations

from typing import Any

from django import forms

from eds.ui.forms import Form, TextField


class PublishObjectivesForm(Form):
    """Publishes the objectives as they were read on the page."""

    reason = TextField(
        label="Why do you publish this version?",
        rows=3,
        help_text="It is published. For example, the board adopted a new objective in May",
    )
    small_checked = forms.BooleanField(
        label="I have looked at the small numbers: nobody can be recognised by them", required=False
    )
    seen_hash = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    missing = {"reason": "Say why you publish this version"}

    def __init__(self, *args: Any, has_small: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_small:
            del self.fields["small_checked"]
