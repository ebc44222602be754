"""Putting an objective to local people: until when, what they say, and what is answered."""

from __future__ import annotations

import datetime

from django.db import transaction

from eds.assessments.models import Panel, PanelMember
from eds.history.errors import DomainError
from eds.history.models import today
from eds.people.models import User
from eds.ui.text import uk_date
from objectives.equality.mails import tell_of_answer, tell_of_consultation
from objectives.equality.models import (
    CommentAnswer,
    EqualityObjective,
    ObjectiveComment,
    ObjectiveDecision,
)
from objectives.equality.rules import Stage, Step

from .locking import append, lock, reasoned


def consult(*, actor: User, objective: EqualityObjective, until: datetime.date, reason: str = "") -> ObjectiveDecision:
    """Put an objective to local people until a day, or give them more time, or ask once more.

    The members of panels get a mail that there is something to read. Raises DomainError for a day that has passed, or
    one that is earlier than what people were told.
    """
    with transaction.atomic():
        found = lock(objective, Step.CONSULT)
        if until < today():
            raise DomainError("The last day for comments must not have passed.", field="comments_until")
        if found.stage is Stage.CONSULTING and found.comments_until and until <= found.comments_until:
            told = uk_date(found.comments_until)
            raise DomainError(
                f"People were told that they can comment until {told}. You can only give them more time.",
                field="comments_until",
            )
        made = append(found, ObjectiveDecision.Kind.CONSULTED, actor=actor, reason=reason.strip(), comments_until=until)
        tell_of_consultation(made)
        return made


def comment(*, actor: User, objective: EqualityObjective, panel: Panel, text: str) -> ObjectiveComment:
    """Say something of an objective for a local interest; it is printed under the interest's name, never a person's.

    Raises DomainError where the person is not on that panel, the panel is another organisation's, or it is not the time.
    """
    words = reasoned(text, "Enter your comment.", "text")
    with transaction.atomic():
        found = lock(objective, Step.COMMENT)
        on_it = PanelMember.objects.filter(
            user=actor,
            panel=panel,
            panel__assessment__organisation=found.objective.organisation_id,
            left_on__isnull=True,
        )
        if not on_it.exists():
            raise DomainError("You comment for a panel of this organisation that you are on.", field="panel")
        return ObjectiveComment.append(actor=actor, reason=words, objective=found.objective, of=panel.name)


def answer_comment(*, actor: User, comment: ObjectiveComment, text: str) -> CommentAnswer:
    """Answer a comment, or answer it again; the last answer counts, and all are kept. Who commented gets a mail.

    Raises DomainError without words.
    """
    words = reasoned(text, "Enter your answer.", "text")
    with transaction.atomic():
        lock(comment.objective, Step.ANSWER)
        made = CommentAnswer.append(actor=actor, reason=words, comment=comment)
        tell_of_answer(made)
        return made
