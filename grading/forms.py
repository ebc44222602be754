"""Forms for grades, reviews and statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from eds.frameworks.models import Factor, Grade
from eds.ui.forms import Form, GradeField, TextField, VersionedForm, choice

from .domain import FactorReason
from .models import ProposedGrade, Review

DECLINED = "declined"
LACK_OF_EVIDENCE = "lack_of_evidence"


class ProposalForm(VersionedForm):
    """The organisation's proposal: a grade, and its reasons by factor (R6)."""

    grade = GradeField(label="Which grade does the organisation propose?")
    conclusion = TextField(
        label="Conclusion", rows=3, required=False, help_text="In a sentence or two, why this grade."
    )
    extra_heading = forms.CharField(label="Another heading", max_length=80, required=False)
    extra_text = TextField(label="Reasons under that heading", rows=3, required=False)
    missing = {"grade": "Choose the grade that the organisation proposes"}

    def __init__(
        self, *args: Any, grades: Sequence[Grade], factors: Sequence[Factor], last: ProposedGrade | None, **kwargs: Any
    ) -> None:
        initial: dict[str, Any] = {}
        known = {factor.code for factor in factors}
        if last:
            initial = {"grade": last.grade.code, "conclusion": last.conclusion}
            for part in last.reasons:
                if part["factor"] in known or part["factor"] == "reasons":
                    initial[f"factor_{part['factor']}"] = part["text"]
                else:
                    initial |= {"extra_heading": part["heading"], "extra_text": part["text"]}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["grade"].grades = grades  # type: ignore[attr-defined]
        self._headings = {f"factor_{factor.code}": (factor.code, factor.name) for factor in factors} or {
            "factor_reasons": ("reasons", "Reasons")
        }
        for name, (_, heading) in self._headings.items():
            self.fields[name] = TextField(
                label=heading, rows=4, required=False, help_text="" if len(self._headings) == 1 else "May stay empty."
            )
        order = ["grade", *self._headings, "extra_heading", "extra_text", "conclusion"]
        if last:
            self.fields["reason"] = TextField(label="Why does the proposal change?", rows=3)
            order.append("reason")
        self.order_fields(order)

    def clean(self) -> dict[str, Any]:
        """Ask for a heading where there is a text without one."""
        data = super().clean() or {}
        if data.get("extra_text") and not data.get("extra_heading"):
            self.add_error("extra_heading", "Enter a heading for these reasons")
        if not any(data.get(name) for name in [*self._headings, "extra_text"]):
            self.add_error(next(iter(self._headings)), "Give the reasons for the grade under at least one heading")
        return data

    def reasons(self) -> list[FactorReason]:
        """Give the typed reasons in order, the empty ones left out."""
        data = self.cleaned_data
        found = [
            FactorReason(code, heading, data[name]) for name, (code, heading) in self._headings.items() if data[name]
        ]
        if data["extra_text"]:
            found.append(FactorReason("", data["extra_heading"], data["extra_text"]))
        return found


class ReviewForm(VersionedForm):
    """A reviewer's own grade. A draft may be unfinished; a submitted review may not."""

    grade = GradeField(label="Which grade would you give?")
    reason = TextField(
        label="Your reasons",
        rows=6,
        help_text="What in the evidence made you choose this? What is missing? A few sentences are enough.",
    )
    missing = {
        "grade": "Choose a grade, or say that there is not enough evidence to judge",
        "reason": "Give your reasons",
    }

    def __init__(self, *args: Any, grades: Sequence[Grade], is_draft: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["grade"]
        field.extra = [  # type: ignore[attr-defined]
            choice(Review.NOT_ENOUGH, "Not enough evidence to judge", "It counts as an answer, but not as a grade.")
        ]
        field.grades = grades  # type: ignore[attr-defined]
        if is_draft:
            for each in self.fields.values():
                each.required = False


class StepAsideForm(VersionedForm):
    """Stepping aside from an outcome, with the interest that is declared."""

    interest = TextField(
        label="Which interest do you declare?",
        rows=4,
        help_text="For example, that you or somebody close to you works in the service. Only your panel's chair and "
        "organiser read this, after reviewing has closed.",
    )
    missing = {"interest": "Say which interest you declare"}


class PanelGradeForm(VersionedForm):
    """The panel's grade, recorded by its chair."""

    grade = GradeField(label="Which grade does the panel give?")
    reason = TextField(label="The panel's reasons", rows=6, help_text="These are published. Name no person.")
    missing = {"grade": "Choose the panel's grade", "reason": "Give the panel's reasons"}

    def __init__(self, *args: Any, grades: Sequence[Grade], too_few: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["grade"]
        extra = [choice(DECLINED, "Not graded", "The panel declines to grade this outcome.")]
        if too_few:
            extra.insert(0, choice(LACK_OF_EVIDENCE, "Undeveloped for lack of evidence"))
        field.extra = extra  # type: ignore[attr-defined]
        field.grades = [] if too_few else grades  # type: ignore[attr-defined]


class StatementForm(Form):
    """One side's statement where the grades differ."""

    text = TextField(label="Statement", rows=6, help_text="It is published beside the other side's. Name no person.")
    missing = {"text": "Write the statement"}


class NotGradedForm(Form):
    """Why no local interest graded an outcome."""

    reason = TextField(
        label="Why is the outcome not graded by local interests?", rows=4, help_text="This is published."
    )
