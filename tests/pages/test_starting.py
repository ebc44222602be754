"""Starting an assessment: what is left to set up, its dates, and what a new year takes over from the last."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from eds.assessments import domain as assessments
from eds.assessments.models import Assessment, Contributor, Panel, PanelMember, Round, Service
from eds.frameworks.queries import latest_revision
from eds.pages.starting import few_services, set_up_tasks
from eds.people.invitations import open_invitations
from grading.models import ProposedGrade
from tests.mailing import deliver
from tests.noes import no
from tests.ui.checks_of_pages import assert_sound, parse, texts
from tests.world import World, person

pytestmark = pytest.mark.django_db
DUE = datetime.date(2028, 2, 28)


def client_of(world: World, who: str = "lead") -> Client:
    client = Client()
    client.force_login(world.people[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def opened(world: World, edition: str = "eds-2011", year: int = 2027, **more: Any) -> Assessment:
    made = assessments.open_assessment(
        actor=world.lead, organisation=world.trust, revision=latest_revision(edition), year=year, **more
    )
    return Assessment.objects.select_related("organisation", "framework", "revision").get(pk=made.pk)


def states(assessment: Assessment) -> dict[str, str]:
    return {task.title: task.status for task in set_up_tasks(assessment)}


def test_the_list_says_what_is_done_to_do_and_not_needed(world: World) -> None:
    assert states(world.refreshed()) == {
        "Edition and year": "Done",
        "Dates": "To do",
        "Outcomes": "Done",
        "Services": "Not needed",
        "Rounds": "Done",
        "Panel: Healthwatch": "Done",
        "Panel: Staff side": "Done",
        "Lead contacts": "Done",
        "Official criteria": "To do",
    }
    fresh = opened(world, "eds-2022")
    assert states(fresh) == {
        "Edition and year": "Done",
        "Dates": "Done",
        "Outcomes": "Done",
        "Services": "To do",
        "Rounds": "To do",
        "Panels": "To do",
        "Lead contacts": "To do",
        "Official criteria": "To do",
    }
    assert fresh.publish_by == datetime.date(2028, 2, 28)
    page = client_of(world).get(reverse("set-up", args=[fresh.public_id])).content.decode()
    assert_sound(parse(page))


def test_a_panel_smaller_than_its_quorum_is_to_do(world: World) -> None:
    member = PanelMember.objects.get(panel=world.community, user=world.reviewer)
    assessments.end_panel_member(actor=world.community_chair, member=member, reason="Moved away")
    task = next(each for each in set_up_tasks(world.refreshed()) if each.title == "Panel: Healthwatch")
    assert (task.status, task.hint) == ("To do", "It has 1 person. At least 2 must grade.")


def test_too_few_services_are_explained(world: World) -> None:
    fresh = opened(world, "eds-2022")
    assert "None is chosen." in few_services(fresh, 0)
    assert "its points alone" in few_services(fresh, 1)
    assert "the mean of the two" in few_services(fresh, 2)
    assert few_services(fresh, 3) == ""
    outcome = fresh.outcomes.filter(outcome__code="1A").select_related("outcome")[0]
    plan = assessments.RoundPlan(name="Domain 1", outcomes=[outcome], agree_by=datetime.date(2027, 12, 1))
    round_ = assessments.plan_round(actor=world.lead, assessment=fresh, plan=plan)
    page = client_of(world).get(reverse("round-move", args=[round_.public_id])).content.decode()
    assert "EDS 2022 asks for 3 services. None is chosen." in page


def test_an_outcome_chosen_twice_is_refused(world: World) -> None:
    outcome = world.outcome("4.1")
    with no("is chosen 2 times", "outcomes"):
        assessments.plan_round(
            actor=world.lead,
            assessment=world.refreshed(),
            plan=assessments.RoundPlan("Twice", [outcome, outcome], agree_by=DUE),
        )
    with no("is chosen 2 times", "outcomes"):
        plan = assessments.PanelPlan("Twice", world.community.kind, [outcome, outcome])
        assessments.add_panel(actor=world.lead, assessment=world.assessment, plan=plan)


def test_dates_are_suggested_saved_and_refused_out_of_order(world: World) -> None:
    fresh = opened(world, publish_by=DUE)
    client = client_of(world)
    tree = parse(client.get(reverse("round-new", args=[fresh.public_id])).content.decode())
    assert "counted back from 28 February 2028" in texts(tree, "//main")[0]
    typed = {name: tree.xpath(f"//input[@name='{name}']/@value")[0] for name in ("pack_by", "review_by", "agree_by")}
    assert typed == {"pack_by": "13 December 2027", "review_by": "27 December 2027", "agree_by": "17 January 2028"}
    url = reverse("assessment-dates", args=[fresh.public_id])
    assert_sound(parse(client.get(url).content.decode()))
    refused = client.post(
        url, {"publish_by": "1 March 2028", "sign_off_by": "2 March 2028", "version": str(fresh.version)}
    )
    assert refused.status_code == 422
    assert "That is before 2 March 2028, when the report must be signed off." in refused.content.decode()
    saved = client.post(url, {"publish_by": "1 March 2028", "sign_off_by": "", "version": str(fresh.version)})
    assert saved.status_code == 302
    fresh.refresh_from_db()
    assert (fresh.publish_by, fresh.sign_off_by) == (datetime.date(2028, 3, 1), datetime.date(2028, 2, 16))
    with no("before 1 April 2028, when grades must be agreed", "agree_by"):
        assessments.plan_round(
            actor=world.lead,
            assessment=fresh,
            plan=assessments.RoundPlan(
                "Late", list(fresh.outcomes.select_related("outcome")[:1]), agree_by=datetime.date(2028, 4, 1)
            ),
        )


def test_a_new_year_starts_from_the_last(world: World) -> None:
    world.to_settled()
    client = client_of(world)
    data = {"edition": "eds-2011", "year": "2027", "publish_by": "28 February 2028"}
    response = client.post(reverse("assessment-new", args=[world.trust.public_id]), data)
    fresh = Assessment.objects.get(year=2027)
    url = reverse("take-over", args=[fresh.public_id])
    assert response["Location"] == url
    tree = parse(client.get(url).content.decode())
    assert_sound(tree)
    fields = ("panels", "rounds", "contributors")
    ticked = {name: tree.xpath(f"//input[@name='{name}'][@checked]/@value") for name in fields}
    assert [len(each) for each in ticked.values()] == [2, 1, 2]
    kept = ticked | {"panels": ticked["panels"][:1]}
    assert client.post(url, kept)["Location"] == reverse("set-up", args=[fresh.public_id])
    [panel] = Panel.objects.filter(assessment=fresh)
    assert (panel.name, panel.quorum, panel.remit.count()) == ("Healthwatch", 2, 2)
    assert not PanelMember.objects.filter(panel=panel).exists()
    [round_] = Round.objects.filter(assessment=fresh)
    assert (round_.name, round_.agree_by) == ("Leadership", datetime.date(2028, 1, 17))
    assert Contributor.objects.filter(assessed_outcome__assessment=fresh).count() == 2
    assert not ProposedGrade.objects.filter(assessed_outcome__assessment=fresh).exists()
    assert client.post(url, kept).status_code == 302
    assert Panel.objects.filter(assessment=fresh).count() == 1


def test_last_years_chair_is_asked_again_and_never_placed(world: World) -> None:
    other = assessments.add_panel_member
    other(actor=world.community_chair, panel=world.staff, user=person("Olga Own"), role=PanelMember.Role.ORGANISER)
    fresh = opened(world, publish_by=DUE)
    client, url = client_of(world), reverse("take-over", args=[fresh.public_id])
    tree = parse(client.get(url).content.decode())
    assert tree.xpath("//input[@name='people'][@checked]") == []
    shown = " ".join(texts(tree, "//main"))
    assert "Olga Own" not in shown
    assert "Rita Reviewer" not in shown
    chairs = PanelMember.objects.filter(panel__assessment=world.assessment, role="chair")
    assert set(tree.xpath("//input[@name='people']/@value")) >= set(chairs.values_list("public_id", flat=True))
    chair = chairs.get(panel=world.community)
    kept = {"panels": [world.community.public_id], "people": [chair.public_id]}
    refused = client.post(url, {"people": [chair.public_id]})
    assert refused.status_code == 422
    assert "Keep the panel Healthwatch as well, or untick" in refused.content.decode()
    assert not open_invitations().exists()
    assert client.post(url, kept).status_code == 302
    [invitation] = open_invitations()
    panel = Panel.objects.get(assessment=fresh)
    assert (invitation.email, invitation.role, invitation.subject, invitation.appointed) == (
        chair.user.email,
        "chair",
        panel.public_id,
        True,
    )
    assert not panel.members.exists()
    mail = deliver()[-1]
    assert mail.to == chair.user.email
    assert client.post(url, kept).status_code == 302
    assert open_invitations().count() == 1


def test_services_are_taken_over_with_their_outcomes(world: World) -> None:
    before = opened(world, "eds-2022", 2025)
    plan = assessments.ServicePlan("Maternity", "Complaints rose.")
    assessments.add_service(actor=world.lead, assessment=before, plan=plan)
    fresh = opened(world, "eds-2022", 2026)
    kept = assessments.Kept(services=list(Service.objects.filter(assessment=before)))
    assessments.take_over(actor=world.lead, assessment=fresh, kept=kept)
    assert [(each.name, each.why_chosen) for each in fresh.services.all()] == [("Maternity", "Complaints rose.")]
    assert fresh.outcomes.filter(service__name="Maternity").count() == 4


def test_nothing_of_another_assessment_is_taken_over(world: World) -> None:
    fresh = opened(world, "eds-2022")
    with no("Only what last year had"):
        kept = assessments.Kept(panels=[world.community])
        assessments.take_over(actor=world.lead, assessment=fresh, kept=kept)
    undated = opened(world)
    with no("Set the day of publication first"):
        assessments.take_over(actor=world.lead, assessment=undated, kept=assessments.Kept(rounds=[world.round]))


@pytest.mark.parametrize("rule", Round.DifferRule.values)
@pytest.mark.parametrize("keeps_panels", [True, False])
def test_the_rule_for_differing_panels_is_taken_over(world: World, rule: str, keeps_panels: bool) -> None:
    """Without the panel that it named, nothing is left of that rule but the lower grade."""
    last = Round.objects.get(pk=world.round.pk)
    last.differ_rule, last.named_panel = rule, world.staff if rule == "named_panel" else None
    last.record(actor=world.lead, reason="Chosen before opening")
    fresh = opened(world, publish_by=DUE)
    kept = assessments.Kept(rounds=[last], panels=[world.community, world.staff] if keeps_panels else [])
    assessments.take_over(actor=world.lead, assessment=fresh, kept=kept)
    made = Round.objects.get(assessment=fresh)
    named = made.named_panel.name if made.named_panel else ""
    expected = {"lower": ("lower", ""), "joint": ("joint", ""), "named_panel": ("named_panel", "Staff side")}[rule]
    assert (made.differ_rule, named) == (expected if keeps_panels or rule != "named_panel" else ("lower", ""))
