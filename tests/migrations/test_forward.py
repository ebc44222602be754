"""From each released state, with its rows in place, to the newest: nothing is lost, and its pages are shown."""

from __future__ import annotations

import datetime
import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from eds.history import triggers
from eds.people.models import User
from reports.models import Publication, VersionClosure
from tests import databases
from tests.backup import plain

from .keep_released_state import RELEASED

pytestmark = pytest.mark.engine

GROW = {"auth_permission", "django_content_type", "django_migrations"}
"""Tables that Django itself fills after migrations."""
MOVED: dict[str, str] = {}
"""Tables of released states that are gone, each with where their rows are now."""
CHANGED: dict[str, set[str]] = {}
"""By table, columns whose values a migration changes on purpose."""


class Released:
    """A released state: its migrations, and its rows as SQLite held them."""

    def __init__(self, path: Path) -> None:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            head = json.loads(next(lines))
            self.migrations = {(app, name) for app, name in head["migrations"]}
            self.columns: dict[str, list[str]] = head["columns"]
            self.rows: dict[str, list[list[Any]]] = {table: [] for table in self.columns}
            for line in lines:
                table, *row = json.loads(line)
                self.rows[table].append(row)

    def put(self) -> None:
        """Make the database of that release, with its rows and its triggers."""
        executor = MigrationExecutor(connection)
        gone = self.migrations - set(executor.loader.graph.nodes)
        assert not gone, f"Released migrations must stay: {gone}"
        last = [key for key in self.migrations if not self._followers(executor, key)]
        state = executor.migrate(sorted(last))
        assert set(MigrationExecutor(connection).loader.applied_migrations) == self.migrations
        made = {model._meta.db_table: model for model in state.apps.get_models(include_auto_created=True)}
        with transaction.atomic(), connection.cursor() as cursor:
            for table in self.rows:  # what migrations put there is among the rows
                cursor.execute(f'DELETE FROM "{table}"')
            for table, rows in self.rows.items():
                self._insert(cursor, made[table], rows)
            resets = connection.ops.sequence_reset_sql(no_style(), [made[table] for table in self.rows])
            for reset in resets:
                cursor.execute(reset)
            connection.check_constraints()
        triggers.create_all()

    def _followers(self, executor: MigrationExecutor, key: tuple[str, str]) -> list[Any]:
        children = executor.loader.graph.node_map[key].children
        return [child for child in children if child[0] == key[0] and tuple(child) in self.migrations]

    def _insert(self, cursor: Any, model: type[models.Model], rows: list[list[Any]]) -> None:
        fields = {field.column: field for field in model._meta.local_concrete_fields}
        columns = self.columns[model._meta.db_table]
        assert set(columns) == set(fields), model._meta.db_table
        into = ", ".join(f'"{column}"' for column in columns)
        marks = ", ".join(["%s"] * len(columns))
        given = [[_stored(fields[column], value) for column, value in zip(columns, row, strict=True)] for row in rows]
        if given:
            cursor.executemany(f'INSERT INTO "{model._meta.db_table}" ({into}) VALUES ({marks})', given)


def _stored(field: models.Field, value: Any) -> Any:
    """Give a value of SQLite's as the engine at hand keeps it."""
    if value is None:
        return None
    if isinstance(field, models.JSONField):
        return field.get_db_prep_save(json.loads(value), connection)
    found = field.to_python(value)
    if isinstance(field, models.DateTimeField):
        found = timezone.make_aware(found.replace(tzinfo=None), timezone=datetime.UTC)
    return field.get_db_prep_save(found, connection)


@pytest.fixture(params=sorted(RELEASED.glob("*.jsonl.gz")), ids=lambda path: path.name.split(".")[0])
def forward(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[tuple[Released, plain.Rows, str]]:
    """A released state that was migrated to the newest: the state, its rows before, and the database's address."""
    released = Released(request.param)
    with django_db_blocker.unblock(), databases.empty() as url:
        released.put()
        before = plain.rows(url)
        call_command("migrate", verbosity=0)
        ContentType.objects.clear_cache()  # their numbers are others in each database
        yield released, before, url
    ContentType.objects.clear_cache()


def test_nothing_is_lost(forward: tuple[Released, plain.Rows, str]) -> None:
    _, before, url = forward
    now = plain.rows(url)
    assert sum(map(len, before.values())) > 500
    for table, rows in before.items():
        if table in MOVED:
            assert table not in now
            continue
        assert table in now, f"{table} is gone: say in MOVED where its rows are"
        if table not in GROW:
            assert len(now[table]) == len(rows), table
        if table == "django_migrations" or not rows:
            continue
        key = "history_id" if "history_id" in rows[0] else "id"
        kept = {row[key]: row for row in now[table]}
        for row in rows:
            same = (row.keys() & kept[row[key]].keys()) - CHANGED.get(table, set())
            assert {name: kept[row[key]][name] for name in same} == {name: row[name] for name in same}, table

    call_command("migrate", check_unapplied=True, verbosity=0)
    connection.check_constraints()
    assert triggers.present() == {trigger.name: trigger.table for trigger in triggers.expected()}

    published = plain.published(url)
    assert published
    for text, sha256 in published:
        assert hashlib.sha256(text.encode()).hexdigest() == sha256
    _goes_on()


def _goes_on() -> None:
    """What comes next has numbers of its own, and pages of the old years are shown, but those that were closed."""
    last = max(User.objects.values_list("pk", flat=True))
    assert User.objects.create_user("new@example.org", name="Nora New").pk > last
    visitor, lead = Client(), Client()
    lead.force_login(User.objects.get(email="lena.lead@example.org"))
    closed = set(VersionClosure.objects.values_list("publication_id", flat=True))
    published = list(Publication.objects.select_related("assessment__organisation"))
    assert {each.pk for each in published} - closed
    for publication in published:
        assessment = publication.assessment
        where = [assessment.organisation.slug, assessment.year, "eds-2011", publication.seq]
        public = visitor.get(reverse("public-outcome", args=[*where, "4.1"]))
        assert public.status_code == (410 if publication.pk in closed else 200)
        assert publication.pk in closed or "4.1" in public.content.decode()
        outcome = assessment.outcomes.get(outcome__code="4.1")
        for name, key in (("assessment", assessment.public_id), ("outcome", outcome.public_id)):
            assert lead.get(reverse(name, args=[key])).status_code == 200


def test_there_are_released_states() -> None:
    assert len(list(RELEASED.glob("*.jsonl.gz"))) >= 3
    assert all(path.stat().st_size < 150_000 for path in RELEASED.iterdir())
