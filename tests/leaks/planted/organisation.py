"""What the organisation writes beside evidence: proposals, its plan, its objectives, and words for the report."""

from __future__ import annotations

from eds.assessments import domain as assessments
from eds.assessments.models import Round
from eds.history.models import today
from eds.jobs.models import OutboxMail
from eds.people.invitations import invite
from eds.people.models import Membership
from grading import domain as grading
from grading.domain import FactorReason
from objectives.equality import domain as goals
from objectives.equality.queries import known
from objectives.libraries.domain import answer_items
from objectives.plan import domain as plan
from reports import domain as reports
from tests.matrix.scene import publish_objectives
from tests.world import D, World, member, person

from .table import WORDS


def propose(world: World, code: str, grade: str, labels: str, reason: str = "") -> None:
    """Propose a grade with planted reasons."""
    grading.propose_grade(
        actor=world.lead,
        assessed_outcome=world.outcome(code),
        grade=world.grade(grade),
        reasons=[FactorReason("outcome", "Outcome", f"Look: {WORDS[f'{labels}-reason']}.")],
        conclusion=f"It is {WORDS[f'{labels}-conclusion']}.",
        reason=reason,
    )


def plan_something(world: World) -> None:
    """Plan an action for a goal; its owner, who is named, says how it goes."""
    owner = world.people["owner"] = person(f"Nora {WORDS['owner-name']}")
    member(owner, world.trust, Membership.Role.EMPLOYEE, world.admin)
    objective = world.plan_objective(text=f"We want {WORDS['plan-objective']}.")
    action = plan.add_action(
        actor=world.lead,
        assessed_outcome=world.outcome("4.1"),
        content=plan.ActionText(
            f"We do {WORDS['action-words']}.", f"Seen by {WORDS['action-measure']}.", objective=objective
        ),
        owners=[plan.OwnerText("person", "Head of training", owner)],
    )
    answer_items(actor=world.lead, subject=action, keys=["edi-plan-2023/hia-3"])
    plan.say_progress(actor=owner, action=action, status="on_track", words=f"It is {WORDS['action-progress']}.")


def set_up_more(world: World) -> None:
    """Chairs write joint grades; 4.3 is graded by no panel; 3.1 is left out for a reason; a mail cannot be sent."""
    rows = {row.outcome.code: row for row in world.assessment.outcomes.select_related("outcome", "round").in_order()}
    decide = {"actor": world.lead, "reason": f"Not now: {WORDS['left-out']}."}
    assessments.decide_scope(assessed_outcome=rows["3.1"], scope="not_applicable", **decide)
    assessments.decide_scope(actor=world.lead, assessed_outcome=rows["4.3"], scope="in_scope", reason="")
    rows["4.3"].round = world.round
    rows["4.3"].record(actor=world.lead, reason="Into the round")
    world.outcomes["4.3"] = rows["4.3"]
    joint = Round.objects.get(pk=world.round.pk)
    joint.differ_rule = Round.DifferRule.JOINT
    world.round = joint.record(actor=world.lead, reason="The chairs agree")
    failed = invite(
        actor=world.community_chair,
        kind="panel",
        subject=world.community.public_id,
        email=f"{WORDS['failed-address']}@example.net",
        role="reviewer",
    )
    OutboxMail.objects.filter(subject=failed.public_id).update(
        state=OutboxMail.State.FAILED, words="The mail server does not take mails for this address."
    )


def set_objectives(world: World) -> None:
    """A draft, one that is with local people and was commented on by a member of a panel, and one that is published."""
    draft = world.objective(f"Halve {WORDS['objective-draft']}", expected=None)
    answer_items(actor=world.lead, subject=draft, keys=["edi-plan-2023/hia-3"])
    goals.keep_commitment(actor=world.lead, objective=draft, text=f"Meet {WORDS['commitment-draft']}")
    [waiting] = known(draft).open
    goals.answer_check(
        actor=world.lead,
        objective=draft,
        seen={(waiting.id, waiting.about): waiting.fingerprint},
        text=f"Not before {WORDS['check-of-objective']}.",
    )
    asked = world.objective(f"Halve {WORDS['objective-asked']}")
    world.consult(asked)
    said = world.comment(asked, f"We think of {WORDS['objective-comment']}.", "second")
    goals.answer_comment(actor=world.lead, comment=said, text=f"It names {WORDS['objective-answer']} now.")
    world.adopt(world.objective(f"Halve {WORDS['objective-public']}"))
    publish_objectives(world)


def write_for_the_report(world: World) -> None:
    """Details, an event and one that is taken out, an older wording, and a grade of an earlier year."""
    reports.keep_details(
        actor=world.lead,
        assessment=world.assessment,
        text=reports.DetailsText(other_text=f"Dear reader, {WORDS['details']}."),
    )
    for label in ("event", "event-taken-out"):
        event = assessments.keep_event(
            actor=world.lead,
            assessment=world.assessment,
            text=assessments.EventText("Open day", today(), f"The group {WORDS[label]}"),
        )
    assessments.remove_event(actor=world.lead, event=event, reason="It did not take place.")
    reports.keep_words(
        actor=world.lead,
        assessed_outcome=world.outcome("4.1"),
        wording_then=f"Leaders are {WORDS['wording-then']}",
        contacts="",
    )
    grading.bring_in_results(
        actor=world.lead,
        assessment=world.assessment,
        year=world.assessment.year - 1,
        source=f"Report {WORDS['earlier-source']}",
        results=[grading.PastResult("4.1", world.grade(D))],
    )
