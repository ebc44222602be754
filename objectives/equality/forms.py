"""Forms of equality objectives."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from eds.frameworks.models import Outcome
from eds.people.models import User
from eds.ui.forms import DateField, Form, RadioField, TextField, VersionedForm, choice
from evidence.groups import Groups
from objectives.months import MonthInput

from .domain import MeasureText, ObjectiveText
from .domain.writing import FIXED
from .models import Direction, EqualityObjective, ObjectiveDecision, Theme
from .rules import Finding

LIMBS = [
    choice("eliminates", "End discrimination", "Also harassment and other acts that the law forbids"),
    choice("advances", "Give people equal chances", "The law says: advance equality of opportunity"),
    choice("fosters", "Help people get on with each other", "The law says: foster good relations"),
]
_FIXED_FIELDS = ("headline", "theme", "limbs", "starts", "ends")
WHAT_CHANGES = "What do you change, and why?"


def _number(label: str, **kwargs: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        max_digits=12,
        decimal_places=3,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "nhsuk-input--width-10"}),
        **kwargs,
    )


def _year(label: str, **kwargs: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=1990,
        max_value=2200,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-4"}),
        **kwargs,
    )


class _ChangedForm(VersionedForm):
    """A form that asks why something changes, once others have read it."""

    def __init__(self, *args: Any, asks_why: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks_why:
            self.add_field("reason", TextField(label=WHAT_CHANGES, rows=3), "Say what you change, and why")

    @property
    def reason(self) -> str:
        """Give the reason, where one was asked for."""
        return str(self.cleaned_data.get("reason", ""))


class ObjectiveForm(_ChangedForm):
    """Writes an objective. What the board adopted is left out once it has."""

    headline = TextField(
        label="What do you want to change?",
        rows=3,
        help_text="In one sentence that can be counted. For example, halve the pay gap between women and men",
    )
    theme = RadioField(label="What is it about?", choices=Theme.choices)
    why = TextField(label="Why this?", rows=4, required=False, help_text="Say what the evidence shows.")
    limbs = forms.MultipleChoiceField(
        label="Which part of the equality duty does it serve?",
        choices=LIMBS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    starts = MonthInput(label="First month", help_text="For example, April 2026")
    ends = MonthInput(label="Last month", help_text="At most four years later. For example, March 2030")
    expected = MonthInput(
        label="By when do you expect to have done it?",
        required=False,
        help_text="For example, January 2029. Leave it empty where nobody knows yet",
    )
    lead_role = forms.CharField(
        label="Role of the person who leads it",
        max_length=200,
        required=False,
        help_text="It is published. For example, chief people officer",
    )
    lead = forms.ChoiceField(
        label="Who is that?", required=False, help_text="The name stays in the organisation and is never published."
    )
    characteristics = forms.MultipleChoiceField(
        label="Which people is it about?", required=False, widget=forms.CheckboxSelectMultiple
    )
    outcomes = forms.MultipleChoiceField(
        label="Which outcomes does it answer?", required=False, widget=forms.CheckboxSelectMultiple
    )
    missing = {
        "headline": "Enter what you want to change",
        "theme": "Choose what it is about",
        "starts": "Enter the first month",
        "ends": "Enter the last month",
    }

    def __init__(
        self,
        *args: Any,
        objective: EqualityObjective | None,
        adopted: bool,
        groups: Groups,
        people: Iterable[User],
        outcomes: Iterable[Outcome],
        **kwargs: Any,
    ) -> None:
        self.objective, self.adopted = objective, adopted
        self.people = {user.public_id: user for user in people}
        self.answering = {str(each.pk): each for each in outcomes}
        named = {each.code: each.name for each in objective.characteristics.all()} if objective else {}
        self.names = {**groups.characteristics, **groups.others}
        self.names |= {code: name for code, name in named.items() if code not in self.names}
        self.codes = {f"{each.goal.revision.framework.code} {each.code}": each for each in self.answering.values()}
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["lead"].choices = [("", "Nobody yet"), *((key, user.name) for key, user in self.people.items())]
        fields["characteristics"].choices = list(self.names.items())
        editions = sorted({each.goal.revision.framework.short_name for each in self.codes.values()})
        fields["outcomes"].choices = [
            choice(key, f"{each.code} {each.text}", each.goal.revision.framework.short_name if editions[1:] else "")
            for key, each in self.codes.items()
        ]
        if adopted:
            for name in _FIXED_FIELDS:
                del self.fields[name]

    def text(self) -> ObjectiveText:
        """Give what was typed, with what the board adopted as it stands."""
        data = self.cleaned_data
        if self.adopted and self.objective:
            fixed = {name: getattr(self.objective, name) for name in FIXED}
        else:
            fixed = {name: data[name] for name in ("headline", "theme", "starts", "ends")}
            fixed |= {key: key in data["limbs"] for key, _ in LIMBS}
        return ObjectiveText(
            **fixed,
            why=data["why"],
            expected=data["expected"],
            lead_role=data["lead_role"],
            lead=self.people.get(data["lead"]),
            characteristics=tuple((code, self.names[code]) for code in data["characteristics"]),
            outcomes=tuple(self.codes[key] for key in data["outcomes"]),
        )


class _RemovableForm(_ChangedForm):
    """A form of a part of an objective that can also be taken out."""

    def __init__(self, *args: Any, removable: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if removable:
            self.add_field("remove", forms.BooleanField(label="Take this out", required=False))

    @property
    def removes(self) -> bool:
        """Say whether it is to be taken out."""
        return bool(self.cleaned_data.get("remove"))


class CommitmentForm(_RemovableForm):
    """Adds or changes a commitment."""

    text = TextField(label="What will you do?", rows=3)
    expected = MonthInput(
        label="By when?", required=False, help_text="For example, January 2027. Leave it empty where nobody knows yet"
    )
    missing = {"text": "Enter what you will do"}

    def __init__(self, *args: Any, adopted_words: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.adopted_words = adopted_words
        if adopted_words:
            del self.fields["text"]

    @property
    def words(self) -> str:
        """Give the words of the commitment."""
        return self.adopted_words or str(self.cleaned_data["text"])


class MeasureForm(_RemovableForm):
    """Adds or changes a measure."""

    name = forms.CharField(
        label="What is counted?", max_length=300, help_text="For example, disabled staff who say that they are heard"
    )
    unit = forms.CharField(label="Unit", max_length=60, help_text="For example %, people or days")
    source = forms.CharField(
        label="Where does the number come from?", max_length=300, required=False, help_text="For example, staff survey"
    )
    baseline = _number("Where does it start?", required=False, help_text="The value before the objective begins")
    baseline_year = _year("Year of that value", required=False)
    target = _number("Target", required=False, help_text="Leave it empty where there is only a direction")
    direction = RadioField(
        label="Direction", choices=[("", "The target says enough"), *Direction.choices], required=False
    )
    missing = {"name": "Enter what is counted", "unit": "Enter the unit, such as %, people or days"}

    def text(self) -> MeasureText:
        """Give what was typed."""
        return MeasureText(**{name: self.cleaned_data[name] for name in MeasureText.__dataclass_fields__})


class ValueForm(Form):
    """Enters or corrects the value of a year."""

    year = _year("Year")
    value = _number("Value")
    reason = TextField(
        label="Why is it corrected?", rows=3, required=False, help_text="Only where the year has a value already."
    )
    missing = {"year": "Enter the year", "value": "Enter the value"}


class ConsultForm(Form):
    """Puts an objective to local people."""

    comments_until = DateField(label="Until when can people comment?")
    reason = TextField(
        label="What do you want to know from them?", rows=3, required=False, help_text="It stands above their comments."
    )
    missing = {"comments_until": "Enter the last day for comments"}


class CommentForm(Form):
    """Comments for a local interest."""

    panel = RadioField(label="For whom do you speak?")
    text = TextField(label="Your comment", rows=6)
    missing = {"panel": "Choose for whom you speak", "text": "Enter your comment"}

    def __init__(self, *args: Any, panels: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.panels = list(panels)
        self.fields["panel"].choices = self.panels  # type: ignore[attr-defined]
        if len(self.panels) == 1:
            del self.fields["panel"]

    @property
    def panel_id(self) -> str:
        """Give the panel that was chosen, or the only one."""
        return str(self.cleaned_data.get("panel") or self.panels[0][0])


class AnswerForm(Form):
    """Answers a comment."""

    text = TextField(label="Your answer", rows=6, help_text="It is published under the comment.")
    missing = {"text": "Enter your answer"}


class CheckForm(Form):
    """Says why an objective may be adopted although the check asks something."""

    findings = forms.MultipleChoiceField(label="What do you answer?", widget=forms.CheckboxSelectMultiple)
    text = TextField(label="Why does it stay as it is?", rows=4, help_text="The board reads it, and it is published.")
    missing = {"findings": "Choose what you answer", "text": "Say why it stays as it is"}

    def __init__(self, *args: Any, findings: Sequence[Finding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {each.fingerprint: each for each in findings}
        self.fields["findings"].choices = [  # type: ignore[attr-defined]
            choice(each.fingerprint, each.sentence) for each in findings
        ]

    def seen(self) -> dict[tuple[str, str], str]:
        """Give what was chosen, as answer_check takes it."""
        chosen = [self.offered[mark] for mark in self.cleaned_data["findings"]]
        return {(each.id, each.about): each.fingerprint for each in chosen}


class DecideForm(Form):
    """Records what the board decided."""

    decision = RadioField(
        label="What did the board decide?",
        choices=[
            choice(ObjectiveDecision.Kind.ADOPTED, "It adopts the objective"),
            choice(ObjectiveDecision.Kind.NOT_ADOPTED, "It does not adopt it"),
        ],
    )
    paper = forms.CharField(
        label="Meeting and paper", max_length=200, required=False, help_text="For example, board, 3 May 2026, paper 7"
    )
    reason = TextField(
        label="Reason", rows=4, required=False, help_text="Needed where it is not adopted. It is published."
    )
    missing = {"decision": "Choose what the board decided"}


class ReviewForm(Form):
    """Records a review."""

    kind = RadioField(
        label="Which review is it?",
        choices=[
            choice("yearly", "The yearly review"),
            choice("early", "An early review", "Data shows a new inequality"),
        ],
    )
    text = TextField(label="What did it find, and what follows?", rows=6, help_text="It is published.")
    missing = {"kind": "Choose which review it is", "text": "Say what the review found"}


class CloseForm(Form):
    """Closes an adopted objective."""

    result = RadioField(label="How did it end?", choices=ObjectiveDecision.Result.choices)
    reason = TextField(label="What came of it, for the people it was for?", rows=6, help_text="It is published.")
    missing = {"result": "Choose how it ended", "reason": "Say what came of it"}


class WithdrawForm(Form):
    """Withdraws a draft."""

    reason = TextField(label="Why is the draft withdrawn?", rows=3)
    missing = {"reason": "Say why the draft is withdrawn"}
