"""Forms for findings: how people fare, by group; and the lead's one finding for an outcome."""

from __future__ import annotations

from typing import Any

from django import forms

from eds.ui.forms import Form, RadioField, TextField
from evidence.groups import OTHER, Groups
from evidence.rows import RowsForm

from .models import Fares, OutcomeFinding
from .writing import FindingText

FARES = [("", "Choose how they fare"), *Fares.choices]


class FindingsForm(RowsForm):
    """What a piece of evidence says of groups of people (R14)."""

    fewest_rows = 2

    def __init__(
        self, *args: Any, groups: Groups, findings: list[FindingText], needs_reason: bool, **kwargs: Any
    ) -> None:
        self.groups = groups
        self.kept = {finding.about_code: finding.about_name for finding in findings}
        rows = [
            {
                "about": finding.about_code or OTHER,
                "category": finding.category,
                "fares": finding.fares,
                "explanation": finding.explanation,
                "test": finding.test,
            }
            for finding in findings
        ]
        super().__init__(*args, rows=rows, **kwargs)
        self.add_field(
            "reason",
            TextField(
                label="What did you change, and why?",
                rows=2,
                required=needs_reason,
                help_text="Reviewers who have sent their grade are told this." if needs_reason else "",
            ),
            "Say what you changed and why",
        )

    def row_fields(self) -> dict[str, forms.Field]:
        """Give the fields of one group."""
        choices: Any = self.groups.choices(
            empty="Choose a group", other="Another group, named in the next box", keep=self.kept
        )
        return {
            "about": forms.ChoiceField(label="Who", choices=choices, required=False),
            "category": forms.CharField(
                label="Which people of that group",
                max_length=120,
                required=False,
                help_text="For example, disabled staff",
            ),
            "fares": forms.ChoiceField(label="How they fare", choices=FARES, required=False),
            "explanation": TextField(label="A possible explanation", rows=2, required=False),
            "test": TextField(label="What will show whether that is right", rows=2, required=False),
        }

    def clean(self) -> dict[str, Any]:
        """Check that each group that was begun says who it is, and how they fare."""
        data = super().clean() or self.cleaned_data
        for number, row in self.filled():
            if not row["about"]:
                self.add_error(f"about_{number}", f"Group {number + 1}: choose who it is about")
            elif row["about"] == OTHER and not row["category"]:
                self.add_error(f"category_{number}", f"Group {number + 1}: name the people")
            if not row["fares"]:
                self.add_error(f"fares_{number}", f"Group {number + 1}: choose how they fare")
        return data

    def findings(self) -> list[FindingText]:
        """Give what was entered."""
        return [
            FindingText(
                about_code="" if row["about"] == OTHER else row["about"],
                about_name="" if row["about"] == OTHER else self.groups.name(row["about"]) or self.kept[row["about"]],
                category=row["category"],
                fares=row["fares"],
                explanation=row["explanation"],
                test=row["test"],
            )
            for _, row in self.filled()
        ]


class SettleForm(Form):
    """The lead's one finding for a characteristic under an outcome (R7)."""

    fares = RadioField(label="How do these people fare, all evidence taken together?", choices=Fares.choices)
    reason = TextField(label="Why?", rows=3, help_text="The reason is kept, and shown with the finding.")
    missing = {"fares": "Choose how these people fare", "reason": "Say why you set this"}

    def __init__(self, *args: Any, last: OutcomeFinding | None, **kwargs: Any) -> None:
        super().__init__(*args, initial={"fares": last.fares} if last else {}, **kwargs)
