"""EDS 2022 through the verbs: services, domain scores, the total and its rating, as the report prints them."""

from __future__ import annotations

import dataclasses
import datetime

import pytest
from django.template.loader import render_to_string
from lxml import html

from eds.assessments import domain as assessments
from eds.assessments.models import AssessedOutcome, Assessment, PanelKind, PanelMember, Phase
from eds.frameworks.models import Grade
from eds.frameworks.queries import latest_revision
from eds.history.errors import DomainError
from eds.history.models import today
from grading import domain as grading
from grading.domain import FactorReason
from reports.payload import build_content
from reports.payload.schema import Content
from reports.rendering import report_context
from tests.world import World

pytestmark = pytest.mark.django_db
POINTS = ["undeveloped", "developing", "achieving", "excelling"]


def assessment_of_2022(world: World, services: list[str]) -> Assessment:
    assessment = assessments.open_assessment(
        actor=world.lead, organisation=world.trust, revision=latest_revision("eds-2022"), year=2025
    )
    # The edition's own date would pass one day, and a round must end before it.
    assessment.publish_by = today() + datetime.timedelta(days=90)
    assessment.record(actor=world.lead, reason="A later date")
    for name in services:
        assessments.add_service(
            actor=world.lead, assessment=assessment, plan=assessments.ServicePlan(name, f"{name}: many people use it.")
        )
    return assessment


def grade_all(world: World, assessment: Assessment, points: dict[tuple[str, str], int]) -> Content:
    """Take every outcome with points through its round, and leave out the others."""
    outcomes = list(assessment.outcomes.select_related("outcome", "service").in_order())
    graded = [o for o in outcomes if (o.outcome.code, str(o.service or "")) in points]
    rest = [o for o in outcomes if o not in graded]
    assessments.leave_out(actor=world.lead, outcomes=rest, reason="Not this year.")
    round_ = assessments.plan_round(
        actor=world.lead,
        assessment=assessment,
        plan=assessments.RoundPlan("All", graded, agree_by=today() + datetime.timedelta(days=9)),
    )
    panel = assessments.add_panel(
        actor=world.lead,
        assessment=assessment,
        plan=assessments.PanelPlan("Staff", PanelKind.objects.get(code="staff-side"), graded, quorum=1),
    )
    chair = world.staff_chair
    assessments.add_panel_member(actor=chair, panel=panel, user=chair, role=PanelMember.Role.CHAIR)

    def fresh(outcome: AssessedOutcome) -> AssessedOutcome:
        return AssessedOutcome.objects.select_related("round", "assessment").get(pk=outcome.pk)

    def grade(outcome: AssessedOutcome) -> Grade:
        code = POINTS[points[outcome.outcome.code, str(outcome.service or "")]]
        return Grade.objects.get(revision=assessment.revision, code=code)

    for outcome in graded:
        grading.propose_grade(
            actor=world.lead,
            assessed_outcome=fresh(outcome),
            grade=grade(outcome),
            reasons=[FactorReason("reasons", "Reasons", "So it is.")],
        )
    assessments.move_phase(actor=world.lead, round=round_, to_phase=Phase.REVIEWING)
    for outcome in graded:
        grading.submit_review(
            actor=chair, assessed_outcome=fresh(outcome), panel=panel, grade=grade(outcome), reason="I agree."
        )
    assessments.move_phase(actor=world.lead, round=round_, to_phase=Phase.AGREEING)
    for outcome in graded:
        grading.record_panel_grade(
            actor=chair, assessed_outcome=fresh(outcome), panel=panel, grade=grade(outcome), reason="So we see it."
        )
    assessments.move_phase(actor=world.lead, round=round_, to_phase=Phase.AGREED)
    return build_content(
        Assessment.objects.select_related("organisation", "framework", "revision__framework").get(pk=assessment.pk)
    )


def full(services: dict[str, list[int]], second: list[int], third: list[int]) -> dict[tuple[str, str], int]:
    points = {
        (f"1{letter}", name): value
        for name, values in services.items()
        for letter, value in zip("ABCD", values, strict=True)
    }
    points |= {(f"2{letter}", ""): value for letter, value in zip("ABCD", second, strict=True)}
    return points | {(f"3{letter}", ""): value for letter, value in zip("ABC", third, strict=True)}


