"""Rows that are only ever added stay as they are, on both engines, by every path there is."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg2
import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from eds.files.errors import WriteOnce
from eds.history import triggers
from eds.history.errors import AppendOnlyError
from eds.history.models import AppendOnly
from eds.people.models import User
from grading.models import (
    PanelGrade,
)
from tests import databases
from tests.everything import APPEND_ONLY, one_of_each
from tests.world import World

pytestmark = pytest.mark.engine


def table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def columns(model: type[models.Model]) -> list[str]:
    return [connection.ops.quote_name(field.column) for field in model._meta.concrete_fields]


def rows(model: type[models.Model]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns(model))} FROM {table(model)} ORDER BY id")
        return cursor.fetchall()


def run(sql: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters or None)


@contextmanager
def savepoint() -> Iterator[None]:
    """A savepoint that is always rolled back, so that an attack that gets through does not spoil the next."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


@pytest.fixture
def everything(world: World) -> World:
    """A world with at least one row of every append-only model."""
    return one_of_each(world)


def test_the_triggers_are_the_expected_ones(db: None) -> None:
    assert triggers.present() == {trigger.name: trigger.table for trigger in triggers.expected()}


def test_every_append_only_model_has_both(db: None) -> None:
    present = triggers.present()
    assert len(APPEND_ONLY) > 20
    for model in APPEND_ONLY:
        name = model._meta.db_table
        assert present[f"eds_{name}_no_update"] == name
        assert present[f"eds_{name}_no_delete"] == name


def test_every_decision_is_append_only() -> None:
    decisions = {model for model in apps.get_models() if issubclass(model, AppendOnly)}
    assert decisions
    assert decisions <= set(APPEND_ONLY)


def test_migrating_again_brings_them_back(own_database: str) -> None:
    """A table that SQLite rebuilt, or that was changed by hand, has lost its triggers: migrate makes them again."""
    lost = {name for name, of in triggers.present().items() if of == PanelGrade._meta.db_table}
    assert len(lost) >= 4
    if databases.on_postgresql():
        owner = databases._named(os.environ["EDS_MIGRATE_DATABASE_URL"], connection.settings_dict["NAME"])
        session = psycopg2.connect(owner)
        session.autocommit = True
        with session.cursor() as cursor:
            for name in lost:
                cursor.execute(f'DROP TRIGGER "{name}" ON grading_panelgrade')
        session.close()
        assert lost.isdisjoint(triggers.present())
        databases._manage(owner, "migrate", "--verbosity=0")
    else:
        triggers.drop_all()
        triggers.create_all()
        assert lost <= triggers.present().keys()
        with connection.schema_editor() as editor:
            for trigger in [name for name, of in triggers.present().items() if of != PanelGrade._meta.db_table]:
                editor.execute(f"DROP TRIGGER {trigger}", None)
            editor._remake_table(PanelGrade)
        assert lost.isdisjoint(triggers.present())
        call_command("migrate", verbosity=0)
    assert triggers.present() == {trigger.name: trigger.table for trigger in triggers.expected()}


def _save(model: type[models.Model], row: models.Model) -> None:
    row.save()


def _save_as_another(model: type[models.Model], row: models.Model) -> None:
    values = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
    model(**values).save()


def _save_base(model: type[models.Model], row: models.Model) -> None:
    row.save_base(raw=True, force_update=True)


def _delete(model: type[models.Model], row: models.Model) -> None:
    row.delete()


def _manager_update(model: type[models.Model], row: models.Model) -> None:
    model._default_manager.filter(pk=row.pk).update(**{_harmless(model): getattr(row, _harmless(model))})


def _manager_delete(model: type[models.Model], row: models.Model) -> None:
    model._default_manager.filter(pk=row.pk).delete()


def _query_set_update(model: type[models.Model], row: models.Model) -> None:
    models.QuerySet(model).filter(pk=row.pk).update(**{_harmless(model): getattr(row, _harmless(model))})


def _query_set_delete(model: type[models.Model], row: models.Model) -> None:
    models.QuerySet(model).filter(pk=row.pk).delete()


def _fast_delete(model: type[models.Model], row: models.Model) -> None:
    models.QuerySet(model).filter(pk=row.pk)._raw_delete("default")


def _bulk_update(model: type[models.Model], row: models.Model) -> None:
    models.QuerySet(model).bulk_update([row], [_harmless(model)])


def _bulk_create_over(model: type[models.Model], row: models.Model) -> None:
    models.QuerySet(model).bulk_create(
        [row], update_conflicts=True, update_fields=[_harmless(model)], unique_fields=["id"]
    )


def _harmless(model: type[models.Model]) -> str:
    """A column to set to what it is already: the deed is refused, whatever the value."""
    return next(field.attname for field in model._meta.concrete_fields if not field.primary_key)


