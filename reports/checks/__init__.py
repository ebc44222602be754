"""The checks before publishing: what stops a report, what must be answered, what is worth knowing.

A check is a function in one of these modules, registered with its id, its kind and how to mend what
it finds. Ids are stable: answers are kept under them. Findings never stop a local interests' grade (R6).
"""

from . import evidence, figures, front, numbers, plan, words  # noqa: F401 - they register themselves
from .registry import Check, Finding, Kind, all_checks
from .run import Checked, Result, run_checks
from .subject import Subject, subject_of

__all__ = [
    "Check",
    "Checked",
    "Finding",
    "Kind",
    "Result",
    "Subject",
    "all_checks",
    "run_checks",
    "subject_of",
]
