"""Forms of the plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q

from eds.assessments.models import AssessedOutcome, Assessment, Contributor
from eds.frameworks.models import Characteristic
from eds.people.models import Membership, User
from eds.ui.forms import Form, RadioField, TextField, VersionedForm, choice
from evidence.forms import ManyFilesField
from objectives.equality.models import EqualityObjective, ObjectiveDecision
from objectives.months import MonthInput

from .domain import ActionText, Offer, OwnerText
from .domain.following import Proof
from .domain.keeping import LONGEST
from .models import ActionOwner, Felt, ImprovementAction, PlanObjective, Status

KINDS = [
    choice("role", "A role", "For example, Head of patient experience"),
    choice("group", "A group", "For example, the equality committee"),
    choice("network", "A staff network"),
]


def adoptable(assessment: Assessment) -> list[tuple[str, str]]:
    """Give the organisation's adopted equality objectives as choices (one query)."""
    adopted = ObjectiveDecision.objects.filter(objective=OuterRef("pk"), kind=ObjectiveDecision.Kind.ADOPTED)
    rows = EqualityObjective.objects.filter(Exists(adopted), organisation=assessment.organisation_id, withdrawn=False)
    return [(row.public_id, row.headline) for row in rows]


def people_of(assessment: Assessment) -> dict[str, User]:
    """Give the people who can own an action: the organisation's, and its contributors (one query)."""
    members = Membership.objects.filter(organisation=assessment.organisation_id, ended_on__isnull=True).values("user")
    contributors = Contributor.objects.filter(assessed_outcome__assessment=assessment, ended_on__isnull=True).values(
        "user"
    )
    rows = User.objects.filter(Q(pk__in=members) | Q(pk__in=contributors), is_active=True).order_by("name", "pk")
    return {row.public_id: row for row in rows}


EVERY_SERVICE = "It is for every service of this outcome"


