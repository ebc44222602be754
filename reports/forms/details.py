"""Forms of a report's details, events with local people, the approval route and earlier grades."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from eds.assessments.domain import EventText
from eds.assessments.models import AssessedOutcome
from eds.frameworks.models import Grade
from eds.ui.forms import DateField, Form, RadioField, TextField, VersionedForm, choice
from grading.domain import PastResult
from reports.domain import DetailsText, StepText
from reports.models import ApprovalStep, ReportDetails


class DetailsForm(VersionedForm):
    """The details of a report."""

    level = RadioField(
        label="Whose report is it?", choices=[choice(level.value, level.label) for level in ReportDetails.Level]
    )
    bodies = TextField(
        label="Bodies in the partnership or system", rows=3, required=False, help_text="One a line. They are printed."
    )
    lead_role = forms.CharField(
        label="Role of the equality lead", max_length=120, required=False, help_text="Empty prints “Equality lead”."
    )
    lead_name = forms.CharField(
        label="Name of the equality lead, if it is to be printed", max_length=120, required=False
    )
    sponsor_role = forms.CharField(
        label="Role of the board sponsor", max_length=120, required=False, help_text="Empty prints “Board sponsor”."
    )
    sponsor_name = forms.CharField(
        label="Name of the board sponsor, if it is to be printed", max_length=120, required=False
    )
    names_agreed = forms.BooleanField(
        label="The people named above agreed that their names are printed", required=False
    )
    method_note = TextField(
        label="Note on the method",
        rows=4,
        required=False,
        help_text="What a reader should know about how you graded, and is not said by itself.",
    )
    involvement = TextField(
        label="How local people and groups were involved", rows=4, required=False, help_text="Beside the events listed."
    )
    good_practice = TextField(label="Good practice worth sharing", rows=4, required=False)
    other_text = TextField(label="Anything else for the front of the report", rows=4, required=False)
    completed_on = DateField(label="Date on which the grading was completed", required=False)
    revise_on = DateField(label="Date by which the report is looked at again", required=False)

    def text(self) -> DetailsText:
        """Give what was typed."""
        return DetailsText(**{name: self.cleaned_data[name] for name in DetailsText.__dataclass_fields__})


class _RemovableForm(VersionedForm):
    """A row that can also be taken out."""

    remove = forms.BooleanField(label="Take this out of the report", required=False)

    def __init__(self, *args: Any, exists: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not exists:
            del self.fields["remove"]

    @property
    def removes(self) -> bool:
        """Say whether the row is to be taken out."""
        return bool(self.cleaned_data.get("remove"))


class EventForm(_RemovableForm):
    """A meeting or event with local people."""

    name = forms.CharField(label="What was it?", max_length=200, help_text="For example, open day at the library")
    held_on = DateField(label="When was it?")
    groups = TextField(label="Which groups took part?", rows=3)
    numbers = forms.CharField(
        label="How many people came?",
        max_length=200,
        required=False,
        help_text="For example, about 40. Do not give numbers under 10 for a single group.",
    )
    heard = TextField(label="What was heard?", rows=4, required=False)
    changed = TextField(label="What changed because of it?", rows=4, required=False)
    missing = {
        "name": "Enter what it was",
        "held_on": "Enter the date on which it was",
        "groups": "Say which groups took part",
    }
    field_order = ("name", "held_on", "groups", "numbers", "heard", "changed", "remove")

    def text(self) -> EventText:
        """Give what was typed."""
        return EventText(**{name: self.cleaned_data[name] for name in EventText.__dataclass_fields__})


class StepForm(_RemovableForm):
    """A step of the approval route."""

    kind = RadioField(label="What happened?", choices=[choice(kind.value, kind.label) for kind in ApprovalStep.Kind])
    body = forms.CharField(
        label="Which committee or body?", max_length=200, help_text="For example, Quality and Equality Committee"
    )
    on = DateField(label="On which day?")
    paper = forms.CharField(label="Number of the paper", max_length=80, required=False)
    minute = forms.CharField(label="Reference of the minutes", max_length=80, required=False)
    missing = {
        "kind": "Choose what happened",
        "body": "Enter the name of the committee or body",
        "on": "Enter the day on which it happened",
    }
    field_order = ("kind", "body", "on", "paper", "minute", "remove")

    def text(self) -> StepText:
        """Give what was typed."""
        return StepText(**{name: self.cleaned_data[name] for name in StepText.__dataclass_fields__})


class WordsForm(VersionedForm):
    """How an older report printed an outcome."""

    wording_then = TextField(
        label="Wording in the report as it was published",
        rows=3,
        required=False,
        help_text="Only where it differs from the official wording above. Both are printed.",
    )
    contacts = TextField(
        label="Lead contacts as printed",
        rows=3,
        required=False,
        help_text="One a line. Names only of people who agreed. Empty prints what each contact is for.",
    )


class EarlierGradesForm(Form):
    """What was published for an earlier year that was not run here."""

    year = forms.IntegerField(
        label="Year",
        help_text="The year in which it started: 2025 for 2025-26.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-4"}),
    )
    source = forms.CharField(
        label="Where was it published?", max_length=300, help_text="For example, Annual equality report 2025, page 12"
    )
    missing = {"year": "Enter the year in which it started", "source": "Say where the results were published"}

    def __init__(
        self,
        *args: Any,
        outcomes: Sequence[AssessedOutcome],
        grades: Sequence[Grade],
        reason_needed: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._outcomes = {f"grade_{outcome.public_id}": outcome for outcome in outcomes}
        self._grades = {grade.code: grade for grade in grades}
        choices = [("", "Not published, or not known"), *((grade.code, grade.name) for grade in grades)]
        for name, outcome in self._outcomes.items():
            self.fields[name] = forms.ChoiceField(label=f"Grade of outcome {outcome}", choices=choices, required=False)
        if reason_needed:
            self.fields["reason"] = TextField(
                label="Why is a result taken back?",
                rows=2,
                required=False,
                help_text="Needed only where you take a result back.",
            )

    mark_optional = False

    def results(self) -> list[PastResult]:
        """Give the grades that were chosen, and for outcomes without one that there is none."""
        return [
            PastResult(
                outcome.outcome.code,
                self._grades.get(self.cleaned_data[name]),
                outcome.service.name if outcome.service else "",
            )
            for name, outcome in self._outcomes.items()
        ]
