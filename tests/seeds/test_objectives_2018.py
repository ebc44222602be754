"""The equality objectives of 2018 to 2022 go in through the verbs, and the public finds all of it on the page."""

from __future__ import annotations

import datetime
import html
import re

import pytest
from django.test import Client
from django.utils.html import strip_tags

from eds.history.models import deciding_on
from objectives.equality import domain as goals
from objectives.equality.domain import NotSpecific, ObjectiveText
from objectives.equality.models import EqualityObjective
from objectives.equality.queries import known, of_organisations
from objectives.equality.rules import Stage
from objectives.months import Month, read_month
from reports.objectives import domain as published
from reports.objectives.build import build
from reports.payload import canonical, content_hash
from tests.seeds import objectives_2018
from tests.seeds.objectives_2018 import PrintedObjective
from tests.world import World

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not objectives_2018.FILE.exists(), reason="The seeds are not beside this repository."),
]

THEMES = {"Workforce": "workforce", "Patient Experience": "patient_experience"}
NOT_SAID = "The document of 2018 does not say."


def _month(words: str) -> Month:
    found = read_month(words)
    assert found
    return found


def _enter(world: World, printed: PrintedObjective) -> EqualityObjective:
    """Write an objective as it is printed, ask local people, answer what the check asks, and adopt it."""
    starts, ends = objectives_2018.read_period()
    with deciding_on(datetime.date(2018, 2, 1)):
        made = goals.write_objective(
            actor=world.lead,
            organisation=world.trust,
            text=ObjectiveText(
                headline=printed.headline,
                theme=THEMES[printed.theme],
                starts=_month(starts),
                ends=_month(ends),
                expected=_month(printed.expected) if printed.expected else None,
            ),
        )
        for text in printed.commitments:
            goals.keep_commitment(actor=world.lead, objective=made, text=text)
        goals.consult(actor=world.lead, objective=made, until=datetime.date(2018, 2, 28))
    with deciding_on(datetime.date(2018, 3, 29)):
        with pytest.raises(NotSpecific):
            goals.decide(actor=world.sponsor, objective=made, decision="adopted")
        seen = {(each.id, each.about): each.fingerprint for each in known(made).open}
        goals.answer_check(actor=world.lead, objective=made, seen=seen, text=NOT_SAID)
        goals.decide(actor=world.sponsor, objective=made, decision="adopted")
    return made


def test_it_is_read_as_it_is_printed() -> None:
    found = objectives_2018.read_objectives()
    assert [each.number for each in found] == [1, 2, 3, 4, 5]
    assert [each.theme for each in found] == ["Workforce", "Workforce", *["Patient Experience"] * 3]
    assert [len(each.commitments) for each in found] == [2, 2, 0, 0, 0]
    assert [each.expected for each in found] == ["", "", "March 2019", "March 2020", "March 2022"]
    assert objectives_2018.read_period() == ("April 2018", "March 2022")


def test_five_objectives_with_two_levels_go_in_and_everything_is_on_the_public_page(
    world: World, client: Client
) -> None:
    printed = objectives_2018.read_objectives()
    for each in printed:
        _enter(world, each)
    found = of_organisations([world.trust])
    assert [each.stage for each in found] == [Stage.ADOPTED] * 5
    assert [each.objective.headline for each in found] == [each.headline for each in printed]
    assert [[row.text for row in each.commitments] for each in found] == [each.commitments for each in printed]
    assert [row.expected for each in found for row in each.commitments] == [None] * 4
    assert [each.objective.expected for each in found] == [None, None, Month(2019, 3), Month(2020, 3), Month(2022, 3)]
    assert {(each.objective.starts, each.objective.ends) for each in found} == {(Month(2018, 4), Month(2022, 3))}
    published.publish(
        actor=world.lead,
        organisation=world.trust,
        reason="Brought in from the document of 2018.",
        seen_hash=content_hash(canonical(build(world.trust))),
    )
    page = client.get(f"/reports/{world.trust.slug}/objectives/").content.decode()
    said = " ".join(html.unescape(strip_tags(re.sub(r"</(p|li|h\d|div)>", " ", page))).split())
    for each in printed:
        assert said.count(each.headline) == 1
        for text in each.commitments:
            assert said.count(f"{text} Expected: month not known.") == 1
    assert said.count("April 2018 to March 2022. Expected: month not known.") == 2
    for month in ("March 2019", "March 2020", "March 2022"):
        assert said.count(f"April 2018 to March 2022. Expected: {month}.") == 1
    # What the document leaves open is said openly.
    assert said.count(NOT_SAID) == sum(len(each.answered) for each in found)
    assert said.count("It has no measure") == 5
