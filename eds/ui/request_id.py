"""The id of what is being done, for the logs: a request's, and the same for the jobs that it made necessary."""

from __future__ import annotations

import contextvars
import logging
from collections.abc import Iterator
from contextlib import contextmanager

_current: contextvars.ContextVar[str] = contextvars.ContextVar("request_id", default="")
NONE = "-"


def current() -> str:
    """Give the id, or "" where nothing with an id is under way."""
    return _current.get()


def begin(request_id: str) -> None:
    """Let the logs carry this id from now on, in a process that does one thing after another."""
    _current.set(request_id)


@contextmanager
def working_as(request_id: str) -> Iterator[None]:
    """Let the logs carry this id as long as the block lasts."""
    token = _current.set(request_id)
    try:
        yield
    finally:
        _current.reset(token)


class RequestIdFilter(logging.Filter):
    """Puts the id on each log record, or "-" where there is none."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current() or NONE
        return True
