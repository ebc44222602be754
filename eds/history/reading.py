"""Reads several query sets with one query, so that a page asks the database a few times however much it shows.

A *reading* is a generator that yields lists of query sets, goes on when they are filled, and returns what it made:

    def titles(outcome) -> Reading[list[str]]:
        rows = EvidenceLink.objects.filter(assessed_outcome=outcome)
        yield [rows]
        versions = EvidenceVersion.objects.filter(item__in=[row.item_id for row in rows])
        yield [versions]
        return [row.title for row in versions]

`read(titles(one))` takes two queries, and so does `together(titles(one), titles(two))`. A query set that is filled holds
the same rows in the same order as if it had been gone through.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import chain
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

from .planned import Question
from .prepared import Asked, Rows, made_by

Result = TypeVar("Result")
Reading = Generator[Sequence[Asked[Any]], None, Result]

_KEPT = 256
"""How many questions of several query sets are kept: one for each of their combinations."""
_ARGUMENTS = 100
"""How many arguments a function of SQLite takes for certain."""
_FROM_JSON: dict[str, Any] = {
    "DateField": datetime.date.fromisoformat,
    "DateTimeField": datetime.datetime.fromisoformat,
    "DecimalField": Decimal,
    "FloatField": float,
    "UUIDField": UUID,
}
_NOT_IN_JSON = frozenset({"BinaryField", "DurationField", "TimeField"})


def read(reading: Reading[Result]) -> Result:
    """Give what a reading returns; one query a step."""
    while True:
        try:
            fill(next(reading))
        except StopIteration as end:
            return end.value


def together(*readings: Reading[Any]) -> list[Any]:
    """Give what each reading returns. Their first steps are one query, their second steps another, and so on."""
    return read(beside(*readings))


def beside(*readings: Reading[Any]) -> Reading[list[Any]]:
    """Give one reading that goes through several side by side, and returns what each returns."""
    results: dict[int, Any] = {}
    going = dict(enumerate(readings))
    while going:
        wanted: list[Asked[Any]] = []
        for number, reading in list(going.items()):
            try:
                wanted += next(reading)
            except StopIteration as end:
                results[number] = end.value
                del going[number]
        if wanted:
            yield wanted
    return [results[number] for number in range(len(readings))]


def rows(queryset: Asked[Any]) -> Reading[list[Any]]:
    """Give a reading of one query set's rows."""
    yield [queryset]
    return list(queryset)


def ready(result: Result) -> Reading[Result]:
    """Give a reading of what is known already, which asks for nothing."""
    return result
    yield  # what makes this a generator


def fill(querysets: Iterable[Asked[Any]]) -> None:
    """Fill query sets with one query; those that are filled already, and those that can hold nothing, cost none."""
    waiting = [each for each in dict.fromkeys(querysets) if _found(each) is None]
    if len(waiting) == 1:
        len(waiting[0])  # Django's own way
        return
    asked: list[tuple[Asked[Any], _Column, Question, list[Any]]] = []
    for each in waiting:
        if isinstance(each, Rows):
            column = each.shape.column
            if column is None:
                column = each.shape.column = _column(each.shape.queryset, each.shape.compiler(), each.shape.sql)
            asked.append((each, column, each.shape, each.values))
            continue
        compiler = each.query.get_compiler(using=each.db)
        try:
            sql, params = compiler.as_sql(with_col_aliases=True)
        except EmptyResultSet:
            each._result_cache = []
        else:
            asked.append((each, _column(each, compiler, sql), Question(sql, params), []))
    if not asked:
        return
    parts = tuple(column for _, column, *_ in asked), tuple(question for _, _, question, _ in asked)
    values = [value for *_, values in asked for value in values]
    if all(isinstance(each, Rows) for each in waiting):
        sent = _kept_as_one(*parts).to_send(values)
    else:
        question = _as_one(*parts)
        sent = question.sql, question.with_values(values)
    with connection.cursor() as cursor:
        cursor.execute(*sent)
        row = cursor.fetchone()
    for (each, column, *_), text in zip(asked, row, strict=True):
        if isinstance(each, Rows):
            each.found = column.rows_of(text, each.shape.compiler())
        else:
            each._result_cache = column.rows_of(text, column.compiler)


