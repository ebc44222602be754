"""What the plan says: objectives under an outcome, actions, and who owns them (R25)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from eds.assessments.models import AssessedOutcome
from eds.history.errors import DomainError
from eds.history.models import today
from eds.people.models import Organisation, User
from objectives.equality.models import EqualityObjective, ObjectiveDecision
from objectives.months import Month
from objectives.plan.models import (
    ActionCharacteristic,
    ActionOwner,
    ImprovementAction,
    PlanObjective,
    PlanSettings,
    Source,
)

LONGEST = 4_000


@dataclass(frozen=True)
class OwnerText:
    """An owner: the role, group or network as it is printed, and the person with a log-in where there is one."""

    kind: str
    name: str
    user: User | None = None


@dataclass(frozen=True)
class ActionText:
    """What an action says. `due` is None where the month is unknown; `due_words` keeps what a plan said instead."""

    text: str
    measure: str = ""
    due: Month | None = None
    due_words: str = ""
    all_services: bool = False
    objective: PlanObjective | None = None
    characteristics: Sequence[tuple[str, str]] = field(default_factory=tuple)
    """Pairs of code and name."""


def add_objective(
    *,
    actor: User,
    assessed_outcome: AssessedOutcome,
    text: str,
    all_services: bool = False,
    serves: EqualityObjective | None = None,
    reason: str = "Written into the plan",
) -> PlanObjective:
    """Add an objective after those of its outcome. Raises DomainError without words, or for another's objective."""
    with transaction.atomic():
        outcome = _lock(assessed_outcome)
        objective = PlanObjective(
            assessed_outcome=outcome,
            position=_next(PlanObjective, outcome),
            text=_words(text, "Enter what is to change."),
            all_services=all_services,
            serves=_own(serves, outcome),
        )
        return objective.record(actor=actor, reason=reason)


def change_objective(
    *,
    actor: User,
    objective: PlanObjective,
    text: str,
    all_services: bool,
    serves: EqualityObjective | None,
    expected_version: int | None = None,
    reason: str = "Changed",
) -> PlanObjective:
    """Change an objective. Raises Stale where it was changed meanwhile."""
    with transaction.atomic():
        outcome = _lock(objective.assessed_outcome)
        objective.text = _words(text, "Enter what is to change.")
        objective.all_services = all_services
        objective.serves = _own(serves, outcome)
        return objective.record(actor=actor, reason=reason, expected_version=expected_version)


def remove_objective(*, actor: User, objective: PlanObjective, reason: str) -> PlanObjective:
    """Take an objective out of the plan; its actions stay, without an objective. Raises DomainError without a reason."""
    reason = _words(reason, "Say why it is taken out.", field="reason")
    with transaction.atomic():
        _lock(objective.assessed_outcome)
        for action in objective.actions.filter(removed=False):
            action.plan_objective = None
            action.record(actor=actor, reason=reason)
        objective.removed = True
        return objective.record(actor=actor, reason=reason)


def add_action(
    *,
    actor: User,
    assessed_outcome: AssessedOutcome,
    content: ActionText,
    owners: Sequence[OwnerText] = (),
    source: str = Source.OWN,
    source_words: str = "",
    carried_from: ImprovementAction | None = None,
    reason: str = "Written into the plan",
) -> ImprovementAction:
    """Add an action after those of its outcome, with its owners.

    Raises DomainError without words, or where its objective stands under another outcome.
    """
    with transaction.atomic():
        outcome = _lock(assessed_outcome)
        action = ImprovementAction(
            assessed_outcome=outcome,
            position=_next(ImprovementAction, outcome),
            source=source,
            source_words=source_words,
            carried_from=carried_from,
        )
        _fill(action, content)
        action.record(actor=actor, reason=reason)
        _characterise(action, content)
        for owner in owners:
            add_owner(actor=actor, action=action, owner=owner, reason=reason)
    return action


def change_action(
    *,
    actor: User,
    action: ImprovementAction,
    content: ActionText,
    expected_version: int | None = None,
    reason: str = "Changed",
) -> ImprovementAction:
    """Change what an action says. Raises Stale where it was changed meanwhile, DomainError as `add_action` does."""
    with transaction.atomic():
        _lock(action.assessed_outcome)
        _fill(action, content)
        action.record(actor=actor, reason=reason, expected_version=expected_version)
        _characterise(action, content)
    return action


def remove_action(*, actor: User, action: ImprovementAction, reason: str) -> ImprovementAction:
    """Take an action out of the plan; what was said of it is kept. Raises DomainError without a reason."""
    reason = _words(reason, "Say why it is taken out.", field="reason")
    with transaction.atomic():
        _lock(action.assessed_outcome)
        action.removed = True
        return action.record(actor=actor, reason=reason)


