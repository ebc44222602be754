"""Forms for setting up an assessment and its people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from eds.assessments.domain import RoundPlan
from eds.assessments.models import (
    AssessedOutcome,
    Panel,
    PanelKind,
    PanelMember,
    Phase,
    Round,
    ServicesRule,
    TwoServicesRule,
)
from eds.frameworks.models import Framework
from eds.people.forms import InviteForm
from eds.ui.forms import DateField, Form, RadioField, TextField, VersionedForm, choice


class OpenAssessmentForm(Form):
    """Opens the yearly run of an edition."""

    edition = RadioField(label="Which edition?")
    year = forms.IntegerField(
        label="Year",
        min_value=2011,
        max_value=2100,
        help_text="The year in which it starts: 2026 for 2026-27.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-4"}),
    )
    publish_by = DateField(
        label="When is the report to be published?",
        required=False,
        help_text="For example, 28 February 2027. For EDS 2022 leave it empty to take 28 February of the next year.",
    )
    missing = {"edition": "Choose an edition", "year": "Enter the year in which it starts"}

    def __init__(self, *args: Any, frameworks: Iterable[Framework], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["edition"].choices = [  # type: ignore[attr-defined]
            choice(framework.code, framework.name) for framework in frameworks
        ]


class _OutcomesField(forms.MultipleChoiceField):
    """Several outcomes as checkboxes; the cleaned value is the outcomes themselves."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, outcomes: Sequence[AssessedOutcome]) -> None:
        """Set the outcomes to choose from."""
        self._outcomes = {outcome.public_id: outcome for outcome in outcomes}
        self.choices = [
            choice(outcome.public_id, f"{outcome.outcome.code} {outcome.outcome.text}", str(outcome.service or ""))
            for outcome in outcomes
        ]

    def clean(self, value: Any) -> list[AssessedOutcome]:
        """Give the chosen outcomes, in their order."""
        chosen = set(super().clean(value))
        return [outcome for key, outcome in self._outcomes.items() if key in chosen]


