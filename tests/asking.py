"""Notes which prepared query sets are asked for, and compares each with the query set that it stands for."""

from __future__ import annotations

from collections.abc import Iterator
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
    expected = [plain(row) for row in queryset]
    alone, beside, other = (prepared(*arguments) for _ in range(3))
    assert isinstance(alone, Rows), prepared
    fill([beside, other])
    for rows in (alone, beside, other):
        found = [plain(row) for row in rows]
        if not queryset.ordered:
            found, expected = sorted(found, key=repr), sorted(expected, key=repr)
        assert found == expected, prepared


def plain(row: Any) -> Any:
    """Give a row as values that can be compared, with what was read beside it."""
    if not isinstance(row, models.Model):
        return row
    own = {name: value for name, value in vars(row).items() if name != "_state"}
    own["_state"] = sorted(row._state.fields_cache)
    return type(row), {name: value for name, value in own.items() if not name.startswith("_prefetched")}
