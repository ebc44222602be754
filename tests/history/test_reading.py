"""Query sets that are read together hold what each holds by itself, on both engines."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery, Value

from eds.assessments.models import AssessedOutcome, Panel, PanelMember, PhaseChange
from eds.history.reading import Reading, attach, fill, read, ready, together
from evidence.models import EvidenceItem, EvidenceLink, EvidenceVersion
from grading.models import PanelGrade, ProposedGrade, Review
from reports.models import Publication
from tests.asking import plain
from tests.counting import counted
from tests.matrix.scene import add_objectives, prepared
from tests.world import build_world

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


def assert_same(querysets: list[QuerySet[Any, Any]]) -> None:
    expected = [[plain(row) for row in each.all()] for each in querysets]
    fill(querysets)
    with counted() as count:
        found = [[plain(row) for row in each] for each in querysets]
    assert count.queries == 0
    assert found == expected


def test_every_table_reads_the_same_in_company() -> None:
    world = prepared().to_published()
    add_objectives(world, "told")
    everything: list[QuerySet[Any, Any]] = [
        model._default_manager.order_by("pk")
        for model in apps.get_models()
        if not any(field.get_internal_type() in {"BinaryField", "TimeField"} for field in model._meta.concrete_fields)
    ]
    assert sum(each.exists() for each in everything) > 60
    assert_same([each.all() for each in everything])


def test_joins_annotations_orders_slices_and_values_read_the_same() -> None:
    world = build_world().to_published()
    newest = EvidenceVersion.objects.filter(item=OuterRef("pk")).order_by("-seq")
    outcomes = list(world.assessment.outcomes.all())
    with counted() as count:
        fill(rows := [Publication.objects.all(), Review.objects.all()])
    assert count.queries == 1
    assert all(each._result_cache for each in rows)  # type: ignore[attr-defined]
    assert_same(
        [
            AssessedOutcome.objects.in_scope()
            .select_related("assessment__organisation", "assessment__framework", "outcome__goal", "service", "round")
            .in_order(),
            EvidenceItem.objects.annotate(title=Subquery(newest.values("title")[:1]), times=Count("citations")),
            PanelGrade.objects.filter(assessed_outcome__in=outcomes).select_related("panel__kind").order_by("-pk"),
            Review.objects.order_by("-reason", "-pk")[:3],
            Review.objects.values("panel_id", "grade__position").annotate(number=Count("pk")).order_by("panel_id"),
            ProposedGrade.objects.order_by("pk").values_list("grade__name", flat=True),
            PhaseChange.objects.order_by("pk").values_list("seq", "recorded_at", "decided_on", Value("a % b")),
            PanelMember.objects.filter(Exists(Panel.objects.filter(pk=OuterRef("panel")))).select_related("user"),
            Panel.objects.filter(pk__in=[]),
            world.assessment.outcomes.order_by("-pk").distinct(),
        ]
    )


def test_steps_that_come_together_are_one_query() -> None:
    world = build_world().prepare()

    def titles(code: str) -> Reading[list[str]]:
        links = EvidenceLink.objects.filter(assessed_outcome=world.outcomes[code])
        yield [links]
        versions = EvidenceVersion.objects.filter(item__in=[link.item_id for link in links])
        yield [versions]
        return [version.title for version in versions]

    with counted() as count:
        assert together(titles("4.1"), ready(7), titles("4.2")) == [["Board training"], 7, ["Board training"]]
    assert count.queries == 2
    with counted() as count:
        assert read(titles("4.1")) == ["Board training"]
    assert count.queries == 2


def test_what_is_attached_is_what_would_have_been_prefetched() -> None:
    world = build_world().prepare()
    expected = list(EvidenceItem.objects.prefetch_related("versions"))
    items = list(EvidenceItem.objects.all())
    attach(items, "versions", EvidenceVersion.objects.all())
    with counted() as count:
        for one, other in zip(items, expected, strict=True):
            assert list(one.versions.all()) == list(other.versions.all())  # type: ignore[attr-defined]
            assert all(version.item is one for version in one.versions.all())  # type: ignore[attr-defined]
    assert count.queries == 0
    assert world.item in items
