"""Every verb's noes: the sentence, the field that it stands beside, and nothing written."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from eds.assessments import domain as assessments
from eds.assessments.domain.phases import ConditionsUnmet
from eds.assessments.models import AssessedOutcome, Panel, PanelKind, PanelMember, Phase, Round, ScopeDecision
from eds.frameworks.models import Grade
from eds.frameworks.queries import latest_revision
from eds.history.errors import DomainError, Stale
from eds.history.models import today
from evidence import domain as evidence
from grading import domain as grading
from grading.domain import FactorReason
from grading.models import AgreedGrade, PanelGrade, ProposedGrade, Review, ReviewDraft, Statement
from grading.queries import agreed_grades, local_interests_grades, outcome_grades
from grading.rules import Basis
from reports import domain as reports
from reports.models import SignOff
from tests.world import A, D, E, U, World

pytestmark = pytest.mark.django_db

TABLES = [model._meta.db_table for model in apps.get_models(include_auto_created=True)]


def counts() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f'(SELECT COUNT(*) FROM "{table}")' for table in TABLES))
        return dict(zip(TABLES, cursor.fetchone(), strict=True))


@contextmanager
def no(words: str, field: str | None = None, kind: type[DomainError] = DomainError) -> Iterator[Any]:
    """Assert that the verb says no in these words, beside this field, and has written nothing."""
    before = counts()
    with pytest.raises(kind) as raised:
        yield raised
    assert words in raised.value.sentence
    assert raised.value.sentence.endswith(".")
    assert raised.value.field == field
    assert counts() == before


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
        assert review(world).evidence_versions == [pinned.pk]


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


class TestMoving:
    def test_the_conditions_are_named(self, world: World) -> None:
        with no("cannot move yet", kind=ConditionsUnmet) as raised:
            world.move(Phase.REVIEWING)
        assert [unmet.id for unmet in raised.value.unmet] == ["outcome.proposal", "outcome.proposal"]
        assert [unmet.sentence for unmet in raised.value.unmet] == [
            "4.1 has no proposed grade.",
            "4.2 has no proposed grade.",
        ]

    def test_a_panel_without_chair_or_quorum(self, world: World) -> None:
        world.prepare()
        for member in world.community.members.all():
            assessments.end_panel_member(actor=world.lead, member=member, reason="")
        with no("cannot move yet", kind=ConditionsUnmet) as raised:
            world.move(Phase.REVIEWING)
        assert [unmet.id for unmet in raised.value.unmet] == ["panel.chair", "panel.quorum"]
        assert all(unmet.url for unmet in raised.value.unmet)

    def test_a_round_without_outcome_and_panel(self, world: World) -> None:
        world.prepare()
        assessments.leave_out(actor=world.lead, outcomes=world.outcomes.values(), reason="Not this year.")
        with no("cannot move yet", kind=ConditionsUnmet) as raised:
            world.move(Phase.REVIEWING)
        assert "round.outcomes" in [unmet.id for unmet in raised.value.unmet]
        spare = AssessedOutcome.objects.filter(assessment=world.assessment, round__isnull=True).earliest("pk")
        assessments.decide_scope(
            actor=world.lead, assessed_outcome=spare, scope=ScopeDecision.Scope.IN_SCOPE, reason=""
        )
        world.round = assessments.plan_round(
            actor=world.lead,
            assessment=world.refreshed(),
            plan=assessments.RoundPlan(name="Alone", outcomes=[spare], agree_by=today()),
        )
        with no("cannot move yet", kind=ConditionsUnmet) as raised:
            world.move(Phase.REVIEWING)
        assert [unmet.id for unmet in raised.value.unmet] == ["outcome.proposal"]

    def test_what_is_not_agreed_keeps_the_round(self, world: World) -> None:
        world.to_agreeing()
        with no("waits for the grade of Healthwatch and Staff side", kind=ConditionsUnmet) as raised:
            world.move(Phase.AGREED)
        assert [unmet.id for unmet in raised.value.unmet] == ["outcome.agreed", "outcome.agreed"]
        for who in ("community_chair", "staff_chair"):
            for code in ("4.1", "4.2"):
                world.panel_grade(who, code, D)
        with no("4.1 waits for both sides' statements", kind=ConditionsUnmet) as raised:
            world.move(Phase.AGREED)
        assert len(raised.value.unmet) == 1

    def test_an_outcome_in_no_round_keeps_the_last_round(self, world: World) -> None:
        spare = AssessedOutcome.objects.filter(assessment=world.assessment, round__isnull=True).earliest("pk")
        world.to_settled()
        assessments.decide_scope(
            actor=world.lead, assessed_outcome=spare, scope=ScopeDecision.Scope.IN_SCOPE, reason=""
        )
        with no("in no round", kind=ConditionsUnmet) as raised:
            world.move(Phase.AGREED)
        assert [unmet.id for unmet in raised.value.unmet] == ["outcome.round"]

    @pytest.mark.parametrize("target", [Phase.AGREEING, Phase.AGREED, Phase.PREPARING])
    def test_no_jump(self, world: World, target: Phase) -> None:
        world.prepare()
        with no("one phase at a time", "to_phase"):
            world.move(target, "In a hurry.")

    def test_back_only_with_a_reason(self, world: World) -> None:
        world.to_agreeing()
        with no("Say why the round goes back", "reason"):
            world.move(Phase.REVIEWING, "  ")
        world.move(Phase.REVIEWING, "A figure was wrong.")
        change = world.round.phase_changes.latest("seq")
        assert (change.from_phase, change.to_phase, change.reason) == ("agreeing", "reviewing", "A figure was wrong.")

    def test_a_page_that_is_out_of_date(self, world: World) -> None:
        world.to_agreeing()
        with no("The round has moved meanwhile: it is agreeing now"):
            assessments.move_phase(
                actor=world.lead, round=world.round, to_phase=Phase.AGREEING, from_phase=Phase.REVIEWING
            )

    def test_a_published_report_holds_its_rounds(self, world: World) -> None:
        world.to_published()
        with no("Reopen the assessment"):
            world.move(Phase.AGREEING, "A mistake.")


class TestSettingUp:
    def test_leaving_out_needs_a_reason(self, world: World) -> None:
        for scope in (ScopeDecision.Scope.LEFT_OUT, ScopeDecision.Scope.NOT_APPLICABLE):
            with no("Say why", "reason"):
                assessments.decide_scope(
                    actor=world.lead, assessed_outcome=world.outcome("4.1"), scope=scope, reason=" "
                )
        with no("Say why", "reason"):
            assessments.leave_out(actor=world.lead, outcomes=world.outcomes.values(), reason="")

    def test_nothing_is_left_out_of_a_round_that_has_opened(self, world: World) -> None:
        world.to_reviewing()
        with no("has been opened"):
            assessments.leave_out(actor=world.lead, outcomes=world.outcomes.values(), reason="Too hard.")

    def test_all_or_none_is_left_out(self, world: World) -> None:
        """The last of several is in an opened round: the first is not left out either."""
        spare = AssessedOutcome.objects.filter(assessment=world.assessment, round__isnull=True).earliest("pk")
        world.to_reviewing()
        with no("has been opened"):
            assessments.leave_out(actor=world.lead, outcomes=[spare, world.outcome("4.1")], reason="Too hard.")

    def test_one_assessment_a_year(self, world: World) -> None:
        with no("already has an assessment of", "year"):
            assessments.open_assessment(
                actor=world.lead, organisation=world.trust, revision=world.revision, year=world.assessment.year
            )

    def test_a_round_needs_outcomes_and_a_date(self, world: World) -> None:
        def plan(**changes: Any) -> Callable[[], Round]:
            values = {"name": "More", "outcomes": list(world.outcomes.values()), "agree_by": today()}
            return assessments.plan_round(
                actor=world.lead,
                assessment=world.refreshed(),
                plan=assessments.RoundPlan(**values | changes),
            )

        with no("at least one outcome", "outcomes"):
            plan(outcomes=[])
        with no("date by which grades are agreed", "agree_by"):
            plan(agree_by=None)
        with no("must not be before", "agree_by"):
            plan(review_by=today() + datetime.timedelta(days=1))
        with no("a round of that name", "name"):
            plan(name="Leadership")
        spare = AssessedOutcome.objects.filter(assessment=world.assessment, round__isnull=True).earliest("pk")
        with no("not in scope", "outcomes"):
            plan(outcomes=[spare])

    def test_a_round_that_has_opened_keeps_its_outcomes(self, world: World) -> None:
        """Also after it went back: elsewhere its reviews would count as never revealed."""
        world.to_agreeing()
        plan = assessments.RoundPlan(name="More", outcomes=[world.outcome("4.1")], agree_by=today())
        with no("has been opened"):
            assessments.plan_round(actor=world.lead, assessment=world.refreshed(), plan=plan)
        for phase in (Phase.REVIEWING, Phase.PREPARING):
            world.move(phase, "Something is missing.")
        with no("has been revealed once", "outcomes"):
            assessments.plan_round(actor=world.lead, assessment=world.refreshed(), plan=plan)

    def test_a_panel_needs_outcomes_and_a_name_of_its_own(self, world: World) -> None:
        kind = PanelKind.objects.get(code="staff-side")
        for words, field, plan in (
            ("at least one outcome", "outcomes", assessments.PanelPlan("More", kind, [])),
            ("a panel of that name", "name", assessments.PanelPlan("Staff side", kind, [world.outcome("4.1")])),
        ):
            with no(words, field):
                assessments.add_panel(actor=world.lead, assessment=world.refreshed(), plan=plan)

    def test_a_panels_grounds_are_fixed_once_its_round_has_opened(self, world: World) -> None:
        world.to_reviewing()
        plan = assessments.PanelPlan("Healthwatch", world.community.kind, [world.outcome("4.1")], 1)
        with no("has been opened"):
            assessments.change_panel(
                actor=world.lead, panel=world.community, plan=plan, expected_version=None, reason="Fewer."
            )
        with no("has been opened"):
            assessments.add_panel(
                actor=world.lead,
                assessment=world.refreshed(),
                plan=assessments.PanelPlan("More", world.staff.kind, [world.outcome("4.1")]),
            )

    def test_a_stale_panel_form(self, world: World) -> None:
        plan = assessments.PanelPlan("Healthwatch", world.community.kind, [world.outcome("4.1")], 2)
        words = {"actor": world.lead, "plan": plan, "reason": "Fewer."}
        version = world.community.version
        assessments.change_panel(panel=Panel.objects.get(pk=world.community.pk), expected_version=version, **words)
        with no("Somebody else changed this", kind=Stale):
            assessments.change_panel(panel=Panel.objects.get(pk=world.community.pk), expected_version=version, **words)


class TestPanelPeople:
    @pytest.mark.parametrize("who", ["lead", "deputy", "sponsor", "board"])
    @pytest.mark.parametrize("role", PanelMember.Role.values)
    def test_lead_and_board_review_nothing_of_their_own(self, world: World, who: str, role: str) -> None:
        with no("review nothing of their own organisation", "user"):
            assessments.add_panel_member(actor=world.lead, panel=world.staff, user=world.people[who], role=role)

    def test_no_employee_chairs_a_panel_of_the_community(self, world: World) -> None:
        chair = world.community.members.get(role=PanelMember.Role.CHAIR)
        assessments.end_panel_member(actor=world.lead, member=chair, reason="")
        with no("employee of the organisation cannot chair", "user"):
            assessments.add_panel_member(
                actor=world.lead, panel=world.community, user=world.contributor, role=PanelMember.Role.CHAIR
            )
        # Somebody else's lead is nobody's employee here.
        assessments.add_panel_member(
            actor=world.lead, panel=world.community, user=world.outsider, role=PanelMember.Role.CHAIR
        )

    def test_an_employee_may_chair_staff_side(self, world: World) -> None:
        chair = world.staff.members.get(role=PanelMember.Role.CHAIR)
        assert chair.user.memberships.get().role == "employee"

    def test_one_chair_and_one_place_a_person(self, world: World) -> None:
        with no("has a chair already", "role"):
            assessments.add_panel_member(
                actor=world.lead, panel=world.community, user=world.outsider, role=PanelMember.Role.CHAIR
            )
        with no("on this panel already", "user"):
            assessments.add_panel_member(actor=world.lead, panel=world.community, user=world.reviewer)

    def test_after_opening_a_change_needs_a_reason(self, world: World) -> None:
        world.to_reviewing()
        with no("say why the panel changes", "reason"):
            assessments.add_panel_member(actor=world.lead, panel=world.community, user=world.outsider, reason=" ")
        member = world.community.members.get(user=world.reviewer)
        with no("say why the panel changes", "reason"):
            assessments.end_panel_member(actor=world.lead, member=member, reason="")
        assessments.add_panel_member(
            actor=world.lead, panel=world.community, user=world.outsider, reason="One more voice."
        )
        kept = PanelMember.history.filter(user=world.outsider).latest("history_date")
        assert (kept.history_change_reason, kept.history_user) == ("One more voice.", world.lead)

    def test_nobody_contributes_twice(self, world: World) -> None:
        with no("contributes to 4.1 already", "user"):
            assessments.add_contributor(
                actor=world.lead, assessed_outcome=world.outcome("4.1"), user=world.contributor, for_what="More"
            )


class TestEvidence:
    def test_it_needs_a_title_and_a_text(self, world: World) -> None:
        for content in (evidence.EvidenceText(" ", "Text"), evidence.EvidenceText("Title", "")):
            with no("needs a title and a text", "text"):
                evidence.write_and_cite(actor=world.contributor, assessed_outcome=world.outcome("4.1"), content=content)

    def test_a_correction_needs_a_reason_and_the_newest_form(self, world: World) -> None:
        world.prepare()
        words = {
            "actor": world.contributor,
            "item": world.item,
            "content": evidence.EvidenceText("Board training", "Ten of ten."),
            "sharing": "public",
        }
        with no("what you changed and why", "reason"):
            evidence.correct_item(**words, reason=" ", expected_version=1)
        evidence.correct_item(**words, reason="One more.", expected_version=1)
        with no("Somebody else changed this evidence", kind=Stale):
            evidence.correct_item(**words, reason="One more.", expected_version=1)

    def test_it_is_cited_once_and_before_the_round_opens(self, world: World) -> None:
        world.prepare()
        with no("cited for the outcome already", "item"):
            evidence.cite(actor=world.contributor, assessed_outcome=world.outcome("4.1"), item=world.item)
        foreign = evidence.write_item(
            actor=world.outsider, organisation=world.other_trust, content=evidence.EvidenceText("Theirs", "Text")
        )
        with no("another organisation", "item"):
            evidence.cite(actor=world.contributor, assessed_outcome=world.outcome("4.1"), item=foreign)
        world.move(Phase.REVIEWING)
        with no("has been opened"):
            evidence.write_and_cite(
                actor=world.contributor,
                assessed_outcome=world.outcome("4.1"),
                content=evidence.EvidenceText("Late", "Text"),
            )
        citation = world.outcome("4.1").citations.get()
        with no("has been opened"):
            evidence.remove_citation(actor=world.lead, citation=citation)

    def test_a_summary_is_short_and_fixed_at_opening(self, world: World) -> None:
        world.prepare()
        with no("151 words", "text"):
            evidence.write_summary(actor=world.lead, assessed_outcome=world.outcome("4.1"), text="word " * 151)
        evidence.write_summary(actor=world.lead, assessed_outcome=world.outcome("4.1"), text="word " * 150)
        with no("Somebody else changed this", kind=Stale):
            evidence.write_summary(
                actor=world.lead, assessed_outcome=world.outcome("4.1"), text="Other.", expected_version=1
            )
        world.move(Phase.REVIEWING)
        with no("has been opened"):
            evidence.write_summary(actor=world.lead, assessed_outcome=world.outcome("4.1"), text="Other.")


class TestPublishing:
    def test_nothing_is_signed_or_published_before_every_round_is_agreed(self, world: World) -> None:
        world.to_settled()
        with no("signed off once every round is agreed"):
            world.sign()
        with no("published once every round is agreed"):
            world.publish()

    def test_a_refusal_says_why_and_holds_the_report(self, world: World) -> None:
        world.to_agreed()
        with no("Say why the report is not signed off", "reason"):
            world.sign(SignOff.Decision.REFUSED, " ")
        world.sign(SignOff.Decision.REFUSED, "The summary is too kind.")
        with no("has not signed off"):
            world.publish()
        world.sign()
        world.publish()

    def test_without_a_signature(self, world: World) -> None:
        world.to_agreed()
        with no("has not signed off"):
            world.publish()

    def test_a_signature_on_another_content(self, world: World) -> None:
        world.to_agreed()
        with no("has changed since you opened it", kind=reports.ContentChanged):
            reports.decide_sign_off(
                actor=world.sponsor, assessment=world.refreshed(), decision="signed", seen_hash="0" * 64
            )
        world.sign()
        world.trust.contact_phone = "01632 960 000"
        world.trust.record(actor=world.lead, reason="A new number")
        with no("changed since it was signed off", kind=reports.ContentChanged):
            world.publish()
        world.sign()
        assert world.publish().seq == 1

    def test_a_correction_has_a_reason_and_leaves_the_first_version(self, world: World) -> None:
        world.to_published()
        first = world.refreshed().publications.get()
        with no("once every round is agreed"):
            world.publish("Again")
        with no("needs a correction", "reason"):
            reports.reopen(actor=world.lead, assessment=world.refreshed(), reason="")
        reports.reopen(actor=world.lead, assessment=world.refreshed(), reason="A name was wrong.")
        with no("Only a published assessment"):
            reports.reopen(actor=world.lead, assessment=world.refreshed(), reason="Again.")
        with no("what this version corrects", "reason"):
            world.publish()
        second = world.publish("A name was wrong.")
        assert [row.pk for row in world.refreshed().publications.order_by("seq")] == [first.pk, second.pk]
        assert world.refreshed().publications.get(seq=1).content == first.content

    def test_a_grade_reopened_after_signing_needs_a_new_signature(self, world: World) -> None:
        world.to_agreed()
        world.sign()
        world.move(Phase.AGREEING, "The panel met again.")
        world.panel_grade("staff_chair", "4.2", U, "We heard more.")
        world.say("lead", "4.2", "Our view.")
        world.say("staff_chair", "4.2", "Ours.")
        world.move(Phase.AGREED)
        with no("changed since it was signed off", kind=reports.ContentChanged):
            world.publish()
        world.sign()
        assert Statement.objects.filter(assessed_outcome=world.outcomes["4.2"]).count() == 2
        world.publish()
