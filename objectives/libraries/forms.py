"""The form by which an objective or an action is said to answer a national plan."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from eds.ui.forms import Form

from .catalogue import libraries


class AnswersItemsForm(Form):
    """What an objective or an action answers, by library."""

    mark_optional = False

    def __init__(self, *args: Any, linked: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, library in enumerate(libraries()):
            choices = [(item.key, _official(item.title)) for group in library.groups for item in group.items]
            self.add_field(
                f"library{number}",
                forms.MultipleChoiceField(
                    label=_official(library.name),
                    choices=choices,
                    required=False,
                    widget=forms.CheckboxSelectMultiple,
                    initial=[key for key, _ in choices if key in linked],
                ),
            )

    def chosen(self) -> set[str]:
        """Give the keys of the items that were ticked."""
        return {key for values in self.cleaned_data.values() for key in values}


def _official(words: str) -> SafeString:
    return format_html("<span data-official>{}</span>", words)
