"""Mails about the plan: an owner is reminded, the lead gets a summary each month, the sponsor hears of what stays late.

No mail says what an action is: mailboxes are read by others. Each asks again, when it is sent, whether it is still due.
"""

from __future__ import annotations

from django.urls import reverse

from eds.access.decide import Access
from eds.access.table import Deed
from eds.assessments.models import Assessment
from eds.jobs.letters import Letter, site_url, write_letter
from eds.jobs.models import OutboxMail
from eds.jobs.outbox import MailKind, register_mail
from eds.people.models import User
from objectives.months import Month

from . import links, queries, rules
from .models import ActionOwner, ImprovementAction, PlanSettings
from .table import PlanShown

DUE, DIGEST, ESCALATION = "plan.due", "plan.digest", "plan.escalation"
NO_PART = "The person has no part in it any more."
MOVED_ON = "It has moved on since."
NOTHING_LEFT = "Nothing is left for this person to do."


def _to(mail: OutboxMail) -> User:
    assert mail.to is not None
    return mail.to


def _action(mail: OutboxMail) -> ImprovementAction | None:
    return queries.standing_actions().filter(public_id=mail.subject).first()


def _assessment(mail: OutboxMail) -> Assessment:
    return Assessment.objects.select_related("organisation", "framework", "revision").get(public_id=mail.subject)


def why_not_due(mail: OutboxMail) -> str:
    """Ask whether the person still owns the action and may see it, and whether it is still open and due then."""
    action, user = _action(mail), _to(mail)
    if action is None or ImprovementAction.objects.filter(carried_from=action, removed=False).exists():
        return MOVED_ON
    if not ActionOwner.objects.filter(action=action, user=user, ended_on__isnull=True).exists():
        return NO_PART
    if not queries.owner_may_see(Access(user), action):
        return NO_PART
    status = queries.status_of(queries.latest_updates([action]).get(action.pk))
    if not rules.is_open(status):
        return NOTHING_LEFT
    return "" if action.due is not None and action.due.number == mail.args["due"] else MOVED_ON


def _due(mail: OutboxMail) -> Letter:
    action = _action(mail)
    assert action is not None
    return write_letter(
        _to(mail).email,
        "plan_due",
        due=action.due,
        organisation=action.assessed_outcome.assessment.organisation,
        url=links.issue(action, _to(mail)),
        days=links.LINK_DAYS,
    )


def _plan(mail: OutboxMail) -> PlanShown:
    return queries.plan_of(_assessment(mail), Access(_to(mail)))


def why_not_digest(mail: OutboxMail) -> str:
    """Ask whether the person still writes the plan, wants the summary, and whether anything is open."""
    assessment = _assessment(mail)
    if not Access(_to(mail)).may(Deed.KEEP_PLAN, assessment):
        return NO_PART
    settings = PlanSettings.objects.filter(organisation=assessment.organisation).first()
    if settings is not None and not settings.digest:
        return "The organisation wants no summary."
    return "" if any(line.is_open for line in _plan(mail).actions) else NOTHING_LEFT


def _digest(mail: OutboxMail) -> Letter:
    plan = _plan(mail)
    still = [line for line in plan.actions if line.is_open]
    return write_letter(
        _to(mail).email,
        "plan_digest",
        title=plan.title,
        late=len(plan.late),
        due=len(plan.due_now),
        open=len(still),
        ownerless=sum(not line.owners for line in still),
        dateless=sum(line.due is None for line in still),
        month=Month.of(plan.on),
        url=site_url(reverse("plan", args=[mail.subject])),
    )


def long_late(plan: PlanShown, after: int | None) -> int:
    """Count what is late for as many months as the organisation has set."""
    return sum(rules.is_to_escalate(line.status, line.due, plan.on, after) for line in plan.late)


def _escalates_after(assessment: Assessment) -> int | None:
    settings = PlanSettings.objects.filter(organisation=assessment.organisation).first()
    return settings.escalate_after if settings else None


def why_not_escalation(mail: OutboxMail) -> str:
    """Ask whether the person is still the sponsor, and whether anything that they may read is still so late."""
    assessment = _assessment(mail)
    if not Access(_to(mail)).may(Deed.ADOPT_OBJECTIVES, assessment.organisation):
        return NO_PART
    return "" if long_late(_plan(mail), _escalates_after(assessment)) else NOTHING_LEFT


def _escalation(mail: OutboxMail) -> Letter:
    plan, after = _plan(mail), _escalates_after(_assessment(mail))
    return write_letter(
        _to(mail).email,
        "plan_escalation",
        title=plan.title,
        number=long_late(plan, after),
        months=after,
        url=site_url(reverse("plan", args=[mail.subject])),
    )


def register_all() -> None:
    """Hand the kinds to the outbox."""
    register_mail(MailKind(DUE, why_not_due, _due))
    register_mail(MailKind(DIGEST, why_not_digest, _digest))
    register_mail(MailKind(ESCALATION, why_not_escalation, _escalation))
