"""Every no of setting an assessment up, and of who sits on a panel."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from eds.access.decide import Access
from eds.assessments import domain as assessments
from eds.assessments.models import AssessedOutcome, Panel, PanelKind, PanelMember, Phase, Round, ScopeDecision
from eds.history.errors import Stale
from eds.history.models import today
from eds.people.invitations import invite
from tests.noes import no
from tests.world import World

pytestmark = pytest.mark.django_db


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
        with no("do not review the work of their own", "user"):
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


def test_a_panel_that_has_not_opened_is_removed_with_its_people_and_invitations(world: World) -> None:
    invited = invite(
        actor=world.community_chair,
        kind="panel",
        subject=world.community.public_id,
        email="new@example.net",
        role="reviewer",
    )
    assessments.remove_panel(actor=world.lead, panel=world.community)
    assert list(Panel.objects.filter(assessment=world.assessment)) == [world.staff]
    assert not world.community.remit.exists()
    assert not world.community.members.filter(left_on__isnull=True).exists()
    invited.refresh_from_db()
    assert invited.withdrawn_by == world.lead
    assert not Access(world.reviewer).assessments().exists()
    plan = assessments.PanelPlan("Healthwatch", world.community.kind, list(world.outcomes.values()), quorum=2)
    assert assessments.add_panel(actor=world.lead, assessment=world.assessment, plan=plan).name == "Healthwatch"


def test_a_panel_that_has_opened_stays(world: World) -> None:
    world.to_reviewing()
    with no("can no longer be removed"):
        assessments.remove_panel(actor=world.lead, panel=world.community)


def test_a_panel_whose_grade_counts_stays_until_the_round_says_otherwise(world: World) -> None:
    world.round.differ_rule, world.round.named_panel = "named_panel", world.community
    world.round.record(actor=world.lead, reason="The patients' grade counts")
    with no("lets this panel's grade count"):
        assessments.remove_panel(actor=world.lead, panel=world.community)
