"""Moves the planted world along, and plants what people write in each phase."""

from __future__ import annotations

from eds.assessments import domain as assessments
from eds.assessments.models import Phase
from eds.history.models import today
from grading import domain as grading
from grading.models import ProposedGrade
from grading.talk import domain as talk
from reports import domain as reports
from reports.models import SignOff
from tests.world import A, D, E, World, person

from .evidence import correct
from .organisation import propose
from .table import WORDS


def to_reviewing(world: World) -> None:
    """Open reviewing; everybody of the community panel and the staff side submits 4.1, the second keeps 4.2 a draft."""
    world.move(Phase.REVIEWING)
    joined = assessments.add_panel_member(
        actor=world.community_chair,
        panel=world.community,
        user=person("Paula Passing"),
        reason=f"More views on {WORDS['panel-changed']}.",
    )
    assessments.end_panel_member(actor=world.community_chair, member=joined, reason="Could not come.")
    correct(world, "correction", f"Because of {WORDS['correction-reason']}.")
    world.review("second", "4.1", D, f"I think {WORDS['review']}.")
    world.review("staff_chair", "4.1", D, f"We think {WORDS['review-of-staff']}.")
    world.review("staff_chair", "4.2", D)
    for who in ("community_chair", "reviewer"):
        for code in ("4.1", "4.2"):
            world.review(who, code, D)
    grading.step_aside(
        actor=world.second,
        assessed_outcome=world.outcome("4.2"),
        panel=world.community,
        interest=f"My sister works for {WORDS['interest']}.",
    )
    world.answer(world.ask("second", "4.1", f"What about {WORDS['question']}?"), f"There were {WORDS['answer']}.")
    save_draft(world)


def save_draft(world: World) -> None:
    """The second reviewer keeps a draft for 4.2."""
    grading.save_draft(
        actor=world.second,
        assessed_outcome=world.outcome("4.2"),
        panel=world.community,
        answer="",
        text=f"Perhaps {WORDS['draft']}.",
        expected_version=None,
    )


def to(world: World, phase: str) -> World:
    """Move a planted world to a phase of tests.matrix.scene.PHASES."""
    if phase == "P":
        return world
    to_reviewing(world)
    if phase == "R":
        return world
    world.move(Phase.AGREEING)
    if phase == "B":
        world.panel_grade("community_chair", "4.1", D, f"We found {WORDS['panel-grade']}.")
        world.move(Phase.REVIEWING, f"A panel wants to read {WORDS['moved-back']} again.")
        world.review("second", "4.1", E, f"Now I think {WORDS['review-after-back']}.")
        # No verb proposes in reviewing; the row stands for one that was written while preparing again.
        ProposedGrade.append(
            actor=world.lead,
            reason=f"Because of {WORDS['why-back']}.",
            assessed_outcome=world.outcome("4.1"),
            grade=world.grade(E),
            reasons=[{"factor": "outcome", "heading": "Outcome", "text": f"Look: {WORDS['back-reason']}."}],
            conclusion=f"It is {WORDS['back-conclusion']}.",
            after_reveal=True,
            reveals_before=1,
        )
        return world
    world.panel_grade("community_chair", "4.1", D, f"We found {WORDS['panel-grade']}.")
    _dissent(world)
    _differ(world)
    propose(world, "4.1", E, "changed", f"Because of {WORDS['why-changed']}.")
    world.remark("second", "4.1", f"To my mind {WORDS['remark']}.")
    taken = world.remark("reviewer", "4.1", f"No, {WORDS['remark-taken-back']}.")
    talk.take_back(actor=world.reviewer, remark=taken)
    if phase == "A":
        return world
    world.panel_grade("staff_chair", "4.1", D, f"We found {WORDS['panel-grade-of-staff']}.")
    grading.answer_joint_grade(
        actor=world.community_chair, assessed_outcome=world.outcome("4.2"), panel=world.community, confirmed=True
    )
    grading.record_not_graded(
        actor=world.lead, assessed_outcome=world.outcome("4.3"), reason=f"Nobody came, for {WORDS['not-graded']}."
    )
    world.say("lead", "4.1", f"The organisation says {WORDS['statement']}.")
    world.say("community_chair", "4.1", "We heard otherwise.")
    world.move(Phase.AGREED)
    reports.keep_approval_step(
        actor=world.lead,
        assessment=world.refreshed(),
        text=reports.StepText("committee", "Equality Committee", today(), f"Paper {WORDS['approval']}"),
    )
    world.answer_checks(f"We know of {WORDS['check-answer']}.")
    world.sign(SignOff.Decision.REFUSED, f"Not while {WORDS['refusal']}.")
    if phase == "X":
        world.sign()
        world.made["publication"] = world.publish()
    return world


def _dissent(world: World) -> None:
    """Two members dissent on 4.1; the chair passes one of the two on, and a summary of the comments."""
    words = {"assessed_outcome": world.outcome("4.1"), "panel": world.community}
    for who, label in (("second", "dissent-passed"), ("reviewer", "dissent-kept")):
        made = grading.add_dissent(actor=world.people[who], text=f"To me it is {WORDS[label]}.", **words)
        passed = label == "dissent-passed"
        grading.pass_words(
            actor=world.community_chair,
            summary=f"In short, {WORDS['summary-passed']}.",
            dissents={
                made.public_id: grading.DissentAnswer(passed, "" if passed else f"It points to {WORDS['kept-back']}.")
            },
            **words,
        )


def _differ(world: World) -> None:
    """On 4.2 the panels differ: staff side's chair writes a joint grade, and Healthwatch's chair says no to it at first."""
    outcome = world.outcome("4.2")
    world.panel_grade("community_chair", "4.2", D, f"We found {WORDS['panel-grade']}.")
    grading.record_panel_grade(
        actor=world.staff_chair,
        assessed_outcome=outcome,
        panel=world.staff,
        grade=world.grade(A),
        reason="Ours.",
        why_not_median=f"We weighed {WORDS['why-not-median']} again.",
    )
    grading.write_joint_grade(
        actor=world.staff_chair,
        assessed_outcome=outcome,
        panel=world.staff,
        grade=world.grade(D),
        reason=f"Together we think of {WORDS['joint-reason']}.",
    )
    grading.answer_joint_grade(
        actor=world.community_chair,
        assessed_outcome=outcome,
        panel=world.community,
        confirmed=False,
        reason=f"Not while {WORDS['joint-declined']}.",
    )
