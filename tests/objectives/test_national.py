"""National plans: what answers each item, which high impact action has none, and a care board's local plan (R26)."""

from __future__ import annotations

import re

import pytest

from eds.history.errors import DomainError
from eds.people.models import Membership, Organisation
from objectives.libraries.catalogue import items, libraries
from objectives.libraries.domain import answer_items
from objectives.libraries.models import NationalLink
from objectives.libraries.queries import overview
from objectives.models import EqualityObjective, ImprovementAction, ObjectiveDecision
from objectives.months import Month
from tests.counting import counted
from tests.leaks.walk import sign_in
from tests.world import World, member

pytestmark = pytest.mark.django_db
PAY, BULLYING = "edi-plan-2023/hia-3", "edi-plan-2023/hia-6"


def objective(world: World, headline: str, organisation: Organisation | None = None) -> EqualityObjective:
    return EqualityObjective(
        organisation=organisation or world.trust,
        theme="workforce",
        headline=headline,
        starts=Month(2026, 4),
        ends=Month(2030, 3),
    ).record(actor=world.lead, reason="Written")


def action(world: World, text: str) -> ImprovementAction:
    return ImprovementAction(assessed_outcome=world.outcomes["4.1"], text=text).record(
        actor=world.lead, reason="Written"
    )


def test_the_libraries_are_those_of_the_rule() -> None:
    plan, standards = libraries()
    strategic, impact = plan.groups
    assert (len(strategic.items), len(impact.items), impact.must_be_answered) == (4, 6, True)
    assert all(item.role and item.measures and item.due for item in impact.items)
    assert not any(item.confirmed for item in impact.items)
    titles = " ".join(item.title for group in standards.groups for item in group.items)
    for name in ("WRES", "WDES", "pay gap", "PCREF", "Accessible Information Standard"):
        assert name in titles
    assert len(items()) == 23


def test_links_are_set_taken_back_and_set_again(world: World) -> None:
    adopted = objective(world, "Equal pay")
    assert answer_items(actor=world.lead, subject=adopted, keys=[BULLYING, PAY]) == [PAY, BULLYING]
    answer_items(actor=world.lead, subject=adopted, keys=[PAY])
    answer_items(actor=world.lead, subject=adopted, keys=[PAY, BULLYING])
    answer_items(actor=world.lead, subject=action(world, "Count it"), keys=[PAY])
    assert NationalLink.objects.filter(removed=False).count() == 3
    kept = NationalLink.history.filter(item=BULLYING).order_by("history_id").values_list("removed", flat=True)
    assert list(kept) == [False, True, False]
    with pytest.raises(DomainError, match="No library has"):
        answer_items(actor=world.lead, subject=adopted, keys=["edi-plan-2023/hia-7"])


def test_what_has_no_answer_is_pointed_out(world: World) -> None:
    answer_items(actor=world.lead, subject=objective(world, "Equal <pay>"), keys=[PAY])
    answer_items(actor=world.lead, subject=action(world, "Tell of it"), keys=[BULLYING])
    [(_, groups), _] = overview([world.trust])
    assert [row.item.code for row in groups[1].unanswered] == ["hia-1", "hia-2", "hia-4", "hia-5"]
    page = sign_in(world, "lead").get(f"/organisations/{world.trust.public_id}/national-plans/").content.decode()
    assert "4 of 6 high impact actions have nothing that answers them" in page
    assert re.search(r'Objective: <a [^>]*href="/objectives/\w+/">Equal &lt;pay&gt;</a>', page)
    assert re.search(r'Action: <a [^>]*href="/plan/actions/\w+/">Tell of it</a>', page)
    assert "Local plan" not in page


def test_it_is_linked_on_a_page(world: World) -> None:
    count = action(world, "Count it")
    lead = sign_in(world, "lead")
    address = f"/answers/action/{count.public_id}/"
    done = lead.post(address, {"library0": [PAY], "library1": ["standards/pay-gap"]}, follow=True)
    assert "Saved: what this answers." in done.content.decode()
    assert set(count.national_links.values_list("item", flat=True)) == {PAY, "standards/pay-gap"}
    assert "checked" in lead.get(address).content.decode()
    assert lead.post(address, {"library0": ["edi-plan-2023/hia-9"]}).status_code == 422


def test_a_care_boards_local_plan_shows_what_is_adopted_alone(world: World) -> None:
    board = Organisation(
        name="Hollin Care Board",
        slug="hollin-board",
        kind=Organisation.Kind.CARE_BOARD,
        integrated_care_system="Hollin system",
    ).record(actor=world.lead, reason="Set up")
    member(world.people["outsider"], board, Membership.Role.EQUALITY_LEAD, world.lead)
    for trust in (world.trust, world.other_trust):
        trust.refresh_from_db()
        trust.integrated_care_system = "Hollin system"
        trust.record(actor=world.lead, reason="Joined the system")
    adopted, draft = objective(world, "Equal pay"), objective(world, "Secret draft", world.other_trust)
    for each in (adopted, draft):
        answer_items(actor=world.lead, subject=each, keys=[PAY])
    answer_items(actor=world.lead, subject=action(world, "Not published yet"), keys=[BULLYING])
    ObjectiveDecision.append(actor=world.sponsor, objective=adopted, kind="adopted")
    client = sign_in(world, "outsider")
    page = client.get(f"/organisations/{board.public_id}/national-plans/local/").content.decode()
    assert "Objective of Hollin Vale Trust: Equal pay" in page
    assert "Other Side Trust: nothing yet" in page
    assert "Secret draft" not in page
    assert "Not published yet" not in page
    assert sign_in(world, "lead").get(f"/organisations/{board.public_id}/national-plans/local/").status_code == 404
    assert (
        sign_in(world, "lead").get(f"/organisations/{world.trust.public_id}/national-plans/local/").status_code == 404
    )


def test_the_number_of_queries_does_not_grow(world: World) -> None:
    answer_items(actor=world.lead, subject=objective(world, "One"), keys=[PAY])
    lead = sign_in(world, "lead")
    address = f"/organisations/{world.trust.public_id}/national-plans/"
    lead.get(address)
    with counted() as few:
        lead.get(address)
    for number in range(4):
        answer_items(actor=world.lead, subject=objective(world, f"More {number}"), keys=[PAY, BULLYING])
        answer_items(actor=world.lead, subject=action(world, f"Act {number}"), keys=[PAY, BULLYING])
    with counted() as many:
        lead.get(address)
    assert many.queries == few.queries