class ScopeForm(Form):
    """Leaves outcomes out, or takes them back in."""

    outcomes = _OutcomesField(label="Which outcomes?")
    scope = RadioField(
        label="What happens with them?",
        choices=[
            choice("left_out", "Leave them out this year"),
            choice("not_applicable", "They do not apply to this organisation"),
            choice("in_scope", "Grade them this year"),
        ],
    )
    reason = TextField(label="Reason", rows=3, required=False, help_text="It is published with the report.")
    missing = {"outcomes": "Choose at least one outcome", "scope": "Choose what happens with them"}

    def __init__(self, *args: Any, outcomes: Sequence[AssessedOutcome], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcomes"].offer(outcomes)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for a reason unless outcomes are taken in."""
        data = super().clean() or {}
        if data.get("scope") in {"left_out", "not_applicable"} and not data.get("reason"):
            self.add_error("reason", "Say why the outcomes are not graded this year")
        return data


class ServiceForm(Form):
    """Adds a service."""

    name = forms.CharField(label="Name of the service", max_length=200, help_text="For example, maternity services")
    why_chosen = TextField(label="Why was it chosen?", rows=3, help_text="It is published with the report.")
    missing = {"name": "Enter the name of the service", "why_chosen": "Say why this service was chosen"}


class ServicesRulesForm(VersionedForm):
    """How services become a domain's score (R8)."""

    services_rule = RadioField(
        label="With three services or more",
        choices=[choice(rule.value, rule.label) for rule in ServicesRule],
    )
    two_services_rule = RadioField(
        label="With two services", choices=[choice(rule.value, rule.label) for rule in TwoServicesRule]
    )


def _why_it_changes() -> TextField:
    """The field for why something changes after a round was opened and moved back (R12)."""
    return TextField(
        label="Why does this change?",
        rows=3,
        help_text="The round has been opened before. The panels see the reason and the report prints it.",
        error_messages={"required": "Say why this changes"},
    )


class RoundForm(VersionedForm):
    """Plans a round, or changes it before it opens."""

    name = forms.CharField(max_length=120, help_text="For example, Goal 4: leadership")
    outcomes = _OutcomesField(label="Which outcomes are graded in this round?")
    pack_by = DateField(
        label="Panels have the evidence by",
        required=False,
        error_messages={
            "invalid": "The date by which panels have the evidence must be a day, month and year, like 28 February 2027",
            "unreal": "The date by which panels have the evidence must be a date that exists",
        },
        help_text="Two weeks before they grade. For example, 28 February 2027",
    )
    review_by = DateField(
        label="Reviews are due by",
        error_messages={
            "invalid": "The date by which reviews are due must be a day, month and year, like 28 February 2027",
            "unreal": "The date by which reviews are due must be a date that exists",
        },
    )
    agree_by = DateField(
        label="Grades are agreed by",
        error_messages={
            "invalid": "The date by which grades are agreed must be a day, month and year, like 28 February 2027",
            "unreal": "The date by which grades are agreed must be a date that exists",
        },
        help_text="After this date the local interests' grade counts, with or without statements. "
        "For example, 28 February 2027",
    )
    differ_rule = RadioField(label="Where panels differ", initial=Round.DifferRule.LOWER)
    proposal_in_view = RadioField(
        label="Do reviewers see the organisation's proposal?",
        choices=[
            choice("no", "No, they grade independently first", "The report says that reviews were blind."),
            choice("yes", "Yes, they test the organisation's own grade", "The report says so."),
        ],
        initial="no",
    )
    missing = {
        "name": "Enter a name for the round",
        "outcomes": "Choose at least one outcome for the round",
        "review_by": "Enter the date by which reviews are due",
        "agree_by": "Enter the date by which grades are agreed",
    }

    def __init__(
        self,
        *args: Any,
        outcomes: Sequence[AssessedOutcome],
        panels: Sequence[Panel] = (),
        opened: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if opened:
            self.fields["reason"] = _why_it_changes()
        self.fields["outcomes"].offer(outcomes)  # type: ignore[attr-defined]
        self._panels = {panel.public_id: panel for panel in panels}
        named = [choice(key, f"The grade of {panel} counts") for key, panel in self._panels.items()]
        lower = choice(Round.DifferRule.LOWER, Round.DifferRule.LOWER.label)
        joint = choice(
            Round.DifferRule.JOINT,
            Round.DifferRule.JOINT.label,
            "Each chair confirms it. Without one the lower grade counts when the date for agreeing has passed.",
        )
        self.fields["differ_rule"].choices = [lower, joint, *named]  # type: ignore[attr-defined]

    def plan(self) -> RoundPlan:
        """Give what was typed as a plan."""
        data = self.cleaned_data
        named = self._panels.get(data["differ_rule"])
        return RoundPlan(
            name=data["name"],
            outcomes=data["outcomes"],
            differ_rule=Round.DifferRule.NAMED_PANEL if named else Round.DifferRule(data["differ_rule"]),
            named_panel=named,
            pack_by=data["pack_by"],
            review_by=data["review_by"],
            agree_by=data["agree_by"],
            proposal_in_view=data["proposal_in_view"] == "yes",
        )


class PanelForm(VersionedForm):
    """Adds or changes a review panel."""

    name = forms.CharField(max_length=120, help_text="For example, Healthwatch and patient groups")
    kind = RadioField(label="Which local interest is it?")
    outcomes = _OutcomesField(label="Which outcomes does the panel grade?")
    quorum = forms.IntegerField(
        label="Quorum",
        min_value=1,
        max_value=500,
        initial=3,
        help_text="How many people must give a grade before the panel can record one. Usually 3.",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-3"}),
    )
    rule = RadioField(
        label="How do its reviews become the panel's grade?",
        choices=[choice(rule.value, rule.label) for rule in Panel.Rule],
        initial=Panel.Rule.CONSENSUS,
    )
    missing = {
        "name": "Enter a name for the panel",
        "outcomes": "Choose at least one outcome that the panel grades",
        "kind": "Choose a local interest",
    }

    def __init__(
        self,
        *args: Any,
        outcomes: Sequence[AssessedOutcome],
        kinds: Iterable[PanelKind],
        opened: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if opened:
            self.fields["reason"] = _why_it_changes()
        self._kinds = {kind.code: kind for kind in kinds}
        self.fields["kind"].choices = [choice(kind.code, kind.name) for kind in self._kinds.values()]  # type: ignore[attr-defined]
        self.fields["outcomes"].offer(outcomes)  # type: ignore[attr-defined]

    def clean_kind(self) -> PanelKind:
        """Give the chosen kind itself."""
        return self._kinds[self.cleaned_data["kind"]]


class PanelMemberForm(InviteForm):
    """Invites a person to a panel."""

    role = RadioField(label="What is this person on the panel?")
    reason = TextField(
        label="Why does the panel change?", rows=3, required=False,
        help_text="Needed once reviewing has opened. The panel sees it and the report prints it.",
    )  # fmt: skip

    def __init__(self, *args: Any, roles: Iterable[PanelMember.Role], opened: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [choice(role.value, role.label) for role in roles]  # type: ignore[attr-defined]
        self.fields[
            "email"
        ].help_text = (
            "Use a personal address, above all for staff who review as staff side: mail at work may be read by others."
        )
        if not opened:
            del self.fields["reason"]
        else:
            self.fields["reason"].required = True

    missing = {**InviteForm.missing, "reason": "Say why the panel changes"}


class EndForm(Form):
    """Ends somebody's part, with a reason."""

    reason = TextField(label="Reason", rows=3, required=False)


class ContributorForm(InviteForm):
    """Asks a person to be a lead contact of an outcome."""

    for_what = forms.CharField(
        label="For what", max_length=200, required=False, help_text="For example, complaints, or staff training"
    )


class MovePhaseForm(Form):
    """Moves a round; back only with a reason."""

    to_phase = forms.CharField(widget=forms.HiddenInput)
    from_phase = forms.CharField(widget=forms.HiddenInput)
    reason = TextField(label="Why does the round go back?", rows=3)
    missing = {"reason": "Say why the round goes back"}

    def __init__(self, *args: Any, back: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not back:
            del self.fields["reason"]

    def clean_to_phase(self) -> str:
        """Refuse a phase that does not exist."""
        if self.cleaned_data["to_phase"] not in Phase.values:
            raise forms.ValidationError("There is no such phase.")
        return self.cleaned_data["to_phase"]
