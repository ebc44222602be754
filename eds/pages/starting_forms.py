"""Forms by which an assessment starts: its dates, and what is kept of the year before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Model

from eds.ui.forms import DateField, Form, VersionedForm, choice


class DatesForm(VersionedForm):
    """By when the report is signed off and published."""

    publish_by = DateField(label="The report is published by", help_text="For example, 28 February 2027")
    sign_off_by = DateField(
        label="The board sponsor signs off by",
        required=False,
        help_text="Leave it empty to take the Friday or other working day two weeks before. For example, 12 February 2027",
    )
    missing = {"publish_by": "Enter the date by which the report is published"}


class _KeepField(forms.MultipleChoiceField):
    """Rows to keep, as checkboxes that are all ticked at first, or none is; the cleaned value is the rows."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *args: Any, ticked: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._ticked = ticked

    def offer(self, rows: Mapping[str, tuple[Model, str, str]]) -> None:
        """Set what there is: by key the row, its words and a hint."""
        self._rows = {key: row for key, (row, _, _) in rows.items()}
        self.choices = [choice(key, words, hint) for key, (_, words, hint) in rows.items()]
        self.initial = list(rows) if self._ticked else []

    def clean(self, value: Any) -> list[Any]:
        """Give the rows that stay ticked."""
        chosen = set(super().clean(value))
        return [row for key, row in self._rows.items() if key in chosen]


class TakeOverForm(Form):
    """Keeps parts of the year before. Each field is there only where that year has something of it."""

    mark_optional = False
    services = _KeepField(label="Services", required=False)
    panels = _KeepField(label="Panels", required=False)
    rounds = _KeepField(label="Rounds", required=False)
    contributors = _KeepField(label="Lead contacts", required=False)
    people = _KeepField(
        label="Ask these people to take part again",
        required=False,
        help_text="Each one that you tick gets an invitation by mail, and has a place only once they accept. "
        "You see those that a lead named last year; whom a panel found itself, it asks itself.",
        ticked=False,
    )

    def __init__(self, *args: Any, offers: Mapping[str, Mapping[str, tuple[Model, str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in list(self.fields):
            if offers.get(name):
                self.fields[name].offer(offers[name])  # type: ignore[attr-defined]
            else:
                del self.fields[name]

    def kept(self, name: str) -> Iterable[Any]:
        """Give what stays ticked under a field; nothing where there was nothing to choose."""
        return self.cleaned_data.get(name, [])
