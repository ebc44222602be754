"""What a round needs of its evidence before it opens: nothing that is shared waits for an answer (R16)."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from eds.assessments.contracts import Unmet
from eds.assessments.models import AssessedOutcome, Phase, Round

from .queries import cited_by_outcome


def questions_are_answered(round_: Round, to_phase: Phase) -> Iterator[Unmet]:
    """Before reviewing: what was found in shared evidence is answered, and a shared story has its consent."""
    if to_phase != Phase.REVIEWING or round_.phase != Phase.PREPARING:
        return
    outcomes = list(AssessedOutcome.objects.in_scope().filter(round=round_).in_order())
    told: set[int] = set()
    for rows in cited_by_outcome(outcomes, working=True).values():
        for cited in rows:
            if not cited.travel.held_back or cited.link.item_id in told:
                continue
            told.add(cited.link.item_id)
            number = len(cited.travel.open_questions)
            if number:
                questions = "a question" if number == 1 else f"{number} questions"
                words = f"“{cited.version.title}” has {questions} about people’s privacy to answer."
            else:
                words = f"“{cited.version.title}” tells a story without the consent to show it."
            yield Unmet("evidence.privacy", words, reverse("evidence-privacy", args=[cited.link.item.public_id]))
