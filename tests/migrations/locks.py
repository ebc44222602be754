"""Which operations of a migration hold a table that people use for longer than a moment, on PostgreSQL.

A lock on a table that the same migration makes harms nobody. On one that is there already, whatever reads or rewrites
all of its rows is refused: build indexes with `eds.history.operations.AddIndexQuietly`, add constraints with
`AddConstraintNotValid` and validate them in the next migration, add columns that may be empty or have a plain default.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from eds.history.operations import AddIndexQuietly

PLAIN = (bool, int, float, str, type(None))


def long_locks(migration: migrations.Migration, before: ProjectState) -> list[str]:
    """Give, for a migration and the state that it begins from, a sentence for each lock that may last."""
    made: set[str] = set()
    found: list[str] = []
    changed = False
    state = before.clone()
    for operation in _flat(migration.operations):
        if isinstance(operation, migrations.CreateModel):
            made.add(operation.name_lower)
        else:
            on = getattr(operation, "model_name_lower", getattr(operation, "name_lower", ""))
            if on not in made:
                changed |= not isinstance(operation, migrations.RunPython | migrations.RunSQL)
                found += [f"{operation.describe()}: {why}" for why in _why(operation, migration, state)]
        operation.state_forwards(migration.app_label, state)
    if changed and any(isinstance(each, migrations.RunPython) for each in _flat(migration.operations)):
        found.append("Rows are changed in the transaction that holds changed tables: do it in a migration of its own")
    return found


def _flat(operations: list[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from _flat(operation.database_operations)
        else:
            yield operation


def _why(operation: Operation, migration: migrations.Migration, state: ProjectState) -> Iterator[str]:
    if isinstance(operation, AddIndexQuietly | AddIndexConcurrently):
        if migration.atomic:
            yield "an index is built quietly only with `atomic = False` in its migration"
    elif isinstance(operation, AddConstraintNotValid):
        return
    elif isinstance(operation, migrations.AddIndex):
        yield "nobody may write while the index is built"
    elif isinstance(operation, migrations.AddConstraint):
        yield "nobody may write while every row is checked"
    elif isinstance(operation, migrations.AlterUniqueTogether | migrations.AlterIndexTogether):
        yield "nobody may write while its index is built"
    elif isinstance(operation, migrations.RunSQL):
        yield "what SQL locks cannot be seen here"
    elif isinstance(operation, migrations.AddField):
        yield from _added(operation.field)
    elif isinstance(operation, migrations.AlterField):
        model = state.models[migration.app_label, operation.model_name_lower]
        yield from _altered(model.fields[operation.name], operation.field)


def _added(field: models.Field) -> Iterator[str]:
    if field.many_to_many:
        return  # a table of its own
    if _indexed(field):
        yield "nobody may write while its index is built"
    if field.has_db_default() and not isinstance(field.db_default, PLAIN):
        yield "a computed default may rewrite the table"
    if field.has_default() and callable(field.default) and field.default not in {list, dict, str}:
        yield "every row would get one and the same computed value"


def _altered(old: models.Field, new: models.Field) -> Iterator[str]:
    if old.many_to_many or new.many_to_many:
        return
    if old.get_internal_type() != new.get_internal_type():
        yield "another type rewrites the table"
    if new.max_length is not None and (old.max_length is None or new.max_length < old.max_length):
        yield "a shorter text rewrites the table"
    for size in ("max_digits", "decimal_places"):
        if getattr(old, size, None) != getattr(new, size, None):
            yield "another number of digits rewrites the table"
    if old.null and not new.null:
        yield "every row is read to see that none is empty"
    if _indexed(new) and not _indexed(old):
        yield "nobody may write while its index is built"


def _indexed(field: models.Field) -> bool:
    return bool(field.unique or field.db_index)