def printed(content: Content) -> str:
    """The words of the report in one line."""
    context = report_context({"content": dataclasses.asdict(content), "envelope": {}})
    return " ".join(html.fromstring(render_to_string("reports/v1/pdf.html", context)).text_content().split())


def test_twenty_one_is_one_point_short_of_achieving(world: World) -> None:
    services = {"Maternity": [2, 2, 2, 2], "Talking therapies": [2, 2, 2, 1], "Community nursing": [3, 2, 2, 2]}
    content = grade_all(world, assessment_of_2022(world, list(services)), full(services, [2, 2, 2, 1], [2, 2, 2]))
    assert [(score.code, score.points, score.maximum) for score in content.scores] == [
        ("1", "8", 12),
        ("2", "7", 12),
        ("3", "6", 9),
    ]
    assert content.overall is not None
    assert (content.overall.points, content.overall.maximum, content.overall.rating.name) == ("21", 33, "Developing")  # type: ignore[union-attr]
    assert [(service.name, service.total) for service in content.scores[0].services] == [
        ("Maternity", "8"),
        ("Talking therapies", "7"),
        ("Community nursing", "9"),
    ]
    words = printed(content)
    assert "21 of 33 points" in words
    assert "Talking therapies: many people use it." in words


def test_the_sum_of_medians_is_another_number_where_it_was_chosen(world: World) -> None:
    services = {"A": [2, 2, 0, 0], "B": [2, 0, 2, 0], "C": [0, 2, 2, 0]}
    assessment = assessment_of_2022(world, list(services))
    assessments.choose_services_rules(
        actor=world.lead,
        assessment=assessment,
        services_rule="sum_of_medians",
        two_services_rule="mean",
        expected_version=None,
    )
    content = grade_all(world, assessment, full(services, [2] * 4, [2] * 3))
    assert content.scores[0].points == "6"
    assert content.scores[0].how == "The sum of the medians per outcome"


def test_half_points_are_shown_exactly(world: World) -> None:
    services = {"A": [2, 2, 2, 2], "B": [2, 2, 2, 1]}
    content = grade_all(world, assessment_of_2022(world, list(services)), full(services, [2] * 4, [2] * 3))
    assert content.scores[0].points == "7.5"
    assert content.overall is not None
    assert (content.overall.points, content.overall.rating.name) == ("21.5", "Developing")  # type: ignore[union-attr]


def test_a_partial_set_has_no_rating(world: World) -> None:
    points = full({"A": [2, 2, 2, 2]}, [2] * 4, [2] * 3)
    del points["3C", ""]
    content = grade_all(world, assessment_of_2022(world, ["A"]), points)
    assert content.overall is not None
    assert content.overall.rating is None
    words = printed(content)
    assert "20 of 30 points over 10 of 11 outcomes." in words
    assert "There is no overall rating" in words


def test_an_edition_without_points_has_no_score(world: World) -> None:
    content = build_content(world.to_agreed().refreshed())
    assert (content.scores, content.overall) == ([], None)
    assert "points" not in printed(content)


def test_services_need_an_edition_that_asks_for_them_and_a_reason(world: World) -> None:
    plan = assessments.ServicePlan("Maternity", "Many people use it.")
    with pytest.raises(DomainError, match="is not graded per service"):
        assessments.add_service(actor=world.lead, assessment=world.assessment, plan=plan)
    assessment = assessment_of_2022(world, ["Maternity"])
    with pytest.raises(DomainError, match="of that name already"):
        assessments.add_service(actor=world.lead, assessment=assessment, plan=plan)
    with pytest.raises(DomainError, match="Say why this service was chosen"):
        assessments.add_service(actor=world.lead, assessment=assessment, plan=assessments.ServicePlan("Other", " "))
    assert assessment.outcomes.filter(service__name="Maternity").count() == 4
    assert assessment.outcomes.count() == 11
