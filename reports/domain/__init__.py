"""The verbs of reports: details, checks answered, sign-off, publishing, corrections, closed versions."""

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
    "ContentChanged",
    "decide_sign_off",
    "jobs_of",
    "latest_sign_off",
    "payload_of",
    "publish",
    "read_content",
    "render",
    "renditions_of",
    "reopen",
]
