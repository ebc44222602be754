"""Every no of the verbs of grading: the sentence, the field that it stands beside, and nothing written."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from eds.assessments import domain as assessments
from eds.assessments.models import Panel, PanelMember, Phase, Round
from eds.frameworks.models import Grade
from eds.frameworks.queries import latest_revision
from eds.history.errors import Stale
from eds.history.models import today
from evidence import domain as evidence
from grading import domain as grading
from grading.domain import FactorReason
from grading.models import AgreedGrade, PanelGrade, ProposedGrade, Review, ReviewDraft
from grading.queries import agreed_grades, local_interests_grades, outcome_grades
from grading.rules import Basis
from tests.noes import counts, no
from tests.world import A, D, E, U, World

pytestmark = pytest.mark.django_db


def other_edition(code: str = D) -> Grade:
    return Grade.objects.get(revision=latest_revision("eds-2022"), code=code)


def propose(world: World, **changes: Any) -> ProposedGrade:
    values = {
        "actor": world.lead,
        "assessed_outcome": world.outcome("4.1"),
        "grade": world.grade(D),
        "reasons": [FactorReason("outcome", "Outcome", "Because.")],
        "reason": "We thought again.",
    }
    return grading.propose_grade(**values | changes)


def review(world: World, **changes: Any) -> Review:
    values = {
        "actor": world.reviewer,
        "assessed_outcome": world.outcome("4.1"),
        "panel": world.community,
        "grade": world.grade(D),
        "reason": "My reasons.",
    }
    return grading.submit_review(**values | changes)


def panel_grade(world: World, **changes: Any) -> PanelGrade:
    values = {
        "actor": world.community_chair,
        "assessed_outcome": world.outcome("4.1"),
        "panel": world.community,
        "grade": world.grade(D),
        "reason": "The panel's reasons.",
        "why_not_median": "We weighed it again.",
    }
    return grading.record_panel_grade(**values | changes)


def reviewing(world: World, community: list[str | None], staff: str | None = D) -> World:
    """To agreeing, with these answers of the chair and the reviewer of the community panel, and of staff side, on 4.1."""
    world.to_reviewing()
    for who, answer in zip(("community_chair", "reviewer"), community, strict=False):
        world.review(who, "4.1", answer)
    world.review("staff_chair", "4.1", staff)
    world.move(Phase.AGREEING)
    return world


class TestProposing:
    def test_it_gives_reasons_under_a_factor(self, world: World) -> None:
        with no("under at least one factor", "reasons"):
            propose(world, reasons=[])
        with no("under at least one factor", "reasons"):
            propose(world, reasons=[FactorReason("outcome", "Outcome", "  \n"), FactorReason("", "More", "")])

    def test_a_grade_of_another_edition(self, world: World) -> None:
        with no("one of this edition's grades", "grade"):
            propose(world, grade=other_edition())

    def test_a_change_says_why(self, world: World) -> None:
        propose(world, reason="")
        with no("why the proposal changes", "reason"):
            propose(world, grade=world.grade(A), reason=" ")
        with no("why the proposal changes", "reason"):
            propose(world, reasons=[FactorReason("outcome", "Outcome", "Other words.")], reason="")

    def test_a_stale_form(self, world: World) -> None:
        propose(world, expected_seq=0)
        with no("Somebody else changed the proposal", kind=Stale):
            propose(world, grade=world.grade(A), expected_seq=0)
        assert propose(world, grade=world.grade(A), expected_seq=1).seq == 2

    def test_the_same_twice_is_one(self, world: World) -> None:
        first = propose(world, expected_seq=0)
        before = counts()
        assert propose(world, expected_seq=0) == first
        assert counts() == before

    def test_it_is_frozen_while_reviewing_lasts_and_once_agreed(self, world: World) -> None:
        world.to_reviewing()
        with no("frozen"):
            propose(world)
        world.move(Phase.PREPARING, "More evidence.")
        propose(world, grade=world.grade(D))
        world.move(Phase.REVIEWING)
        for who in ("community_chair", "reviewer", "staff_chair"):
            for code in ("4.1", "4.2"):
                world.review(who, code, D)
        world.move(Phase.AGREEING)
        for who in ("community_chair", "staff_chair"):
            for code in ("4.1", "4.2"):
                world.panel_grade(who, code, D)
        world.move(Phase.AGREED)
        with no("frozen"):
            propose(world, grade=world.grade(E))


class TestReviewing:
    def test_it_needs_reasons(self, world: World) -> None:
        world.to_reviewing()
        with no("reasons for your answer", "reason"):
            review(world, reason=" \n ")

    def test_a_grade_of_another_edition(self, world: World) -> None:
        world.to_reviewing()
        with no("one of this edition's grades", "grade"):
            review(world, grade=other_edition())

    def test_it_ends_with_the_phase(self, world: World) -> None:
        world.prepare()
        with no("closed"):
            review(world)
        world.move(Phase.REVIEWING)
        review(world)
        world.move(Phase.AGREEING)
        with no("closed"):
            review(world, reason="Too late.")
        with no("closed"):
            grading.save_draft(
                actor=world.reviewer,
                assessed_outcome=world.outcome("4.1"),
                panel=world.community,
                answer=D,
                text="Too late.",
            )

    def test_a_form_that_was_opened_before_the_phase_closed(self, world: World) -> None:
        """What the page had read is not asked again: the lock reads the phase afresh."""
        world.to_reviewing()
        opened = world.outcome("4.1")
        world.move(Phase.AGREEING)
        assert opened.round.phase == Phase.REVIEWING
        with no("closed"):
            review(world, assessed_outcome=opened)

    @pytest.mark.parametrize("who", ["staff_chair", "lead", "contributor", "outsider", "board", "admin"])
    def test_only_members_of_the_panel(self, world: World, who: str) -> None:
        world.to_reviewing()
        with no("members of a panel that grades this outcome"):
            review(world, actor=world.people[who])

    def test_an_organiser_reviews_nothing(self, world: World) -> None:
        assessments.add_panel_member(
            actor=world.lead, panel=world.community, user=world.outsider, role=PanelMember.Role.ORGANISER
        )
        world.to_reviewing()
        with no("members of a panel"):
            review(world, actor=world.outsider)

    def test_who_left_the_panel_writes_no_more_and_what_they_wrote_stays(self, world: World) -> None:
        world.to_reviewing()
        kept = review(world)
        member = world.community.members.get(user=world.reviewer)
        assessments.end_panel_member(actor=world.lead, member=member, reason="Moved away.")
        with no("members of a panel"):
            review(world, reason="One more thought.")
        assert Review.objects.get(reviewer=world.reviewer) == kept

    def test_a_stale_form(self, world: World) -> None:
        world.to_reviewing()
        review(world, expected_seq=0)
        with no("in another window", kind=Stale):
            review(world, reason="Other words.", expected_seq=0)
        assert review(world, reason="Other words.", expected_seq=1).seq == 2

    def test_the_same_twice_is_one(self, world: World) -> None:
        world.to_reviewing()
        first = review(world, expected_seq=0)
        before = counts()
        assert review(world, expected_seq=0) == first
        assert counts() == before

    def test_a_draft_goes_when_the_review_is_in(self, world: World) -> None:
        world.to_reviewing()
        words = {"actor": world.reviewer, "assessed_outcome": world.outcome("4.1"), "panel": world.community}
        draft = grading.save_draft(**words, answer="", text="So far.")
        with no("in another window", kind=Stale):
            grading.save_draft(**words, answer="", text="Elsewhere.", expected_version=draft.version + 1)
        assert grading.save_draft(**words, answer=D, text="Further.", expected_version=draft.version).version == 2
        review(world)
        assert not ReviewDraft.objects.exists()

    def test_it_stores_the_versions_that_were_shown(self, world: World) -> None:
        world.to_reviewing()
        assert world.item is not None
        pinned = evidence.latest_version(world.item)
        evidence.correct_item(
            actor=world.contributor,
            item=world.item,
            content=evidence.EvidenceText("Board training", "Ten of ten."),
            sharing="public",
            reason="One more was trained.",
            expected_version=1,
        )
        corrected = evidence.latest_version(world.item)
        assert review(world).evidence_versions == [pinned.pk, corrected.pk]


class TestPanelGrades:
    def test_it_needs_reasons(self, world: World) -> None:
        world.to_agreeing()
        with no("panel's reasons", "reason"):
            panel_grade(world, reason="")
        with no("panel's reasons", "reason"):
            panel_grade(world, grade=None, reason="  ")

    def test_only_while_grades_are_being_agreed(self, world: World) -> None:
        world.to_reviewing()
        with no("not being agreed"):
            panel_grade(world)

    def test_a_grade_of_another_edition(self, world: World) -> None:
        world.to_agreeing()
        with no("one of this edition's grades", "grade"):
            panel_grade(world, grade=other_edition())

    def test_only_outcomes_of_the_remit(self, world: World) -> None:
        assessments.change_panel(
            actor=world.lead,
            panel=world.staff,
            plan=assessments.PanelPlan("Staff side", world.staff.kind, [world.outcome("4.2")], 1),
            expected_version=None,
            reason="4.1 is not for them.",
        )
        world.prepare()
        world.move(Phase.REVIEWING)
        world.move(Phase.AGREEING)
        with no("not in the panel's remit"):
            panel_grade(world, panel=world.staff, actor=world.staff_chair)

    def test_a_stale_form(self, world: World) -> None:
        world.to_agreeing()
        panel_grade(world, expected_seq=0)
        with no("changed since you opened", kind=Stale):
            panel_grade(world, grade=world.grade(U), expected_seq=0)

    def test_the_same_twice_is_one(self, world: World) -> None:
        world.to_agreeing()
        first = panel_grade(world, expected_seq=0)
        before = counts()
        assert panel_grade(world, expected_seq=0) == first
        assert counts() == before

    @pytest.mark.parametrize("community", [[D], [None, None], [D, None], []])
    def test_where_evidence_lacks_only_two_things_can_be_recorded(
        self, world: World, community: list[str | None]
    ) -> None:
        reviewing(world, community)
        for grade in (D, A, E, U):
            with no("Too few of the panel gave a grade", "grade"):
                panel_grade(world, grade=world.grade(grade))
        for grade in (D, A, E):
            with no("only the lowest grade", "grade"):
                panel_grade(world, grade=world.grade(grade), for_lack_of_evidence=True)
        assert panel_grade(world, grade=world.grade(U), for_lack_of_evidence=True).for_lack_of_evidence
        assert panel_grade(world, grade=None).kind == PanelGrade.Kind.DECLINED

    def test_lack_of_evidence_is_undeveloped_and_nothing_else(self, world: World) -> None:
        world.to_agreeing()
        for grade in (D, A, E):
            with no("only the lowest grade", "grade"):
                panel_grade(world, grade=world.grade(grade), for_lack_of_evidence=True)

    @pytest.mark.parametrize(
        ("rule", "answers", "allowed"),
        [
            (Panel.Rule.MEDIAN, [D, A], [D]),
            (Panel.Rule.MEDIAN, [E, U], [U]),
            (Panel.Rule.MEDIAN, [A, A], [A]),
            (Panel.Rule.MAJORITY, [A, A], [A]),
            (Panel.Rule.MAJORITY, [A, D], [U, D, A, E]),
            (Panel.Rule.CONSENSUS, [A, A], [U, D, A, E]),
        ],
    )
    def test_the_panels_own_rule(self, world: World, rule: str, answers: list[str], allowed: list[str]) -> None:
        assessments.change_panel(
            actor=world.lead,
            panel=world.community,
            plan=assessments.PanelPlan(
                "Healthwatch", world.community.kind, [world.outcome("4.1"), world.outcome("4.2")], 2, rule
            ),
            expected_version=None,
            reason="The panel chose so.",
        )
        reviewing(world, list(answers))
        world.community = Panel.objects.get(pk=world.community.pk)
        for grade in (U, D, A, E):
            if grade in allowed:
                assert panel_grade(world, grade=world.grade(grade)).grade.code == grade
            else:
                with no("gives another grade", "grade"):
                    panel_grade(world, grade=world.grade(grade))


class TestAgreeing:
    def test_a_statement_needs_words_and_something_to_differ_about(self, world: World) -> None:
        world.to_agreeing()
        with no("Write the statement", "text"):
            world.say("lead", "4.1", " ")
        with no("Both sides' grades are needed"):
            world.say("lead", "4.1", "Our view.")
        for who in ("community_chair", "staff_chair"):
            world.panel_grade(who, "4.2", D)
        with no("same grade, so no statement is needed"):
            world.say("lead", "4.2", "Our view.")
        world.move(Phase.REVIEWING, "Once more.")
        with no("not being agreed"):
            world.say("lead", "4.1", "Our view.")

    def test_the_same_statement_twice_is_one(self, world: World) -> None:
        world.to_agreeing()
        for who in ("community_chair", "staff_chair"):
            world.panel_grade(who, "4.1", D)
        first = world.say("lead", "4.1", "Our view.")
        before = counts()
        assert world.say("lead", "4.1", "Our view.") == first
        assert counts() == before

    def test_one_sides_statements_close_nothing(self, world: World) -> None:
        world.to_agreeing()
        for who in ("community_chair", "staff_chair"):
            world.panel_grade(who, "4.1", D)
        world.say("lead", "4.1", "Our view.")
        world.say("lead", "4.1", "Our view, again.")
        assert not AgreedGrade.objects.exists()
        world.say("staff_chair", "4.1", "Ours.")
        assert AgreedGrade.objects.get().closed_by == AgreedGrade.ClosedBy.STATEMENTS

    def test_the_last_panels_grade_agrees_equal_grades_at_once(self, world: World) -> None:
        world.to_agreeing()
        world.panel_grade("community_chair", "4.2", D)
        assert not AgreedGrade.objects.exists()
        world.panel_grade("staff_chair", "4.2", D)
        assert AgreedGrade.objects.get().closed_by == AgreedGrade.ClosedBy.EQUAL

    def test_a_proposal_that_meets_the_grade_agrees_it_at_once(self, world: World) -> None:
        world.to_agreeing()
        for who in ("community_chair", "staff_chair"):
            world.panel_grade(who, "4.1", D)
        propose(world, grade=world.grade(D))
        grades = outcome_grades([world.outcome("4.1")])[world.outcome("4.1").pk]
        assert grades.basis is Basis.ORGANISATION_MOVED

    def test_a_proposal_that_met_the_grade_before_the_round_came_back_is_agreed_on_the_move(self, world: World) -> None:
        """Or the outcome would wait for statements that nobody may give."""
        world.to_agreeing()
        for who in ("community_chair", "staff_chair"):
            world.panel_grade(who, "4.1", D)
        world.move(Phase.REVIEWING, "A figure was wrong.")
        world.move(Phase.PREPARING, "A figure was wrong.")
        propose(world, grade=world.grade(D))
        assert not agreed_grades([world.outcome("4.1")])
        world.move(Phase.REVIEWING)
        world.move(Phase.AGREEING)
        assert agreed_grades([world.outcome("4.1")])

    @pytest.mark.parametrize(
        ("panels", "proposes", "basis"),
        [
            ([D], None, Basis.PREVAILED),
            ([A], None, Basis.FROM_THE_START),
            ([D, A], None, Basis.LOCAL_INTERESTS_MOVED),
            ([D], D, Basis.ORGANISATION_MOVED),
            ([U, D], D, Basis.BOTH_MOVED),
        ],
    )
    def test_the_basis_that_is_printed(
        self, world: World, panels: list[str], proposes: str | None, basis: Basis
    ) -> None:
        world.to_agreeing()
        for number, grade in enumerate(panels):
            for who in ("community_chair", "staff_chair"):
                world.panel_grade(who, "4.1", grade, f"Reasons {number}")
        if proposes:
            propose(world, grade=world.grade(proposes))
        if basis is Basis.PREVAILED:
            world.say("lead", "4.1", "Our view.")
            world.say("community_chair", "4.1", "Ours.")
        outcome = world.outcome("4.1")
        assert outcome_grades([outcome])[outcome.pk].basis is basis

    def test_a_panel_that_declines_leaves_the_other_one(self, world: World) -> None:
        world.to_agreeing()
        world.panel_grade("community_chair", "4.1", None)
        world.panel_grade("staff_chair", "4.1", A)
        local = local_interests_grades([world.outcome("4.1")])[world.outcome("4.1").pk]
        assert (local.grade.code, local.rule) == (A, "only_panel")

    def test_declined_by_all_is_closed_and_never_agreed(self, world: World) -> None:
        world.to_agreeing()
        for who in ("community_chair", "staff_chair"):
            world.panel_grade(who, "4.1", None)
        outcome = world.outcome("4.1")
        grades = outcome_grades([outcome])[outcome.pk]
        assert grades.closed
        assert grades.agreed is None
        assert grades.local is None

    def test_the_deadline_agrees_what_nobody_spoke_to(self, world: World) -> None:
        world.to_agreeing()
        for who in ("community_chair", "staff_chair"):
            world.panel_grade(who, "4.1", D)
        world.panel_grade("community_chair", "4.2", D)
        assert grading.settle_overdue(today()) == 0
        round_ = Round.objects.get(pk=world.round.pk)
        round_.review_by = round_.agree_by = today() - datetime.timedelta(days=1)
        round_.record(actor=world.lead, reason="The dates passed.")
        assert grading.settle_overdue(round_.agree_by) == 0, "the day itself still counts"
        assert grading.settle_overdue(today()) == 1
        assert grading.settle_overdue(today()) == 0
        row = AgreedGrade.objects.get()
        assert row.assessed_outcome == world.outcomes["4.1"]
        assert (row.closed_by, row.local_interests_grade.grade.code) == (AgreedGrade.ClosedBy.DEADLINE, D)
        assert row.actor == world.staff_chair
        assert "deadline" in row.reason

    def test_not_graded_is_for_outcomes_without_a_panel(self, world: World) -> None:
        world.to_agreeing()
        with no("Say why", "reason"):
            grading.record_not_graded(actor=world.lead, assessed_outcome=world.outcome("4.1"), reason=" ")
        with no("A panel grades this outcome"):
            grading.record_not_graded(actor=world.lead, assessed_outcome=world.outcome("4.1"), reason="Nobody came.")

    def test_names_are_opened_after_the_reveal_only(self, world: World) -> None:
        world.to_reviewing()
        with no("after the reveal"):
            grading.open_names(
                actor=world.community_chair, assessed_outcome=world.outcome("4.1"), panel=world.community
            )
