"""The joint grade of differing panels: written by one chair, confirmed by the others, or the lower at the deadline (R5)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from eds.assessments import domain as assessments
from eds.assessments.models import Panel, PanelKind, PanelMember, Phase, Round
from eds.history.errors import Stale
from eds.history.models import today
from grading import domain as grading
from grading.models import AgreedGrade, JointAnswer, JointGrade, LocalInterestsGrade, PanelGrade
from grading.queries import current_local_interests_grade, joint_states, outcome_grades
from tests.grading.attacks import PATHS
from tests.noes import counts, no
from tests.world import A, D, E, U, World

pytestmark = pytest.mark.django_db


def differing(world: World, *, governors: str | None = "none", agree: bool = True) -> World:
    """On 4.1 Healthwatch says Developing and staff side Undeveloped, in a round with joint grades.

    `governors` adds a third panel with this grade; None lets it decline.
    """
    joint = Round.objects.get(pk=world.round.pk)
    joint.differ_rule = Round.DifferRule.JOINT
    joint.record(actor=world.lead, reason="The chairs agree")
    if governors != "none":
        panel = assessments.add_panel(
            actor=world.lead,
            assessment=world.assessment,
            plan=assessments.PanelPlan(
                "Governors", PanelKind.objects.get(code="staff-side"), [world.outcome("4.1")], quorum=1
            ),
        )
        assessments.add_panel_member(actor=world.lead, panel=panel, user=world.outsider, role=PanelMember.Role.CHAIR)
        world.made["governors"] = panel
    world.to_reviewing()
    for who in ("community_chair", "reviewer", "staff_chair"):
        for code in ("4.1", "4.2"):
            world.review(who, code, D)
    if governors != "none":
        grading.submit_review(
            actor=world.outsider,
            assessed_outcome=world.outcome("4.1"),
            panel=world.made["governors"],  # type: ignore[arg-type]
            grade=world.grade(D),
            reason="Ours.",
        )
    world.move(Phase.AGREEING)
    world.panel_grade("community_chair", "4.1", D)
    world.panel_grade("staff_chair", "4.1", U)
    if governors != "none":
        grading.record_panel_grade(
            actor=world.outsider,
            assessed_outcome=world.outcome("4.1"),
            panel=world.made["governors"],  # type: ignore[arg-type]
            grade=world.grade(governors) if governors else None,
            reason="Ours.",
            why_not_median="We weighed it again.",
        )
    return world


def panel_of(world: World, who: str) -> Panel:
    panels = {"community_chair": world.community, "staff_chair": world.staff}
    return panels.get(who) or world.made["governors"]  # type: ignore[return-value]


def write(world: World, who: str = "community_chair", grade: str = A, **changes: Any) -> JointGrade:
    values = {
        "actor": world.people[who],
        "assessed_outcome": world.outcome("4.1"),
        "panel": panel_of(world, who),
        "grade": world.grade(grade),
        "reason": "Together we see it so.",
    }
    return grading.write_joint_grade(**{**values, **changes})


def say(world: World, who: str = "staff_chair", *, confirmed: bool = True, **changes: Any) -> JointAnswer:
    values = {
        "actor": world.people[who],
        "assessed_outcome": world.outcome("4.1"),
        "panel": panel_of(world, who),
        "confirmed": confirmed,
        "reason": "" if confirmed else "We do not.",
    }
    return grading.answer_joint_grade(**{**values, **changes})


def local(world: World) -> LocalInterestsGrade | None:
    return current_local_interests_grade(world.outcome("4.1"))


def test_the_last_confirmation_makes_the_local_interests_grade_and_what_follows(world: World) -> None:
    """The proposal is Achieving, and so is the joint grade: agreed at once."""
    differing(world, governors=E)
    row = write(world)
    say(world, "staff_chair")
    assert local(world) is None
    say(world, "outsider")
    made = local(world)
    assert made is not None
    assert (made.grade.code, made.rule, made.joint, made.reason) == (A, "joint", row, row.reason)
    assert made.joint.actor == world.community_chair
    assert {answer.actor for answer in made.joint.answers.all()} == {world.staff_chair, world.outsider}
    assert AgreedGrade.objects.get().closed_by == AgreedGrade.ClosedBy.EQUAL


def test_a_panel_that_declined_to_grade_is_not_asked(world: World) -> None:
    differing(world, governors=None)
    write(world)
    with no("chairs' of the panels that graded"):
        say(world, "outsider")
    say(world, "staff_chair")
    assert local(world) is not None


def test_a_newer_panel_grade_or_joint_grade_leaves_confirmations_behind(world: World) -> None:
    differing(world, governors=E)
    write(world)
    say(world, "staff_chair")
    world.panel_grade("staff_chair", "4.1", U, "We think the same, in other words.")
    with no("No joint grade waits"):
        say(world, "outsider")
    write(world)
    say(world, "outsider")
    assert local(world) is None, "the staff side's earlier yes was to another one"
    write(world, "staff_chair", D)
    say(world, "outsider")
    assert local(world) is None
    say(world, "community_chair")
    assert local(world).grade.code == D  # type: ignore[union-attr]


def test_a_chair_may_decline_with_words_and_come_round(world: World) -> None:
    differing(world)
    write(world)
    with no("Say why you do not confirm", "reason"):
        say(world, confirmed=False, reason=" ")
    say(world, confirmed=False)
    assert local(world) is None
    assert [row.reason for row in joint_states([world.outcome("4.1")])[world.outcomes["4.1"].pk].declined] == [
        "We do not."
    ]
    say(world)
    assert local(world) is not None
    with no("All chairs have confirmed"):
        say(world, confirmed=False)


def test_another_joint_grade_takes_the_place_of_one_that_counts(world: World) -> None:
    differing(world)
    write(world)
    say(world)
    write(world, grade=D)
    assert local(world).grade.code == A, "until the others have confirmed it"  # type: ignore[union-attr]
    say(world)
    assert local(world).grade.code == D  # type: ignore[union-attr]


def test_the_noes(world: World) -> None:
    world.to_agreeing()
    with no("settled by another rule"):
        write(world)


def test_more_noes(world: World) -> None:
    differing(world)
    with no("No joint grade waits"):
        say(world)
    with no("reasons for the joint grade", "reason"):
        write(world, reason=" ")
    for who in ("lead", "reviewer", "organiser", "outsider", "community_chair"):
        with no("chairs' of the panels that graded"):
            write(world, actor=world.people[who], panel=world.staff)
    write(world, expected_seq=0)
    before = counts()
    write(world)
    assert counts() == before, "the same twice is one"
    with no("Another joint grade was written", kind=Stale):
        write(world, grade=D, expected_seq=0)
    with no("Your panel wrote"):
        say(world, "community_chair")
    with no("chairs' of the panels that graded"):
        say(world, actor=world.lead)
    with no("Another joint grade was written", kind=Stale):
        say(world, expected_seq=7)
    world.panel_grade("staff_chair", "4.1", D)
    with no("once every panel has given its grade and the grades differ"):
        write(world)
    world.move(Phase.REVIEWING, "Once more.")
    with no("not being agreed"):
        say(world)


def pass_deadline(world: World) -> None:
    round_ = Round.objects.get(pk=world.round.pk)
    round_.review_by = round_.agree_by = today() - datetime.timedelta(days=1)
    round_.record(actor=world.lead, reason="The dates passed")


def test_without_a_joint_grade_the_lower_counts_at_the_deadline(world: World) -> None:
    """Two chairs who do not agree hold nothing back, and neither does the organisation by its silence."""
    differing(world)
    write(world)
    say(world, confirmed=False)
    assert grading.settle_overdue(today()) == 0
    pass_deadline(world)
    assert grading.settle_overdue(today()) == 1
    assert grading.settle_overdue(today()) == 0
    outcome = world.outcome("4.1")
    grades = outcome_grades([outcome])[outcome.pk]
    assert grades.local is not None
    assert (grades.local.grade.code, grades.local.rule) == (U, "lower_at_deadline")
    assert "no joint grade in time" in grades.local.get_rule_display()
    assert grades.agreed is not None
    assert grades.agreed.closed_by == AgreedGrade.ClosedBy.DEADLINE


def test_after_the_deadline_the_chairs_may_still_agree(world: World) -> None:
    differing(world)
    pass_deadline(world)
    grading.settle_overdue(today())
    write(world)
    say(world)
    assert (local(world).grade.code, local(world).rule) == (A, "joint")  # type: ignore[union-attr]
    world.panel_grade("staff_chair", "4.1", U, "In other words.")
    assert (local(world).grade.code, local(world).rule) == (U, "lower_at_deadline")  # type: ignore[union-attr]


@pytest.mark.engine
class TestAttacks:
    def refused(self, model: Any, words: str, **values: Any) -> None:
        for insert in PATHS.values():
            with pytest.raises(IntegrityError, match=words), transaction.atomic():
                insert(model, **values)

    def joint(self, world: World, **changes: Any) -> dict[str, Any]:
        newest = PanelGrade.objects.filter(assessed_outcome=world.outcome("4.1")).latest("pk")
        values = {"actor": world.community_chair, "reason": "x", "assessed_outcome": world.outcome("4.1")}
        return {**values, "panel": world.community, "grade": world.grade(A), "based_on": newest, **changes}

    def made(self, world: World, row: JointGrade, **changes: Any) -> dict[str, Any]:
        values = {"actor": world.lead, "reason": "x", "assessed_outcome": world.outcome("4.1"), "rule": "joint"}
        return {**values, "grade": row.grade, "made_by": row.based_on, "joint": row, **changes}

    def test_a_joint_grade_is_a_chairs_of_the_present_grades(self, world: World) -> None:
        differing(world)
        old = PanelGrade.objects.filter(assessed_outcome=world.outcome("4.1")).earliest("pk")
        self.refused(JointGrade, "newest grades", **self.joint(world, based_on=old))
        self.refused(JointGrade, "by the chair", **self.joint(world, actor=world.lead))
        self.refused(JointGrade, "by the chair", **self.joint(world, panel=world.staff))
        for insert in PATHS.values():
            with transaction.atomic():
                insert(JointGrade, **self.joint(world))
                transaction.set_rollback(True)

    def test_nobody_answers_for_another_chair(self, world: World) -> None:
        differing(world)
        row = write(world)
        answer = {"joint": row, "reason": "x", "confirmed": True}
        for who in ("lead", "community_chair", "admin"):
            self.refused(JointAnswer, "another panel", **answer, actor=world.people[who], panel=world.staff)
        self.refused(JointAnswer, "another panel", **answer, actor=world.community_chair, panel=world.community)
        write(world, grade=D)
        self.refused(JointAnswer, "while it stands", **answer, actor=world.staff_chair, panel=world.staff)

    def test_the_local_grade_waits_for_all_chairs(self, world: World) -> None:
        differing(world, governors=E)
        row = write(world)
        self.refused(LocalInterestsGrade, "have confirmed", **self.made(world, row))
        say(world, "staff_chair")
        self.refused(LocalInterestsGrade, "have confirmed", **self.made(world, row))
        say(world, "outsider", confirmed=False)
        self.refused(LocalInterestsGrade, "have confirmed", **self.made(world, row))
        newer = write(world, grade=D)
        for joint in (row, newer):
            self.refused(LocalInterestsGrade, "have confirmed", **self.made(world, joint))

    def test_only_the_grade_that_was_confirmed(self, world: World) -> None:
        differing(world)
        row = write(world)
        say(world)
        for grade in (U, D, E):
            self.refused(LocalInterestsGrade, "have confirmed", **self.made(world, row, grade=world.grade(grade)))
        with pytest.raises(IntegrityError), transaction.atomic():
            PATHS["sql"](LocalInterestsGrade, **self.made(world, row, joint=None))
        for insert in PATHS.values():
            with transaction.atomic():
                insert(LocalInterestsGrade, **self.made(world, row))
                transaction.set_rollback(True)

    def test_the_lower_one_waits_for_the_deadline(self, world: World) -> None:
        differing(world)
        newest = PanelGrade.objects.filter(assessed_outcome=world.outcome("4.1")).latest("pk")
        values = {"actor": world.lead, "reason": "x", "assessed_outcome": world.outcome("4.1"), "made_by": newest}
        lower = {**values, "rule": "lower_at_deadline"}
        self.refused(LocalInterestsGrade, "deadline has passed", **lower, grade=world.grade(U))
        pass_deadline(world)
        self.refused(LocalInterestsGrade, "what its rule makes", **lower, grade=world.grade(D))
        with transaction.atomic():
            PATHS["sql"](LocalInterestsGrade, **lower, grade=world.grade(U))


def test_on_screen(world: World) -> None:
    differing(world)
    client = Client()
    base = f"/outcomes/{world.outcomes['4.1'].public_id}"

    def as_(who: str) -> Client:
        client.force_login(world.people[who], backend="django.contrib.auth.backends.ModelBackend")
        return client

    for who in ("community_chair", "staff_chair"):
        assert "Write a joint grade for 4.1" in as_(who).get("/").content.decode()
    written = {"version": "0", "grade": A, "reason": "Together we see it so."}
    page = as_("community_chair").post(f"{base}/panels/{world.community.public_id}/joint-grade/", written)
    assert page.status_code == 302
    assert "Write a joint grade" not in client.get("/").content.decode()
    assert "Confirm the joint grade for 4.1" in as_("staff_chair").get("/").content.decode()
    answer = f"{base}/panels/{world.staff.public_id}/joint-grade/answer/"
    assert "Together we see it so." in client.get(answer).content.decode()
    assert client.post(answer, {"version": "1", "answer": "decline"}).status_code == 422
    assert client.post(answer, {"version": "1", "answer": "confirm"}).status_code == 302
    page = as_("lead").get(f"{base}/").content.decode()
    assert "a joint grade of the panels&#x27; chairs" in page
    assert "Agreed:" in page
