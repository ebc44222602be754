"""What the lead writes for the report beside the grades: details, an older report's words, the approval route."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction

from eds.assessments.domain import require_preparing
from eds.assessments.models import AssessedOutcome, Assessment, State
from eds.history.errors import DomainError, Stale
from eds.people.models import User
from reports.models import ApprovalStep, OutcomeWords, ReportDetails


@dataclass(frozen=True)
class DetailsText:
    """The details of a report, field by field as in `ReportDetails`."""

    level: str = ReportDetails.Level.ORGANISATION
    bodies: str = ""
    lead_name: str = ""
    lead_role: str = ""
    sponsor_name: str = ""
    sponsor_role: str = ""
    names_agreed: bool = False
    method_note: str = ""
    involvement: str = ""
    good_practice: str = ""
    other_text: str = ""
    completed_on: datetime.date | None = None
    revise_on: datetime.date | None = None


@dataclass(frozen=True)
class StepText:
    """A step of the approval route."""

    kind: str
    body: str
    on: datetime.date
    paper: str = ""
    minute: str = ""


def keep_details(
    *,
    actor: User,
    assessment: Assessment,
    text: DetailsText,
    expected_version: int | None = None,
    reason: str = "Wrote the report's details",
) -> ReportDetails:
    """Write the details of a report.

    Raises DomainError for a name without consent (R21), for a partnership or system without its bodies, or once the
    report is published; Stale where the form is outdated.
    """
    if (text.lead_name.strip() or text.sponsor_name.strip()) and not text.names_agreed:
        raise DomainError("Names are printed only of people who agreed to it.", field="names_agreed")
    if text.level != ReportDetails.Level.ORGANISATION and not text.bodies.strip():
        raise DomainError("Name the bodies that took part, one a line.", field="bodies")
    with transaction.atomic():
        _lock(assessment, {State.OPEN, State.IN_SIGN_OFF})
        row = ReportDetails.objects.filter(assessment=assessment).first()
        if row is None:
            if expected_version:
                raise Stale("Somebody else changed this since you opened it.")
            row, expected_version = ReportDetails(assessment=assessment), None
        for name, value in vars(text).items():
            setattr(row, name, value.strip() if isinstance(value, str) else value)
        return row.record(actor=actor, reason=reason, expected_version=expected_version)


def keep_words(
    *,
    actor: User,
    assessed_outcome: AssessedOutcome,
    wording_then: str,
    contacts: str,
    expected_version: int | None = None,
    reason: str = "Entered how it was printed",
) -> OutcomeWords:
    """Say how an older report printed an outcome. Raises DomainError once its round has opened, Stale where outdated."""
    with transaction.atomic():
        outcome = (
            AssessedOutcome.objects.select_for_update(of=("self",)).select_related("round").get(pk=assessed_outcome.pk)
        )
        require_preparing([outcome.round])
        row = OutcomeWords.objects.filter(assessed_outcome=outcome).first()
        if row is None:
            if expected_version:
                raise Stale("Somebody else changed this since you opened it.")
            row, expected_version = OutcomeWords(assessed_outcome=outcome), None
        row.wording_then, row.contacts = wording_then.strip(), contacts.strip()
        return row.record(actor=actor, reason=reason, expected_version=expected_version)


def keep_approval_step(
    *,
    actor: User,
    assessment: Assessment,
    text: StepText,
    step: ApprovalStep | None = None,
    expected_version: int | None = None,
    reason: str = "Wrote down the step",
) -> ApprovalStep:
    """Write a step of the approval route down, or change one. Raises DomainError outside sign-off, Stale where outdated."""
    if not text.body.strip():
        raise DomainError("Enter the name of the committee or body.", field="body")
    with transaction.atomic():
        _lock(assessment, {State.IN_SIGN_OFF})
        row = step or ApprovalStep(assessment=assessment)
        for name, value in vars(text).items():
            setattr(row, name, value.strip() if isinstance(value, str) else value)
        return row.record(actor=actor, reason=reason, expected_version=expected_version)


def remove_approval_step(
    *, actor: User, step: ApprovalStep, reason: str, expected_version: int | None = None
) -> ApprovalStep:
    """Take a step out of the report; the row stays. Raises as keep_approval_step does."""
    with transaction.atomic():
        _lock(step.assessment, {State.IN_SIGN_OFF})
        step.removed = True
        return step.record(actor=actor, reason=reason, expected_version=expected_version)


def _lock(assessment: Assessment, states: set[State]) -> Assessment:
    locked = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
    if locked.state not in states:
        raise DomainError(f"The assessment is {locked.get_state_display().lower()}, so this cannot be changed.")
    return locked
