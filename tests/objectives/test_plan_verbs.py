"""The verbs of the plan: what it says, who owns it, how it goes, who felt it."""

from __future__ import annotations

import pytest

from evidence.models import Sharing
from objectives.equality.models import EqualityObjective, ObjectiveDecision
from objectives.months import Month
from objectives.plan import domain, queries
from objectives.plan.domain.following import Proof
from objectives.plan.models import ActionOwner, Felt, ImprovementAction, PlanObjective, ProgressUpdate
from tests.noes import no
from tests.world import World


def _served(world: World, *, adopted: bool) -> EqualityObjective:
    row = EqualityObjective(
        organisation=world.trust,
        theme="workforce",
        headline="Fair promotion",
        starts=Month(2025, 4),
        ends=Month(2029, 3),
    ).record(actor=world.lead, reason="Set up")
    if adopted:
        ObjectiveDecision.append(actor=world.sponsor, objective=row, kind="adopted")
    return row


def test_objectives_and_actions_stand_in_order_and_keep_every_shape(world: World) -> None:
    first = world.plan_objective(text="First objective.")
    world.plan_objective(text="Second objective, without an action.")
    world.plan_action(text="A", objective=first, due=Month(2027, 1))
    world.plan_action(text="B", objective=first, role="The equality committee")
    world.plan_action(text="C, without an objective")
    from eds.access.decide import Access

    shown = queries.plan_of(world.assessment, Access(world.lead))
    assert [(line.objective, line.action) for line in shown.lines] == [
        ("First objective.", "A"),
        ("First objective.", "B"),
        ("Second objective, without an action.", ""),
        ("", "C, without an objective"),
    ]
    assert [line.due_in_words for line in shown.actions] == ["January 2027", "Month unknown", "Month unknown"]


def test_an_objective_serves_only_what_the_board_has_adopted_and_is_ones_own(world: World) -> None:
    draft, adopted = _served(world, adopted=False), _served(world, adopted=True)
    with no("adopted", "serves"):
        domain.add_objective(actor=world.lead, assessed_outcome=world.outcome("4.1"), text="X", serves=draft)
    made = domain.add_objective(actor=world.lead, assessed_outcome=world.outcome("4.1"), text="X", serves=adopted)
    assert made.serves == adopted
    adopted.organisation = world.other_trust
    with no("another organisation", "serves"):
        domain.add_objective(actor=world.lead, assessed_outcome=world.outcome("4.1"), text="X", serves=adopted)


def test_an_action_under_an_objective_of_another_outcome_is_refused(world: World) -> None:
    elsewhere = world.plan_objective("4.2")
    with no("another outcome", "objective"):
        world.plan_action("4.1", objective=elsewhere)


def test_taking_out_an_objective_keeps_its_actions(world: World) -> None:
    objective = world.plan_objective()
    action = world.plan_action(objective=objective)
    with no("Say why", "reason"):
        domain.remove_objective(actor=world.lead, objective=objective, reason=" ")
    domain.remove_objective(actor=world.lead, objective=objective, reason="Merged")
    action.refresh_from_db()
    assert action.plan_objective is None
    assert not action.removed
    assert PlanObjective.objects.get(pk=objective.pk).removed


def test_owners_are_roles_groups_networks_and_people_by_role(world: World) -> None:
    action = world.plan_action(role="Head of training", owner="contributor")
    owner = action.owners.get()
    assert (owner.kind, owner.user) == (ActionOwner.Kind.PERSON, world.contributor)
    with no("owns this action already", "owner_name"):
        domain.add_owner(actor=world.lead, action=action, owner=domain.OwnerText("role", "head of TRAINING"))
    with no("role here", "owner_name"):
        domain.add_owner(
            actor=world.lead, action=action, owner=domain.OwnerText("person", "Carla Contributor", world.contributor)
        )
    domain.end_owner(actor=world.lead, owner=owner)
    again = domain.add_owner(actor=world.lead, action=action, owner=domain.OwnerText("network", "Head of training"))
    assert again.pk != owner.pk


def test_the_last_word_counts_and_stopping_takes_a_reason(world: World) -> None:
    action = world.plan_action()
    assert queries.status_of(None) == "not_started"
    with no("why it is stopped", "words"):
        domain.say_progress(actor=world.lead, action=action, status="stopped")
    domain.say_progress(actor=world.lead, action=action, status="on_track")
    domain.say_progress(actor=world.lead, action=action, status="stopped", words="The money went elsewhere.")
    assert queries.status_of(queries.latest_updates([action])[action.pk]) == "stopped"
    assert ProgressUpdate.objects.filter(action=action).count() == 2


def test_proof_becomes_evidence_inside_the_organisation(world: World) -> None:
    action = world.plan_action()
    proof = Proof("Training list", "All fourteen came.")
    with no("done", "proof_title"):
        domain.say_progress(actor=world.lead, action=action, status="on_track", proof=proof)
    update = domain.say_progress(actor=world.contributor, action=action, status="done", proof=proof)
    assert update.evidence is not None
    assert update.evidence.organisation == world.trust
    assert update.evidence.sharing == Sharing.ORGANISATION


def test_only_a_panel_of_the_outcome_says_what_it_felt_and_each_last_word_counts(world: World) -> None:
    action = world.plan_action()
    with no("sentence", "words"):
        domain.say_felt(actor=world.community_chair, action=action, panel=world.community, answer="done", words=" ")
    domain.say_felt(actor=world.community_chair, action=action, panel=world.community, answer="not_felt", words="No.")
    domain.say_felt(actor=world.community_chair, action=action, panel=world.community, answer="partly", words="Some.")
    domain.say_felt(actor=world.staff_chair, action=action, panel=world.staff, answer="done", words="Yes.")
    said = queries.latest_felt([action])[action.pk]
    assert [(row.panel.name, row.answer) for row in said] == [("Healthwatch", "partly"), ("Staff side", "done")]
    assert Felt.objects.count() == 3


def test_order_is_kept_and_removed_rows_have_no_place(world: World) -> None:
    actions = [world.plan_action(text=text, role=f"Role {text}") for text in "ABC"]
    domain.remove_action(actor=world.lead, action=actions[1], reason="Double")
    domain.put_in_order(
        actor=world.lead,
        assessed_outcome=world.outcome("4.1"),
        places={actions[0].public_id: 2, actions[2].public_id: 1},
    )
    rows = ImprovementAction.objects.filter(removed=False).order_by("position")
    assert [row.text for row in rows] == ["C", "A"]
    with no("taken out"):
        domain.say_progress(actor=world.lead, action=actions[1], status="done")


@pytest.mark.parametrize("text", ["", "  \n "])
def test_nothing_without_words(world: World, text: str) -> None:
    with no("Enter what is done", "text"):
        world.plan_action(text=text)
    with no("Enter what is to change", "text"):
        world.plan_objective(text=text)
