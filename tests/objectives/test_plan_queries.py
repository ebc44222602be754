"""Pages of the plan read the same number of rows' tables with one action and with many."""

from __future__ import annotations

import pytest
from django.urls import reverse

from eds.people.models import Membership
from objectives.months import Month
from objectives.plan import domain
from tests.counting import counted
from tests.leaks.walk import sign_in
from tests.world import World, member, person

PAGES = ("plan", "plan-summary", "plan-calendar", "plan-over-time", "plan-xlsx", "plan-docx")


def _act(world: World, number: int) -> None:
    objective = world.plan_objective(text=f"Objective {number}")
    action = world.plan_action(
        "4.1", text=f"Action {number}", due=Month(2026, 1), owner="contributor", objective=objective
    )
    domain.add_owner(actor=world.lead, action=action, owner=domain.OwnerText("network", f"Network {number}"))
    owner = person(f"Owner {number}")
    member(owner, world.trust, Membership.Role.EMPLOYEE, world.admin)
    domain.add_owner(actor=world.lead, action=action, owner=domain.OwnerText("person", f"Role {number}", owner))
    domain.say_progress(actor=world.lead, action=action, status="at_risk", words="Slow.")
    domain.say_felt(actor=world.staff_chair, action=action, panel=world.staff, answer="partly", words="A bit.")


def _numbers(world: World, who: str) -> dict[str, int]:
    client = sign_in(world, who)
    addresses = {name: reverse(name, args=[world.assessment.public_id]) for name in PAGES}
    addresses |= {"plans": reverse("plans"), "home": reverse("home")}
    found = {}
    for name, url in addresses.items():
        with counted() as count:
            assert client.get(url).status_code == 200
        found[name] = count.queries
    return found


@pytest.mark.parametrize("who", ["lead", "contributor", "reviewer", "sponsor"])
def test_pages_do_not_read_row_by_row(world: World, who: str) -> None:
    world.to_agreeing()
    _act(world, 0)
    _numbers(world, who)  # what a process reads once and keeps
    few = _numbers(world, who)
    for number in range(1, 5):
        _act(world, number)
    assert _numbers(world, who) == few
