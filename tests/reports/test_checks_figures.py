"""The checks of figures and stories: no small number, no figure from nowhere, no story without consent (R14, R15, R16)."""

from __future__ import annotations

from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence import domain as evidence
from evidence.figures.models import Figure
from evidence.figures.shown import FigureShown, _in_words
from evidence.figures.small import SmallNumbers, suppress
from evidence.figures.writing import FigureText, RowText
from evidence.models import Sharing
from evidence.privacy.domain import mark_story
from reports.checks import Finding, run_checks
from reports.payload.schema import Content, Evidence, FigureReport, FigureRow
from tests.matrix.scene import add_details
from tests.reports.test_checks import found, subject, with_outcome
from tests.world import World

ROW = FigureRow("Women", "", "", "", "", -1, -1, False)
FIGURE = FigureReport("Posts", "HR", "2026", "Sex", "Number of people", "", "", "", False, False, [], False)


def printed(*rows: FigureRow, **values: Any) -> Content:
    figure = replace(FIGURE, rows=list(rows), **values)
    return with_outcome(evidence=[Evidence("Staff in post", "It says so.", "HR", "2026", "", figures=[figure])])


def small(*rows: FigureRow, **values: Any) -> list[Finding]:
    return found("figure.small", subject(printed(*rows, **values)))


def of(label: str, value: str, **values: Any) -> FigureRow:
    return replace(ROW, label=label, value=value, **values)


ALL = of("All", "94", is_total=True)


@pytest.mark.parametrize(
    ("rows", "values", "told"),
    [
        ([of("Women", "9"), of("Men", "85")], {}, "Women"),
        ([of("Women", "10"), of("Men", "85")], {}, ""),
        ([of("Women", "0"), of("Men", "85")], {}, ""),
        ([of("Women", "fewer than 10"), of("Men", "90"), ALL], {}, "Women"),
        ([of("Women", "not shown"), of("Men", "60"), ALL], {}, ""),
        ([of("Women", "fewer than 10"), of("Men", "not shown"), of("Others", "60"), ALL], {}, ""),
        ([of("Women", "15"), of("Men", "85")], {"about": "Gender reassignment"}, "Women"),
        ([of("Women", "50%", count="4", base="8")], {"unit": "Per cent"}, "Women"),
        ([of("Women", "5%", base="40")], {"unit": "Per cent"}, "Women"),
        ([of("Women", "50%", base="1,204")], {"unit": "Per cent"}, ""),
        ([of("Women", "62%")], {"unit": "Per cent", "base": "8"}, "the base of all, Women"),
        ([of("Women", "3")], {"unit": "Value"}, ""),
    ],
)
def test_a_small_number_of_people_in_a_printed_figure_stops(
    rows: list[FigureRow], values: dict[str, Any], told: str
) -> None:
    findings = small(*rows, **values)
    assert [each.says for each in findings] == ([f"It tells how few people there are in: {told}."] if told else [])


counts = st.integers(0, 40)
rows_of_people = st.lists(counts, min_size=1, max_size=5).flatmap(
    lambda values: st.booleans().map(
        lambda total: tuple(
            [RowText(f"Group {number}", Decimal(value)) for number, value in enumerate(values)]
            + [RowText("All", Decimal(sum(values)), is_total=True)] * total
        )
    )
)
rates = st.lists(
    st.tuples(counts, counts).map(lambda pair: (min(pair), max(pair))).filter(lambda pair: pair[1] > 0), min_size=1
).map(
    lambda pairs: tuple(
        RowText(f"Group {number}", round(Decimal(100 * few) / many, 2), few, many)
        for number, (few, many) in enumerate(pairs)
    )
)


@given(
    st.one_of(st.tuples(st.just("people"), rows_of_people), st.tuples(st.just("percent"), rates)),
    st.sampled_from(["", "sex", "gender-reassignment"]),
)
def test_what_may_leave_the_organisation_passes(made: tuple[str, tuple[RowText, ...]], about: str) -> None:
    """The check knows the report alone, and agrees with what made it."""
    unit, rows = made
    name = about.replace("-", " ").capitalize()
    text = FigureText("Posts", unit, rows, "HR", "2026", about, name)
    shown: FigureShown = _in_words(suppress(text, SmallNumbers()), Figure(comparison="none"))
    values = asdict(shown)
    figure = FigureReport(**{**values, "rows": [FigureRow(**row) for row in values["rows"]]})
    content = with_outcome(evidence=[Evidence("Staff in post", "", "HR", "2026", "", figures=[figure])])
    assert found("figure.small", subject(content)) == []


def test_a_figure_without_source_or_period_asks_once() -> None:
    assert found("figure.source", subject(printed(of("Women", "40")))) == []
    [finding] = found("figure.source", subject(printed(of("Women", "40"), source=" ", period="")))
    assert (finding.place, finding.says) == ("The figure “Posts”, under 4.2", "It has no source and period.")
    again = printed(of("Women", "40"), source="")
    [outcome] = [each for goal in again.goals for each in goal.outcomes if each.code == "4.2"]
    goals = [
        replace(goal, outcomes=[replace(o, evidence=outcome.evidence) if o.code == "4.1" else o for o in goal.outcomes])
        for goal in again.goals
    ]
    [finding] = found("figure.source", subject(replace(again, goals=goals)))
    assert finding.place == "The figure “Posts”, under 4.1, 4.2"


@pytest.mark.django_db
def test_what_the_records_make_is_not_stopped(world: World) -> None:
    world.prepare()
    assert world.item
    add_details(world, world.item)
    assert run_checks(world.refreshed()).of("figure.small") == []


@pytest.mark.django_db
def test_a_story_without_consent_is_asked_about_while_it_is_shared_with_everybody(world: World) -> None:
    story = evidence.write_and_cite(
        actor=world.contributor,
        assessed_outcome=world.outcome("4.1"),
        content=evidence.EvidenceText("A letter", "A patient told us.", "Ward", "2026"),
    )

    def asked() -> list[tuple[str, str]]:
        return [
            (each.check.kind.value, each.finding.place) for each in run_checks(world.refreshed()).of("story.consent")
        ]

    assert asked() == []
    mark_story(actor=world.contributor, item=story, kind="no_consent")
    assert asked() == [("ask", "“A letter”, under 4.1")]
    evidence.cite(actor=world.contributor, assessed_outcome=world.outcome("4.2"), item=story)
    assert asked() == [("ask", "“A letter”, under 4.1, 4.2")]
    mark_story(actor=world.contributor, item=story, kind="consent", scope="public", consent_for="Printing it")
    assert asked() == []
    mark_story(actor=world.contributor, item=story, kind="consent", scope="panels", consent_for="Reading it")
    assert len(asked()) == 1
    newest = evidence.latest_version(story)
    evidence.correct_item(
        actor=world.contributor,
        item=story,
        content=evidence.EvidenceText(newest.title, newest.text, newest.source, newest.period),
        sharing=Sharing.PANELS,
        reason="For panels only",
        expected_version=newest.seq,
    )
    assert asked() == []
