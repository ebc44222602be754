"""The verbs of grading: propose, review, record a panel's grade, give a statement, settle."""

from .agreeing import give_statement, open_names, record_not_graded, record_panel_grade
from .asking import factors_given, questions_for
from .earlier import PastResult, bring_in_results
from .joint import answer_joint_grade, why_no_joint_grade, write_joint_grade
from .proposing import FactorReason, propose_grade
from .reviewing import save_draft, step_aside, submit_review
from .settling import settle, settle_overdue, settle_round
from .words import DissentAnswer, add_dissent, pass_words

__all__ = [
    "DissentAnswer",
    "FactorReason",
    "PastResult",
    "add_dissent",
    "answer_joint_grade",
    "bring_in_results",
    "factors_given",
    "give_statement",
    "open_names",
    "pass_words",
    "propose_grade",
    "questions_for",
    "record_not_graded",
    "record_panel_grade",
    "save_draft",
    "settle",
    "settle_overdue",
    "settle_round",
    "step_aside",
    "submit_review",
    "why_no_joint_grade",
    "write_joint_grade",
]
