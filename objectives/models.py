"""All nouns of the room, where Django looks for them."""

from __future__ import annotations

from .equality.models import (
    CommentAnswer,
    Commitment,
    Direction,
    EqualityObjective,
    Measure,
    MeasureValue,
    ObjectiveCharacteristic,
    ObjectiveCheckAnswer,
    ObjectiveComment,
    ObjectiveDecision,
    ObjectiveOutcome,
    Theme,
)
from .imports.models import PlanImport
from .libraries.models import NationalLink
from .plan.models import (
    ActionCharacteristic,
    ActionOwner,
    CalendarAddress,
    Felt,
    ImprovementAction,
    PlanObjective,
    PlanSettings,
    ProgressLink,
    ProgressUpdate,
    Source,
    Status,
)

__all__ = [
    "ActionCharacteristic",
    "ActionOwner",
    "CalendarAddress",
    "CommentAnswer",
    "Commitment",
    "Direction",
    "EqualityObjective",
    "Felt",
    "ImprovementAction",
    "Measure",
    "MeasureValue",
    "NationalLink",
    "ObjectiveCharacteristic",
    "ObjectiveCheckAnswer",
    "ObjectiveComment",
    "ObjectiveDecision",
    "ObjectiveOutcome",
    "PlanImport",
    "PlanObjective",
    "PlanSettings",
    "ProgressLink",
    "ProgressUpdate",
    "Source",
    "Status",
    "Theme",
]
