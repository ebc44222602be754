"""The editions as data (`editions`), and the official criteria that an administrator loads beside them (`criteria`)."""

from .criteria import CriteriaSet, Criterion
from .editions import (
    CONFIRMED,
    Band,
    Characteristic,
    Colour,
    Confidence,
    Factor,
    Fixed,
    Framework,
    FrameworkRevision,
    Goal,
    GoalStatement,
    Grade,
    Group,
    GroupKind,
    Outcome,
)

__all__ = [
    "CONFIRMED",
    "Band",
    "Characteristic",
    "Colour",
    "Confidence",
    "CriteriaSet",
    "Criterion",
    "Factor",
    "Fixed",
    "Framework",
    "FrameworkRevision",
    "Goal",
    "GoalStatement",
    "Grade",
    "Group",
    "GroupKind",
    "Outcome",
]
