"""The form of a figure: what it is, where it comes from, and its rows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from eds.ui.forms import RadioField, TextField, choice
from evidence.groups import Groups
from evidence.rows import RowsForm

from .models import Comparison, RateKind, Unit
from .writing import FigureText, RowText

_MOST = 2_000_000_000
UNITS = [
    choice(Unit.PEOPLE, "A number of people"),
    choice(Unit.PERCENT, "Per cent of people", "For example, how many in a hundred were answered in time"),
    choice(Unit.SCORE, "A score or an amount", "For example, a survey score or pounds an hour"),
]


def _number(label: str, **kwargs: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        required=False,
        max_digits=12,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "nhsuk-input--width-5"}),
        **kwargs,
    )


def _people(label: str, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=_MOST,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-5"}),
        **kwargs,
    )


class FigureForm(RowsForm):
    """A figure of a piece of evidence (R14)."""

    fewest_rows = 3
    title = forms.CharField(max_length=200, help_text="Say what it shows. For example, staff who feel safe to speak up")
    about = forms.ChoiceField(label="It compares people by", required=False)
    source = forms.CharField(max_length=200, required=False, help_text="For example, the staff survey")
    period = forms.CharField(max_length=100, required=False, help_text="For example, April 2025 to March 2026")
    unit = RadioField(label="What are its values?", choices=UNITS)
    base = _people("Number of people it is about", help_text="All people who were asked or counted")
    rate = _number("Response or declaration rate, per cent", min_value=Decimal(0), max_value=Decimal(100))
    rate_kind = forms.ChoiceField(
        label="Which rate is that?", choices=[("", "Neither is known"), *RateKind.choices], required=False
    )
    comparison = forms.ChoiceField(
        label="Compared with", choices=Comparison.choices, initial=Comparison.NONE, required=False
    )
    comparison_words = forms.CharField(label="If something else, what?", max_length=120, required=False)
    missing = {"title": "Enter what the figure shows", "unit": "Choose what the values are"}

    def __init__(
        self, *args: Any, groups: Groups, figure: FigureText | None, needs_reason: bool, **kwargs: Any
    ) -> None:
        self.groups = groups
        self.old = figure
        initial: dict[str, Any] = {}
        rows: list[dict[str, Any]] = []
        if figure:
            own = ("title", "source", "period", "unit", "base", "rate", "rate_kind", "comparison", "comparison_words")
            initial = {name: getattr(figure, name) for name in own} | {"about": figure.about_code}
            rows = [
                {
                    "label": row.label,
                    "value": row.value,
                    "numerator": row.numerator,
                    "of": row.base,
                    "compared": row.compared,
                    "total": row.is_total,
                }
                for row in figure.rows
            ]
        super().__init__(*args, rows=rows, initial=initial, **kwargs)
        choices: Any = groups.choices(
            empty="No group in particular", keep={figure.about_code: figure.about_name} if figure else None
        )
        self.fields["about"].choices = choices  # type: ignore[attr-defined]
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
        """Give the fields of one row."""
        return {
            "label": forms.CharField(label="Group", max_length=120, required=False),
            "value": _number("Value"),
            "numerator": _people("People counted", help_text="For a rate: how many said or had it"),
            "of": _people("Out of", help_text="For a rate or score: how many people in the group"),
            "compared": _number("Value it is compared with"),
            "total": forms.BooleanField(label="This row is the total", required=False),
        }

    def clean(self) -> dict[str, Any]:
        """Check the rows: a name and a value for each, counts that fit, and per cent up to a hundred."""
        data = super().clean() or self.cleaned_data
        filled = self.filled()
        if not filled and not self.errors:
            self.add_error("label_0", "Enter at least one row with a value")
        for number, row in filled:
            name = row["label"] or f"Row {number + 1}"
            if not row["label"] and f"label_{number}" not in self.errors:
                self.add_error(f"label_{number}", f"Row {number + 1}: enter the group")
            if row["value"] is None and row["numerator"] is None and f"value_{number}" not in self.errors:
                self.add_error(f"value_{number}", f"{name}: enter a value")
            if row["numerator"] is not None and row["of"] is not None and row["numerator"] > row["of"]:
                self.add_error(f"numerator_{number}", f"{name}: {row['numerator']} cannot be more than {row['of']}")
            if data.get("unit") == Unit.PERCENT and row["value"] is not None and not 0 <= row["value"] <= 100:
                self.add_error(f"value_{number}", f"{name}: per cent must be from 0 to 100")
            if data.get("unit") == Unit.PEOPLE and row["value"] is not None and row["value"] % 1:
                self.add_error(f"value_{number}", f"{name}: a number of people must be whole, like 12")
            if data.get("unit") == Unit.PEOPLE and row["value"] is not None and row["value"] < 0:
                self.add_error(f"value_{number}", f"{name}: a number of people cannot be less than 0")
        if data.get("rate") is not None and not data.get("rate_kind"):
            self.add_error("rate_kind", "Choose which rate that is")
        if data.get("comparison") == Comparison.ANOTHER and not data.get("comparison_words"):
            self.add_error("comparison_words", "Say what it is compared with")
        return data

    def figure(self) -> FigureText:
        """Give what was entered. A rate whose value was left empty is worked out from its counts."""
        data = self.cleaned_data
        code = data["about"]
        name = self.groups.name(code) or (self.old.about_name if self.old and code == self.old.about_code else "")
        return FigureText(
            title=data["title"],
            unit=data["unit"],
            rows=tuple(self._row(row) for _, row in self.filled()),
            source=data["source"],
            period=data["period"],
            about_code=code,
            about_name=name,
            base=data["base"],
            rate=data["rate"],
            rate_kind=data["rate_kind"] if data["rate"] is not None else "",
            comparison=data["comparison"] or Comparison.NONE,
            comparison_words=data["comparison_words"] if data["comparison"] == Comparison.ANOTHER else "",
        )

    def _row(self, row: dict[str, Any]) -> RowText:
        value = row["value"]
        if value is None and self.cleaned_data["unit"] == Unit.PERCENT and row["of"]:
            value = round(Decimal(100 * row["numerator"]) / row["of"], 1)
        if value is None and self.cleaned_data["unit"] == Unit.PEOPLE:
            value = Decimal(row["numerator"])
        return RowText(row["label"], value, row["numerator"], row["of"], row["compared"], bool(row["total"]))
