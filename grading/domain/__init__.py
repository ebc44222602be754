"""The verbs of grading: propose, review, record a panel's grade, give a statement, settle."""

from .agreeing import (
    give_statement,
    open_names,
    record_not_graded,
    record_panel_grade,
    settle,
    settle_overdue,
    settle_round,
)
from .proposing import FactorReason, propose_grade
from .reviewing import save_draft, step_aside, submit_review

__all__ = [
    "FactorReason",
    "give_statement",
    "open_names",
    "propose_grade",
    "record_not_graded",
    "record_panel_grade",
    "save_draft",
    "settle",
    "settle_overdue",
    "settle_round",
    "step_aside",
    "submit_review",
]
