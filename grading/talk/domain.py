"""The verbs of talk: ask, answer, say something to one's own panel, take it back."""

from __future__ import annotations

from django.db import transaction

from eds.assessments.models import AssessedOutcome, Panel, PanelMember, Phase
from eds.frameworks.queries import grades_of
from eds.history.errors import DomainError
from eds.people.models import User
from evidence.models import EvidenceLink, EvidenceVersion, Sharing
from grading.domain.locking import lock_outcome
from grading.models import Answer, Question, Remark, RemarkTakenBack

from .rules import grade_words_in

ASKING = {Phase.REVIEWING, Phase.AGREEING}
NO_QUESTIONS = "Questions are asked and answered while people review and while grades are being agreed."
NO_DISCUSSION = "A panel discusses while grades are being agreed."


def ask(*, actor: User, assessed_outcome: AssessedOutcome, panel: Panel, text: str) -> Question:
    """Ask about an outcome's evidence, as a member of a panel that grades it (R3).

    The same question sent twice by the same person is one. Raises DomainError outside reviewing and agreeing, without a
    text, with a word that gives a grade away, or for somebody who is no longer on the panel.
    """
    _require_text(text, "Write your question.")
    with transaction.atomic():
        outcome = lock_outcome(assessed_outcome, ASKING, NO_QUESTIONS)
        _place(actor, panel, outcome)
        _refuse_grade_words(text, outcome)
        same = Question.objects.filter(assessed_outcome=outcome, panel=panel, actor=actor, reason=text).first()
        return same or Question.append(actor=actor, reason=text, assessed_outcome=outcome, panel=panel)


def answer(
    *, actor: User, assessed_outcome: AssessedOutcome, question: Question, text: str, item_id: str = ""
) -> Answer:
    """Answer a question for the organisation; `item_id` points to a cited item, in its newest version.

    The same answer sent twice is one; another one stands below the first. Raises DomainError outside reviewing and
    agreeing, without a text, with a word that gives a grade away, or for an item that the panels may not read.
    """
    _require_text(text, "Write the answer.")
    with transaction.atomic():
        outcome = lock_outcome(assessed_outcome, ASKING, NO_QUESTIONS)
        if question.assessed_outcome_id != outcome.pk:
            raise DomainError("This question is about another outcome.")
        _refuse_grade_words(text, outcome)
        version = _version_shown(outcome, item_id) if item_id else None
        same = Answer.objects.filter(question=question, reason=text, evidence_version=version).first()
        return same or Answer.append(actor=actor, reason=text, question=question, evidence_version=version)


def remark(*, actor: User, assessed_outcome: AssessedOutcome, panel: Panel, text: str) -> Remark:
    """Say something to one's own panel about an outcome, after the reveal (R3).

    The same words sent twice in a row are one remark. Raises DomainError outside agreeing, without a text, or for
    somebody who is no longer on the panel.
    """
    _require_text(text, "Write what you want to say to your panel.")
    with transaction.atomic():
        outcome = lock_outcome(assessed_outcome, {Phase.AGREEING}, NO_DISCUSSION)
        place = _place(actor, panel, outcome)
        last = Remark.objects.filter(assessed_outcome=outcome, panel=panel).order_by("-seq").first()
        if last and (last.actor_id, last.reason) == (actor.pk, text) and not last.taken_back.exists():
            return last
        return Remark.append(
            actor=actor,
            reason=text,
            assessed_outcome=outcome,
            panel=panel,
            by_chair=place.role == PanelMember.Role.CHAIR,
        )


def take_back(*, actor: User, remark: Remark) -> RemarkTakenBack:
    """Take one's own remark back: a mark is left where it stood. A second time changes nothing.

    Raises DomainError outside agreeing, or for somebody else's remark.
    """
    with transaction.atomic():
        lock_outcome(remark.assessed_outcome, {Phase.AGREEING}, NO_DISCUSSION)
        if remark.actor_id != actor.pk:
            raise DomainError("Only who wrote a remark takes it back.")
        done = RemarkTakenBack.objects.filter(remark=remark).first()
        return done or RemarkTakenBack.append(actor=actor, reason="Taken back", remark=remark)


def _require_text(text: str, sentence: str) -> None:
    if not text.strip():
        raise DomainError(sentence, field="text")


def _place(user: User, panel: Panel, outcome: AssessedOutcome) -> PanelMember:
    """The access table has said yes before; this meets somebody who was taken off the panel meanwhile."""
    place = (
        PanelMember.objects.filter(panel=panel, user=user, left_on__isnull=True, panel__remit__assessed_outcome=outcome)
        .exclude(role=PanelMember.Role.ORGANISER)
        .first()
    )
    if place is None:
        raise DomainError("This is for the members of a panel that grades this outcome.")
    return place


def _refuse_grade_words(text: str, outcome: AssessedOutcome) -> None:
    words = [spelling for grade in grades_of(outcome.assessment.revision) for spelling in (grade.name, *grade.aliases)]
    found = grade_words_in(text, words)
    if found:
        named = " and ".join(f"“{word}”" for word in found)
        raise DomainError(
            f"Say it without {named}. Everybody grades independently, so questions and answers name no grade.",
            field="text",
        )


def _version_shown(outcome: AssessedOutcome, item_id: str) -> EvidenceVersion:
    link = (
        EvidenceLink.objects.filter(assessed_outcome=outcome, item__public_id=item_id, removed_on__isnull=True)
        .exclude(item__sharing=Sharing.ORGANISATION)
        .first()
    )
    if link is None:
        raise DomainError("Choose evidence that is cited for this outcome and that panels may read.", field="item")
    return EvidenceVersion.objects.filter(item=link.item_id).order_by("-seq")[0]
