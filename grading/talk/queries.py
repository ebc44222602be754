"""What is read of questions and discussion, each in a fixed number of queries."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from eds.access.decide import Access
from eds.access.table import Deed
from eds.assessments.models import AssessedOutcome, Assessment, Panel
from eds.history.prepared import prepared
from eds.history.reading import Reading, read
from eds.people.models import User
from evidence.models import EvidenceVersion, Sharing
from grading.models import Answer, Question, Remark, RemarkTakenBack


@dataclass(frozen=True)
class ShownAnswer:
    """An answer as a page shows it; `evidence` is None where this person may not read it."""

    text: str
    on: datetime.date
    evidence: EvidenceVersion | None


@dataclass(frozen=True)
class ShownQuestion:
    """A question as a page shows it: its day, never its author or panel. `mine`: the reader asked it."""

    public_id: str
    text: str
    on: datetime.date
    mine: bool
    answers: list[ShownAnswer]


def questions_of(outcome: AssessedOutcome, access: Access) -> list[ShownQuestion]:
    """Give an outcome's questions, oldest day first, in an order that tells nothing else (one query)."""
    return read(reading_questions(outcome, access))


@prepared
def _answers(outcome: AssessedOutcome) -> QuerySet[Answer]:
    given = Answer.objects.filter(question__assessed_outcome=outcome)
    return given.select_related("evidence_version__item").order_by("seq")


@prepared
def _questions(outcome: AssessedOutcome) -> QuerySet[Question]:
    return Question.objects.filter(assessed_outcome=outcome).order_by("decided_on", "public_id")


@prepared
def _remarks(outcome: AssessedOutcome, panels: Sequence[int]) -> QuerySet[Remark, Any]:
    rows = Remark.objects.filter(assessed_outcome=outcome, panel__in=panels)
    rows = rows.annotate(gone=Exists(RemarkTakenBack.objects.filter(remark=OuterRef("pk"))))
    return rows.select_related("actor").order_by("seq")


def reading_questions(outcome: AssessedOutcome, access: Access) -> Reading[list[ShownQuestion]]:
    """Give what questions_of() gives (one step)."""
    working = bool(access.may(Deed.SEE_WORKING_EVIDENCE, outcome))
    answers: dict[int, list[ShownAnswer]] = {}
    given, rows = _answers(outcome), _questions(outcome)
    yield [given, rows]
    for row in given:
        version = row.evidence_version
        readable = version if version and (working or version.item.sharing != Sharing.ORGANISATION) else None
        answers.setdefault(row.question_id, []).append(ShownAnswer(row.reason, row.decided_on, readable))
    return [
        ShownQuestion(
            public_id=row.public_id,
            text=row.reason,
            on=row.decided_on,
            mine=row.actor_id == access.user.pk,
            answers=answers.get(row.pk, []),
        )
        for row in rows
    ]


def open_questions_of(assessments: Iterable[Assessment]) -> dict[int, int]:
    """Give by assessed outcome how many questions nobody has answered yet (one query)."""
    return {row["assessed_outcome"]: row["number"] for row in _unanswered(list(assessments))}


@prepared
def _unanswered(assessments: Sequence[Assessment]) -> QuerySet[Question, Any]:
    answered = Answer.objects.filter(question=OuterRef("pk"))
    questions = Question.objects.filter(~Exists(answered), assessed_outcome__assessment__in=assessments)
    return questions.values("assessed_outcome").annotate(number=Count("pk"))


def answers_to(user: User, since: datetime.datetime) -> list[Answer]:
    """Give the answers to a person's own questions after a moment, newest first (one query)."""
    rows = Answer.objects.filter(question__actor=user, recorded_at__gt=since).select_related(
        "question__assessed_outcome__outcome",
        "question__assessed_outcome__service",
        "question__assessed_outcome__round",
        "question__assessed_outcome__assessment__organisation",
        "question__assessed_outcome__assessment__framework",
    )
    return list(rows.order_by("-recorded_at")[:20])


@dataclass(frozen=True)
class ShownRemark:
    """A remark as its own panel sees it; `name` only where the names were opened, `text` empty where it was taken back."""

    public_id: str
    who: str
    text: str
    on: datetime.date
    mine: bool
    taken_back: bool


def discussion_of(outcome: AssessedOutcome, panel: Panel, user_pk: int, *, names: bool = False) -> list[ShownRemark]:
    """Give one panel's remarks on an outcome; see discussions_of (one query)."""
    return discussions_of(outcome, [panel], user_pk, names=names)[panel.pk]


def discussions_of(
    outcome: AssessedOutcome, panels: Iterable[Panel], user_pk: int, *, names: bool = False
) -> dict[int, list[ShownRemark]]:
    """Give panels' remarks on an outcome in their order, "A member" and "The chair" unless names are open (one query).

    The caller has asked Deed.SEE_PANEL_REVIEWS for each panel, and for names logged their opening.
    """
    return read(reading_discussions(outcome, panels, user_pk, names=names))


def reading_discussions(
    outcome: AssessedOutcome, panels: Iterable[Panel], user_pk: int, *, names: bool = False
) -> Reading[dict[int, list[ShownRemark]]]:
    """Give what discussions_of() gives (one step)."""
    found: dict[int, list[ShownRemark]] = {panel.pk: [] for panel in panels}
    rows = _remarks(outcome, list(found))
    yield [rows]
    for row in rows:
        found[row.panel_id].append(
            ShownRemark(
                public_id=row.public_id,
                who=_who(row, user_pk, names=names),
                text="" if row.gone else row.reason,
                on=row.decided_on,
                mine=row.actor_id == user_pk,
                taken_back=row.gone,
            )
        )
    return found


def _who(row: Remark, user_pk: int, *, names: bool) -> str:
    if row.actor_id == user_pk:
        return "You"
    if names:
        return str(row.actor)
    return "The chair" if row.by_chair else "A member"