ORM: dict[str, Callable[[type[models.Model], models.Model], None]] = {
    attack.__name__: attack
    for attack in (
        _save,
        _save_as_another,
        _save_base,
        _delete,
        _manager_update,
        _manager_delete,
        _query_set_update,
        _query_set_delete,
        _fast_delete,
        _bulk_update,
        _bulk_create_over,
    )
}
RAW = {
    "update": "UPDATE {table} SET {column} = {column} WHERE id = {id}",
    "update all": "UPDATE {table} SET id = id",
    "update the key": "UPDATE {table} SET id = -id WHERE id = {id}",
    "delete": "DELETE FROM {table} WHERE id = {id}",
    "delete all": "DELETE FROM {table}",
    "insert over": "INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE id = {id} "
    "ON CONFLICT (id) DO UPDATE SET {column} = EXCLUDED.{column}",
}
RAW_SQLITE = {
    "replace": "INSERT OR REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE id = {id}",
    "replace into": "REPLACE INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE id = {id}",
    "update or replace": "UPDATE OR REPLACE {table} SET {column} = {column} WHERE id = {id}",
    "update or ignore": "UPDATE OR IGNORE {table} SET {column} = {column} WHERE id = {id}",
}
RAW_POSTGRESQL = {
    "merge": "MERGE INTO {table} t USING (SELECT {id} AS key) s ON t.id = s.key WHEN MATCHED THEN DELETE",
    "with delete": "WITH gone AS (DELETE FROM {table} WHERE id = {id} RETURNING id) SELECT * FROM gone",
}


def test_the_orm_changes_and_deletes_nothing(everything: World) -> None:
    got_through = []
    for model in APPEND_ONLY:
        before = rows(model)
        for name, attack in ORM.items():
            row = models.QuerySet(model).order_by("pk").last()
            assert row is not None
            try:
                with transaction.atomic():
                    attack(model, row)
            except (AppendOnlyError, WriteOnce, IntegrityError):
                pass
            else:
                got_through.append(f"{name} on {model._meta.label} raised nothing")
            if rows(model) != before:
                got_through.append(f"{name} changed {model._meta.label}")
    assert got_through == []


def test_raw_sql_changes_and_deletes_nothing(everything: World) -> None:
    got_through = []
    attacks = RAW | (RAW_POSTGRESQL if databases.on_postgresql() else RAW_SQLITE)
    for model in APPEND_ONLY:
        before = rows(model)
        words = {
            "table": table(model),
            "id": before[-1][0],
            "column": columns(model)[1],
            "columns": ", ".join(columns(model)),
        }
        for name, sql in attacks.items():
            try:
                with transaction.atomic():
                    run(sql.format(**words))
            except IntegrityError:
                pass
            else:
                got_through.append(f"{name} on {model._meta.label} raised nothing")
            if rows(model) != before:
                got_through.append(f"{name} changed {model._meta.label}")
    assert got_through == []


@pytest.mark.parametrize("sql", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_refusal_is_the_triggers_own(everything: World, sql: str) -> None:
    """Not a foreign key's, which would let the rows go that nothing points to."""
    for model in APPEND_ONLY:
        with pytest.raises(IntegrityError, match=f"Rows of {model._meta.db_table} are never changed"), savepoint():
            run(sql.format(table(model)))


def test_a_row_is_not_replaced_by_its_number(everything: World) -> None:
    """Another key with the same seq: a unique constraint answers, and on SQLite REPLACE meets the delete trigger."""
    verb = "INSERT" if databases.on_postgresql() else "INSERT OR REPLACE"
    for model in APPEND_ONLY:
        if not issubclass(model, AppendOnly):
            continue
        before = rows(model)
        others = ", ".join(columns(model)[1:])
        with pytest.raises(IntegrityError), savepoint():
            run(
                f"{verb} INTO {table(model)} (id, {others}) "
                f"SELECT id + 1000000, {others} FROM {table(model)} WHERE id = {before[-1][0]}"
            )
        assert rows(model) == before


def test_the_tests_work_as_the_application_does(db: None) -> None:
    """The role of the tests is the application's, and SQLite's connection runs triggers inside REPLACE."""
    with connection.cursor() as cursor:
        if databases.on_postgresql():
            cursor.execute("SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user")
            assert cursor.fetchone() == ("eds_app", False)
        else:
            cursor.execute("PRAGMA recursive_triggers")
            assert cursor.fetchone() == (1,)


def test_a_number_is_given_once(everything: World) -> None:
    """`append` counts inside `seq_within`, and the database refuses a number twice."""
    row = PanelGrade.objects.filter(assessed_outcome=everything.outcomes["4.1"]).latest("pk")
    assert PanelGrade.seq_within == ("assessed_outcome", "panel")
    with pytest.raises(IntegrityError), transaction.atomic():
        models.QuerySet(PanelGrade).bulk_create(
            [
                PanelGrade(
                    seq=row.seq,
                    actor=row.actor,
                    reason="Again",
                    assessed_outcome=row.assessed_outcome,
                    panel=row.panel,
                    kind=row.kind,
                    grade=row.grade,
                )
            ]
        )


def test_the_database_sets_the_time(world: World) -> None:
    world.prepare()
    row = world.outcome("4.1").proposals.get()
    row.refresh_from_db()
    stored = User.objects.get(pk=world.lead.pk).date_joined
    assert row.recorded_at is not None
    assert row.recorded_at >= stored
