"""What a report says of figures and findings: all that may leave the organisation, and no small number (R15)."""

from __future__ import annotations

import pytest

from evidence.models import Sharing
from reports.payload import build_content, canonical
from tests.matrix.scene import add_details, write_with_file
from tests.world import build_world

pytestmark = pytest.mark.django_db


def test_the_payload_holds_no_small_number_and_nothing_of_working_evidence() -> None:
    world = build_world().prepare()
    assert world.item
    add_details(world, world.item)
    add_details(world, write_with_file(world, "Inside figures", Sharing.ORGANISATION))
    content = build_content(world.refreshed())
    [outcome] = [each for goal in content.goals for each in goal.outcomes if each.code == "4.1"]
    [evidence] = outcome.evidence
    [figure] = evidence.figures
    assert [(row.label, row.value, row.bar) for row in figure.rows] == [
        ("Women", "fewer than 10", -1),
        ("Men", "not shown", -1),
        ("All", "35", 1000),
    ]
    assert [(said.group, said.fares) for said in evidence.findings] == [("Disability (Disabled staff)", "Fare worse")]
    assert '"31"' not in canonical(content)
    assert all(row.value != "4" for row in figure.rows)
