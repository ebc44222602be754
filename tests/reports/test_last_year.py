"""Last year's grades: one query over what was published here and what was brought in."""

from __future__ import annotations

import datetime

import pytest
from django.db import IntegrityError, transaction

from eds.history.errors import AppendOnlyError, DomainError
from grading.domain import PastResult, bring_in_results
from grading.models import AgreedGrade, PublishedElsewhere
from reports.queries import last_years_grades
from tests.counting import counted
from tests.world import A, D, E, U, World, another_year

pytestmark = pytest.mark.django_db
SOURCE = "Annual equality report 2025, page 12"


def _bring_in(world: World, year: int, reason: str = "", **grades: str | None) -> list[PublishedElsewhere]:
    results = [
        PastResult(code.replace("_", "."), world.grade(grade) if grade else None)
        for code, grade in ((code.removeprefix("o"), grade) for code, grade in grades.items())
    ]
    return bring_in_results(
        actor=world.lead, assessment=world.refreshed(), year=year, source=SOURCE, results=results, reason=reason
    )


def _found(world: World) -> dict[tuple[str, str], tuple[int, str]]:
    return {key: (each.year, each.grade["code"]) for key, each in last_years_grades(world.refreshed()).items()}


def test_without_an_earlier_year_there_is_nothing(world: World) -> None:
    assert last_years_grades(world.refreshed()) == {}


def test_the_newest_earlier_year_counts_published_here_or_elsewhere(world: World) -> None:
    another_year(world.trust, world.other_trust, world.people, 2023).to("published")
    assert _found(world) == {("4.1", ""): (2023, D), ("4.2", ""): (2023, D)}
    _bring_in(world, 2022, o4_1=E)
    assert _found(world)["4.1", ""] == (2023, D)
    _bring_in(world, 2025, o1_1=A, o4_1=U)
    assert _found(world) == {("1.1", ""): (2025, A), ("4.1", ""): (2025, U)}
    # In a year with both, what was published here counts; the rest is added.
    _bring_in(world, 2023, o4_1=E, o2_1=A)
    _bring_in(world, 2025, reason="Read in the wrong line.", o1_1=None, o4_1=None)
    assert _found(world) == {("4.1", ""): (2023, D), ("4.2", ""): (2023, D), ("2.1", ""): (2023, A)}


def test_it_takes_one_query_however_many_there_are(world: World) -> None:
    _bring_in(world, 2024, o4_1=A)
    with counted() as few:
        last_years_grades(world.assessment)
    _bring_in(world, 2024, o1_1=A, o1_2=A, o1_3=A)
    another_year(world.trust, world.other_trust, world.people, 2023).to("published")
    with counted() as many:
        last_years_grades(world.assessment)
    assert (few.queries, many.queries) == (1, 1)


def test_another_organisation_or_a_later_year_is_not_read(world: World) -> None:
    later = another_year(world.trust, world.other_trust, world.people, 2027)
    _bring_in(later, 2026, o4_1=A)
    assert last_years_grades(world.refreshed()) == {}
    assert _found(later)["4.1", ""] == (2026, A)


def test_brought_in_results_are_no_agreed_grades_and_stay(world: World) -> None:
    [row] = _bring_in(world, 2024, o4_1=A)
    assert not AgreedGrade.objects.exists()
    assert _bring_in(world, 2024, o4_1=A) == []
    [second] = _bring_in(world, 2024, o4_1=D)
    assert (row.seq, second.seq) == (1, 2)
    with pytest.raises(AppendOnlyError):
        row.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        PublishedElsewhere.objects.filter(pk=row.pk)._raw_delete("default")


@pytest.mark.parametrize(
    ("year", "source", "grade", "words"),
    [
        (2026, SOURCE, A, "Enter a year from 2011 to 2025."),
        (2010, SOURCE, A, "Enter a year from 2011 to 2025."),
        (2024, " ", A, "Say where the results were published."),
    ],
)
def test_what_is_refused(world: World, year: int, source: str, grade: str, words: str) -> None:
    with pytest.raises(DomainError, match=words):
        bring_in_results(
            actor=world.lead,
            assessment=world.refreshed(),
            year=year,
            source=source,
            results=[PastResult("4.1", world.grade(grade))],
        )
    assert not PublishedElsewhere.objects.exists()


def test_a_result_is_taken_back_only_with_a_reason(world: World) -> None:
    _bring_in(world, 2024, o4_1=A)
    with pytest.raises(DomainError, match="Say why a result is taken back"):
        _bring_in(world, 2024, o4_1=None)
    _bring_in(world, 2024, reason="It was another trust's.", o4_1=None)
    assert last_years_grades(world.refreshed()) == {}
    assert PublishedElsewhere.objects.order_by("-seq")[0].decided_on <= datetime.date.today()
