"""Mails that could not be sent: with addresses for who runs the site, as numbers only for a lead (R21)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from eds.access.invitations import CONTRIBUTOR, ORGANISATION, PANEL
from eds.assessments.models import AssessedOutcome, Assessment, Panel, Round
from eds.jobs.models import OutboxMail
from eds.people.invitations import INVITATION_MAIL
from eds.people.links import SIGN_IN_MAIL
from eds.people.models import Invitation, Organisation
from objectives.equality.mails import ANSWERED, CONSULTED
from objectives.equality.models import EqualityObjective
from objectives.plan.mails import DIGEST, DUE, ESCALATION

from .kinds import AGREED, AGREEING, PUBLISHED, REMINDER, REVIEWING

WORDS = {
    INVITATION_MAIL: "Invitation",
    SIGN_IN_MAIL: "Link to sign in",
    REVIEWING: "Reviewing has opened",
    AGREEING: "Grades are being agreed",
    AGREED: "Grades are agreed",
    PUBLISHED: "The report is published",
    REMINDER: "Reminder",
    CONSULTED: "An objective to comment on",
    ANSWERED: "A comment is answered",
    DUE: "An action is due",
    DIGEST: "Monthly summary of the plan",
    ESCALATION: "Actions that stay late",
}


@dataclass(frozen=True)
class FailedMail:
    """A mail that could not be sent, what it was, and the address; "" where whoever asked for a link is not kept."""

    mail: OutboxMail
    what: str
    address: str


def failed_mails(mails: Sequence[OutboxMail]) -> list[FailedMail]:
    """Give words and address of each (one query)."""
    invited = {mail.subject for mail in mails if mail.kind == INVITATION_MAIL}
    addresses = dict(Invitation.objects.filter(public_id__in=invited).values_list("public_id", "email"))
    return [
        FailedMail(
            mail,
            WORDS.get(mail.kind, mail.kind),
            mail.to.email if mail.to else addresses.get(mail.subject, "") if mail.kind == INVITATION_MAIL else "",
        )
        for mail in mails
    ]


def failed_numbers(organisation: Organisation) -> list[tuple[str, int]]:
    """Give how many mails about an organisation's work could not be sent, by what they were; nobody's address (R21).

    Of invitations only those that the lead makes and sees anyway: whom a panel asks is the panel's own business.
    """
    assessments = Assessment.objects.filter(organisation=organisation)
    subjects = [
        *assessments.values_list("public_id", flat=True),
        *Round.objects.filter(assessment__in=assessments).values_list("public_id", flat=True),
        *EqualityObjective.objects.filter(organisation=organisation).values_list("public_id", flat=True),
    ]
    panels = Panel.objects.filter(assessment__in=assessments).values("public_id")
    outcomes = AssessedOutcome.objects.filter(assessment__in=assessments).values("public_id")
    invitations = Invitation.objects.filter(kind=PANEL, appointed=True, subject__in=panels).union(
        Invitation.objects.filter(kind=CONTRIBUTOR, subject__in=outcomes),
        Invitation.objects.filter(kind=ORGANISATION, subject=organisation.public_id),
    )
    subjects += invitations.values_list("public_id", flat=True)
    failed = OutboxMail.objects.filter(state=OutboxMail.State.FAILED, subject__in=subjects)
    return sorted(Counter(WORDS.get(kind, kind) for kind in failed.values_list("kind", flat=True)).items())