class ObjectiveForm(VersionedForm):
    """An objective of the plan."""

    text = TextField(label="What is to change", rows=3, max_length=LONGEST)
    all_services = forms.BooleanField(label=EVERY_SERVICE, required=False)
    serves = forms.ChoiceField(label="Which equality objective does it serve?", required=False)
    missing = {"text": "Enter what is to change"}

    def __init__(self, *args: Any, outcome: AssessedOutcome, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if outcome.service is None:
            del self.fields["all_services"]
        choices = adoptable(outcome.assessment)
        self.fields["serves"].choices = [("", "None"), *choices]  # type: ignore[attr-defined]
        if not choices:
            del self.fields["serves"]

    def serves_objective(self) -> EqualityObjective | None:
        """Give the objective that was chosen."""
        chosen = self.cleaned_data.get("serves", "")
        return EqualityObjective.objects.get(public_id=chosen) if chosen else None


class _OwnerFields(Form):
    owner_name = forms.CharField(
        label="Owner, as it is printed",
        max_length=200,
        help_text="The role, group or network. For example, Head of patient experience. Not a person’s name",
    )
    owner_kind = RadioField(label="What is that?", choices=KINDS, initial="role")
    owner_user = forms.ChoiceField(
        label="Person with a log-in",
        required=False,
        help_text="Who is asked how it goes. Only the equality lead and the board read the name",
    )
    missing = {"owner_name": "Enter the owner as it is printed"}
    people: dict[str, User]

    def offer(self, assessment: Assessment) -> None:
        """Offer the people of the organisation."""
        self.people = people_of(assessment)
        self.fields["owner_user"].choices = [  # type: ignore[attr-defined]
            ("", "Nobody in particular"),
            *((key, user.name) for key, user in self.people.items()),
        ]

    def owner(self) -> OwnerText | None:
        """Give the owner that was entered, or None."""
        name = self.cleaned_data.get("owner_name", "")
        user = self.people.get(self.cleaned_data.get("owner_user", ""))
        if not name and user is None:
            return None
        kind = ActionOwner.Kind.PERSON if user else self.cleaned_data.get("owner_kind") or "role"
        return OwnerText(kind, name, user)


class OwnerForm(_OwnerFields):
    """One more owner of an action."""

    def __init__(self, *args: Any, assessment: Assessment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(assessment)


class ActionForm(VersionedForm, _OwnerFields):
    """An action; when it is new, with its first owner."""

    text = TextField(label="What is done", rows=3, max_length=LONGEST)
    all_services = forms.BooleanField(label=EVERY_SERVICE, required=False)
    objective = forms.ChoiceField(label="Under which objective?", required=False)
    measure = TextField(label="How people will see that it worked", rows=2, required=False, max_length=LONGEST)
    due = MonthInput(
        label="To be completed in",
        required=False,
        help_text="A month, for example January 2027. Leave it empty where it is not known",
    )
    due_words = forms.CharField(
        label="Words about the date", max_length=100, required=False, help_text="For example, ongoing, or every quarter"
    )
    groups = forms.MultipleChoiceField(
        label="Protected characteristics that it is about", required=False, widget=forms.CheckboxSelectMultiple
    )
    missing = {"text": "Enter what is done"}
    field_order = [
        "text", "all_services", "objective", "measure", "due", "due_words", "owner_name", "owner_kind", "owner_user", "groups",
    ]  # fmt: skip

    def __init__(
        self, *args: Any, outcome: AssessedOutcome, action: ImprovementAction | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        objectives = PlanObjective.objects.filter(assessed_outcome=outcome, removed=False)
        self._objectives = {row.public_id: row for row in objectives.order_by("position", "pk")}
        self.fields["objective"].choices = [  # type: ignore[attr-defined]
            ("", "None"),
            *((key, row.text) for key, row in self._objectives.items()),
        ]
        if not self._objectives:
            del self.fields["objective"]
        if outcome.service is None:
            del self.fields["all_services"]
        rows = Characteristic.objects.filter(revision=outcome.assessment.revision_id).order_by("position")
        self._groups = {row.code: row.name for row in rows}
        if action is not None:
            self._groups |= {row.code: row.name for row in action.characteristics.all()}
        self.fields["groups"].choices = list(self._groups.items())  # type: ignore[attr-defined]
        if action is None:
            self.offer(outcome.assessment)
            self.fields["owner_name"].required = False
            self.fields["owner_kind"].required = False
        else:
            for name in ("owner_name", "owner_kind", "owner_user"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """A person needs the words that are printed instead of the name."""
        data = super().clean() or self.cleaned_data
        if data.get("owner_user") and not data.get("owner_name"):
            self.add_error("owner_name", "Enter the person’s role: it is printed instead of the name")
        return data

    def content(self) -> ActionText:
        """Give what was entered."""
        data = self.cleaned_data
        return ActionText(
            text=data["text"],
            measure=data["measure"],
            due=data["due"],
            due_words=data["due_words"],
            all_services=data.get("all_services", False),
            objective=self._objectives.get(data.get("objective", "")),
            characteristics=tuple((code, self._groups[code]) for code in data["groups"]),
        )


class RemoveForm(Form):
    """Taking something out of the plan, with why."""

    reason = TextField(label="Why is it taken out?", rows=2)
    missing = {"reason": "Say why it is taken out"}


class OrderForm(Form):
    """The places of an outcome's objectives and actions, as numbers."""

    def __init__(self, *args: Any, rows: Sequence[tuple[str, str, int]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._keys = [key for key, _, _ in rows]
        for key, words, position in rows:
            field = forms.IntegerField(
                label=words,
                min_value=1,
                max_value=999,
                initial=position,
                widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-3"}),
            )
            self.add_field(f"place_{key}", field)

    def places(self) -> dict[str, int]:
        """Give the numbers by public id."""
        return {key: self.cleaned_data[f"place_{key}"] for key in self._keys}


class ProgressForm(Form):
    """How an action goes."""

    status = RadioField(label="How does it go?", choices=Status.choices)
    words = TextField(
        label="In a few words", rows=3, required=False, max_length=LONGEST, help_text="If it is stopped, say why"
    )
    missing = {"status": "Choose how it goes"}

    def clean(self) -> dict[str, Any]:
        """Stopping takes a reason."""
        data = super().clean() or self.cleaned_data
        if data.get("status") == Status.STOPPED and not data.get("words", "").strip():
            self.add_error("words", "Say why it is stopped")
        return data


class ProgressWithProofForm(ProgressForm):
    """How an action goes, with evidence that it is done."""

    proof_title = forms.CharField(
        label="Evidence that it is done: title",
        max_length=200,
        required=False,
        help_text="It goes to the evidence library, and next year it is offered for this outcome",
    )
    proof_text = TextField(label="What the evidence says", rows=4, required=False)
    uploads = ManyFilesField(
        label="Files", required=False, help_text="PDF, Word, Excel, PowerPoint, OpenDocument, CSV, text or picture"
    )

    def clean(self) -> dict[str, Any]:
        """Evidence needs a title and a text, and belongs to what is done."""
        data = super().clean()
        title, text, files = data.get("proof_title"), data.get("proof_text"), data.get("uploads")
        if (text or files) and not title:
            self.add_error("proof_title", "Enter a title for the evidence")
        if (title or files) and not text:
            self.add_error("proof_text", "Enter what the evidence says")
        if title and data.get("status") and data["status"] != Status.DONE:
            self.add_error("proof_title", "Evidence of completion belongs to an action that is done")
        return data

    def proof(self) -> Proof | None:
        """Give the evidence that was entered, or None."""
        data = self.cleaned_data
        if not data["proof_title"]:
            return None
        return Proof(data["proof_title"], data["proof_text"], data["uploads"])


class FeltForm(Form):
    """Whether a panel felt what an action was to change."""

    answer = RadioField(label="Did your panel feel it?", choices=Felt.Answer.choices)
    words = TextField(
        label="In a sentence", rows=3, max_length=1_000, help_text="It is shown beside the owner’s word. Name nobody"
    )
    missing = {"answer": "Choose whether your panel felt it", "words": "Say in a sentence what your panel felt"}


class SettingsForm(Form):
    """How an organisation follows its plan."""

    digest = forms.BooleanField(label="Send the equality lead a summary each month", required=False)
    escalate_after = forms.IntegerField(
        label="After how many months is the board sponsor told of what is late?",
        required=False,
        min_value=1,
        max_value=24,
        help_text="Leave it empty and the sponsor is never told by mail",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-3"}),
    )
    prints_names = forms.BooleanField(
        label="Print the names of owners in the report, beside their roles. Ask them first",
        required=False,
    )


class CarryForm(Form):
    """Which of last year's unfinished actions go on this year, and under which outcome."""

    mark_optional = False

    def __init__(self, *args: Any, offers: Sequence[Offer], outcomes: Sequence[AssessedOutcome], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offers = list(offers)
        self._outcomes = {each.public_id: each for each in outcomes}
        choices = [
            ("", "Not now"),
            *((key, f"{each} {each.outcome.text}"[:90]) for key, each in self._outcomes.items()),
        ]
        for offer in self._offers:
            status = Status(offer.update.status).label if offer.update else Status.NOT_STARTED.label
            due = offer.action.due or offer.action.due_words or "month unknown"
            field = forms.ChoiceField(
                label=f"{offer.place}: {offer.action.text}",
                choices=choices,
                required=False,
                initial=offer.outcome.public_id if offer.outcome else "",
                help_text=f"{status}, {due}. Carry it over to:",
            )
            self.add_field(f"to_{offer.action.public_id}", field)

    def chosen(self) -> list[tuple[ImprovementAction, AssessedOutcome]]:
        """Give the actions that go on, each with its outcome."""
        pairs = [(offer.action, self.cleaned_data[f"to_{offer.action.public_id}"]) for offer in self._offers]
        return [(action, self._outcomes[key]) for action, key in pairs if key]
