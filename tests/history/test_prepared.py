"""A prepared query set gives what Django's own gives, for whatever values; what it cannot keep is raised."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.signals import post_migrate

from eds.assessments import domain as assessments
from eds.assessments.models import AssessedOutcome, Assessment, Panel, PanelMember
from eds.history.prepared import MOST, Misused, Prepared, forget, prepared
from eds.history.reading import fill
from evidence.models import EvidenceItem, EvidenceVersion
from grading.models import Review
from tests.asking import assert_as_asked, noted
from tests.counting import counted
from tests.world import build_world, person

pytestmark = [pytest.mark.django_db, pytest.mark.engine]


@prepared
def reviews_of(outcomes: Sequence[AssessedOutcome], answered: bool = True) -> QuerySet[Review]:
    rows = Review.objects.filter(assessed_outcome__in=outcomes, grade__isnull=not answered)
    return rows.select_related("grade", "panel__kind").order_by("pk")


@prepared
def numbers_of(assessment: Assessment, kinds: Sequence[str]) -> QuerySet[Panel, Any]:
    return Panel.objects.filter(assessment=assessment, members__role__in=kinds).annotate(number=Count("members"))


@prepared
def newest_titles(items: Sequence[int]) -> QuerySet[EvidenceItem, Any]:
    newest = EvidenceVersion.objects.filter(item=OuterRef("pk")).order_by("-seq")
    items_ = EvidenceItem.objects.filter(pk__in=items).annotate(title=Subquery(newest.values("title")[:1]))
    return items_.order_by("-pk").values_list("pk", "title", "created_by")


def test_every_number_of_values_gives_the_same_rows() -> None:
    world = build_world().to_published()
    outcomes = list(AssessedOutcome.objects.order_by("pk"))
    items = list(EvidenceItem.objects.values_list("pk", flat=True))
    assert Review.objects.filter(assessed_outcome__in=outcomes).count() > 3
    for number in range(len(outcomes) + 1):
        assert_as_asked((reviews_of, (outcomes[:number],)))
        assert_as_asked((reviews_of, (outcomes[::-1][:number], False)))
        assert_as_asked((newest_titles, (items[:number],)))
    for kinds in ([], [PanelMember.Role.CHAIR], ["reviewer", PanelMember.Role.CHAIR], {"nobody": 1}):
        assert_as_asked((numbers_of, (world.assessment, kinds)))
        assert_as_asked((numbers_of, (world.assessment.pk, kinds)))


def test_the_sql_is_made_once() -> None:
    world = build_world().to_published()
    outcomes = list(AssessedOutcome.objects.order_by("pk"))
    made = []

    @prepared
    def some(outcomes: Sequence[int]) -> QuerySet[Review]:
        made.append(outcomes)
        return Review.objects.filter(assessed_outcome__in=outcomes)

    with noted() as calls:
        found = [set(some([one, other])) for one in outcomes for other in outcomes if one != other]
    assert len(calls) == len(found)
    assert len(made) == 2, "once, and again with other values to find their places"
    assert set().union(*found) == set(Review.objects.filter(assessed_outcome__assessment=world.assessment))


def test_rows_are_read_once_and_not_before_they_are_asked_for() -> None:
    build_world().to_reviewing()
    outcomes = list(AssessedOutcome.objects.all())
    list(reviews_of(outcomes))
    with counted() as count:
        rows = reviews_of(outcomes)
        assert count.queries == 0
        assert list(rows) == rows[:] == rows.all()
        assert (rows.first(), len(rows)) == (next(iter(rows), None), len(rows.all()))
        nothing = reviews_of([])
        assert not nothing
        assert nothing.first() is None
        fill([rows, nothing])
    assert count.queries == 1
    with pytest.raises(IndexError):
        nothing[0]


def test_one_person_never_gets_what_was_asked_for_another() -> None:
    """The same shape with other values: what is kept is the question, never an answer."""
    build_world().to_published()
    outcomes = list(AssessedOutcome.objects.order_by("pk"))
    by_outcome = {outcome.pk: {row.pk for row in reviews_of([outcome])} for outcome in outcomes}
    for outcome in reversed(outcomes):
        assert {row.pk for row in reviews_of([outcome])} == by_outcome[outcome.pk]


def test_what_changed_meanwhile_is_read() -> None:
    world = build_world().to_reviewing()
    reviewers = (world.assessment, ["reviewer"])
    before = {panel.pk: panel.number for panel in numbers_of(*reviewers)}
    assessments.add_panel_member(
        actor=world.lead, panel=world.community, user=person("Somebody New"), reason="They came late."
    )
    after = {panel.pk: panel.number for panel in numbers_of(*reviewers)}
    assert after == before | {world.community.pk: before[world.community.pk] + 1}


def test_other_threads_ask_over_their_own_connection() -> None:
    reviews_of([0])
    used: list[Any] = []

    def ask() -> None:
        used.append((reviews_of([0]).shape.compiler().connection, connection.settings_dict))
        connection.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    own = reviews_of([0]).shape.compiler().connection
    assert own.connection is connection.connection
    assert used[0][0] is not own


def test_long_lists_are_left_to_django() -> None:
    build_world()
    outcomes = list(range(MOST + 1))
    assert isinstance(reviews_of(outcomes), QuerySet)
    assert not isinstance(reviews_of(outcomes[1:]), QuerySet)


def test_sql_is_made_anew_after_migrating() -> None:
    """What a query set names by number, such as guardian's kinds of rows, may have another one then."""
    made = []

    @prepared
    def some(outcome: int) -> QuerySet[Review]:
        made.append(outcome)
        return Review.objects.filter(assessed_outcome=outcome)

    for _ in range(2):
        some(1)
    assert len(made) == 2
    forget()
    some(1)
    assert len(made) == 4
    assert "forget prepared queries" in {key[0] for key, *_ in post_migrate.receivers}


def test_what_is_not_used_as_a_value_is_raised() -> None:
    @prepared
    def by_column(column: str) -> QuerySet[Review]:
        return Review.objects.annotate(number=Count("pk")).filter(**{column: 1})

    @prepared
    def changed(word: str) -> QuerySet[AssessedOutcome]:
        return AssessedOutcome.objects.filter(public_id__contains=word)

    @prepared
    def unused(outcome: int, panel: int) -> QuerySet[Review]:
        return Review.objects.filter(assessed_outcome=outcome)

    @prepared
    def of_the_value(outcome: int) -> QuerySet[Review]:
        rows = Review.objects.filter(assessed_outcome=outcome)
        return rows.filter(seq=1) if outcome > 32_000 else rows.filter(seq=2, panel=1)

    @prepared
    def nothing(outcome: int) -> QuerySet[Review]:
        return Review.objects.filter(assessed_outcome=outcome).none()

    calls: list[tuple[Prepared[Any], tuple[object, ...]]] = [
        (changed, ("word",)),
        (unused, (1, 2)),
        (of_the_value, (1,)),
        (nothing, (1,)),
    ]
    for asked, arguments in calls:
        with pytest.raises(Misused):
            asked(*arguments)
    with pytest.raises(Exception, match="stands for"):
        by_column("pk")
    with pytest.raises(Misused, match="date"):
        reviews_of([dt.date(2027, 1, 1)])


def test_it_cannot_be_filtered_further() -> None:
    build_world()
    rows = reviews_of([1])
    for name in ("filter", "exclude", "order_by", "select_related", "values_list"):
        assert not hasattr(rows, name)
    assert reviews_of.queryset([1]).filter(seq=1).query is not None
