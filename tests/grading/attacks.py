"""Three ways round the verbs: the ORM, its bulk insert, and raw SQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection, models

from eds.history.models import today


def _row(model: type[models.Model], **values: Any) -> models.Model:
    if "seq" not in values:
        scope = {name: values[name] for name in model.seq_within}
        values["seq"] = (models.QuerySet(model).filter(**scope).aggregate(last=models.Max("seq"))["last"] or 0) + 1
    return model(**{"decided_on": today(), **values})


def by_orm(model: type[models.Model], **values: Any) -> models.Model:
    """Insert with save_base, which passes every `save` of ours."""
    row = _row(model, **values)
    row.save_base(raw=True, force_insert=True)
    return row


def by_bulk(model: type[models.Model], **values: Any) -> models.Model:
    """Insert with Django's own bulk_create."""
    return models.QuerySet(model).bulk_create([_row(model, **values)])[0]


def by_sql(model: type[models.Model], **values: Any) -> models.Model:
    """Insert with a statement of its own."""
    row = _row(model, **values)
    quote = connection.ops.quote_name
    fields = [
        field
        for field in model._meta.concrete_fields
        if field.attname != "recorded_at" and (not field.primary_key or row.pk is not None)
    ]
    names = ", ".join([quote("recorded_at"), *(quote(field.column) for field in fields)])
    places = ", ".join(["CURRENT_TIMESTAMP", *("%s" for _ in fields)])
    parameters = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({places})", parameters)
    return models.QuerySet(model).latest("pk")


PATHS: dict[str, Callable[..., models.Model]] = {"orm": by_orm, "bulk": by_bulk, "sql": by_sql}
