"""The form that answers what a check found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from eds.ui.forms import Form, TextField, choice
from reports.checks import Result

SEPARATOR = "."


class AnswerForm(Form):
    """Answers some findings of one check with one text. A choice carries the mark of what was read."""

    findings = forms.MultipleChoiceField(label="What do you answer?", widget=forms.CheckboxSelectMultiple)
    text = TextField(
        label="Your answer", rows=4, help_text="It is kept with your name and the date. It is not published."
    )
    missing = {"findings": "Choose at least one thing that you answer", "text": "Write your answer"}

    def __init__(self, *args: Any, results: Sequence[Result], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["findings"].choices = [  # type: ignore[attr-defined]
            choice(value_of(each), each.finding.place, each.finding.says) for each in results
        ]
        self.fields["findings"].error_messages["invalid_choice"] = (
            "Something has changed since you opened the page. Read it again, then answer"
        )

    def seen(self) -> dict[str, str]:
        """Give, by finding's key, the fingerprint that was on the page."""
        return dict(value.split(SEPARATOR, 1) for value in self.cleaned_data["findings"])


def value_of(result: Result) -> str:
    """Give what a choice carries: the finding's key and its fingerprint."""
    return f"{result.finding.key}{SEPARATOR}{result.finding.fingerprint}"
