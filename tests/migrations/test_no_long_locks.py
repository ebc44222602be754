"""No new migration holds a table that people use, and migrate itself does not wait for one for long."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from typing import Any

import psycopg2
import pytest
from django.contrib.postgres.operations import AddConstraintNotValid
from django.core.management import CommandError, call_command
from django.db import NotSupportedError, connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.db.models.functions import Now
from django.test import override_settings

from eds.history import triggers
from eds.history.operations import AddIndexQuietly
from eds.jobs.models import Job
from tests import databases

from .accepted import ACCEPTED
from .locks import long_locks

OURS = {"eds", "evidence", "grading", "objectives", "reports"}
needs_postgresql = pytest.mark.skipif(not databases.on_postgresql(), reason="SQLite has no lock on a table")


def ours() -> Iterator[tuple[str, migrations.Migration, ProjectState]]:
    """Give each migration of this project's own, with the state that it begins from."""
    loader = MigrationLoader(None)
    state = ProjectState(real_apps=loader.unmigrated_apps)
    done: set[Any] = set()
    for leaf in sorted(loader.graph.leaf_nodes()):
        for key in loader.graph.forwards_plan(leaf):
            if key in done:
                continue
            done.add(key)
            migration = loader.graph.nodes[key]
            if migration.__module__.split(".")[0] in OURS:
                yield ".".join(key), migration, state
            state = migration.mutate_state(state, preserve=False)


def test_no_new_migration_holds_a_table_for_long() -> None:
    found = {name: why for name, migration, state in ours() if (why := long_locks(migration, state))}
    assert {name: why for name, why in found.items() if name not in ACCEPTED} == {}
    assert set(ACCEPTED) - set(found) == set(), "these need no exception any more"


class Old(migrations.Migration):
    """What is there already."""

    operations = [
        migrations.CreateModel(
            "thing",
            [
                ("id", models.BigAutoField(primary_key=True)),
                ("name", models.CharField(max_length=50, null=True)),
                ("amount", models.DecimalField(max_digits=5, decimal_places=2)),
            ],
        )
    ]


def judged(*operations: Any, atomic: bool = True) -> list[str]:
    before = Old("0001_initial", "things").mutate_state(ProjectState())
    migration = migrations.Migration("0002_next", "things")
    migration.operations, migration.atomic = list(operations), atomic
    return long_locks(migration, before)


CHECK = models.CheckConstraint(condition=~models.Q(name=""), name="named")
INDEX = models.Index(fields=["name"], name="by_name")


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddIndex("thing", INDEX),
        AddIndexQuietly("thing", INDEX),
        migrations.AddConstraint("thing", CHECK),
        migrations.AddConstraint("thing", models.UniqueConstraint(fields=["name"], name="once")),
        migrations.AlterUniqueTogether("thing", {("name", "amount")}),
        migrations.RunSQL("UPDATE things_thing SET name = ''"),
        migrations.AddField("thing", "code", models.CharField(max_length=5, unique=True, null=True)),
        migrations.AddField("thing", "code", models.CharField(max_length=5, db_index=True, default="")),
        migrations.AddField("thing", "at", models.DateTimeField(db_default=Now())),
        migrations.AddField("thing", "of", models.ForeignKey("things.thing", models.PROTECT, null=True)),
        migrations.AlterField("thing", "name", models.TextField(null=True, unique=True)),
        migrations.AlterField("thing", "name", models.IntegerField(null=True)),
        migrations.AlterField("thing", "name", models.CharField(max_length=40, null=True)),
        migrations.AlterField("thing", "name", models.CharField(max_length=50)),
        migrations.AlterField("thing", "amount", models.DecimalField(max_digits=6, decimal_places=3)),
    ],
)
def test_what_holds_a_table_is_found(operation: Any) -> None:
    assert judged(operation)


@pytest.mark.parametrize(
    "operation",
    [
        AddConstraintNotValid("thing", CHECK),
        migrations.AddField("thing", "note", models.TextField(default="")),
        migrations.AddField("thing", "count", models.IntegerField(null=True)),
        migrations.AddField("thing", "open", models.BooleanField(db_default=True)),
        migrations.AlterField("thing", "name", models.CharField(max_length=90, null=True)),
        migrations.RemoveField("thing", "amount"),
        migrations.DeleteModel("thing"),
        migrations.RunPython(migrations.RunPython.noop),
    ],
)
def test_what_takes_a_moment_passes(operation: Any) -> None:
    assert judged(operation) == []


def test_tables_of_its_own_harm_nobody() -> None:
    new = migrations.CreateModel("other", [("id", models.BigAutoField(primary_key=True))])
    assert judged(new, migrations.AddField("other", "name", models.CharField(max_length=9, unique=True))) == []
    assert judged(AddIndexQuietly("thing", INDEX), atomic=False) == []
    add = migrations.AddField("thing", "note", models.TextField(default=""))
    assert judged(add, migrations.RunPython(migrations.RunPython.noop))


@pytest.fixture
def as_owner(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock(), databases.switched(owner=True) as url:
        yield url


@pytest.mark.engine
def test_an_index_is_built_quietly(as_owner: str) -> None:
    index = models.Index(fields=["error"], name="jobs_by_error")
    operation = AddIndexQuietly("job", index)
    state = MigrationLoader(connection).project_state()
    after = state.clone()
    operation.state_forwards("jobs", after)
    for _ in range(2 if databases.on_postgresql() else 1):  # what broke off is done again
        with connection.schema_editor(atomic=False) as editor:
            operation.database_forwards("jobs", editor, state, after)
    with connection.cursor() as cursor:
        assert "jobs_by_error" in connection.introspection.get_constraints(cursor, Job._meta.db_table)
    if databases.on_postgresql():
        with pytest.raises(NotSupportedError), connection.schema_editor(atomic=True) as editor:
            operation.database_forwards("jobs", editor, state, after)


@needs_postgresql
def test_migrate_does_not_wait_for_a_table_for_long(as_owner: str) -> None:
    """Somebody reads a table for long: migrate gives up soon, in a sentence, and every trigger is there."""
    session = psycopg2.connect(as_owner)
    try:
        with session.cursor() as cursor:
            cursor.execute("SELECT 1 FROM grading_panelgrade")
        with override_settings(EDS_MIGRATE_LOCK_SECONDS=1):
            with pytest.raises(CommandError, match="Run migrate again"):
                call_command("migrate", verbosity=0)
            assert triggers.present() == {trigger.name: trigger.table for trigger in triggers.expected()}
            with pytest.raises(CommandError, match="more than 1 seconds"):
                call_command("migrate", "grading", "zero", verbosity=0)
        assert triggers.present() == {trigger.name: trigger.table for trigger in triggers.expected()}
    finally:
        session.close()
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("0",)


@needs_postgresql
def test_triggers_are_never_missing_while_nothing_is_migrated(as_owner: str) -> None:
    """What a container does at each start: somebody looks all the time, and always sees every trigger."""
    seen: set[int] = set()
    enough = threading.Event()

    def look() -> None:
        session = psycopg2.connect(os.environ["EDS_MIGRATE_DATABASE_URL"].rsplit("/", 1)[0] + "/" + as_owner.rsplit("/", 1)[1])
        session.autocommit = True
        with session.cursor() as cursor:
            while not enough.is_set():
                cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'eds\\_%'")
                seen.update(cursor.fetchone())
        session.close()

    looking = threading.Thread(target=look)
    looking.start()
    call_command("migrate", verbosity=0)
    enough.set()
    looking.join()
    assert seen == {len(triggers.expected())}
