"""Whole outcomes, from every reviewer's answer to the agreed basis, against a reference worked out here in another way.

The reference never asks the code under test: it counts votes in lists, and finds medians by striking out from both ends.
"""

from __future__ import annotations

import datetime
import itertools
import random
from dataclasses import dataclass

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from eds.assessments import domain as assessments
from eds.assessments.models import Panel, PanelKind, PanelMember, Phase, Round
from eds.history.errors import DomainError
from eds.history.models import today
from grading import domain as grading
from grading import rules
from grading.queries import outcome_grades, panel_answers
from grading.rules import Basis
from tests.world import World, person

GRADES = ["undeveloped", "developing", "achieving", "excelling"]
ASIDE = "aside"
STEPS = ["lower", "named_panel", "joint"]


@dataclass
class Plan:
    """A panel as the test draws it: its members' answers (a grade, None for not enough, or "aside"), rule and quorum."""

    answers: list[object]
    rule: str
    quorum: int
    declines: bool
    wish: int
    """What the chair records where the rule leaves it to the chair."""


answers = st.one_of(st.integers(0, 3), st.none(), st.just(ASIDE), st.integers(0, 3))


def plans(most: int, least: int = 1) -> st.SearchStrategy[Plan]:
    """Plans of panels, each size from the least to the most as likely as another."""
    return st.integers(least, most).flatmap(_plans_of)


def _plans_of(size: int) -> st.SearchStrategy[Plan]:
    return st.builds(
        Plan,
        answers=st.lists(answers, min_size=size, max_size=size),
        rule=st.sampled_from(["consensus", "majority", "median"]),
        quorum=st.integers(1, 5),
        declines=st.sampled_from([False, False, False, True]),
        wish=st.integers(0, 3),
    )


# The reference


def struck_out(given_grades: list[int]) -> int:
    """The middle, by striking out the lowest and the highest in turn; of two that are left the lower."""
    left = sorted(given_grades)
    while len(left) > 2:
        left.remove(min(left))
        left.remove(max(left))
    return min(left)


def expected_panel(plan: Plan) -> tuple[str, int | None]:
    """What the panel comes to: "declined", "lack", "rule" (which decides) or "chair", with the grade recorded."""
    stay = [answer for answer in plan.answers if answer != ASIDE]
    votes = [answer for answer in stay if isinstance(answer, int)]
    unable = len(stay) - len(votes)
    if plan.declines:
        return "declined", None
    if len(votes) < plan.quorum or unable >= len(votes):
        return "lack", 0
    if plan.rule == "median":
        return "rule", struck_out(votes)
    if plan.rule == "majority":
        for grade in set(votes):
            if sum(vote == grade for vote in votes) > sum(vote != grade for vote in votes):
                return "rule", grade
    return "chair", plan.wish


def expected_local(grades: list[int | None], rule: str, named: int, joint: int | None, late: bool) -> int | None:
    """The local interests' grade: `named` is the named panel's place, `joint` what the chairs confirmed."""
    spoken = [grade for grade in grades if grade is not None]
    if len(spoken) < 2:
        return spoken[0] if spoken else None
    if rule == "named_panel" and grades[named] is not None:
        return grades[named]
    if rule == "joint" and len(set(spoken)) > 1:
        return joint if joint is not None else (sorted(spoken)[0] if late else None)
    return sorted(spoken)[0]


# As pure rules


def agrees_with_the_reference(plan: Plan) -> int | None:
    """Compare all that the rules say of one panel; give the grade that it records."""
    kind, grade = expected_panel(plan)
    counted = [answer for answer in plan.answers if answer != ASIDE]
    votes = [answer for answer in counted if answer is not None]
    spread = rules.spread_of(counted)  # type: ignore[arg-type]
    assert (spread.graded, spread.not_enough) == (len(votes), len(counted) - len(votes))
    assert all(spread.counts.get(each, 0) == votes.count(each) for each in range(4))
    assert rules.median_grade(counted) == (struck_out(votes) if votes else None)  # type: ignore[arg-type]
    assert rules.may_show_spread(len(counted)) == (len(counted) > 4)
    if kind == "declined":
        return grade
    assert rules.lacks_evidence(counted, plan.quorum) == (kind == "lack")  # type: ignore[arg-type]
    assert bool(rules.why_evidence_lacks(counted, plan.quorum)) == (kind == "lack")  # type: ignore[arg-type]
    if kind != "lack":
        demanded = rules.demanded_grade(plan.rule, counted)  # type: ignore[arg-type]
        assert demanded == (grade if kind == "rule" else None)
        if demanded is not None:
            assert demanded == struck_out(votes), "a majority holds the middle"  # type: ignore[arg-type]
    return grade


