"""Forms for bringing in a plan: the file, and the questions that it leaves open."""

from __future__ import annotations

from typing import Any

from django import forms

from eds.ui.forms import Form, RadioField
from objectives.months import Month, MonthInput

from .questions import Answers, Question

TYPED = "typed"


class PlanFileForm(Form):
    """Choose the file of an existing plan."""

    file = forms.FileField(
        label="The plan’s file",
        help_text="A Word document or an Excel workbook with the plan in a table, or a CSV table; at most 10 MB.",
    )
    missing = {"file": "Choose the plan’s file"}


class AnswersForm(Form):
    """The questions of a file. None has to be answered now: what is answered is kept."""

    mark_optional = False

    def __init__(self, *args: Any, questions: list[Question], answers: Answers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.questions = questions
        for number, question in enumerate(questions):
            given = answers.get(question.key) or list(question.suggested)
            self._add(f"q{number}", question, given)

    def _add(self, name: str, question: Question, given: list[str]) -> None:
        values = {value for value, _ in question.choices}
        kind: Any = forms.MultipleChoiceField if question.several else RadioField
        options: dict[str, Any] = {"widget": forms.CheckboxSelectMultiple} if question.several else {}
        choices = [*question.choices, *([(TYPED, "In the month below")] if question.typed else [])]
        typed = next((value for value in given if value not in values), "")
        self.add_field(
            name,
            kind(
                label=f"{question.place}: {question.words}",
                help_text=f"“{question.quote}”" if question.quote else "",
                choices=choices,
                required=False,
                initial=given if question.several else (TYPED if typed else given[0] if given else None),
                **options,
            ),
        )
        if question.typed:
            self.add_field(
                f"{name}_month", MonthInput(label="The month, where it is known", required=False, initial=typed)
            )

    def clean(self) -> dict[str, Any]:
        """Ask for the month where somebody said that one follows."""
        data = super().clean() or self.cleaned_data
        for number, question in enumerate(self.questions):
            name = f"q{number}"
            month = f"{name}_month"
            if question.typed and data.get(name) == TYPED and not data.get(month) and month not in self.errors:
                self.add_error(month, "Enter the month, or say that it is not known")
        return data

    def given(self) -> dict[str, list[str]]:
        """Give what was answered, by the question's key."""
        found: dict[str, list[str]] = {}
        for number, question in enumerate(self.questions):
            name = f"q{number}"
            value = self.cleaned_data.get(name)
            month = self.cleaned_data.get(f"{name}_month")
            if isinstance(month, Month) and value in {TYPED, ""}:
                found[question.key] = [str(month)]
            elif value and value != TYPED:
                found[question.key] = list(value) if question.several else [value]
        return found
