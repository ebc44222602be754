"""Rows as lines of JSON, the same from each engine: one list a row, its columns as the first line names them."""

from __future__ import annotations

import datetime
import decimal
import json
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.models import JSONField

LEFT_OUT = {"django_session", "django_migrations"}
"""Who is signed in signs in again; which migrations were run is part of the list."""
A_TIME = 500


def tables() -> list[type[models.Model]]:
    """Give a model for each table that a backup holds, in the order of their names."""
    found = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in LEFT_OUT
    }
    return [found[name] for name in sorted(found)]


def columns(model: type[models.Model]) -> list[models.Field]:
    """Give the columns that are written; what the database computes is left to it."""
    return [field for field in model._meta.local_concrete_fields if not getattr(field, "generated", False)]


def lines(model: type[models.Model]) -> Iterator[str]:
    """Give the names of a table's columns and then its rows, by primary key."""
    fields = columns(model)
    yield json.dumps([field.column for field in fields])
    rows = model._base_manager.order_by("pk").values_list(*(field.attname for field in fields))
    for row in rows.iterator(chunk_size=A_TIME):
        values = [_plain(field, value) for field, value in zip(fields, row, strict=True)]
        yield json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _plain(field: models.Field, value: Any) -> Any:
    if value is None or isinstance(field, JSONField):
        return value
    value = field.get_prep_value(value)
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, bool | int | str):
        return value
    raise TypeError(f"{field} holds a {type(value).__name__}, which a backup cannot write.")


def write(model: type[models.Model], text: Iterable[str]) -> int:
    """Put the rows of `lines` into an empty table as they are, and say how many. Raises ValueError for other columns."""
    given = iter(text)
    fields = {field.column: field for field in columns(model)}
    head = json.loads(next(given))
    if set(head) != set(fields):
        raise ValueError(f"{model._meta.db_table} has other columns in the backup.")
    ordered = [fields[column] for column in head]
    quote = connection.ops.quote_name
    into = ", ".join(quote(column) for column in head)
    marks = ", ".join(["%s"] * len(head))
    statement = f"INSERT INTO {quote(model._meta.db_table)} ({into}) VALUES ({marks})"  # noqa: S608 - our own names
    number = 0
    with connection.cursor() as cursor:
        while rows := [_stored(ordered, json.loads(line)) for _, line in zip(range(A_TIME), given, strict=False)]:
            cursor.executemany(statement, rows)
            number += len(rows)
    return number


def _stored(fields: list[models.Field], row: list[Any]) -> list[Any]:
    if len(row) != len(fields):
        raise ValueError("A row has another number of values than its table has columns.")
    return [_value(field, value) for field, value in zip(fields, row, strict=True)]


def _value(field: models.Field, value: Any) -> Any:
    if isinstance(field, JSONField):
        # In a column that takes no NULL, nothing is JSON's own null.
        given = models.Value(None, field) if value is None and not field.null else value
        return field.get_db_prep_save(given, connection)
    return field.get_db_prep_save(field.to_python(value), connection)


def reset_sequences() -> None:
    """Let each table count on from its last row."""
    from django.core.management.color import no_style

    statements = connection.ops.sequence_reset_sql(no_style(), [model for model in tables() if model._meta.pk])
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
