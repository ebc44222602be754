"""Forms by which the site administrator loads and corrects official criteria (R9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.boundfield import BoundField

from eds.frameworks.criteria import LARGEST, LONGEST, Cells, CsvProblems, read_csv
from eds.frameworks.models import Grade, Outcome
from eds.history.models import today
from eds.ui.forms import DateField, Form, TextField, VersionedForm


def _source() -> forms.CharField:
    return forms.CharField(
        label="Source",
        max_length=300,
        help_text="The document that you take the words from, as a reader can find it.",
    )


def _source_dated() -> DateField:
    return DateField(label="Date of the source")


_MISSING = {"source": "Enter where the criteria come from", "source_dated": "Enter the date of the source"}


class CriteriaFileForm(Form):
    """Takes a CSV file and reads it. The cleaned value of `file` is the cells that it has."""

    file = forms.FileField(
        label="CSV file",
        help_text="With the columns outcome, grade and criteria, in UTF-8, smaller than 1 MB.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )
    source = _source()
    source_dated = _source_dated()
    missing = {**_MISSING, "file": "Choose a CSV file"}

    def __init__(self, *args: Any, outcomes: Sequence[Outcome], grades: Sequence[Grade], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._outcomes = [outcome.code for outcome in outcomes]
        self._grades = {grade.code: grade.name for grade in grades}

    def clean_file(self) -> Cells:
        """Read the file. Each thing that is wrong is an error of its own, with its line and column."""
        upload: UploadedFile = self.cleaned_data["file"]
        try:
            return read_csv(upload.read(LARGEST + 1), outcomes=self._outcomes, grades=self._grades)
        except CsvProblems as wrong:
            raise forms.ValidationError(wrong.problems) from wrong

    def clean_source_dated(self) -> Any:
        """Refuse a day that is still to come."""
        return _not_in_future(self.cleaned_data["source_dated"])


def _not_in_future(day: Any) -> Any:
    if day and day > today():
        raise forms.ValidationError("The date of the source must not be in the future")
    return day


class CriteriaForm(VersionedForm):
    """All criteria of an edition, a text field for each outcome and grade."""

    source = _source()
    source_dated = _source_dated()
    reason = TextField(
        label="Why do the criteria change?", rows=3, help_text="The reason is kept with your name and today’s date."
    )
    missing = {**_MISSING, "reason": "Say why the criteria change"}

    def __init__(
        self,
        *args: Any,
        outcomes: Sequence[Outcome],
        grades: Sequence[Grade],
        cells: Mapping[tuple[str, str], str],
        stored: Mapping[tuple[str, str], str],
        first: bool,
        **kwargs: Any,
    ) -> None:
        names = {(outcome.code, grade.code): f"{outcome.code}_{grade.code}" for outcome in outcomes for grade in grades}
        kwargs["initial"] = {**kwargs.get("initial", {}), **{names[key]: text for key, text in cells.items()}}
        kwargs["current_text"] = {names[key]: text for key, text in stored.items()}
        super().__init__(*args, **kwargs)
        if first:
            del self.fields["reason"]
        self._names = names
        self._grid = [(outcome, [names[outcome.code, grade.code] for grade in grades]) for outcome in outcomes]
        for outcome in outcomes:
            for grade in grades:
                self.fields[names[outcome.code, grade.code]] = TextField(
                    label=f"{outcome.code} {grade.name}",
                    rows=4,
                    required=False,
                    max_length=LONGEST,
                    error_messages={
                        "max_length": f"The criteria of {outcome.code} {grade.name} must be {LONGEST} characters or "
                        "fewer. They have %(show_value)d now"
                    },
                )

    mark_optional = False

    @property
    def grid(self) -> list[tuple[Outcome, list[BoundField]]]:
        """The text fields by outcome, the lowest grade first."""
        return [(outcome, [self[name] for name in names]) for outcome, names in self._grid]

    @property
    def about(self) -> list[BoundField]:
        """The fields about all criteria together."""
        return [self[name] for name in ("source", "source_dated", "reason") if name in self.fields]

    def cells(self) -> Cells:
        """Give what was typed, without the empty fields."""
        return {key: self.cleaned_data[name] for key, name in self._names.items() if self.cleaned_data[name]}

    def clean_source_dated(self) -> Any:
        """Refuse a day that is still to come."""
        return _not_in_future(self.cleaned_data["source_dated"])
