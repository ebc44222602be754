"""Coverage of the nine characteristics, and the lead's one finding where items disagree (R7, R17)."""

from __future__ import annotations

import pytest

from eds.assessments.models import Phase
from eds.frameworks.models import Characteristic
from eds.history.errors import DomainError, Stale
from evidence import domain
from evidence.coverage import CellState, coverage_of
from evidence.figures.writing import FigureText, RowText
from evidence.findings.domain import settle_finding
from evidence.findings.writing import FindingText
from evidence.models import EvidenceItem, Fares, Sharing
from grading import scoring
from tests.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world().prepare()


def say(world: World, item: EvidenceItem, *findings: FindingText) -> None:
    domain.change_details(
        actor=world.contributor,
        item=item,
        reason="Findings",
        expected_version=domain.latest_version(item).seq,
        findings=findings,
    )


def cells(world: World, code: str = "4.1", public: bool = False) -> dict[str, tuple[str, str | None]]:
    found = coverage_of([world.outcome(code)], public=public)[world.outcomes[code].pk]
    assert len(found) == 9
    return {cell.characteristic.code: (cell.state.value, cell.fares) for cell in found}


def another(world: World, sharing: str, *findings: FindingText) -> EvidenceItem:
    item = domain.write_and_cite(
        actor=world.contributor,
        assessed_outcome=world.outcome("4.1"),
        content=domain.EvidenceText("Staff survey", "What staff said."),
        sharing=sharing,
    )
    say(world, item, *findings)
    return item


DISABLED_WORSE = FindingText("disability", "Disability", "Disabled staff", "worse")
DISABLED_WELL = FindingText("disability", "Disability", "", "as_well")
WOMEN = FindingText("sex", "Sex", "Women", "better")


def test_a_cell_says_evidence_worse_or_none(world: World) -> None:
    assert world.item
    assert set(cells(world).values()) == {("none", None)}
    say(world, world.item, DISABLED_WORSE, WOMEN)
    found = cells(world)
    assert found.pop("disability") == ("worse", "worse")
    assert found.pop("sex") == ("evidence", "better")
    assert set(found.values()) == {("none", None)}


def test_a_figure_about_a_characteristic_is_evidence(world: World) -> None:
    assert world.item
    figure = FigureText("By age", "people", (RowText("Under 30", value=None, numerator=40),), about_code="age")
    domain.change_details(actor=world.lead, item=world.item, reason="", expected_version=1, figures=[figure])
    assert cells(world)["age"] == ("evidence", None)


def test_the_public_cells_know_public_evidence_only(world: World) -> None:
    another(world, Sharing.ORGANISATION, DISABLED_WORSE)
    another(world, Sharing.PANELS, WOMEN)
    assert cells(world)["disability"] == ("worse", "worse")
    assert set(cells(world, public=True).values()) == {("none", None)}


def test_where_items_disagree_the_lead_sets_one_finding(world: World) -> None:
    another(world, Sharing.PUBLIC, DISABLED_WORSE)
    another(world, Sharing.PUBLIC, DISABLED_WELL)
    outcome = world.outcome("4.1")
    [cell] = [each for each in coverage_of([outcome])[outcome.pk] if each.characteristic.code == "disability"]
    assert (cell.state, cell.fares, cell.disagree) == (CellState.WORSE, None, True)
    disability = Characteristic.objects.get(revision=world.revision, code="disability")
    with pytest.raises(DomainError):
        settle_finding(actor=world.lead, assessed_outcome=outcome, characteristic=disability, fares="mixed", reason=" ")
    for fares, reason in (("worse", "The survey is bigger."), ("mixed", "Both are sound.")):
        settle_finding(
            actor=world.lead, assessed_outcome=outcome, characteristic=disability, fares=fares, reason=reason
        )
    [cell] = [each for each in coverage_of([outcome])[outcome.pk] if each.characteristic.code == "disability"]
    assert (cell.fares, cell.disagree, cell.settled, cell.reason) == ("mixed", False, True, "Both are sound.")
    world.move(Phase.REVIEWING)
    with pytest.raises(DomainError):
        settle_finding(actor=world.lead, assessed_outcome=outcome, characteristic=disability, fares="worse", reason="x")


def test_a_finding_is_fixed_with_its_version(world: World) -> None:
    assert world.item
    say(world, world.item, WOMEN)
    world.move(Phase.REVIEWING)
    with pytest.raises(DomainError, match="has opened"):
        domain.change_details(
            actor=world.lead, item=world.item, reason="", expected_version=2, findings=[DISABLED_WORSE]
        )
    with pytest.raises(Stale):
        domain.change_details(actor=world.lead, item=world.item, reason="x", expected_version=1, findings=[])
    say(world, world.item, DISABLED_WORSE)
    assert cells(world)["sex"] == ("evidence", "better")
    assert cells(world)["disability"] == ("none", None)


def test_a_correction_of_the_text_keeps_findings_and_figures(world: World) -> None:
    assert world.item
    say(world, world.item, WOMEN)
    figure = FigureText("By age", "people", (RowText("Under 30", numerator=40),), about_code="age")
    domain.change_details(actor=world.lead, item=world.item, reason="", expected_version=2, figures=[figure])
    version = domain.correct_item(
        actor=world.lead,
        item=world.item,
        content=domain.EvidenceText("Board training", "Better words."),
        sharing=Sharing.PUBLIC,
        reason="Words",
        expected_version=3,
    )
    assert [str(finding) for finding in version.findings.all()] == ["Sex (Women): fare better"]
    assert [row.numerator for row in version.figures.get().rows.all()] == [40]


def test_the_words_for_how_people_fare_are_the_rule_s_own() -> None:
    assert {str(each) for each in Fares.values} == {each.value for each in scoring.Fares}
