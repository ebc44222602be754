"""One reviewer's own answer as a form: on its own page, and beside the evidence on the outcome's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from eds.assessments.models import AssessedOutcome, Panel
from eds.frameworks.queries import scale_of
from eds.history.reading import Reading, beside, read, rows
from eds.people.models import User

from . import queries
from .domain import questions_for
from .forms import ReviewForm
from .models import Review, ReviewDraft, StepAside


@dataclass(frozen=True)
class OwnReview:
    """What somebody has submitted and drafted for an outcome, and the form that shows it."""

    panel: Panel
    form: ReviewForm
    last: Review | None
    draft: ReviewDraft | None
    aside: StepAside | None


def own_review(
    user: User, outcome: AssessedOutcome, panel: Panel, data: Mapping[str, Any] | None = None, *, is_draft: bool = False
) -> OwnReview:
    """Give the form with what was drafted, else submitted, last; bound to `data` where it was sent (one query)."""
    return read(reading_own_review(user, outcome, panel, data, is_draft=is_draft))


def reading_own_review(
    user: User, outcome: AssessedOutcome, panel: Panel, data: Mapping[str, Any] | None = None, *, is_draft: bool = False
) -> Reading[OwnReview]:
    """Give what own_review() gives (one step)."""
    newest, drafts, asides, grades = yield from beside(
        rows(queries.latest_reviews(outcome, panel, user)),
        rows(queries.drafts_of(outcome, panel, user)),
        rows(queries.standing_steps_aside(outcome, panel, user)),
        rows(scale_of(outcome.assessment.revision_id)),
    )
    last, draft, aside = (next(iter(each), None) for each in (newest, drafts, asides))
    shown_answer = draft.answer if draft else (answer_of(last) if last else "")
    shown_text = draft.text if draft else (last.reason if last else "")
    names = {grade.code: grade.name for grade in grades} | {Review.NOT_ENOUGH: "Not enough evidence to judge"}
    form = ReviewForm(
        data,
        grades=grades,
        is_draft=is_draft,
        ask=None if is_draft else lambda grade, _: questions_for(outcome, grade),
        earlier=last.answers if last else (),
        current_version=f"{last.seq if last else 0}.{draft.version if draft else 0}",
        current_text={"grade": names.get(shown_answer, ""), "reason": shown_text},
        initial={"grade": shown_answer, "reason": shown_text},
    )
    return OwnReview(panel, form, last, draft, aside)


def answer_of(last: Review) -> str:
    """Give a submitted answer as the form's value."""
    return last.grade.code if last.grade else Review.NOT_ENOUGH
