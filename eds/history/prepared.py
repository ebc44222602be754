"""Query sets that are asked for again and again with other values: their SQL is made once and kept.

    @prepared
    def newest_versions(items: Sequence[int]) -> QuerySet[EvidenceVersion]:
        return EvidenceVersion.objects.filter(item__in=items).select_related("item").order_by("seq")

    rows = newest_versions([item.pk for item in items])    # or newest_versions(items): of a model it takes the primary key

Building a query set and its SQL costs Django more than the database needs to answer. So the function is called with
values that stand for others, once for each size of its lists; from then on the values asked for are put in their
places. What it gives can be gone through, or filled with others by `eds.history.reading`, and nothing else: it cannot be
filtered further. `newest_versions.queryset(items)` is the query set itself, for what is to be filtered or put into another.

The function may use its arguments as values in filters alone. Numbers, texts, rows and lists of them become values; True,
False and None are told apart, and what else stands in the query set is kept as it was the first time: no day, no setting.
Whether arguments were used otherwise is found out when the SQL is made, and raised.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar, overload

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Model, QuerySet

from .planned import Question

Row = TypeVar("Row")
Key = tuple[object, ...]

KEPT = 256
"""How many shapes of one function are kept: one for each combination of its lists' sizes."""
MOST = 512
"""How many values a prepared query set takes. Longer lists come seldom and are left to Django."""
_STAND_INS = (31_001, 32_001)
"""Where the values begin that stand for others: they fit into every column of numbers, and nobody counts so far."""
_ALL: list[Prepared[Any]] = []


class Misused(TypeError):
    """A prepared function used an argument otherwise than as a value."""


class Shape(Question):
    """The SQL of a prepared query set, and where its values go. `sql` is empty where it can hold nothing."""

    def __init__(self, queryset: QuerySet[Any, Any], compiler: Any, sql: str, params: list[Any]) -> None:
        super().__init__(sql, params)
        self.queryset, self._compiler = queryset, compiler
        self._converters = compiler.get_converters([field for field, *_ in compiler.select]) if sql else {}
        self.column: Any = None
        """What `eds.history.reading` made of it, to read it beside others."""

    def compiler(self) -> Any:
        """Give a compiler of the kept SQL for the connection of this thread."""
        found = _alike(self._compiler)
        found.connection = connections[DEFAULT_DB_ALIAS]
        found.get_converters = lambda expressions: self._converters
        return found


