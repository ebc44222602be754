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
from .plan.models import (
    ActionOwner,
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
    "ActionOwner",
    "CommentAnswer",
    "Commitment",
    "Direction",
    "EqualityObjective",
    "Felt",
    "ImprovementAction",
    "Measure",
    "MeasureValue",
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
