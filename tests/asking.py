"""Notes which prepared query sets are asked for, and compares each with the query set that it stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import models

from eds.history.prepared import Prepared, Rows
from eds.history.reading import fill

Call = tuple[Prepared[Any], tuple[object, ...]]


@contextmanager
def noted() -> Iterator[list[Call]]:
    """Give the list in which each prepared query set that is asked for is noted, with its arguments."""
    calls: list[Call] = []
    ask = Prepared.__call__

    def note(self: Prepared[Any], *arguments: object) -> object:
        calls.append((self, arguments))
        return ask(self, *arguments)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Prepared, "__call__", note)
        yield calls


def assert_as_asked(call: Call) -> None:
    """Compare the rows by themselves, and those read beside others, with Django's own."""
    prepared, arguments = call
    queryset = prepared.queryset(*arguments)
    expected = list(queryset)
    as_values, places = _unordered(expected), _places(queryset, expected)
    for _ in range(2):  # the second time with the plan that PostgreSQL keeps from then on
        alone, beside, other = (prepared(*arguments) for _ in range(3))
        assert isinstance(alone, Rows), prepared
        fill([beside, other])
        for rows in (alone, beside, other):
            assert _unordered(rows) == as_values, prepared.queryset
            assert _places(queryset, rows) == places, prepared.queryset


def _unordered(rows: Iterable[Any]) -> list[Any]:
    return sorted((plain(row) for row in rows), key=repr)


def _places(queryset: Any, rows: Iterable[Any]) -> list[Any]:
    """Give by what rows are ordered, in their order: rows that are alike in it may come in either order."""
    names = queryset.query.order_by or queryset.query.get_meta().ordering if queryset.ordered else ()
    fields = [name.lstrip("-") for name in names if isinstance(name, str)]
    return [[_value(row, field) for field in fields] for row in rows if isinstance(row, models.Model)]


def _value(row: Any, field: str) -> Any:
    for name in field.split("__"):
        row = getattr(row, name, None)
    return row


def plain(row: Any) -> Any:
    """Give a row as values that can be compared, with what was read beside it."""
    if not isinstance(row, models.Model):
        return row
    own = {name: value for name, value in vars(row).items() if name != "_state"}
    own["_state"] = sorted(row._state.fields_cache)
    return type(row), {name: value for name, value in own.items() if not name.startswith("_prefetched")}
