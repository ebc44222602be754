"""Mails about a consultation: to the members of panels who are asked, and to the person whose comment was answered.

They say that there is something to read, and nothing else: being on a panel may reveal what a person is or believes
(R21). Each asks again, when it is sent, whether the person may still read it.
"""

from __future__ import annotations

from django.db.models import Max
from django.urls import reverse

from eds.access.decide import Access
from eds.access.table import Deed
from eds.assessments.models import PanelMember, State
from eds.history.models import is_news
from eds.jobs.letters import Letter, site_url, write_letter
from eds.jobs.models import OutboxMail
from eds.jobs.outbox import MailKind, queue_mail, register_mail
from eds.people.links import may_come_by_link
from eds.people.models import Organisation, User

from .models import CommentAnswer, ObjectiveDecision
from .queries import Known, known_by, may_comment
from .rules import SHOWN_TO_PANELS, Stage

CONSULTED, ANSWERED = "objectives.consulted", "objectives.answered"
NO_PART = "The person has no part in it any more."
ENDED = "The person signs in by links, and these have ended with the round."
MOVED_ON = "It has moved on since."


def tell_of_consultation(decision: ObjectiveDecision) -> None:
    """Queue a mail to each member of a panel of this year; call it where the decision is made.

    This year is what is not published yet, or else the newest year in which anybody is on a panel. Nobody is told of
    what was decided long ago and is only entered now.
    """
    if not is_news():
        return
    objective = decision.objective
    for user in _asked(objective.organisation):
        queue_mail(
            kind=CONSULTED,
            subject=objective.public_id,
            key=f"{CONSULTED}:{objective.public_id}:{decision.seq}:{user.public_id}",
            to=user,
            args={"decision": decision.seq},
        )


def _asked(organisation: Organisation) -> list[User]:
    """Give who is on the organisation's panels this year, each person once."""
    places = PanelMember.objects.filter(panel__assessment__organisation=organisation, left_on__isnull=True)
    current = places.exclude(panel__assessment__state=State.PUBLISHED)
    if not current.exists():
        newest = places.aggregate(year=Max("panel__assessment__year"))["year"]
        current = places.filter(panel__assessment__year=newest)
    return list(User.objects.filter(pk__in=current.values("user"), is_active=True).order_by("pk"))


def tell_of_answer(answer: CommentAnswer) -> None:
    """Queue a mail to the person who commented; call it where the answer is given."""
    if not is_news():
        return
    comment = answer.comment
    queue_mail(
        kind=ANSWERED,
        subject=comment.objective.public_id,
        key=f"{ANSWERED}:{comment.public_id}:{answer.seq}",
        to=comment.actor,
        args={"comment": comment.public_id, "answer": answer.seq},
    )


def _to(mail: OutboxMail) -> User:
    assert mail.to is not None
    return mail.to


def _why_no_entry(user: User) -> str:
    return "" if user.has_usable_password() or may_come_by_link(user) else ENDED


def why_not_consulted(mail: OutboxMail) -> str:
    """Ask whether comments are still wanted as the mail was queued for, and whether the person still gives them."""
    found: Known = known_by(mail.subject)
    if found.stage is not Stage.CONSULTING or found.decisions[-1].seq != mail.args["decision"]:
        return MOVED_ON
    if not may_comment(Access(_to(mail)), found.objective.organisation):
        return NO_PART
    return _why_no_entry(_to(mail))


def why_not_answered(mail: OutboxMail) -> str:
    """Ask whether it is still the last answer, and whether the person may still read it."""
    found = known_by(mail.subject)
    last = (
        CommentAnswer.objects.filter(comment__public_id=mail.args["comment"], comment__actor=_to(mail))
        .order_by("-seq")
        .first()
    )
    if last is None or last.seq != mail.args["answer"] or found.stage not in SHOWN_TO_PANELS:
        return MOVED_ON
    if not Access(_to(mail)).may(Deed.SEE_OBJECTIVES, found.objective.organisation):
        return NO_PART
    return _why_no_entry(_to(mail))


def _something_to_read(mail: OutboxMail) -> Letter:
    return write_letter(_to(mail).email, "something_to_read", url=site_url(reverse("home")))


def register_all() -> None:
    """Hand the kinds to the outbox."""
    register_mail(MailKind(CONSULTED, why_not_consulted, _something_to_read))
    register_mail(MailKind(ANSWERED, why_not_answered, _something_to_read))