class Rows(Generic[Row]):
    """The rows of a prepared query set, read when they are first asked for, or by `fill`."""

    def __init__(self, shape: Shape, values: list[Any]) -> None:
        self.shape, self.values = shape, values
        self.found: list[Row] | None = None if shape.sql else []

    @property
    def params(self) -> list[Any]:
        """The parameters of the SQL."""
        return self.shape.with_values(self.values)

    def all(self) -> list[Row]:
        """Give the rows; one query unless they were read already."""
        if self.found is None:
            compiler = self.shape.compiler()
            sent = self.shape.to_send(self.values)
            compiler.as_sql = lambda *args, **kwargs: sent
            self.found = made_by(self.shape.queryset, compiler)
        return self.found

    def first(self) -> Row | None:
        """Give the first row, if there is one. The function says by its slice that there is one at most."""
        return next(iter(self.all()), None)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.all())

    def __len__(self) -> int:
        return len(self.all())

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> list[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | list[Row]:
        return self.all()[at]


Asked = Rows[Row] | QuerySet[Any, Row]
"""Rows that can be gone through: of a prepared query set, or of Django's own."""


def made_by(queryset: QuerySet[Any, Any], compiler: Any) -> list[Any]:
    """Give what a query set makes of the rows that a compiler reads for it."""
    query, filled = _alike(queryset.query), _alike(queryset)
    query.get_compiler = lambda *args, **kwargs: compiler
    filled._query = query
    rows = list(filled._iterable_class(filled))
    if filled._prefetch_related_lookups:
        filled._result_cache = rows
        filled._prefetch_related_objects()
    return rows


def _alike(thing: Any) -> Any:
    # Not copy.copy, for which a query set would read all its rows, nor Django's clones, which cost more than the rest.
    found = object.__new__(type(thing))
    found.__dict__.update(thing.__dict__)
    return found


class Prepared(Generic[Row]):
    """A function whose query sets are made once. `queryset` is the function itself."""

    def __init__(self, queryset: Callable[..., QuerySet[Any, Row]]) -> None:
        self.queryset = queryset
        self.shape = functools.lru_cache(maxsize=KEPT)(self._made)
        functools.update_wrapper(self, queryset)
        _ALL.append(self)
        self._name = queryset.__qualname__

    def __call__(self, *arguments: object) -> Asked[Row]:
        """Give the rows for these arguments. Raises Misused where the function does not use them as values."""
        values: list[Any] = []
        key = tuple(_key(each, values) for each in arguments)
        if len(values) > MOST:
            return self.queryset(*arguments)
        return Rows(self.shape(connection.vendor, key), values)

    def _made(self, vendor: str, key: Key) -> Shape:
        """Make the SQL twice, with other values each time: where both differ, and there alone, values stand."""
        (shape, firsts), (again, seconds) = (self._standing_for(key, start) for start in _STAND_INS)
        if shape.sql != again.sql or len(shape.params) != len(again.params):
            raise Misused(f"{self._name} makes another query of other values.")
        for place, (first, second) in enumerate(zip(shape.params, again.params, strict=True)):
            if first == second:
                continue
            if first not in firsts or seconds[firsts.index(first)] != second:
                raise Misused(f"{self._name} makes something of its values before it asks.")
            shape.places.append((place, firsts.index(first)))
        if shape.sql and {number for _, number in shape.places} != set(range(len(firsts))):
            raise Misused(f"{self._name} does not put all of its values into the query.")
        if not shape.sql and not _holds_an_empty_list(key):
            raise Misused(f"{self._name} can hold nothing for the values that stand for others.")
        return shape

    def _standing_for(self, key: Key, start: int) -> tuple[Shape, list[Any]]:
        numbers = itertools.count(start)
        values: list[Any] = []
        queryset = self.queryset(*(_stand_in(each, numbers, values) for each in key))
        compiler = queryset.query.get_compiler(connection=connection)
        try:
            sql, params = compiler.as_sql(with_col_aliases=True)
        except EmptyResultSet:
            sql, params = "", ()
        return Shape(queryset, compiler, sql, list(params)), values


def prepared(queryset: Callable[..., QuerySet[Any, Row]]) -> Prepared[Row]:
    """Let the SQL of a function's query sets be made once; see the head of this module."""
    return Prepared(queryset)


def forget(**_: Any) -> None:
    """Forget all SQL: after migrating, what it names by number may have another one."""
    for each in _ALL:
        each.shape.cache_clear()


def _key(argument: object, values: list[Any]) -> object:
    """Put an argument's values behind the others, and give what is the same for all of its kind."""
    if isinstance(argument, Model):
        values.append(argument.pk)
        return int
    if isinstance(argument, bool) or argument is None:
        return argument
    if isinstance(argument, str):
        values.append(str(argument))
        return str
    if isinstance(argument, int):
        values.append(int(argument))
        return int
    if isinstance(argument, (list, tuple, set, frozenset, dict)):
        each = list(argument)
        # Lists of all lengths share a few sizes: to ask for the last one again changes nothing in a filter.
        each += each[-1:] * (_size_for(len(each)) - len(each))
        return tuple(_key(one, values) for one in each)
    raise Misused(f"{type(argument).__name__} cannot be a value of a prepared query set.")


def _size_for(length: int) -> int:
    return 1 << (length - 1).bit_length() if length else 0


def _stand_in(kind: object, numbers: Iterator[int], values: list[Any]) -> object:
    if isinstance(kind, tuple):
        return [_stand_in(each, numbers, values) for each in kind]
    if kind is int or kind is str:
        values.append(next(numbers) if kind is int else f"stands for {next(numbers)}")
        return values[-1]
    return kind


def _holds_an_empty_list(key: Key) -> bool:
    return any(each == () for each in key)
