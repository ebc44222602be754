"""What is decided on an objective: adopted or not, reviewed, closed; and what the check before adoption is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from eds.history.errors import DomainError, Stale
from eds.people.models import User
from objectives.equality.models import EqualityObjective, ObjectiveCheckAnswer, ObjectiveDecision
from objectives.equality.rules import Finding, Step

from .locking import append, lock, reasoned

Kind = ObjectiveDecision.Kind


class NotSpecific(DomainError):
    """The objective is not specific and measurable yet; `findings` say what is missing."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        said = " ".join(each.sentence for each in findings)
        super().__init__(f"The objective cannot be adopted yet. {said}", field="decision")


def answer_check(
    *, actor: User, objective: EqualityObjective, seen: Mapping[tuple[str, str], str], text: str
) -> list[ObjectiveCheckAnswer]:
    """Say why an objective may be adopted although the check asks something; the answer is kept and printed.

    `seen` gives, by check and what it is about, the fingerprint that the person read. Raises Stale where the objective
    says something else by now, DomainError for what can only be mended, or without words.
    """
    words = reasoned(text, "Say why it stays as it is.", "text")
    with transaction.atomic():
        found = lock(objective, Step.ANSWER_CHECK)
        waiting = {(each.id, each.about): each for each in found.findings}
        rows = []
        for key, fingerprint in seen.items():
            each = waiting.get(key)
            if each is None or each.fingerprint != fingerprint:
                raise Stale("The objective has changed since you opened this.")
            if not each.can_answer:
                raise DomainError(f"{each.sentence} {each.mend}")
            rows.append(
                ObjectiveCheckAnswer.append(
                    actor=actor,
                    reason=words,
                    objective=found.objective,
                    check_id=each.id,
                    about=each.about,
                    asked=each.sentence,
                    fingerprint=each.fingerprint,
                )
            )
        if not rows:
            raise DomainError("Choose what you answer.", field="findings")
        return rows


def decide(
    *, actor: User, objective: EqualityObjective, decision: str, paper: str = "", reason: str = ""
) -> ObjectiveDecision:
    """Record what the board decided after local people were asked: adopted, or not adopted with the reason.

    Raises NotSpecific where it is to be adopted and the check still asks something; DomainError at another time.
    """
    if decision not in {Kind.ADOPTED, Kind.NOT_ADOPTED}:
        raise DomainError("Choose what the board decided.", field="decision")
    with transaction.atomic():
        found = lock(objective, Step.DECIDE)
        if decision == Kind.ADOPTED and found.open:
            raise NotSpecific(found.open)
        if decision == Kind.NOT_ADOPTED:
            reasoned(reason, "Say why the board did not adopt it. The reason is published.")
        return append(found, decision, actor=actor, reason=reason.strip(), paper=paper.strip())


def review(*, actor: User, objective: EqualityObjective, text: str, early: bool = False) -> ObjectiveDecision:
    """Record a yearly review, or an early one because data shows a new inequality; `text` says what was found."""
    words = reasoned(
        text,
        "Say which data shows the new inequality, and what follows." if early else "Say what the review found.",
        "text",
    )
    with transaction.atomic():
        found = lock(objective, Step.REVIEW)
        return append(found, Kind.REVIEWED_EARLY if early else Kind.REVIEWED, actor=actor, reason=words)


def close(*, actor: User, objective: EqualityObjective, result: str, reason: str) -> ObjectiveDecision:
    """Close an adopted objective with its result, and say how it ended."""
    if result not in ObjectiveDecision.Result.values:
        raise DomainError("Choose how it ended.", field="result")
    words = reasoned(reason, "Say how it ended, for the people it was for.")
    with transaction.atomic():
        found = lock(objective, Step.CLOSE)
        return append(found, Kind.CLOSED, actor=actor, reason=words, result=result)
