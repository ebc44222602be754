"""Lets PostgreSQL keep the plan of a question that is asked again and again over the same connection.

PostgreSQL takes several times as long to plan a question that joins many tables as to answer it. So each process lets it
plan such a question once (PREPARE) when it is asked for the second time, and from then on sends the values alone (EXECUTE).
What is kept is how to look, never what was found. Where a pooler may give each transaction another connection
(EDS_DATABASE_POOLED), and on SQLite, every question is sent whole.
"""

from __future__ import annotations

import itertools
import re
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connection

KEPT = 100
"""How many questions a connection remembers; the one that was not asked for longest is forgotten first."""
_MARK = re.compile("%[s%]")
_TYPES = {int: "bigint", str: "text"}
_LEAST, _MOST = -(2**63), 2**63 - 1
_numbers = itertools.count()
_known: WeakKeyDictionary[Any, OrderedDict[Question, str]] = WeakKeyDictionary()
"""Per connection of psycopg2: the questions that were asked over it, each with the name of its plan, "" without one."""


class Question:
    """An SQL text with its parameters; `places` says which of them is which of the values that are asked with."""

    def __init__(self, sql: str, params: Sequence[Any], places: Sequence[tuple[int, int]] = ()) -> None:
        self.sql, self.params, self.places = sql, list(params), list(places)

    def with_values(self, values: Sequence[Any]) -> list[Any]:
        """Give the parameters of the SQL with these values."""
        params = self.params.copy()
        for place, number in self.places:
            params[place] = values[number]
        return params

    def to_send(self, values: Sequence[Any]) -> tuple[str, list[Any]]:
        """Give what is to be executed over this thread's connection to ask with these values, and its parameters."""
        plan = self._plan(values) if connection.vendor == "postgresql" else ""
        if not plan:
            return self.sql, self.with_values(values)
        marks = f" ({', '.join(['%s'] * len(values))})" if values else ""
        return f"EXECUTE {plan}{marks}", list(values)

    def _plan(self, values: Sequence[Any]) -> str:
        """Give the name of the plan to use, "" for none."""
        if _may_be_shared(connection) or connection.needs_rollback:
            return ""
        if any(isinstance(value, int) and not _LEAST <= value <= _MOST for value in values):
            return ""
        connection.ensure_connection()
        known = _known.setdefault(connection.connection, OrderedDict())
        if self not in known:
            known[self] = ""
            if len(known) > KEPT:
                _forget_oldest(known)
            return ""
        known.move_to_end(self)
        # The name is new each time: whoever is stopped between these lines leaves a plan behind that nobody asks for.
        known[self] = known[self] or self._planned_as(f"eds_{next(_numbers)}", values)
        return known[self]

    def _planned_as(self, name: str, values: Sequence[Any]) -> str:
        types = f" ({', '.join(_TYPES[type(value)] for value in values)})" if values else ""
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            cursor.execute(f"PREPARE {name}{types} AS {self._text(cursor)}")
        return name

    def _text(self, cursor: Any) -> str:
        """Give the SQL as PostgreSQL numbers the values in it; what is the same each time stands in it itself."""
        numbers, places = itertools.count(), dict(self.places)

        def put(mark: re.Match[str]) -> str:
            if mark[0] == "%%":
                return "%"
            place = next(numbers)
            if place in places:
                return f"${places[place] + 1}"
            return str(cursor.mogrify("%s", [self.params[place]]).decode())

        return _MARK.sub(put, self.sql)


def _forget_oldest(known: OrderedDict[Question, str]) -> None:
    _, plan = known.popitem(last=False)
    if plan:
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            cursor.execute(f"DEALLOCATE {plan}")


def plan_for_all_values(**of: Any) -> None:
    """Let a new connection keep one plan for all values, instead of planning the first few times for each anew."""
    new = of["connection"]
    if new.vendor == "postgresql" and not _may_be_shared(new):
        with new.connection.cursor() as cursor:
            cursor.execute("SET plan_cache_mode TO force_generic_plan")


def _may_be_shared(of: Any) -> bool:
    # Django's own word for it: behind such a pooler nothing can be kept on the server from one transaction to the next.
    return bool(of.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS"))
