"""Forms for evidence."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.html import format_html

from eds.ui.forms import Form, RadioField, TextField, VersionedForm, choice
from eds.ui.rich_field import HINT, RichField

from .models import SUMMARY_WORDS, EvidenceItem, Sharing

SHARING = [
    choice(Sharing.PUBLIC, "Everybody", "It may stand in the published report."),
    choice(Sharing.PANELS, "Review panels", "Panels read it before they grade. It is not published."),
    choice(Sharing.ORGANISATION, "Inside the organisation only", "Panels do not see it, so it cannot support a grade."),
]


class ManyFilesInput(forms.ClearableFileInput):
    """A file box that takes several files at once."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class ManyFilesField(forms.FileField):
    """Several uploaded files; the cleaned value is a list."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Give the uploaded files, checked one by one."""
        return [super(ManyFilesField, self).clean(each, initial) for each in (data or []) if each]


class _EvidenceFields(Form):
    title = forms.CharField(max_length=200)
    text = RichField(
        label="What the evidence says",
        rows=14,
        help_text=format_html(
            "{} {}", "Say what happened and to whom. Leave out which grade you think it deserves.", HINT
        ),
    )
    source = forms.CharField(
        max_length=200, required=False, help_text="For example, the staff survey or a complaint report"
    )
    period = forms.CharField(max_length=100, required=False, help_text="For example, April 2025 to March 2026")
    who_it_covers = forms.CharField(
        label="Who it covers", max_length=200, required=False, help_text="For example, all staff, or people over 65"
    )
    sharing = RadioField(label="Who may read it", choices=SHARING, initial=Sharing.PUBLIC)
    uploads = ManyFilesField(
        label="Files",
        required=False,
        help_text="PDF, Word, Excel, PowerPoint, OpenDocument, CSV, text or picture. Up to 20 MB each.",
    )
    missing = {"title": "Enter a title", "text": "Enter what the evidence says", "sharing": "Choose who may read it"}


class EvidenceForm(_EvidenceFields):
    """A new item."""


class CorrectionForm(VersionedForm, _EvidenceFields):
    """The next version of an item, with what changed and why."""

    reason = TextField(label="What did you change, and why?", rows=3)
    missing = {**_EvidenceFields.missing, "reason": "Say what you changed and why"}
    field_order = ["title", "text", "source", "period", "who_it_covers", "sharing", "uploads", "keep", "reason"]

    def __init__(self, *args: Any, old_files: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if old_files:
            self.fields["keep"] = forms.MultipleChoiceField(
                label="Files to keep",
                choices=old_files,
                initial=[value for value, _ in old_files],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
            self.order_fields(self.field_order)


class FindForm(Form):
    """Finds items of the library to choose from."""

    q = forms.CharField(label="Search the library", max_length=200, required=False)


class CiteForm(Form):
    """Chooses an item of the library for an outcome."""

    item = RadioField(label="Which evidence?")
    missing = {"item": "Choose the evidence to cite"}

    def __init__(self, *args: Any, items: list[EvidenceItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].choices = [  # type: ignore[attr-defined]
            choice(item.public_id, item.title, ", ".join(filter(None, [item.source, item.period])))  # type: ignore[attr-defined]
            for item in items
        ]


class RemoveForm(Form):
    """Confirms that a citation is taken away."""


class SummaryForm(VersionedForm):
    """The summary of an outcome's evidence."""

    text = RichField(
        label="Summary",
        rows=8,
        help_text=format_html("At most {} words, in plain English. Panels read it first. {}", SUMMARY_WORDS, HINT),
    )
    missing = {"text": "Enter the summary"}