def _as_one(columns: Sequence[_Column], questions: Sequence[Question]) -> Question:
    """Give one question of several. Its values are theirs, one question's behind the other's."""
    params: list[Any] = []
    places: list[tuple[int, int]] = []
    values = 0
    for question in questions:
        places += [(len(params) + place, values + number) for place, number in question.places]
        params += question.params
        values += 1 + max((number for _, number in question.places), default=-1)
    return Question(f"SELECT {', '.join(column.sql for column in columns)}", params, places)


_kept_as_one = lru_cache(maxsize=_KEPT)(_as_one)


def _found(asked: Asked[Any]) -> list[Any] | None:
    return asked.found if isinstance(asked, Rows) else asked._result_cache


@dataclass(frozen=True, eq=False)
class _Column:
    """A query as a column that holds all its rows, in their order, as JSON."""

    queryset: QuerySet[Any, Any]
    compiler: Any
    sql: str
    makers: list[tuple[str, Callable[[Any], Any] | None]]
    """The names of its own columns, and what makes their values of what JSON holds."""

    def rows_of(self, text: str | None, compiler: Any) -> list[Any]:
        """Give what the query set makes of the rows in a text."""
        if text is None or text == "[]":
            return []
        if connection.vendor == "sqlite":
            rows = (list(chain.from_iterable(row)) for row in json.loads(text))
        else:
            found = json.loads(text, parse_float=Decimal)
            rows = ([_made(maker, row[alias]) for alias, maker in self.makers] for row in found)
        compiler.execute_sql = lambda *args, **kwargs: [rows]
        return made_by(self.queryset, compiler)


def _column(queryset: QuerySet[Any, Any], compiler: Any, sql: str) -> _Column:
    if any(_kind(field) in _NOT_IN_JSON for field, *_ in compiler.select):
        raise TypeError("A column of this query does not fit into JSON; read it by itself.")
    makers = [(alias, _FROM_JSON.get(_kind(field))) for field, _, alias in compiler.select]
    names = [connection.ops.quote_name(alias) for *_, alias in compiler.select]
    if connection.vendor == "sqlite":
        parts = [", ".join(names[start : start + _ARGUMENTS]) for start in range(0, len(names), _ARGUMENTS)]
        arrays = ", ".join(f"json_array({part})" for part in parts)
        column = f"(SELECT json_group_array(json_array({arrays})) FROM ({sql}) t)"  # noqa: S608 - made by Django
        return _Column(queryset, compiler, column, makers)
    chosen = ", ".join(
        # Django reads a JSON column as text, and makes of it what it is.
        f"{name}::text AS {name}" if _kind(field) == "JSONField" else name
        for (field, *_), name in zip(compiler.select, names, strict=True)
    )
    column = f"(SELECT json_agg(row_to_json(u))::text FROM (SELECT {chosen} FROM ({sql}) t) u)"  # noqa: S608 - made by Django
    return _Column(queryset, compiler, column, makers)


def _kind(field: Any) -> str:
    return str(field.output_field.get_internal_type())


def _made(maker: Any, value: Any) -> Any:
    return value if maker is None or value is None else maker(value)


def attach(parents: Sequence[Model], name: str, children: Iterable[Model]) -> None:
    """Give each parent its children, as `prefetch_related(name)` would; `name` is a reverse foreign key."""
    by_parent: dict[Any, list[Model]] = {parent.pk: [] for parent in parents}
    for parent in parents:
        relation: Any = parent._meta.get_field(name)
        break
    else:
        return
    for child in children:
        by_parent[getattr(child, relation.remote_field.attname)].append(child)
    for parent in parents:
        own = getattr(parent, name).all()
        own._result_cache = by_parent[parent.pk]
        own._prefetch_done = True
        for child in own:
            setattr(child, relation.remote_field.name, parent)
        kept: dict[str, Any] = parent.__dict__.setdefault("_prefetched_objects_cache", {})
        kept[relation.name] = own
