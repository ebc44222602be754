"""The texts of a revision cannot be changed: not through the ORM, not by raw SQL, not in the administration pages."""

import datetime

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import RequestFactory

from eds.frameworks.criteria import load_criteria
from eds.frameworks.loader import load_all
from eds.frameworks.models import Band, CriteriaSet, Criterion, Framework, FrameworkRevision, Goal, Grade, Outcome
from eds.frameworks.queries import grades_of, latest_revision
from eds.history.errors import AppendOnlyError

pytestmark = pytest.mark.django_db

FIXED = [model for model in apps.get_app_config("frameworks").get_models() if model is not Framework]


@pytest.fixture(autouse=True)
def _loaded(db: None) -> None:
    load_all()
    load_criteria(
        actor=get_user_model().objects.create_superuser("ada@example.org", name="Ada"),
        revision=latest_revision("eds-2011"),
        cells={("4.1", "developing"): "Some board members are trained."},
        source="The handbook",
        source_dated=datetime.date(2026, 3, 1),
    )


def test_every_model_but_the_framework_is_fixed() -> None:
    assert sorted(model.__name__ for model in FIXED) == [
        "Band",
        "Characteristic",
        "CriteriaSet",
        "Criterion",
        "Factor",
        "FrameworkRevision",
        "Goal",
        "GoalStatement",
        "Grade",
        "Group",
        "Outcome",
    ]
    assert all(model.append_only for model in FIXED)


@pytest.mark.parametrize("model", FIXED, ids=lambda model: model.__name__)
def test_the_orm_neither_changes_nor_deletes(model) -> None:
    rows = list(model.objects.order_by("pk").values())
    assert rows
    row = model.objects.first()
    with pytest.raises(AppendOnlyError):
        row.save()
    with pytest.raises(AppendOnlyError):
        row.delete()
    with pytest.raises(AppendOnlyError):
        model.objects.update(pk=0)
    with pytest.raises(AppendOnlyError):
        model.objects.all().delete()
    with pytest.raises(AppendOnlyError):
        model(pk=row.pk).save()
    assert list(model.objects.order_by("pk").values()) == rows


@pytest.mark.engine
@pytest.mark.parametrize("model", FIXED, ids=lambda model: model.__name__)
@pytest.mark.parametrize("sql", ["UPDATE {table} SET id = id", "DELETE FROM {table}"])
def test_the_database_refuses_raw_sql(model, sql: str) -> None:
    count = model.objects.count()
    statement = sql.format(table=connection.ops.quote_name(model._meta.db_table))
    with (
        pytest.raises(DatabaseError, match="never changed or deleted"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert model.objects.count() == count


@pytest.mark.engine
def test_the_database_keeps_points_bands_and_codes_in_order() -> None:
    revision = latest_revision("eds-2022")
    goal = revision.goals.get(code="1")
    other = FrameworkRevision.objects.create(framework=revision.framework, number=2, content_hash="x" * 64)
    grade = {"revision": other, "label": "x", "colour": "red", "colour_confidence": "A", "confidence": "A"}
    refused = [
        Grade(**grade, code="x", name="x", position=0, points=4),
        Grade(**grade, code="x", name="x", position=4),
        Grade(**grade | {"colour": "blue"}, code="x", name="x", position=0),
        Grade(**grade, code="x", name="x", position=0, fares_well_minimum=3, fares_well_maximum=2),
        Grade(**grade, code="x", name="x", position=0, fares_well_minimum=3),
        Band(revision=other, grade=Grade.objects.create(**grade, code="y", name="y", position=1), minimum=8, maximum=7),
        Outcome(goal=goal, code="1A", text="x", confidence="A", position=9),
        Outcome(goal=goal, code="1X", text="x", confidence="A", position=0),
        Outcome(goal=goal, code="1X", text="x", confidence="Z", position=9),
        Goal(revision=revision, code="1", title="x", confidence="A", audience_confidence="A", position=9),
        FrameworkRevision(framework=revision.framework, number=1, content_hash="y" * 64),
        FrameworkRevision(framework=revision.framework, number=3, content_hash=revision.content_hash),
        FrameworkRevision(framework=revision.framework, number=3, content_hash="z" * 64, publish_by_month=2),
    ]
    for row in refused:
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()
    assert len(grades_of(revision)) == 4


def test_the_administration_pages_show_and_never_change() -> None:
    request = RequestFactory().get("/")
    request.user = get_user_model()(is_active=True, is_staff=True, is_superuser=True)
    for model in {Framework, *FIXED} - {CriteriaSet, Criterion}:  # which have pages of their own
        page = admin.site._registry[model]
        row = model.objects.first()
        assert page.has_view_permission(request, row)
        assert not page.has_add_permission(request)
        assert not page.has_change_permission(request, row)
        assert not page.has_delete_permission(request, row)
        assert page.get_actions(request) == {}
