"""Copies of what is there already, made inside the database: a whole installation's worth of organisations and years.

What belongs to a thing is found by following foreign keys to it, so that a new table is copied as well. The copies pass
every trigger and constraint, since each row is inserted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

AT_ONCE = 25
"""How many copies one statement makes: their foreign keys are checked together at its transaction's end."""
NOT_COPIED = {"jobs", "admin", "sessions", "mfa", "account"}
FIRST = ["assessments.PhaseChange", "assessments.StateChange", "assessments.PanelRemit"]
"""Before the rounds: a round is inserted in its last phase, and a remit only while its round has not opened."""

Owned = dict[type[models.Model], set[int]]


def _models() -> list[type[models.Model]]:
    found = list(apps.get_models(include_auto_created=True))
    return [
        model
        for model in found
        if model._meta.managed
        and model._meta.app_label not in NOT_COPIED
        and not model.__name__.startswith("Historical")
    ]


def _keys(model: type[models.Model]) -> list[models.ForeignKey[Any, Any]]:
    return [each for each in model._meta.concrete_fields if isinstance(each, models.ForeignKey)]


def belonging_to(start: models.Model, besides: Iterable[models.Model] = (), never: Iterable[str] = ()) -> Owned:
    """Give the primary keys of all rows that hang on a row, by model; `besides` hang on it without a key that says so."""
    owned: Owned = {type(start): {start.pk}}
    for row in besides:
        owned.setdefault(type(row), set()).add(row.pk)
    kept_out = set(never)
    grown = True
    while grown:
        grown = False
        for model in _models():
            if model._meta.label in kept_out:
                continue
            for key in _keys(model):
                target = key.related_model
                # Who did something does not own it; what somebody's row is in is found over the thing itself.
                if target not in owned or target._meta.label == "people.User":
                    continue
                rows = set(
                    model._base_manager.filter(**{f"{key.name}__in": owned[target]}).values_list("pk", flat=True)
                )
                if rows - owned.get(model, set()):
                    owned.setdefault(model, set()).update(rows)
                    grown = True
    return owned


def _in_order(owned: Owned) -> list[type[models.Model]]:
    """Put models after those that their rows point to, and those first whose triggers want it so."""
    left, done = dict.fromkeys(sorted(owned, key=lambda model: model._meta.label)), []
    while left:
        ready = [
            model
            for model in left
            if all(key.related_model not in left or key.related_model is model for key in _keys(model))
        ] or [next(iter(left))]
        done += ready
        for model in ready:
            del left[model]
    return sorted(done, key=lambda model: FIRST.index(model._meta.label) if model._meta.label in FIRST else len(FIRST))


def _expression(field: Any, owned: Owned, step: int, changed: dict[str, str], unique: set[str]) -> str:
    column = f't."{field.column}"'
    named = f"{field.model._meta.label}.{field.name}"
    if named in changed:
        return changed[named].format(column=column)
    if field.primary_key and not field.remote_field:
        return f"{column} + n * {step}"
    if isinstance(field, models.ForeignKey) and field.related_model in owned:
        pks = ",".join(str(pk) for pk in sorted(owned[field.related_model]))
        return f"CASE WHEN {column} = ANY (ARRAY[{pks}]) THEN {column} + n * {step} ELSE {column} END"
    if field.name in unique and isinstance(field, models.CharField):
        if field.name == "public_id":
            return "substr(md5(random()::text), 1, 12)"
        return f"n || '-' || {column}"
    return column


def copy(owned: Owned, number: int, changed: dict[str, str] | None = None) -> int:
    """Make so many copies of these rows, and give how many rows that were.

    `changed` gives by "app.Model.field" what stands there in copy n, as SQL with {column} for what was there.
    """
    order = _in_order(owned)
    step = 1 + max(model._base_manager.aggregate(most=models.Max("pk"))["most"] or 0 for model in order)
    rows = 0
    for first in range(1, number + 1, AT_ONCE):
        last = min(first + AT_ONCE - 1, number)
        with transaction.atomic(), connection.cursor() as cursor:
            # Triggers plan their queries once, when there is little: they must not go through whole tables later.
            cursor.execute("SET LOCAL enable_seqscan = off")
            for model in order:
                fields = model._meta.concrete_fields
                alone = {field.name for field in fields if field.unique}
                columns = ", ".join(f'"{field.column}"' for field in fields)
                values = ", ".join(_expression(field, owned, step, changed or {}, alone) for field in fields)
                pk = model._meta.pk.column
                cursor.execute(
                    f'INSERT INTO "{model._meta.db_table}" ({columns}) SELECT {values} '
                    f'FROM "{model._meta.db_table}" t, generate_series({first}, {last}) n '
                    f'WHERE t."{pk}" = ANY (%s) ORDER BY n, t."{pk}"',
                    [sorted(owned[model])],
                )
                rows += cursor.rowcount
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), order):
            cursor.execute(statement)
    return rows
