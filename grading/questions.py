"""What a grade still has to answer for (R6): a missing factor, condition or piece of evidence raises a question.

Questions ask; none stops a grade. Pure functions of plain values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from . import rules

HIGHEST = 3
CONDITIONS = {
    "full_engagement": "The top grade also needs full engagement with local interests. What shows it?",
    "peer_review": "The top grade also needs a review by peers. What shows it?",
    "innovation": "The top grade also needs innovation. What shows it?",
}


@dataclass(frozen=True)
class Question:
    """A question with a stable code; its answer is kept beside the grade, with the words that were asked."""

    code: str
    text: str

    @property
    def field(self) -> str:
        """Give the form field that holds the answer."""
        return f"question_{self.code}"


def questions_about(
    position: int | None, *, cited: int, missing_factors: Mapping[str, str], has_factors: bool
) -> list[Question]:
    """Give what is asked about a grade; nothing about an answer without one.

    `cited` counts the evidence, `missing_factors` names those without a reason by code. The conditions of the top grade
    are asked in editions whose framework has factors, for only those know them.
    """
    if position is None:
        return []
    found = []
    if not cited and position > rules.LOWEST:
        found.append(Question("evidence", "No evidence is cited for this outcome. What does the grade rest on?"))
    if has_factors and position == HIGHEST:
        found += [Question(code, text) for code, text in CONDITIONS.items()]
    if missing_factors:
        names = [f"“{name}”" for name in missing_factors.values()]
        listed = f"{', '.join(names[:-1])} and {names[-1]}" if names[1:] else names[0]
        found.append(Question("factors", f"Nothing is said under {listed}. Why not?"))
    return found


def unanswered(questions: Sequence[Question], answers: Mapping[str, str]) -> list[Question]:
    """Give the questions that have no answer; "we do not know" is one."""
    return [question for question in questions if not answers.get(question.code, "").strip()]


def kept(questions: Sequence[Question], answers: Mapping[str, str]) -> list[dict[str, str]]:
    """Give what is stored with the grade: each question in the words that were asked, and its answer or ""."""
    return [
        {"question": each.code, "text": each.text, "answer": answers.get(each.code, "").strip()} for each in questions
    ]
