"""The outcome page: the form beside the evidence, and a timeline of what the reader may know."""

from __future__ import annotations

import pytest
from django.urls import reverse

from eds.access.decide import Access
from eds.assessments import contracts
from eds.assessments.domain import decide_scope
from eds.assessments.models import Phase
from grading.models import Review
from tests.grading.test_joint import differing, say, write
from tests.leaks.walk import sign_in
from tests.ui.checks_of_pages import assert_sound, parse, texts
from tests.world import A, D, E, U, World

pytestmark = pytest.mark.django_db


def page(world: World, who: str, code: str = "4.1") -> str:
    answered = sign_in(world, who).get(reverse("outcome", args=[world.outcomes[code].public_id]))
    assert answered.status_code == 200
    text = answered.content.decode()
    assert_sound(parse(text))
    return text


def happened(world: World, who: str) -> list[tuple[str, str, str]]:
    found = contracts.timeline(world.outcome("4.1"), Access(world.people[who]))
    return [(each.who, each.what, each.grade.code if each.grade else "") for each in found]


def test_a_reviewer_grades_on_the_page_itself(world: World) -> None:
    world.to_reviewing()
    review = reverse("review", args=[world.outcomes["4.1"].public_id, world.community.public_id])
    tree = parse(page(world, "reviewer"))
    [form] = tree.xpath(f"//form[@action='{review}']")
    values = {each.get("name"): each.get("value", "") for each in form.xpath(".//input[@type='hidden']")}
    sent = sign_in(world, "reviewer").post(review, {**values, "grade": D, "reason": "From the page."})
    assert Review.objects.get().reason == "From the page."
    # The next outcome of the run follows.
    assert sent["Location"] == reverse("review", args=[world.outcomes["4.2"].public_id, world.community.public_id])
    assert "From the page." in page(world, "reviewer")
    for who in ("lead", "contributor", "organiser"):
        assert "My grade for" not in page(world, who)


def test_the_last_one_leads_back_to_the_run(world: World) -> None:
    world.to_reviewing()
    world.review("reviewer", "4.2", D)
    review = reverse("review", args=[world.outcomes["4.1"].public_id, world.community.public_id])
    sent = sign_in(world, "reviewer").post(review, {"version": "0.0", "grade": D, "reason": "Last."})
    assert sent["Location"] == reverse("review-run", args=[world.assessment.public_id])


def test_each_page_says_what_can_be_done(world: World) -> None:
    said = {}
    for phase in ("preparing", "reviewing", "agreeing"):
        if phase == "preparing":
            world.prepare()
        elif phase == "reviewing":
            world.move(Phase.REVIEWING)
        else:
            world.review("reviewer", "4.1", D)
            world.move(Phase.AGREEING)
        for who in ("lead", "contributor") + (("reviewer", "community_chair") if phase != "preparing" else ()):
            said[phase, who] = texts(parse(page(world, who)), "//main//p")[1]
    assert len(set(said.values())) >= 7
    assert said["reviewing", "reviewer"].startswith("Read the evidence, then give your own grade.")
    assert said["agreeing", "community_chair"].endswith("record the panel’s grade.")


def test_the_timeline_before_the_reveal(world: World) -> None:
    world.to_reviewing()
    world.review("reviewer", "4.1", D)
    world.review("reviewer", "4.1", A)
    moved = ("The equality lead", "moved the round to “reviewing”", "")
    assert happened(world, "reviewer") == [("You", "changed your grade", A), ("You", "submitted your grade", D), moved]
    assert happened(world, "community_chair") == [moved]
    assert happened(world, "lead") == [moved, ("The organisation", "proposed a grade", A)]
    assert happened(world, "contributor") == [moved]