@pytest.mark.parametrize("size", range(1, 41))
@given(data=st.data())
@settings(max_examples=40)
def test_a_panel_of_each_size(size: int, data: st.DataObject) -> None:
    agrees_with_the_reference(data.draw(_plans_of(size)))


@pytest.mark.parametrize("rule", STEPS)
@given(st.lists(plans(40), min_size=1, max_size=6), st.integers(0, 5), st.booleans())
@settings(max_examples=150)
def test_several_panels(rule: str, panels: list[Plan], named: int, late: bool) -> None:
    grades = [agrees_with_the_reference(plan) for plan in panels]
    named %= len(grades)
    made = rules.local_interests_grade(grades, differ_rule=rule, named=grades[named], deadline_passed=late)
    assert (made.grade if made else None) == expected_local(grades, rule, named, None, late)


@given(*[st.integers(0, 3)] * 4)
def test_every_basis(opening: int, proposed: int, first_local: int, local: int) -> None:
    found = rules.basis(opening=opening, proposed=proposed, first_local=first_local, local=local)
    moved = {
        (False, False): Basis.FROM_THE_START,
        (True, False): Basis.ORGANISATION_MOVED,
        (False, True): Basis.LOCAL_INTERESTS_MOVED,
        (True, True): Basis.BOTH_MOVED,
    }
    if proposed != local:
        assert found is Basis.PREVAILED
    else:
        assert found is moved[opening != proposed, first_local != local]


def test_every_basis_occurs() -> None:
    found = {
        rules.basis(opening=a, proposed=b, first_local=c, local=d)
        for a, b, c, d in itertools.product(range(4), repeat=4)
    }
    assert found == set(Basis)


# Through the verbs, against the database


def build(world: World, panels: list[Plan], rule: str, named: int) -> list[tuple[Panel, list[object]]]:
    """Replace the world's panels on 4.1 by these, and let everybody answer."""
    made = []
    for number, plan in enumerate(panels):
        panel = assessments.add_panel(
            actor=world.lead,
            assessment=world.assessment,
            plan=assessments.PanelPlan(
                f"Panel {number}",
                PanelKind.objects.get(code="staff-side"),
                [world.outcome("4.1")],
                min(plan.quorum, len(plan.answers)),
                plan.rule,
            ),
        )
        users = []
        for place in range(len(plan.answers)):
            role = PanelMember.Role.REVIEWER if place else PanelMember.Role.CHAIR
            users.append(person(f"Panel{number} Member{place}"))
            assessments.add_panel_member(actor=world.lead, panel=panel, user=users[-1], role=role)
        plan.quorum = panel.quorum
        made.append((panel, users))
    for old in (world.community, world.staff):
        assessments.change_panel(
            actor=world.lead,
            panel=old,
            plan=assessments.PanelPlan(old.name, old.kind, [world.outcome("4.2")], 1),
            expected_version=None,
            reason="",
        )
    round_ = Round.objects.get(pk=world.round.pk)
    round_.differ_rule = rule
    round_.named_panel = made[named][0] if rule == "named_panel" else None
    round_.record(actor=world.lead, reason="Chosen before opening")
    world.to_reviewing()
    for (panel, users), plan in zip(made, panels, strict=True):
        for user, answer in zip(users, plan.answers, strict=True):
            common = {"actor": user, "assessed_outcome": world.outcome("4.1"), "panel": panel}
            if answer == ASIDE:
                grading.step_aside(**common, interest="A friend works there.")
            else:
                grade = world.grade(GRADES[answer]) if isinstance(answer, int) else None
                grading.submit_review(**common, grade=grade, reason="My own reasons.")
    world.move(Phase.AGREEING)
    return made


