"""The verbs of equality objectives: write, consult, decide, measure, review, close (R24)."""

from .consulting import answer_comment, comment, consult
from .deciding import NotSpecific, answer_check, close, decide, review
from .measuring import (
    MeasureText,
    counts_people,
    keep_measure,
    record_value,
    remove_measure,
)
from .writing import (
    ObjectiveText,
    keep_commitment,
    remove_commitment,
    withdraw,
    write_objective,
)

__all__ = [
    "MeasureText",
    "NotSpecific",
    "ObjectiveText",
    "answer_check",
    "answer_comment",
    "close",
    "comment",
    "consult",
    "counts_people",
    "decide",
    "keep_commitment",
    "keep_measure",
    "record_value",
    "remove_commitment",
    "remove_measure",
    "review",
    "withdraw",
    "write_objective",
]