def add_owner(
    *, actor: User, action: ImprovementAction, owner: OwnerText, reason: str = "Named as owner"
) -> ActionOwner:
    """Name an owner. Raises DomainError without a name, for a person without a log-in, or for the same name twice."""
    name = _words(owner.name, "Enter the role, group or network as it is printed.", field="owner_name")
    kind = ActionOwner.Kind.PERSON if owner.user else ActionOwner.Kind(owner.kind)
    if kind is ActionOwner.Kind.PERSON and owner.user is None:
        raise DomainError("Choose the person.", field="owner_user")
    if owner.user and name.casefold() == owner.user.name.casefold():
        raise DomainError("Enter the person's role here: it is printed instead of the name.", field="owner_name")
    with transaction.atomic():
        _lock(action.assessed_outcome)
        standing = ActionOwner.objects.filter(action=action, ended_on__isnull=True)
        if any(each.name.casefold() == name.casefold() for each in standing):
            raise DomainError(f"“{name}” owns this action already.", field="owner_name")
        try:
            with transaction.atomic():
                return ActionOwner(action=action, kind=kind, name=name, user=owner.user).record(
                    actor=actor, reason=reason
                )
        except IntegrityError as error:
            raise DomainError(f"“{name}” owns this action already.", field="owner_name") from error


def end_owner(*, actor: User, owner: ActionOwner, reason: str = "No longer an owner") -> ActionOwner:
    """Let somebody own an action no longer; mailed links of the person end with it."""
    from .following import withdraw_links

    with transaction.atomic():
        _lock(owner.action.assessed_outcome)
        owner.ended_on = today()
        owner.record(actor=actor, reason=reason)
        if owner.user_id is not None:
            withdraw_links(action=owner.action, user_pk=owner.user_id)
    return owner


def put_in_order(*, actor: User, assessed_outcome: AssessedOutcome, places: dict[str, int]) -> None:
    """Put an outcome's objectives and actions in order: a number by public id, the lowest first; equal ones stay so."""
    with transaction.atomic():
        outcome = _lock(assessed_outcome)
        both: list[list[Any]] = [
            list(PlanObjective.objects.filter(assessed_outcome=outcome, removed=False)),
            list(ImprovementAction.objects.filter(assessed_outcome=outcome, removed=False)),
        ]
        for rows in both:
            rows.sort(key=lambda row: (places.get(row.public_id, row.position), row.position, row.pk))
            for position, row in enumerate(rows, start=1):
                if row.position != position:
                    row.position = position
                    row.record(actor=actor, reason="Put in order")


def keep_settings(
    *, actor: User, organisation: Organisation, digest: bool, escalate_after: int | None, prints_names: bool
) -> PlanSettings:
    """Set how an organisation follows its plan."""
    with transaction.atomic():
        Organisation.objects.select_for_update().get(pk=organisation.pk)
        row = PlanSettings.objects.filter(organisation=organisation).first() or PlanSettings(organisation=organisation)
        row.digest, row.escalate_after, row.prints_names = digest, escalate_after, prints_names
        return row.record(actor=actor, reason="Set how the plan is followed")


def _lock(outcome: AssessedOutcome) -> AssessedOutcome:
    return AssessedOutcome.objects.select_for_update(of=("self",)).select_related("assessment").get(pk=outcome.pk)


def _next(model: type[PlanObjective] | type[ImprovementAction], outcome: AssessedOutcome) -> int:
    return (model.objects.filter(assessed_outcome=outcome).aggregate(last=Max("position"))["last"] or 0) + 1


def _words(text: str, missing: str, field: str = "text") -> str:
    words = text.strip()
    if not words:
        raise DomainError(missing, field=field)
    if len(words) > LONGEST:
        raise DomainError(f"This is too long. Shorten it to {LONGEST} characters.", field=field)
    return words


def _own(serves: EqualityObjective | None, outcome: AssessedOutcome) -> EqualityObjective | None:
    if serves is not None and serves.organisation_id != outcome.assessment.organisation_id:
        raise DomainError("This equality objective belongs to another organisation.", field="serves")
    if serves is not None and not serves.decisions.filter(kind=ObjectiveDecision.Kind.ADOPTED).exists():
        # Panels read the plan, and drafts of objectives are not for them.
        raise DomainError("Only an equality objective that the board has adopted can be served.", field="serves")
    return serves


def _fill(action: ImprovementAction, content: ActionText) -> None:
    objective = content.objective
    if objective is not None and objective.assessed_outcome_id != action.assessed_outcome_id:
        raise DomainError("This objective stands under another outcome.", field="objective")
    if objective is not None and objective.removed:
        raise DomainError("This objective was taken out of the plan.", field="objective")
    action.text = _words(content.text, "Enter what is done.")
    action.measure = content.measure.strip()
    action.due = content.due
    action.due_words = content.due_words.strip()
    action.all_services = content.all_services
    action.plan_objective = objective


def _characterise(action: ImprovementAction, content: ActionText) -> None:
    wanted = dict(content.characteristics)
    there = {row.code: row for row in action.characteristics.all()}
    for code, row in there.items():
        if code not in wanted:
            row.delete()
    for code, name in wanted.items():
        if code not in there:
            ActionCharacteristic.objects.create(action=action, code=code, name=name)
