"""PostgreSQL keeps the plan of what is asked again and again: the answers are the same, and it keeps so many at most."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from eds.assessments.models import AssessedOutcome
from eds.history import planned
from eds.history.planned import Question
from eds.history.prepared import Rows, prepared
from eds.history.reading import fill
from evidence.models import EvidenceVersion
from grading.models import Review
from tests import databases
from tests.asking import noted
from tests.counting import counted
from tests.world import build_world

pytestmark = [pytest.mark.django_db, pytest.mark.engine]
needs_postgresql = pytest.mark.skipif(not databases.on_postgresql(), reason="SQLite is sent each question whole")


@pytest.fixture
def nothing_known() -> None:
    """Forget what was asked over this thread's connection before, as a new one would."""
    if databases.on_postgresql():
        with connection.cursor() as cursor:
            cursor.execute("DEALLOCATE ALL")
        planned._known.pop(connection.connection, None)


def _held() -> list[str]:
    """Give the names of the plans that PostgreSQL keeps for this connection, the oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements ORDER BY prepare_time, name")
        return [name for (name,) in cursor.fetchall()]


def _plan_of(question: Question) -> str:
    return planned._known[connection.connection].get(question, "not asked")


def _answer(question: Question, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(*question.to_send(values))
        return cursor.fetchone()[0]


@pytest.mark.usefixtures("nothing_known")
def test_the_second_time_a_plan_is_kept_and_the_answers_stay_the_same() -> None:
    @prepared
    def reviews_of(outcomes: list[int]) -> QuerySet[Review]:
        return Review.objects.filter(assessed_outcome__in=outcomes).order_by("pk")

    @prepared
    def outcomes_of(numbers: list[int], code: str) -> QuerySet[AssessedOutcome]:
        return AssessedOutcome.objects.filter(pk__in=numbers, outcome__code=code).order_by("pk")

    build_world().to_published()
    codes = dict(AssessedOutcome.objects.order_by("pk").values_list("pk", "outcome__code"))
    outcomes = list(codes)
    expected = {pk: list(Review.objects.filter(assessed_outcome=pk).order_by("pk")) for pk in outcomes}
    assert len({len(each) for each in expected.values()}) > 1, "or one answer could stand for another"
    for pk in [*outcomes, *reversed(outcomes)]:
        with counted() as count:
            assert list(reviews_of([pk])) == expected[pk]
        assert count.queries == 1
        rows, of_the_code = reviews_of([pk]), outcomes_of(outcomes, codes[pk])
        with counted() as count:
            fill([rows, of_the_code])
        assert count.queries == 1
        assert list(rows) == expected[pk]
        assert [each.pk for each in of_the_code] == [one for one in outcomes if codes[one] == codes[pk]]
    if databases.on_postgresql():
        assert {_plan_of(each) for each in planned._known[connection.connection]} - {""} == set(_held())
        assert _plan_of(reviews_of.shape("postgresql", ((int,),))) in _held()


@pytest.mark.usefixtures("nothing_known")
def test_what_is_written_changes_what_is_found() -> None:
    @prepared
    def texts(version: str) -> QuerySet[EvidenceVersion, Any]:
        return EvidenceVersion.objects.filter(title=version).values_list("item", flat=True)

    world = build_world()
    for _ in range(3):
        before = list(texts("Forty interviews"))
    item = world.finds("Forty interviews", code="")
    assert (before, set(texts("Forty interviews"))) == ([], {item.pk})


@needs_postgresql
@pytest.mark.usefixtures("nothing_known")
def test_words_that_stay_the_same_stand_in_the_plan() -> None:
    question = Question("SELECT %s || '5 %% of ' || %s || %s", ["it's %s or \\%% ", 0, " people"], [(1, 0)])
    assert [_answer(question, number) for number in (7, 8, 9)] == [
        f"it's %s or \\%% 5 % of {number} people" for number in (7, 8, 9)
    ]
    assert _plan_of(question) in _held()


@needs_postgresql
@pytest.mark.usefixtures("nothing_known")
def test_a_number_that_no_column_holds_is_sent_as_it_is() -> None:
    question = Question("SELECT %s < 1", [0], [(0, 0)])
    assert [_answer(question, number) for number in (0, 2, 2**63, -(2**63) - 1)] == [True, False, False, True]


@needs_postgresql
@pytest.mark.usefixtures("nothing_known")
def test_what_was_not_asked_for_longest_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planned, "KEPT", 2)
    first, second, third = (Question(f"SELECT {number} + %s", [0], [(0, 0)]) for number in (10, 20, 30))
    for question in (first, first, second, second, first, third, third):
        _answer(question, 1)
    assert set(_held()) == {_plan_of(first), _plan_of(third)}
    assert [_answer(question, 1) for question in (first, second, third, second, first)] == [11, 21, 31, 21, 11]


@needs_postgresql
@pytest.mark.usefixtures("nothing_known")
def test_a_plan_outlives_the_transaction_that_was_taken_back() -> None:
    question = Question("SELECT 1 + %s", [0], [(0, 0)])

    class TakenBack(Exception):
        """Ends the transaction."""

    def ask_and_take_back() -> None:
        with transaction.atomic():
            assert [_answer(question, number) for number in (1, 2)] == [2, 3]
            raise TakenBack

    with pytest.raises(TakenBack):
        ask_and_take_back()
    assert _answer(question, 3) == 4
    assert _plan_of(question) in _held()


@needs_postgresql
@pytest.mark.usefixtures("nothing_known")
def test_behind_a_pooler_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    question = Question("SELECT 1 + %s", [0], [(0, 0)])
    assert [_answer(question, number) for number in range(4)] == [1, 2, 3, 4]
    assert connection.connection not in planned._known


@needs_postgresql
def test_each_connection_keeps_its_own_plans() -> None:
    question = Question("SELECT 1 + %s", [0], [(0, 0)])
    held: list[tuple[list[int], bool, str]] = []

    def ask() -> None:
        answers = [_answer(question, number) for number in range(3)]
        with connection.cursor() as cursor:
            cursor.execute("SHOW plan_cache_mode")
            held.append((answers, _plan_of(question) in _held(), cursor.fetchone()[0]))
        connection.close()

    for _ in range(2):
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    assert held == [([1, 2, 3], True, "force_generic_plan")] * 2


def test_lists_of_many_lengths_share_a_few_questions() -> None:
    @prepared
    def some(outcomes: list[int]) -> QuerySet[AssessedOutcome]:
        return AssessedOutcome.objects.filter(pk__in=outcomes)

    build_world()
    everything = list(AssessedOutcome.objects.values_list("pk", flat=True))
    with noted() as calls:
        for length in range(len(everything) + 1):
            assert {each.pk for each in some(everything[:length])} == set(everything[:length])
    shapes = {each.shape for _, arguments in calls if isinstance(each := some(*arguments), Rows)}
    assert len(calls) > 4
    assert len(shapes) <= (len(everything) - 1).bit_length() + 2
