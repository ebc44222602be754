"""The kinds of mail, each with whom it is for and what it says.

A mail to people of panels says that there is something to read, and nothing else: no organisation, panel, outcome or
grade, since being on a panel may reveal what a person is or believes (R21), and mailboxes are read by others.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable

from django.urls import reverse

from eds.access.decide import Access
from eds.access.table import Deed
from eds.assessments.models import AssessedOutcome, Assessment, Round, State
from eds.jobs.letters import Letter, site_url, write_letter
from eds.jobs.models import OutboxMail
from eds.jobs.outbox import MailKind, register_mail
from eds.pages.queries import Task, home_tasks
from eds.people.links import may_come_by_link
from eds.people.models import User

REVIEWING, AGREEING, AGREED = "pages.reviewing", "pages.agreeing", "pages.agreed"
PUBLISHED, REMINDER = "pages.published", "pages.reminder"
NO_PART = "The person has no part in it any more."
NOTHING_LEFT = "Nothing is left for this person to do."
ENDED = "The person signs in by links, and these have ended with the round."
MOVED_ON = "It has moved on since."


def _to(mail: OutboxMail) -> User:
    assert mail.to is not None
    return mail.to


def _assessment(mail: OutboxMail) -> Assessment:
    return Assessment.objects.select_related("organisation", "framework", "revision").get(public_id=mail.subject)


def _outcomes(mail: OutboxMail) -> list[AssessedOutcome]:
    return list(
        AssessedOutcome.objects.in_scope()
        .filter(round__public_id=mail.subject)
        .select_related("assessment__organisation", "outcome__goal", "service", "round")
        .in_order()
    )


def _may_enter(user: User) -> bool:
    return user.has_usable_password() or may_come_by_link(user)


def _why_not(deed: Deed) -> Callable[[OutboxMail], str]:
    """Make the question whether a person may do this to any outcome of the mail's round now."""

    def why_not(mail: OutboxMail) -> str:
        user = _to(mail)
        access = Access(user)
        outcomes = _outcomes(mail)
        if outcomes and str(outcomes[0].round.phase) != mail.args["phase"]:  # type: ignore[union-attr]
            return MOVED_ON
        if not any(access.may(deed, outcome) for outcome in outcomes):
            return NO_PART
        return "" if _may_enter(user) else ENDED

    return why_not


def why_not_published(mail: OutboxMail) -> str:
    """Ask whether the person still has a part in an assessment that is still published."""
    assessment = _assessment(mail)
    if assessment.state != State.PUBLISHED:
        return MOVED_ON
    return "" if Access(_to(mail)).may(Deed.SEE_ASSESSMENT, assessment) else NO_PART


def waiting_tasks(user: User, assessment: Assessment, due: datetime.date | None = None) -> list[Task]:
    """Give what a person has to do in an assessment now, or only what is due on a date."""
    tasks = home_tasks(Access(user), [assessment])
    return [task for task in tasks if due is None or task.due == due]


def why_not_reminded(mail: OutboxMail) -> str:
    """Ask whether something is still left to do, by the date that the reminder is about if it is about one."""
    user, assessment = _to(mail), _assessment(mail)
    if not Access(user).may(Deed.SEE_ASSESSMENT, assessment):
        return NO_PART
    due = mail.args.get("due")
    if not waiting_tasks(user, assessment, datetime.date.fromisoformat(due) if due else None):
        return NOTHING_LEFT
    return "" if _may_enter(user) else ENDED


def _something_to_read(mail: OutboxMail) -> Letter:
    return write_letter(_to(mail).email, "something_to_read", url=site_url(reverse("home")))


def _published(mail: OutboxMail) -> Letter:
    # Published reports need no sign-in: those who came by links can read what came of their part.
    return write_letter(_to(mail).email, "something_to_read", url=site_url(reverse("public-reports")))


def _reminder(mail: OutboxMail) -> Letter:
    return write_letter(_to(mail).email, "reminder", url=site_url(reverse("home")))


def register_all() -> None:
    """Hand the kinds to the outbox."""
    register_mail(MailKind(REVIEWING, _why_not(Deed.REVIEW), _something_to_read))
    register_mail(MailKind(AGREEING, _why_not(Deed.SEE_PANEL_GRADES), _something_to_read))
    register_mail(MailKind(AGREED, _why_not(Deed.SEE_PANEL_GRADES), _something_to_read))
    register_mail(MailKind(PUBLISHED, why_not_published, _published))
    register_mail(MailKind(REMINDER, why_not_reminded, _reminder))


def mail_kind_of(round_: Round) -> str:
    """Give the kind of mail that a round's phase calls for, or ""."""
    return {"reviewing": REVIEWING, "agreeing": AGREEING, "agreed": AGREED}.get(str(round_.phase), "")
