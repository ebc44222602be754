"""On PostgreSQL the application's role can neither change a table nor empty one, nor put a trigger to sleep."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from psycopg2.errors import InsufficientPrivilege

from tests import databases

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not databases.on_postgresql(), reason="SQLite has no roles"),
]

DDL = [
    "TRUNCATE grading_agreedgrade",
    "TRUNCATE assessments_assessment CASCADE",
    "DROP TABLE grading_statement",
    "ALTER TABLE grading_panelgrade ADD COLUMN extra integer",
    "ALTER TABLE grading_panelgrade DROP CONSTRAINT panel_grade_or_declined",
    "ALTER TABLE grading_panelgrade RENAME TO grading_other",
    "ALTER TABLE grading_panelgrade DISABLE TRIGGER ALL",
    "ALTER TABLE grading_panelgrade DISABLE TRIGGER eds_grading_panelgrade_no_update",
    "DROP TRIGGER eds_grading_panelgrade_no_update ON grading_panelgrade",
    "ALTER TRIGGER eds_grading_panelgrade_no_update ON grading_panelgrade RENAME TO other",
    "DROP FUNCTION eds_grading_panelgrade_no_update_fn() CASCADE",
    "CREATE OR REPLACE FUNCTION eds_grading_panelgrade_no_update_fn() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RETURN NEW; END $$",
    "CREATE FUNCTION harmless() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE TRIGGER another BEFORE INSERT ON grading_panelgrade FOR EACH ROW "
    "EXECUTE FUNCTION eds_grading_panelgrade_no_update_fn()",
    "CREATE RULE quiet AS ON INSERT TO grading_panelgrade DO INSTEAD NOTHING",
    "CREATE TABLE another (id integer)",
    "CREATE SCHEMA another",
    "SET session_replication_role = replica",
    "SET LOCAL session_replication_role = replica",
    "SET ROLE eds_owner",
    "SET SESSION AUTHORIZATION eds_owner",
    "UPDATE pg_trigger SET tgenabled = 'D'",
    "DELETE FROM pg_trigger",
    "ALTER ROLE eds_app SUPERUSER",
    "REINDEX TABLE grading_panelgrade",
]


@pytest.mark.parametrize("sql", DDL)
def test_the_application_may_not_touch_tables_or_triggers(db: None, sql: str) -> None:
    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert isinstance(refused.value.__cause__, InsufficientPrivilege)


def test_every_append_only_table_refuses_truncate(db: None) -> None:
    tables = [model._meta.db_table for model in apps.get_models() if getattr(model, "append_only", False)]
    with connection.cursor() as cursor:
        # PostgreSQL answers a grant that nobody may give with a warning only.
        cursor.execute(f"GRANT TRUNCATE ON {', '.join(tables)} TO eds_app")
    for table in tables:
        with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")
        assert isinstance(refused.value.__cause__, InsufficientPrivilege), table


def test_the_application_looks_rows_up_by_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('jit'), current_setting('random_page_cost')")
        assert cursor.fetchone() == ("off", "1.1")
