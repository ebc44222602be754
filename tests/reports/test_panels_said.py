"""What a published report says of panels and how they graded, and what it must not say (R4, R5, R6, R12, R21)."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

import pytest
from django.template.loader import render_to_string
from lxml import html

from eds.assessments import domain as assessments
from eds.assessments.models import Panel, Phase, Round
from eds.frameworks.models import Characteristic
from eds.frameworks.queries import latest_revision
from eds.history.models import today
from evidence.findings.domain import settle_finding
from grading import domain as grading
from reports.payload import build_content, canonical
from reports.payload.panels import BY_THE_CHAIR, FOR_LACK, MAJORITY, MAJORITY_OR_CHAIR, MEDIAN, NO_MAJORITY
from reports.payload.schema import OutcomeReport, PanelsGrade
from reports.rendering.v1 import report_context
from reports.rendering.v1_panels import remit_in_words
from tests.grading import test_joint as joint
from tests.grading import test_words as told
from tests.reports import editions, samples
from tests.world import A, D, E, U, World, person

pytestmark = pytest.mark.django_db

EXTRA = ["third", "fourth", "fifth", "sixth"]


def agreeing(world: World, answers: list[str | None], aside: list[str] | None = None, rule: str = "") -> World:
    """To agreeing: these answers of Healthwatch on 4.1, and who of it steps aside."""
    for key in EXTRA:
        world.people[key] = person(f"Panelist {key}")
        assessments.add_panel_member(actor=world.community_chair, panel=world.community, user=world.people[key])
    if rule:
        panel = Panel.objects.get(pk=world.community.pk)
        panel.rule = rule
        panel.record(actor=world.lead, reason="So the panel chose")
        world.community = panel
    world.to_reviewing()
    for who, answer in zip([*told.KEYS, "sixth"], answers, strict=False):
        world.review(who, "4.1", answer, f"Comment of {who}.")
    for who in aside or []:
        world.step_aside(who, "4.1", "My sister works there.")
    world.review("staff_chair", "4.1", D)
    world.move(Phase.AGREEING)
    return world


def outcome(world: World) -> OutcomeReport:
    [found] = [each for goal in build_content(world.refreshed()).goals for each in goal.outcomes if each.code == "4.1"]
    return found


def healthwatch(world: World) -> PanelsGrade:
    [found] = [row for row in outcome(world).panels if row.panel == "Healthwatch"]
    return found


def page(world: World, section: str = "outcome-4.1") -> str:
    payload: dict[str, Any] = {"content": dataclasses.asdict(build_content(world.refreshed())), "envelope": {}}
    tree = html.fromstring(render_to_string("reports/v1/pdf.html", report_context(payload)))
    [found] = tree.xpath(f"//*[@aria-labelledby='{section}']")
    return " ".join(found.text_content().split())


def test_of_five_or_more_it_says_how_they_stood_and_how_many_stepped_aside(world: World) -> None:
    agreeing(world, [D, D, A, None, D], aside=["sixth"])
    told.record(world, A, why_not_median="Access weighs more for us.")
    told.dissent(world, text="I see it one lower.")
    told.pass_on(world, "They spoke of access.")
    row = healthwatch(world)
    assert [(each.grade.code, each.number) for each in row.spread] == [(U, 0), (D, 3), (A, 1), (E, 0)]
    assert (row.not_enough, row.stepped_aside, row.median and row.median.code) == (1, 1, D)
    text = page(world)
    for words in (
        f"{BY_THE_CHAIR} Of its members, 3 gave Developing, 1 gave Achieving and 1 says that there is not enough evidence "
        "to judge. The median of their grades is Developing. 1 stepped aside for a declared interest.",
        "is not the median of its members’ grades Access weighs more for us.",
        "in the chair’s words They spoke of access.",
        "wrote, without their names Developing Comment of community_chair. Developing Comment of fifth. "
        "Not enough evidence to judge Comment of fourth. Developing Comment of reviewer. Achieving Comment of third.",
        "A member of the panel sees it differently I see it one lower.",
    ):
        assert words in text
    for hidden in ("My sister", *[user.name for user in world.people.values()]):
        assert hidden not in canonical(build_content(world.refreshed()))


def test_of_four_it_says_only_what_the_chair_passed_on(world: World) -> None:
    agreeing(world, [D, D, A, None], aside=["fifth", "sixth"])
    told.record(world, A, why_not_median="Access weighs more for us.")
    dissent = told.dissent(world, text="I see it one lower.")
    row = healthwatch(world)
    assert (row.spread, row.not_enough, row.stepped_aside, row.median) == ([], 0, 0, None)
    assert (row.dissents, row.summary, row.comments) == ([], "", [])
    assert "Comment of" not in canonical(build_content(world.refreshed()))
    text = page(world)
    assert "Access weighs more for us." in text
    for hidden in ("I see it one lower.", "stepped aside", "The median of their", "Of its members", "differently"):
        assert hidden not in text
    told.pass_on(world, "They spoke of access.", {dissent.public_id: grading.DissentAnswer(True)})
    row = healthwatch(world)
    assert (row.dissents, row.summary, row.spread) == (["I see it one lower."], "They spoke of access.", [])
    assert "Comment of" not in canonical(build_content(world.refreshed()))
    assert "I see it one lower." in page(world)


@pytest.mark.parametrize(
    ("rule", "answers", "grade", "how"),
    [
        ("median", [D, D, A, A], D, MEDIAN),
        ("median", [D, D, A, A, A], A, MEDIAN),
        ("majority", [D, D, D, A, A], D, MAJORITY),
        ("majority", [U, D, D, A, A], D, NO_MAJORITY),
        ("majority", [D, D, D, A], D, MAJORITY_OR_CHAIR),
        ("majority", [U, D, D, A], D, MAJORITY_OR_CHAIR),
        ("consensus", [D, D, D], D, BY_THE_CHAIR),
    ],
)
def test_the_rule_that_made_a_panels_grade(
    world: World, rule: str, answers: list[str | None], grade: str, how: str
) -> None:
    """Whether a small panel had a majority would tell how its members stood: it is not said."""
    agreeing(world, answers, rule=rule)
    told.record(world, grade)
    assert healthwatch(world).how == [how]
    assert how in page(world)


@pytest.mark.parametrize(
    ("answers", "numbers"),
    [
        ([D, None, None, None], []),
        ([D, D, None, None, None], ["3 of 5 answers say that there is not enough evidence to judge."]),
    ],
)
def test_a_lack_of_evidence_is_put_in_words(world: World, answers: list[str | None], numbers: list[str]) -> None:
    agreeing(world, answers)
    grading.record_panel_grade(
        actor=world.community_chair,
        assessed_outcome=world.outcome("4.1"),
        panel=world.community,
        grade=world.grade(U),
        reason="Nobody could tell.",
        for_lack_of_evidence=True,
    )
    assert healthwatch(world).how == [FOR_LACK, *numbers]
    assert " ".join([FOR_LACK, *numbers]) in page(world)


def test_a_joint_grade_names_panels_and_no_chair(world: World) -> None:
    joint.differing(world)
    joint.write(world)
    joint.say(world)
    local = outcome(world).local
    assert local
    assert local.joint
    assert (local.joint.written_by, local.joint.confirmed_by) == ("Healthwatch", ["Staff side"])
    text = page(world)
    assert "The chair of Healthwatch wrote it on" in text
    assert "Confirmed by the chair of Staff side. Together we see it so." in text
    assert not [user.name for user in world.people.values() if user.name in text]


def test_a_joint_grade_that_was_not_written_in_time(world: World) -> None:
    joint.differing(world)
    joint.write(world)
    joint.say(world, confirmed=False)
    joint.pass_deadline(world)
    grading.settle_overdue(today())
    local = outcome(world).local
    assert local
    assert (local.joint, local.deadline) == (None, (today() - datetime.timedelta(days=1)).isoformat())
    text = page(world)
    assert "to agree on a joint grade. They did not, so the lower grade counts." in text
    assert "Together we see it so." not in text
    round_ = Round.objects.get(pk=world.round.pk)
    round_.agree_by = today() + datetime.timedelta(days=9)
    round_.record(actor=world.lead, reason="A new date")
    assert outcome(world).local.deadline == "", "that date has not passed"  # type: ignore[union-attr]


def test_what_was_asked_stands_with_its_answer_or_as_open(world: World) -> None:
    world.to_agreeing()
    asked = grading.questions_for(world.outcome("4.1"), world.grade(D), given_factors={"outcome"})
    grading.record_panel_grade(
        actor=world.community_chair,
        assessed_outcome=world.outcome("4.1"),
        panel=world.community,
        grade=world.grade(D),
        reason="Ours.",
        answers={each.code: "We asked, and nobody knew." for each in asked},
    )
    [question] = healthwatch(world).questions
    assert question.heading.startswith("Nothing is said under “Engagement”, “Mainstream processes”,")
    proposal = outcome(world).proposal
    assert proposal
    assert [each.answer for each in proposal.questions] == [""]
    text = page(world)
    assert f"{question.heading} We asked, and nobody knew." in text
    assert text.count("This question has no answer.") == 1


def test_what_changed_after_opening_stands_with_reason_and_date(world: World) -> None:
    world.to_reviewing()
    world.people["third"] = person("Panelist third")
    joined = assessments.add_panel_member(
        actor=world.community_chair, panel=world.community, user=world.people["third"], reason="One had to leave."
    )
    assert joined
    world.move(Phase.PREPARING, "The rule was not clear.")
    plan = assessments.PanelPlan(
        "Healthwatch", world.community.kind, [world.outcome("4.1"), world.outcome("4.2")], 1, Panel.Rule.CONSENSUS
    )
    panel = Panel.objects.get(pk=world.community.pk)
    assessments.change_panel(actor=world.lead, panel=panel, plan=plan, expected_version=None, reason="Few can come.")
    round_ = Round.objects.select_related("assessment").get(pk=world.round.pk)
    assessments.change_round(
        actor=world.lead,
        round=round_,
        plan=assessments.RoundPlan(
            round_.name,
            list(world.outcomes.values()),
            review_by=round_.review_by,
            agree_by=round_.agree_by,
            differ_rule=Round.DifferRule.JOINT,
        ),
        reason="The chairs asked for it.",
    )
    content = build_content(world.refreshed())
    [healthwatch, staff] = content.panels
    assert [each.words for each in healthwatch.changes] == [
        "A reviewer joined: One had to leave.",
        "The quorum was 2 and is 1 now: Few can come.",
    ]
    assert staff.changes == []
    [of_round] = content.rounds[0].changes
    assert of_round.on == today().isoformat()
    text = page(world, "method")
    assert ": The quorum was 2 and is 1 now: Few can come." in text
    assert "The chairs write a joint grade now: The chairs asked for it." in text
    assert "Panelist" not in text


def test_the_method_says_how_many_took_part_and_how(world: World) -> None:
    world.to_agreeing()
    assert [(each.name, each.took_part, each.how) for each in build_content(world.refreshed()).panels] == [
        ("Healthwatch", 2, "online"),
        ("Staff side", 1, "online"),
    ]
    text = page(world, "method")
    assert "Took part 2 people, online" in text
    assert "Blind: reviewers graded without seeing the organisation's own grade" in text


def test_reviews_after_a_move_back_are_said_not_to_be_blind(world: World) -> None:
    world.to_agreeing()
    assert "not blind" not in page(world, "method")
    world.move(Phase.REVIEWING, "A paper was missing.")
    world.review("reviewer", "4.1", A)
    world.move(Phase.AGREEING)
    text = page(world, "method")
    assert "The round went back to reviewing on" in text
    assert "1 review was written after the grades had been shown, and so was not blind." in text


def test_a_grade_outlives_the_panels_remit_in_print(world: World) -> None:
    world.to_settled()
    world.move(Phase.REVIEWING, "The remit was wrong.")
    world.move(Phase.PREPARING, "The remit was wrong.")
    panel = Panel.objects.get(pk=world.community.pk)
    plan = assessments.PanelPlan("Healthwatch", panel.kind, [world.outcome("4.2")], 2, Panel.Rule.CONSENSUS)
    assessments.change_panel(actor=world.lead, panel=panel, plan=plan, expected_version=None, reason="It was wrong.")
    assert healthwatch(world).reason == "The panel's reasons."
    assert healthwatch(world).spread == []


def test_what_a_panel_graded_stands_in_few_words() -> None:
    content = editions.eds_2022()["content"]
    domains, services = [goal["outcomes"] for goal in content["goals"]], ["Maternity", "Cardiology"]
    labels = [[f"{each['code']} {each['service']}".strip() for each in outcomes] for outcomes in domains]
    two = [label for label in labels[0] if label.split(" ", 1)[1] in services]
    for mine, words in (
        (labels[0], "Domain 1 for all three services"),
        (two, "Domain 1 for Maternity and Cardiology"),
        (labels[0][:2], "1A for Maternity and Cardiology"),
        (labels[1] + labels[2], "Domains 2 and 3"),
        (labels[0] + labels[1] + ["3A", "3B"], "Domain 1 for all three services; Domain 2; 3A, 3B"),
        (["2A", "9Z"], "2A; 9Z"),
        ([], ""),
    ):
        assert remit_in_words(content, mine) == words
    assert remit_in_words(samples.small()["content"], ["4.1", "4.2"]) == "4.1, 4.2", "4.3 was left out"


def test_the_indicated_grade_stands_beside_the_others() -> None:
    tree = html.fromstring(render_to_string("reports/v1/pdf.html", report_context(editions.eds_2())))
    first, second = [" ".join(each.text_content().split()) for each in tree.xpath("//article")]
    says = "People fare as well or better for 3 of 9 protected characteristics. This decides nothing."
    assert says in first
    assert "What the published evidence indicates: Undeveloped" in second
    older = render_to_string("reports/v1/pdf.html", report_context(editions.eds_2011()))
    assert "evidence indicates" not in older


def test_the_indicated_grade_counts_what_is_published(world: World) -> None:
    """EDS2 by its thresholds: three groups that fare well indicate Developing, and evidence kept inside counts nothing."""
    revision = latest_revision("eds2-2013")
    assessment = assessments.open_assessment(actor=world.lead, organisation=world.trust, revision=revision, year=2025)
    rows = assessment.outcomes.select_related("outcome", "assessment").in_order()
    [row] = [each for each in rows if each.outcome.code == "1.1"]
    nine = list(Characteristic.objects.filter(revision=revision).order_by("position"))

    def indicated() -> list[tuple[str, int, int]]:
        found = [
            each.indicated for goal in build_content(assessment).goals for each in goal.outcomes if each.code == "1.1"
        ]
        return [(each.grade.code, each.faring_well, each.of) for each in found if each]

    assert indicated() == [(U, 0, 9)]
    for each, fares in zip(nine, ("better", "as_well", "as_well", "mixed", "worse"), strict=False):
        settle_finding(actor=world.lead, assessed_outcome=row, characteristic=each, fares=fares, reason="So it is.")
    assert indicated() == [(D, 3, 9)]
    world.prepare()
    assert outcome(world).indicated is None, "the first edition compares no numbers of groups"
