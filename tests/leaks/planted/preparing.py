"""The planted world while the organisation still prepares."""

from __future__ import annotations

from eds.assessments import domain as assessments
from eds.people.domain import leave
from eds.people.invitations import invite
from evidence import domain as evidence
from evidence.findings.writing import FindingText
from evidence.models import Sharing
from tests.world import A, D, World, build_world, person

from .evidence import add_details, answer_privacy, correct, file, text, type_and_leave
from .organisation import plan_something, propose, set_objectives, set_up_more, write_for_the_report
from .others import another_trust, last_year
from .table import NAMES, WORDS


def planted_world() -> World:
    """Build the planted world, still preparing."""
    world = build_world()
    for who, label in (("second", "name"), ("staff_chair", "name-of-staff")):
        user = world.people.get(who) or person("Second")
        user.name = f"Pat {NAMES[label]}"
        user.email = f"{WORDS[label.replace('name', 'address')]}@example.org"
        user.save()
        world.people[who] = user
    assessments.add_panel_member(actor=world.community_chair, panel=world.community, user=world.second)
    plan_something(world)
    # The lead keeps the list of the organisation's people: whoever stands there is known to work for it, and no more.
    for membership in world.staff_chair.memberships.all():
        leave(actor=world.admin, membership=membership, reason="Works for the union")
    another_trust(world)
    set_up_more(world)
    last_year(world)
    invite(
        actor=world.community_chair,
        kind="panel",
        subject=world.community.public_id,
        email=f"{WORDS['invited']}@example.net",
        role="reviewer",
    )
    for label, sharing in (("inside", Sharing.ORGANISATION), ("panels", Sharing.PANELS), ("earlier", Sharing.PUBLIC)):
        item = evidence.write_and_cite(
            actor=world.contributor,
            assessed_outcome=world.outcome("4.1"),
            content=text(label),
            files=file(label),  # type: ignore[arg-type]
            sharing=sharing,
        )
        world.made["pinned" if label == "earlier" else label] = item
    correct(world, "pinned", "Made shorter.")
    add_details(world)
    answer_privacy(world)
    type_and_leave(world)
    world.made["uncited"] = evidence.write_item(
        actor=world.lead,
        organisation=world.trust,
        content=text("uncited"),
        files=file("uncited"),  # type: ignore[arg-type]
    )
    # New for the objective that is adopted: its page tells the lead of it, as far as the library goes.
    evidence.change_details(
        actor=world.lead,
        item=world.made["uncited"],
        reason="Added",
        expected_version=1,
        findings=[FindingText("race", "Race", "", "worse", f"They said {WORDS['uncited-text']}.")],
    )
    for code in ("4.1", "4.2", "4.3"):
        evidence.write_summary(
            actor=world.lead, assessed_outcome=world.outcome(code), text=f"In short: {WORDS['summary']}."
        )
    propose(world, "4.1", A, "proposal")
    for code in ("4.2", "4.3"):
        world.propose(code, D)
    write_for_the_report(world)
    set_objectives(world)
    return world
