"""Database triggers on PostgreSQL and SQLite: made after each migration, dropped before the next.

SQLite rebuilds a table for many migrations and loses its triggers silently, so none is part of a migration. Where
nothing is to be migrated they are only made anew, table by table, so that none is missing for a moment. Rows of
models with `append_only = True` get theirs here; a room hands up further checks with `declare`. `expected()` lists all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, connections, transaction

PREFIX = "eds_"


@dataclass(frozen=True)
class Trigger:
    """One trigger: its name, its table, the tables its body reads, and its statements on each engine.

    `when` is e.g. "BEFORE INSERT". `postgresql` is the body of a PL/pgSQL function, `sqlite` the body of the trigger.
    """

    name: str
    table: str
    when: str
    postgresql: str
    sqlite: str
    reads: tuple[str, ...] = ()


_declared: dict[str, Trigger] = {}


def declare(trigger: Trigger) -> None:
    """Add a room's trigger. Called from AppConfig.ready(); the same name again replaces it."""
    _declared[trigger.name] = trigger


def refusal(sentence: str, condition: str, engine: str) -> str:
    """Give the statement that refuses the row with `sentence` where `condition` (SQL) holds."""
    words = sentence.replace("'", "''")
    if engine == "sqlite":
        return f"SELECT RAISE(ABORT, '{words}') WHERE {condition};"
    return f"IF {condition} THEN RAISE EXCEPTION '{words}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"


def _append_only() -> Iterable[Trigger]:
    for model in apps.get_models():
        if not getattr(model, "append_only", False):
            continue
        table = model._meta.db_table
        words = f"Rows of {table} are never changed or deleted."
        for deed in ("UPDATE", "DELETE"):
            yield Trigger(
                name=f"{PREFIX}{table}_no_{deed.lower()}",
                table=table,
                when=f"BEFORE {deed}",
                postgresql=refusal(words, "TRUE", "postgresql"),
                sqlite=refusal(words, "1", "sqlite"),
            )


def expected() -> list[Trigger]:
    """Give every trigger that a migrated database has, by name."""
    return sorted([*_append_only(), *_declared.values()], key=lambda trigger: trigger.name)


def present(using: str = DEFAULT_DB_ALIAS) -> dict[str, str]:
    """Give the names of our triggers in the database, each with its table."""
    connection = connections[using]
    if connection.vendor == "sqlite":
        sql = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    else:
        sql = (
            "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE NOT t.tgisinternal AND n.nspname = current_schema()"
        )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {name: table for name, table in cursor.fetchall() if name.startswith(PREFIX)}


def drop_all(using: str = DEFAULT_DB_ALIAS) -> None:
    """Drop every trigger of ours."""
    _drop(present(using), using)


def _drop(names: dict[str, str], using: str) -> None:
    connection = connections[using]
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for name, table in names.items():
            on_table = "" if connection.vendor == "sqlite" else f" ON {quote(table)}"
            cursor.execute(f"DROP TRIGGER {quote(name)}{on_table}", None)


def create_all(using: str = DEFAULT_DB_ALIAS) -> None:
    """Make every expected trigger whose tables exist (a partial migration may lack some)."""
    _create(expected(), using)


def make_anew(using: str = DEFAULT_DB_ALIAS) -> None:
    """Drop and make the triggers, one table at a time: one transaction each, which locks that table for a moment."""
    wanted = {table: [each for each in expected() if each.table == table] for table in {t.table for t in expected()}}
    there = present(using)
    for table in sorted({*wanted, *there.values()}):
        with transaction.atomic(using=using):
            _drop({name: of for name, of in there.items() if of == table}, using)
            _create(wanted.get(table, []), using)


def _create(wanted: Iterable[Trigger], using: str) -> None:
    connection = connections[using]
    quote = connection.ops.quote_name
    tables = set(connection.introspection.table_names())
    already = present(using)
    with connection.cursor() as cursor:
        for trigger in wanted:
            if trigger.name in already or not {trigger.table, *trigger.reads} <= tables:
                continue
            head = f"CREATE TRIGGER {quote(trigger.name)} {trigger.when} ON {quote(trigger.table)} FOR EACH ROW"
            # params=None keeps psycopg2 from reading "%" in the body as a placeholder.
            if connection.vendor == "sqlite":
                cursor.execute(f"{head} BEGIN {trigger.sqlite} END", None)
                continue
            function = quote(f"{trigger.name}_fn")
            result = "OLD" if "DELETE" in trigger.when else "NEW"
            cursor.execute(
                f"CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$eds$ BEGIN {trigger.postgresql} RETURN {result}; END $eds$",
                None,
            )
            cursor.execute(f"{head} EXECUTE FUNCTION {function}()", None)


def before_migrations(using: str, plan: Sequence[object] = (), **kwargs: object) -> None:
    """Signal receiver for pre_migrate."""
    if plan:
        drop_all(using)


def after_migrations(using: str, **kwargs: object) -> None:
    """Signal receiver for post_migrate."""
    make_anew(using)
