"""National plans: what answers each item, which high impact action has none, and a care board's local plan (R26)."""

from __future__ import annotations

from html import unescape

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from eds.assessments.models import Phase
from eds.history.errors import DomainError
from eds.people.models import Membership, Organisation
from objectives.equality import domain as goals
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


def shown(page: str) -> str:
    """Give the words of a page, in one line."""
    return " ".join(strip_tags(page).split())


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
    assert "Equal &lt;pay&gt;" in page
    said = shown(page)
    assert "Objective: Equal" in said
    assert "Action: Tell of it" in said
    assert "Local plan" not in page


def test_it_is_linked_on_a_page(world: World) -> None:
    count = action(world, "Count it")
    lead = sign_in(world, "lead")
    address = f"/answers/action/{count.public_id}/"
    done = lead.post(address, {"library0": [PAY], "library1": ["standards/pay-gap"]}, follow=True)
    assert "Saved: what this answers." in done.content.decode()
    assert set(count.national_links.values_list("item", flat=True)) == {PAY, "standards/pay-gap"}
    assert "checked" in lead.get(address).content.decode()
    assert done.redirect_chain[-1][0] == reverse("action", args=[count.public_id])
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
    assert "Objective of Hollin Vale Trust: Equal pay" in shown(page)
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


def test_who_reads_an_objective_or_an_action_reads_what_it_answers_and_the_lead_says_it(world: World) -> None:
    world.to_agreeing()
    made, act = world.adopt(world.objective()), world.plan_action()
    pages = {"objective": (made, PAY), "action": (act, BULLYING)}
    addresses = {kind: reverse(kind, args=[subject.public_id]) for kind, (subject, _) in pages.items()}
    linking = {kind: reverse("national-link", args=[kind, subject.public_id]) for kind, (subject, _) in pages.items()}
    everything = reverse("national-plans", args=[world.trust.public_id])
    for kind, (subject, key) in pages.items():
        assert 'id="national-plans"' not in sign_in(world, "reviewer").get(addresses[kind]).content.decode()
        answer_items(actor=world.lead, subject=subject, keys=[key])
        for who in ("lead", "sponsor", "contributor", "reviewer"):
            page = sign_in(world, who).get(addresses[kind]).content.decode()
            assert items()[key].title in unescape(page)
            assert (linking[kind] in page) is (who == "lead")
            assert (everything in page) is (who in {"lead", "sponsor"})
        answer_items(actor=world.lead, subject=subject, keys=[])
        assert items()[key].title not in unescape(sign_in(world, "lead").get(addresses[kind]).content.decode())


def test_the_lists_lead_to_each_other(world: World) -> None:
    objectives, everything = (
        reverse(route, args=[world.trust.public_id]) for route in ("objectives", "national-plans")
    )
    made = world.objective()
    answer_items(actor=world.lead, subject=made, keys=[PAY])
    for who, follows in (("lead", True), ("sponsor", True), ("contributor", False), ("reviewer", False)):
        page = sign_in(world, who).get(objectives).content.decode()
        assert (everything in page) is follows
    page = sign_in(world, "lead").get(everything).content.decode()
    assert f'href="{objectives}"' in page
    assert f'href="{reverse("objective", args=[made.public_id])}"' in page


def test_the_plan_leads_to_bringing_one_in_for_who_keeps_it(world: World) -> None:
    world.to_agreeing()
    plan = reverse("plan", args=[world.assessment.public_id])
    bringing = reverse("plan-import-new", args=[world.assessment.public_id])
    for who, keeps in (("lead", True), ("contributor", False), ("sponsor", False), ("reviewer", False)):
        response = sign_in(world, who).get(plan)
        assert response.status_code == 200
        assert (bringing in response.content.decode()) is keeps


def test_the_board_reads_no_action_before_the_reveal(world: World) -> None:
    """What is planned tells what the grade may be (R3)."""
    world.to_reviewing()
    answer_items(actor=world.lead, subject=action(world, "Train everybody"), keys=[PAY])
    answer_items(actor=world.lead, subject=objective(world, "Equal pay"), keys=[PAY])
    address = reverse("national-plans", args=[world.trust.public_id])
    for who, reads in (("lead", True), ("sponsor", False), ("board", False)):
        page = sign_in(world, who).get(address).content.decode()
        assert ("Train everybody" in page) is reads
        assert "Equal pay" in page
    for who in ("community_chair", "reviewer", "staff_chair"):
        for code in ("4.1", "4.2"):
            world.review(who, code, "developing")
    world.move(Phase.AGREEING)
    assert "Train everybody" in sign_in(world, "sponsor").get(address).content.decode()


def test_what_is_hidden_is_not_there_to_be_linked(world: World) -> None:
    world.to_reviewing()
    draft, act = world.objective("Draft"), world.plan_action()
    for who, kind, subject, status in (
        ("reviewer", "objective", draft, 404),
        ("contributor", "objective", draft, 403),
        ("reviewer", "action", act, 404),
        ("sponsor", "action", act, 404),
        ("contributor", "action", act, 403),
        ("lead", "action", act, 200),
    ):
        client = sign_in(world, who)
        address = reverse("national-link", args=[kind, subject.public_id])
        assert client.get(address).status_code == status, (who, kind)
    goals.withdraw(actor=world.lead, objective=draft, reason="Double")
    assert sign_in(world, "lead").get(reverse("national-link", args=["objective", draft.public_id])).status_code == 404
