"""A real plan goes in as the Word document it was, with every objective, action, owner and date, and nothing merged or lost.

The counts were made by hand: 17 objectives and 24 actions under 11 outcomes.
"""

from __future__ import annotations

import pytest

from eds.assessments import domain as assessments
from eds.assessments.models import Assessment
from eds.frameworks.queries import latest_revision
from eds.history.errors import DomainError
from objectives.imports import domain
from objectives.imports.domain import Preview
from objectives.imports.models import PlanImport
from objectives.models import ImprovementAction, PlanObjective
from objectives.months import Month
from tests.world import World

from . import plan_2023_24

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not plan_2023_24.FILE.exists(), reason="The seeds are not beside this repository."),
]

OBJECTIVES = {"1A": 3, "1B": 1, "1C": 1, "1D": 2, "2A": 1, "2B": 1, "2C": 1, "2D": 1, "3A": 3, "3B": 2, "3C": 1}
ACTIONS = {"1A": 4, "1B": 2, "1C": 2, "1D": 2, "2A": 1, "2B": 3, "2C": 2, "2D": 1, "3A": 3, "3B": 2, "3C": 2}
OWNERS = {"1A": 5, "1B": 5, "1C": 2, "1D": 2, "2A": 3, "2B": 4, "2C": 2, "2D": 2, "3A": 3, "3B": 1, "3C": 2}
"""Different owners in the outcome's cell."""
JANUARY, MARCH, MAY = Month(2025, 1), Month(2024, 3), Month(2024, 5)


@pytest.fixture
def assessment(world: World) -> Assessment:
    revision = latest_revision("eds-2022")
    return assessments.open_assessment(actor=world.lead, organisation=world.trust, revision=revision, year=2023)


@pytest.fixture
def read(world: World, assessment: Assessment) -> PlanImport:
    return domain.begin(actor=world.lead, assessment=assessment, uploaded=plan_2023_24.document())


def _bare(text: str) -> str:
    return "".join(letter for letter in text.lower() if letter.isalnum())


def _answered(read: PlanImport) -> Preview:
    """Answer as somebody would who knows the trust."""
    found = domain.preview(read)
    answers: dict[str, list[str]] = {}
    for question in found.open:
        values = [value for value, _ in question.choices]
        match question.key.split("-")[0]:
            case "pair":
                # Both actions on data are for the first objective, both on communities for the third.
                answers[question.key] = [values[0 if question.key[-1] in "01" else 2]]
            case "due":
                answers[question.key] = [values[1 if question.key[-1] in "12" else 0]]
            case "who":
                answers[question.key] = [values[min(int(question.key[-1]), len(values) - 2)]]
            case "same":
                answers[question.key] = [next(value for value in values if value.endswith("Manager"))]
    domain.keep_answers(plan_import=read, answers=answers)
    read.refresh_from_db()
    return domain.preview(read)


def test_everything_is_read_and_what_is_open_is_asked(read: PlanImport) -> None:
    found = domain.preview(read)
    assert {code: len(rows) for code, rows in found.plan.objectives.items()} == OBJECTIVES
    assert {code: len(rows) for code, rows in found.plan.actions.items()} == ACTIONS
    assert found.plan.counts == (17, 24)
    asked = [(question.key.split("-")[0], question.place) for question in found.open]
    # Three objectives beside four actions; two dates and three owners beside three actions; two dates, one owner.
    assert asked == [
        *[("pair", "Outcome 1A")] * 4,
        *[("due", "Outcome 3A"), ("who", "Outcome 3A")] * 3,
        *[("due", "Outcome 3B"), ("who", "Outcome 3B")] * 2,
        ("same", "Owners"),
    ]
    assert len(read.pictures) == 1
    assert read.pictures[0][1].startswith("data:image/png;base64,")
    assert len(found.unread) == 9


def test_no_word_of_the_table_is_lost(read: PlanImport) -> None:
    found = _answered(read)
    kept = _bare(
        " ".join(
            [
                *(text for rows in found.plan.objectives.values() for _, text in rows),
                *(action.text for rows in found.plan.actions.values() for action in rows),
            ]
        )
    )
    for table in plan_2023_24.tables():
        for row in table[1:]:
            for column in (2, 3):
                for line in row[column].split("\n"):
                    assert _bare(line) in kept, line
    assert found.left_out == []


def test_it_is_written_only_when_confirmed(world: World, assessment: Assessment, read: PlanImport) -> None:
    with pytest.raises(DomainError, match="15 questions are still open"):
        domain.confirm(actor=world.lead, plan_import=read)
    assert not PlanObjective.objects.exists()
    _answered(read)
    assert not ImprovementAction.objects.exists()
    domain.confirm(actor=world.lead, plan_import=read)

    actions = list(ImprovementAction.objects.select_related("assessed_outcome__outcome", "plan_objective"))
    by_code = {code: [a for a in actions if a.assessed_outcome.outcome.code == code] for code in ACTIONS}
    assert {code: len(rows) for code, rows in by_code.items()} == ACTIONS
    assert PlanObjective.objects.count() == 17
    owners = {code: {owner.name for action in rows for owner in action.owners.all()} for code, rows in by_code.items()}
    assert {code: len(names) for code, names in owners.items()} == OWNERS
    assert "Patient Experience Manager" in owners["1A"] & owners["1D"]
    assert not any("Manger" in name for names in owners.values() for name in names)
    assert [action.due for action in by_code["3A"]] == [JANUARY, MAY, MAY]
    assert [action.due for action in by_code["3B"]] == [MARCH, MAY]
    assert {action.due for code in ACTIONS if code not in {"3A", "3B"} for action in by_code[code]} == {JANUARY}
    # One of the three objectives of 1A is left without an action, as it was answered.
    served = {action.plan_objective_id for action in by_code["1A"]}
    assert PlanObjective.objects.filter(assessed_outcome__outcome__code="1A").exclude(pk__in=served).count() == 1
    kinds = {owner.name: owner.kind for action in actions for owner in action.owners.all()}
    assert kinds["EDI Team"] == kinds["Health Inequalities Group"] == "group"
    assert kinds["HWB Lead"] == "role"
    assert next(kind for name, kind in kinds.items() if name.startswith("Staff Networks")) == "network"
    read.refresh_from_db()
    assert read.pictures == []
    with pytest.raises(DomainError, match="already"):
        domain.confirm(actor=world.lead, plan_import=read)
