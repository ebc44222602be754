"""Where an objective stands, whether it is specific and measurable, and what is new since it was looked at (R24). Pure."""

from .check import (
    LONGEST,
    CommentFacts,
    CommitmentFacts,
    Finding,
    MeasureFacts,
    ObjectiveFacts,
    findings,
    is_vague,
    still_open,
)
from .inequality import Moment, NewWorse, Version, new_inequalities
from .stages import (
    ALLOWED,
    REMIND_DAYS,
    SETTLED,
    SHOWN_TO_PANELS,
    Stage,
    Step,
    reminder_from,
    review_due,
    stage_of,
    why_not,
)

__all__ = [
    "ALLOWED",
    "LONGEST",
    "REMIND_DAYS",
    "SETTLED",
    "SHOWN_TO_PANELS",
    "CommentFacts",
    "CommitmentFacts",
    "Finding",
    "MeasureFacts",
    "Moment",
    "NewWorse",
    "ObjectiveFacts",
    "Stage",
    "Step",
    "Version",
    "findings",
    "is_vague",
    "new_inequalities",
    "reminder_from",
    "review_due",
    "stage_of",
    "still_open",
    "why_not",
]
