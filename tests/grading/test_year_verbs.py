"""Every no of the verbs around grading: moving a round, evidence, sign-off and publishing."""

from __future__ import annotations

import pytest

from eds.assessments import domain as assessments
from eds.assessments.domain.phases import ConditionsUnmet
from eds.assessments.models import AssessedOutcome, Phase, ScopeDecision
from eds.history.errors import Stale
from eds.history.models import today
from evidence import domain as evidence
from grading.models import Statement
from reports import domain as reports
from reports.models import SignOff
from tests.noes import no
from tests.world import D, U, World

pytestmark = pytest.mark.django_db


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
