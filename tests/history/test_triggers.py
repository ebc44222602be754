"""Rows that are only ever added stay as they are, on both engines, by every path there is."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg2
import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from eds.assessments.models import GroundsChange, Phase
from eds.files.domain import store
from eds.files.errors import WriteOnce
from eds.frameworks.criteria import load_criteria
from eds.history import triggers
from eds.history.errors import AppendOnlyError
from eds.history.models import AppendOnly
from eds.people.models import User
from evidence import domain as evidence
from evidence.models import EvidenceItem, OfferDecision, OutcomeFinding, StoryMark, TextAnswer
from grading import domain as grading
from grading.models import (
    Dissent,
    DissentDecision,
    JointAnswer,
    JointGrade,
    NotGraded,
    PanelGrade,
    PanelSummary,
    PublishedElsewhere,
    Remark,
    StepAside,
)
from grading.talk import domain as talk
from objectives.plan import domain as plan
from reports.models import CheckAnswer, ObjectivesClosure, Rendition, VersionClosure
from tests import databases
from tests.matrix import scene
from tests.matrix.scene import add_details
from tests.world import World

pytestmark = pytest.mark.engine

APPEND_ONLY = sorted(
    (model for model in apps.get_models() if getattr(model, "append_only", False)), key=lambda model: model._meta.label
)


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
    upload = SimpleUploadedFile("minutes.txt", b"The board met on Tuesday.", content_type="text/plain")
    evidence.write_and_cite(
        actor=world.contributor,
        assessed_outcome=world.outcome("4.1"),
        content=evidence.EvidenceText("Minutes", "What the board said."),
        files=[upload],
    )
    item = EvidenceItem.objects.get()
    add_details(world, item)
    OfferDecision.append(
        actor=world.contributor, assessed_outcome=world.outcomes["4.1"], item=item, choice="drop", reason="Old."
    )
    StoryMark.append(actor=world.contributor, item=item, kind="no_story")
    TextAnswer.append(
        actor=world.contributor, reason="A street", item=item, kind="postcode", key="k", answer="not_a_person"
    )
    OutcomeFinding.append(
        actor=world.lead, reason="Two surveys", assessed_outcome=world.outcome("4.1"), about_code="sex", fares="worse"
    )
    PublishedElsewhere.append(
        actor=world.lead,
        organisation=world.trust,
        framework=world.revision.framework,
        year=2019,
        outcome_code="4.1",
        service="",
        grade=world.grade("developing"),
        source="A printed report",
    )
    load_criteria(
        actor=world.admin,
        revision=world.revision,
        cells={("4.1", "developing"): "Some board members are trained."},
        source="The handbook",
        source_dated=datetime.date(2026, 3, 1),
    )
    world.to_agreeing().talk()
    talk.take_back(actor=world.reviewer, remark=Remark.objects.get())
    world.settle()
    world.move(Phase.AGREED)
    world.sign()
    publication = world.made["publication"] = world.publish()
    VersionClosure.append(actor=world.lead, reason="It named somebody", publication=publication)
    CheckAnswer.append(
        actor=world.lead,
        reason="As meant",
        assessment=world.assessment,
        check_id="a.check",
        about="4.1",
        place="4.1",
        fingerprint="f",
    )
    grading.open_names(actor=world.community_chair, assessed_outcome=world.outcome("4.1"), panel=world.community)
    NotGraded.append(actor=world.lead, reason="No panel", assessed_outcome=world.outcome("4.1"))
    grade = PanelGrade.objects.filter(assessed_outcome=world.outcome("4.1"), panel=world.community).latest("seq")
    dissent = Dissent.append(actor=world.reviewer, reason="I see it differently", panel_grade=grade)
    DissentDecision.append(actor=world.community_chair, dissent=dissent, passed=True)
    PanelSummary.append(
        actor=world.community_chair, reason="In short", assessed_outcome=world.outcome("4.1"), panel=world.community
    )
    GroundsChange.append(
        actor=world.lead,
        reason="Too few",
        assessment=world.assessment,
        panel=world.community,
        round=None,
        what="Quorum",
    )
    joint = JointGrade.append(
        actor=world.community_chair,
        reason="Together",
        assessed_outcome=world.outcome("4.1"),
        panel=world.community,
        grade=grade.grade,
        based_on=PanelGrade.objects.filter(assessed_outcome=world.outcome("4.1")).latest("pk"),
    )
    JointAnswer.append(actor=world.staff_chair, joint=joint, panel=world.staff, confirmed=True)
    StepAside.append(
        actor=world.reviewer,
        reason="A friend works there",
        assessed_outcome=world.outcome("4.1"),
        panel=world.community,
        reviewer=world.reviewer,
        reviews_before=1,
    )
    scene.add_objectives(world, "")
    objectives_version = scene.publish_objectives(world)
    ObjectivesClosure.append(actor=world.lead, reason="It named somebody", version=objectives_version)
    Rendition.objects.create(
        publication=world.made["publication"],
        format="pdf",
        stored=store(b"%PDF-1.7", content_type="application/pdf", kind="rendition"),
    )
    action = world.plan_action()
    plan.say_progress(actor=world.lead, action=action, status="on_track")
    plan.say_felt(actor=world.community_chair, action=action, panel=world.community, answer="done", words="We saw it.")
    missing = [model._meta.label for model in APPEND_ONLY if not models.QuerySet(model).exists()]
    assert missing == []
    return world


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