def record(world: World, panel: Panel, chair: object, plan: Plan) -> None:
    """Record what the reference says, and find that nothing else would have been taken."""
    kind, grade = expected_panel(plan)
    common = {"actor": chair, "assessed_outcome": world.outcome("4.1"), "panel": panel, "reason": "Ours."}
    counted = [answer for answer in plan.answers if answer != ASIDE]
    assert sorted(panel_answers(world.outcome("4.1"), panel), key=str) == sorted(counted, key=str)
    if kind in {"lack", "rule"}:
        for other in range(4):
            if kind == "lack" or other != grade:
                with pytest.raises(DomainError):
                    grading.record_panel_grade(**common, grade=world.grade(GRADES[other]), why_not_median="x")  # type: ignore[arg-type]
    grading.record_panel_grade(
        **common,  # type: ignore[arg-type]
        grade=None if grade is None else world.grade(GRADES[grade]),
        for_lack_of_evidence=kind == "lack",
        why_not_median="We weighed it again.",
    )


@pytest.mark.django_db
@given(
    st.lists(plans(6), min_size=1, max_size=4),
    st.sampled_from([*STEPS, "joint"]),
    st.integers(0, 3),
    st.one_of(st.none(), st.integers(0, 3)),
    st.booleans(),
)
@settings(max_examples=16)
def test_through_the_verbs(
    world: World, panels: list[Plan], rule: str, named: int, joint: int | None, late: bool
) -> None:
    with transaction.atomic():
        whole_outcome(world, panels, rule, named % len(panels), joint, late)
        transaction.set_rollback(True)


LARGE = [
    ((1,), "consensus", "lower"),
    ((7,), "majority", "lower"),
    ((22,), "median", "lower"),
    ((40,), "consensus", "lower"),
    ((40,), "majority", "lower"),
    ((40,), "median", "lower"),
    ((40, 1), "median", "named_panel"),
    ((13, 27), "majority", "lower"),
    ((3, 9, 21), "consensus", "joint"),
    ((1, 2, 4, 8, 16), "median", "joint"),
]
"""Panels from one member to forty, alone and beside others: more members than the examples above can afford."""


@pytest.mark.django_db
@pytest.mark.parametrize(("sizes", "rule", "step"), LARGE, ids=lambda each: str(each).replace(" ", ""))
def test_large_panels_through_the_verbs(world: World, sizes: tuple[int, ...], rule: str, step: str) -> None:
    luck = random.Random(f"{sizes} {rule} {step}")
    panels = []
    for size in sizes:
        most_say = luck.randrange(4)
        drawn: list[object] = luck.choices([0, 1, 2, 3, most_say, None, ASIDE], [1, 1, 1, 1, 6, 2, 1], k=size)
        panels.append(Plan(drawn, rule, luck.randint(1, 3), declines=False, wish=luck.randrange(4)))
    whole_outcome(world, panels, step, luck.randrange(len(sizes)), luck.randrange(4), late=luck.random() < 0.5)


def whole_outcome(world: World, panels: list[Plan], rule: str, named: int, joint: int | None, late: bool) -> None:
    made = build(world, panels, rule, named)
    for (panel, users), plan in zip(made, panels, strict=True):
        record(world, panel, users[0], plan)
    grades = [expected_panel(plan)[1] for plan in panels]
    spoken = [place for place, grade in enumerate(grades) if grade is not None]
    differ = len({grades[place] for place in spoken}) > 1
    outcome = world.outcome("4.1")
    assert (outcome_grades([outcome])[outcome.pk].joint is not None) == (rule == "joint" and differ)
    if rule == "joint" and differ and joint is not None:
        (writer, users), *others = [made[place] for place in spoken]
        grading.write_joint_grade(
            actor=users[0],  # type: ignore[arg-type]
            assessed_outcome=outcome,
            panel=writer,
            grade=world.grade(GRADES[joint]),
            reason="Together we see it so.",
        )
        for panel, users in others:
            assert outcome_grades([outcome])[outcome.pk].local is None
            grading.answer_joint_grade(actor=users[0], assessed_outcome=outcome, panel=panel, confirmed=True)  # type: ignore[arg-type]
    if late:
        round_ = Round.objects.get(pk=world.round.pk)
        round_.review_by = round_.agree_by = today() - datetime.timedelta(days=1)
        round_.record(actor=world.lead, reason="The dates passed")
        grading.settle_overdue(today())
    found = outcome_grades([world.outcome("4.1")])[outcome.pk]
    expected = expected_local(grades, rule, named, joint, late)
    assert (found.local.grade.position if found.local else None) == expected
    proposed = GRADES.index("achieving")
    settled = expected is not None and (expected == proposed or late)
    assert bool(found.agreed) == settled
    if found.agreed:
        assert found.basis is (Basis.FROM_THE_START if expected == proposed else Basis.PREVAILED)
