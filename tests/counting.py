"""Counts queries without keeping them: Django's own log of queries forgets all but the last 9000 of a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass
class Count:
    """How many queries the block took so far."""

    queries: int = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        self.queries += 1
        return execute(sql, params, many, context)


@contextmanager
def counted() -> Iterator[Count]:
    """Count the queries of the block."""
    count = Count()
    with connection.execute_wrapper(count):
        yield count
