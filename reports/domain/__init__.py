"""The verbs of reports: details, checks answered, sign-off, publishing, corrections, closed versions."""

from .checking import ChecksOpen, answer_checks
from .closing import close_version, is_closed
from .details import (
    DetailsText,
    StepText,
    keep_approval_step,
    keep_details,
    keep_words,
    remove_approval_step,
)
from .publishing import (
    RENDER,
    ContentChanged,
    decide_sign_off,
    jobs_of,
    latest_sign_off,
    payload_of,
    publish,
    read_content,
    render,
    renditions_of,
    reopen,
)

__all__ = [
    "RENDER",
    "ChecksOpen",
    "ContentChanged",
    "DetailsText",
    "StepText",
    "answer_checks",
    "close_version",
    "decide_sign_off",
    "is_closed",
    "jobs_of",
    "keep_approval_step",
    "keep_details",
    "keep_words",
    "latest_sign_off",
    "payload_of",
    "publish",
    "read_content",
    "remove_approval_step",
    "render",
    "renditions_of",
    "reopen",
]
