"""Writing an objective and its commitments, and withdrawing a draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from eds.frameworks.models import Outcome
from eds.history.errors import DomainError, Stale
from eds.people.models import Membership, Organisation, User
from objectives.equality.models import (
    Commitment,
    EqualityObjective,
    ObjectiveCharacteristic,
    ObjectiveOutcome,
)
from objectives.equality.queries import Known
from objectives.equality.rules import LONGEST, Stage, Step
from objectives.months import Month

from .locking import lock, reasoned

FIXED = ("headline", "theme", "eliminates", "advances", "fosters", "starts", "ends")
"""What the board has adopted, word for word."""


@dataclass(frozen=True)
class ObjectiveText:
    """What an objective says. `characteristics` are pairs of code and name."""

    headline: str
    theme: str
    starts: Month
    ends: Month
    why: str = ""
    eliminates: bool = False
    advances: bool = False
    fosters: bool = False
    expected: Month | None = None
    lead_role: str = ""
    lead: User | None = None
    characteristics: tuple[tuple[str, str], ...] = ()
    outcomes: tuple[Outcome, ...] = ()


def write_objective(
    *,
    actor: User,
    organisation: Organisation,
    text: ObjectiveText,
    objective: EqualityObjective | None = None,
    follows: EqualityObjective | None = None,
    reason: str = "",
    expected_version: int | None = None,
) -> EqualityObjective:
    """Write a draft, or change one; `follows` is the closed objective that a new one goes on from.

    After local people were asked a change takes a reason; after adoption what the board adopted stays as it is. Raises
    DomainError for impossible months, a lead from elsewhere, or a stage in which nothing is written; Stale where
    somebody else changed it since `expected_version`.
    """
    _check(organisation, text)
    with transaction.atomic():
        if objective is None:
            row = _begin(organisation, follows)
            why = reason.strip() or "Written"
        else:
            found = lock(objective, Step.KEEP)
            row = found.objective
            why = why_changed(found, reason)
            if expected_version is not None and row.version != expected_version:
                raise Stale("Somebody else changed this since you opened it.")
            _keep_what_was_adopted(found, text)
        for name in ("why", "expected", "lead_role", "lead", *FIXED):
            value = getattr(text, name)
            setattr(row, name, value.strip() if isinstance(value, str) else value)
        row.record(actor=actor, reason=why)
        _link(row, text)
    return row


def _check(organisation: Organisation, text: ObjectiveText) -> None:
    if not text.headline.strip():
        raise DomainError("Enter the headline of the objective.", field="headline")
    months = text.ends.number - text.starts.number + 1
    if months < 1:
        raise DomainError("The last month must not be before the first.", field="ends")
    if months > LONGEST:
        raise DomainError(
            "An equality objective lasts four years or less. Choose an earlier last month; what goes on can follow in a "
            "next objective.",
            field="ends",
        )
    if text.lead is not None:
        places = Membership.objects.filter(user=text.lead, organisation=organisation, ended_on__isnull=True)
        if not places.exists():
            raise DomainError("The person who leads it must belong to the organisation.", field="lead")


def _begin(organisation: Organisation, follows: EqualityObjective | None) -> EqualityObjective:
    Organisation.objects.select_for_update(of=("self",)).only("pk").get(pk=organisation.pk)
    if follows is not None:
        before = lock(follows, Step.FOLLOW)
        if before.objective.organisation_id != organisation.pk:
            raise DomainError("An objective follows one of the same organisation.")
    last = EqualityObjective.objects.filter(organisation=organisation).aggregate(last=Max("position"))["last"] or 0
    return EqualityObjective(organisation=organisation, position=last + 1, followed_from=follows)


def why_changed(found: Known, reason: str) -> str:
    """Give the reason of a change; once others have read the text there has to be one."""
    if found.stage is Stage.DRAFT:
        return reason.strip() or "Changed while it was a draft"
    return reasoned(reason, "Say what you change, and why. Others have read the text as it is.")


def _keep_what_was_adopted(found: Known, text: ObjectiveText) -> None:
    if found.stage is not Stage.ADOPTED:
        return
    row = found.objective
    for name in FIXED:
        value = getattr(text, name)
        if (value.strip() if isinstance(value, str) else value) != getattr(row, name):
            raise DomainError(
                "The board adopted the headline, theme, parts of the duty and months. They stay as they are.",
                field=name,
            )


def _link(row: EqualityObjective, text: ObjectiveText) -> None:
    """Bring characteristics and outcomes in line with the text."""
    wanted = dict(text.characteristics)
    kept = set()
    for each in row.characteristics.all():
        if each.code in wanted:
            kept.add(each.code)
        else:
            each.delete()
    ObjectiveCharacteristic.objects.bulk_create(
        [
            ObjectiveCharacteristic(objective=row, code=code, name=name)
            for code, name in wanted.items()
            if code not in kept
        ]
    )
    outcomes = {outcome.pk: outcome for outcome in text.outcomes}
    answered = set()
    for link in row.answers.all():
        if link.outcome_id in outcomes:
            answered.add(link.outcome_id)
        else:
            link.delete()
    ObjectiveOutcome.objects.bulk_create(
        [ObjectiveOutcome(objective=row, outcome=each) for pk, each in outcomes.items() if pk not in answered]
    )


def withdraw(*, actor: User, objective: EqualityObjective, reason: str) -> EqualityObjective:
    """Withdraw a draft that was never put to anybody. Raises DomainError for anything else, or without a reason."""
    why = reasoned(reason, "Say why the draft is withdrawn.")
    with transaction.atomic():
        row = lock(objective, Step.WITHDRAW).objective
        row.withdrawn = True
        return row.record(actor=actor, reason=why)


# Commitments


def keep_commitment(
    *,
    actor: User,
    objective: EqualityObjective,
    text: str,
    expected: Month | None = None,
    commitment: Commitment | None = None,
    reason: str = "",
    expected_version: int | None = None,
) -> Commitment:
    """Add a commitment, or change one; the month may be unknown.

    Once adopted its words stay and only its month changes; others can still be added. Raises DomainError as
    write_objective does.
    """
    if not text.strip():
        raise DomainError("Enter what you will do.", field="text")
    with transaction.atomic():
        found = lock(objective, Step.KEEP)
        why = why_changed(found, reason)
        if commitment is None:
            row = Commitment(objective=found.objective, position=_next(found.objective.commitments))
        else:
            row = Commitment.objects.get(pk=commitment.pk, objective=found.objective, removed=False)
            if found.stage is Stage.ADOPTED and text.strip() != row.text:
                raise DomainError("The board adopted these words. You can still change the month.", field="text")
        row.text, row.expected = text.strip(), expected
        return row.record(actor=actor, reason=why, expected_version=expected_version)


def remove_commitment(*, actor: User, commitment: Commitment, reason: str = "") -> Commitment:
    """Take a commitment out, until the objective is adopted. Raises DomainError after that."""
    with transaction.atomic():
        found = lock(commitment.objective, Step.WRITE)
        row = Commitment.objects.get(pk=commitment.pk)
        row.removed = True
        return row.record(actor=actor, reason=why_changed(found, reason))


def _next(rows: Sequence | object) -> int:
    return (rows.aggregate(last=Max("position"))["last"] or 0) + 1  # type: ignore[union-attr]