def test_the_timeline_after_the_reveal_names_nobody(world: World) -> None:
    world.prepare()
    world.propose("4.1", E, reason="A draft that nobody outside sees.")
    world.move(Phase.REVIEWING)
    for who in ("community_chair", "reviewer", "staff_chair"):
        world.review(who, "4.1", D)
    world.move(Phase.AGREEING)
    world.panel_grade("community_chair", "4.1", D)
    world.panel_grade("staff_chair", "4.1", D)
    world.propose("4.1", D, reason="The panels convinced us.")
    seen = set(happened(world, "reviewer"))
    assert ("Healthwatch", "was shown the 2 reviews of its members", "") in seen
    assert not [each for each in seen if each[0] == "Staff side"]
    assert ("The organisation", "proposed a grade", E) in seen
    assert ("The organisation", "proposed a grade", A) not in seen
    assert ("The organisation", "proposed a grade", A) in happened(world, "lead")
    assert ("The organisation", "changed its proposal", D) in seen
    assert ("The chair of Staff side", "recorded the panel’s grade", D) in seen
    assert ("The grade", "was settled, because both sides gave the same grade", D) in seen
    assert not [each for each in happened(world, "lead") if "revealed" in each[1]]
    text = page(world, "lead") + page(world, "sponsor")
    assert "Ravi" not in text
    assert "Hanna" not in text
    assert "A draft that nobody outside sees." not in page(world, "reviewer")


def test_the_discussion_stands_on_the_page_of_its_panel_only(world: World) -> None:
    world.to_agreeing()
    world.remark("reviewer", "4.1", "Between ourselves.")
    for who, sees in (("community_chair", True), ("organiser", True), ("staff_chair", False), ("lead", False)):
        assert ("Between ourselves." in page(world, who)) is sees


def test_the_timeline_of_a_joint_grade(world: World) -> None:
    """What a chair says against it is the chairs' own; its reasons are everybody's once it counts."""
    differing(world)
    write(world, reason="Together we see it so.")
    say(world, confirmed=False, reason="Not like this.")
    wrote = ("The chair of Healthwatch", "wrote a joint grade", A)
    declined = ("The chair of Staff side", "did not confirm the joint grade", "")
    for who, sees in (("community_chair", True), ("staff_chair", True), ("reviewer", False), ("lead", False)):
        seen = happened(world, who)
        assert wrote in seen
        assert (declined in seen) is sees
        assert ("Not like this." in page(world, who)) is sees
    assert "Together we see it so." not in page(world, "lead")
    say(world)
    seen = happened(world, "lead")
    assert ("The chair of Staff side", "confirmed the joint grade", "") in seen
    assert ("The panels together", "gave one grade: a joint grade of the panels' chairs", A) in seen
    assert "Together we see it so." in page(world, "lead")
    assert "Not like this." not in page(world, "lead")


def test_the_timeline_of_several_panels_and_of_the_only_one(world: World) -> None:
    world.to_agreeing()
    world.panel_grade("community_chair", "4.1", D)
    world.panel_grade("staff_chair", "4.1", U)
    assert ("The panels together", "gave one grade: the lower of the panels' grades", U) in happened(world, "sponsor")
    world.panel_grade("staff_chair", "4.1", None)
    assert [each[0] for each in happened(world, "sponsor")].count("The panels together") == 1


def test_a_step_aside_stands_in_ones_own_timeline_only(world: World) -> None:
    world.to_reviewing()
    world.step_aside("reviewer", "4.1", "A friend works there.")
    assert ("You", "stepped aside", "") in happened(world, "reviewer")
    for who in ("community_chair", "organiser", "staff_chair", "lead", "sponsor"):
        assert not [each for each in happened(world, who) if "aside" in each[1]]


def test_what_was_left_out_stands_in_the_timeline_with_its_reason(world: World) -> None:
    decide_scope(
        actor=world.lead, assessed_outcome=world.outcome("4.1"), scope="not_applicable", reason="No such work."
    )
    decide_scope(
        actor=world.lead, assessed_outcome=world.outcome("4.1"), scope="in_scope", reason="There is after all."
    )
    assert happened(world, "lead") == [
        ("The equality lead", "took the outcome in again", ""),
        ("The equality lead", "recorded that the outcome does not apply", ""),
    ]
    assert "No such work." in page(world, "lead")
