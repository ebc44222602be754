"""The audit of a year and the public plan: grades then and now, promised, done, felt; each for its reader."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.urls import reverse

from eds.assessments import domain as assessments
from eds.frameworks.queries import latest_revision
from eds.history.models import today
from eds.people.models import Membership
from objectives.months import Month
from objectives.plan import domain, queries
from objectives.plan.models import Felt, ImprovementAction
from reports import domain as reports
from reports.audit import Promised
from tests.counting import counted
from tests.leaks.walk import sign_in
from tests.noes import no
from tests.objectives.shown import words_of
from tests.world import D, World, another_year, member, person


def _at(year: int, month: int) -> time_machine.travel:
    return time_machine.travel(datetime.datetime(year, month, 15, 12, tzinfo=datetime.UTC), tick=False)


def _two_years(world: World, *, publish: bool = True) -> tuple[World, dict[str, ImprovementAction]]:
    """Run a year with four actions; the next has a new chair on the community panel, and grades 4.1 alone."""
    objective = world.plan_objective(text="Board members know the people they serve.")
    made = {
        "done": world.plan_action(text="Meet every network", due=Month(2027, 1), objective=objective),
        "risk": world.plan_action(text="Train the board", due=Month(2027, 3), objective=objective, owner="sponsor"),
        "waits": world.plan_action("4.2", text="Ask the staff", role="Head of staff voice"),
        "stopped": world.plan_action("4.2", text="Print a leaflet", role="Head of print"),
    }
    world.to_published() if publish else world.to_agreed()
    domain.say_progress(actor=world.lead, action=made["done"], status="done", words="All six were met.")
    domain.say_progress(actor=world.lead, action=made["risk"], status="at_risk", words="Two are away.")
    domain.say_progress(actor=world.lead, action=made["stopped"], status="stopped", words="Nobody wants it.")
    people = {**world.people, "community_chair": person("Nia Newchair"), "reviewer": person("Rob Reader")}
    return another_year(world.trust, world.other_trust, people, 2027), made


def _page(world: World, who: str) -> str:
    answer = sign_in(world, who).get(reverse("audit", args=[world.assessment.public_id]))
    assert answer.status_code == 200
    return words_of(answer)


def _public(world: World, who: str = "") -> str:
    address = reverse("public-plan", args=[world.trust.slug, world.assessment.year, "eds-2011"])
    answer = sign_in(world, who).get(address)
    assert answer.status_code == 200, answer.status_code
    return words_of(answer)


def test_it_sets_grades_then_and_now_beside_what_was_promised_done_and_felt(world: World) -> None:
    later, made = _two_years(world)
    domain.say_felt(
        actor=world.community_chair, action=made["done"], panel=world.community, answer="partly", words="Two came back."
    )
    page = _page(later, "community_chair")
    assert "the grades of 2026-27 beside those of 2027-28" in page
    assert "Promised 4 actions Done 1 Stopped 1 Still to be done 2 Of what was done Partly felt: 1" in page
    assert "Then Developing Now Being graded" in page
    assert "Healthwatch: partly felt. Two came back." in page
    assert "All six were met." in page
    assert "Beth Board" not in page
    assert "Beth Board" in _page(later, "lead")
    later.prepare()
    later.move("reviewing")  # type: ignore[arg-type]
    for who in ("community_chair", "reviewer", "staff_chair"):
        for code in ("4.1", "4.2"):
            later.review(who, code, D)
    later.move("agreeing")  # type: ignore[arg-type]
    assert "Now Not agreed yet" in _page(later, "community_chair")
    for code, grade in (("4.1", "developing"), ("4.2", "achieving")):
        later.propose(code, grade, "Agreed.", "After talking")
        later.panel_grade("community_chair", code, grade)
        later.panel_grade("staff_chair", code, grade)
    page = _page(later, "board")
    assert "Grades Same grade: 1 Higher now: 1" in page
    assert "Then Developing Now Achieving Change Higher now Promised 2 Done 0 Felt 0" in page


def test_what_is_carried_over_is_said_once_the_new_plan_may_be_seen(world: World) -> None:
    later, made = _two_years(world)
    offers = {each.action: each for each in domain.offers(later.refreshed())}
    place = offers[made["risk"]].outcome
    assert place is not None
    (carried,) = domain.carry_over(actor=later.lead, assessment=later.refreshed(), chosen=[(made["risk"], place)])
    domain.say_progress(actor=later.lead, action=carried, status="done", words="All came in May.")
    hidden = _page(later, "community_chair")
    assert "Train the board Late" in hidden or "Train the board At risk" in hidden
    assert "All came in May." not in hidden
    assert "carried over" not in hidden.lower()
    assert "Done 1 Stopped 1 Still to be done 2" in hidden
    shown = _page(later, "lead")
    assert "Train the board Done, carried over" in shown
    assert "Done 2 Stopped 1 Still to be done 1" in shown
    assert "arried over" not in _public(world)
    assert "All came in May." not in _public(world, "community_chair")


def test_a_panel_of_the_next_year_says_whether_it_felt_it(world: World) -> None:
    later, made = _two_years(world)
    address = reverse("action-felt", args=[made["done"].public_id, later.community.public_id])
    assert address in sign_in(later, "community_chair").get(_audit(later)).content.decode()
    assert address not in sign_in(later, "lead").get(_audit(later)).content.decode()
    chair = sign_in(later, "community_chair")
    assert "Meet every network" in chair.get(address).content.decode()
    assert chair.post(address, {"answer": "not_felt", "words": ""}).status_code == 422
    answer = chair.post(address, {"answer": "not_felt", "words": "Nobody came to us."})
    place = later.outcomes["4.1"].public_id
    assert answer["Location"] == f"{_audit(later)}#{place}"
    assert f'id="{place}"' in chair.get(_audit(later)).content.decode()
    row = Felt.objects.get()
    assert (row.actor.name, row.panel, row.answer) == ("Nia Newchair", later.community, "not_felt")
    assert "Healthwatch: not felt. Nobody came to us." in _page(later, "lead")
    assert "Healthwatch: not felt. Nobody came to us." in _public(world)
    for who, status in (("reviewer", 403), ("lead", 403), ("sponsor", 403), ("outsider", 404)):
        assert sign_in(later, who).get(address).status_code == status, who
    # A panel of this year has no word on an outcome that it does not grade.
    later.community.remit.filter(assessed_outcome=later.outcomes["4.2"]).delete()
    other = reverse("action-felt", args=[made["stopped"].public_id, later.community.public_id])
    assert chair.get(other).status_code == 404
    with no("another panel"):
        domain.say_felt(
            actor=later.community_chair,
            action=made["stopped"],
            panel=later.community,
            answer="partly",
            words="A bit.",
        )


def _audit(world: World) -> str:
    return reverse("audit", args=[world.assessment.public_id])


def test_a_year_that_is_not_published_is_no_business_of_the_next_years_panels(world: World) -> None:
    later, made = _two_years(world, publish=False)
    page = _page(later, "community_chair")
    assert "Meet every network" not in page
    assert "Meet every network" in _page(later, "lead")
    address = reverse("action-felt", args=[made["done"].public_id, later.community.public_id])
    assert sign_in(later, "community_chair").get(address).status_code == 404
    public = reverse("public-plan", args=[world.trust.slug, world.assessment.year, "eds-2011"])
    assert sign_in(world, "lead").get(public).status_code == 404


def test_the_first_year_says_that_there_is_nothing_to_look_back_on(world: World) -> None:
    world.to_agreed()
    page = _page(world, "board")
    assert "There is no earlier year to look back on yet." in page
    assert "Then Not graded Now Developing" in page


def test_the_public_reads_the_plan_as_it_stands_by_roles(world: World) -> None:
    action = world.plan_action(text="Train the board", due=Month(2030, 3), owner="sponsor")
    world.to_published()
    assert "Train the board How people will see that it worked: Minutes of the board. Outcome 4.1" in _public(world)
    assert "Status Not started" in _public(world)
    domain.say_progress(actor=world.sponsor, action=action, status="on_track", words="Bo Boardmember is ill.")
    page = _public(world)
    assert "Status On track" in page
    assert "Head of training" in page
    assert "Beth Board" not in page
    assert "is ill" not in page
    report = sign_in(world, "").get(reverse("public-report", args=[world.trust.slug, 2026, "eds-2011", 1]))
    assert reverse("public-plan", args=[world.trust.slug, 2026, "eds-2011"]) in report.content.decode()
    publication = world.made["publication"]
    reports.close_version(actor=world.lead, publication=publication, reason="It showed who somebody was.")  # type: ignore[arg-type]
    closed = sign_in(world, "").get(reverse("public-plan", args=[world.trust.slug, 2026, "eds-2011"]))
    assert closed.status_code == 410
    assert "Train the board" not in closed.content.decode()


def test_what_was_promised_stands_on_the_outcomes_page_a_year_on(world: World) -> None:
    later, _ = _two_years(world)
    later.to_reviewing()
    outcome = later.outcomes["4.1"].public_id
    page = sign_in(later, "community_chair").get(reverse("outcome", args=[outcome])).content.decode()
    said = page[page.index("What the organisation promised then:") :]
    assert "Meet every network" in said
    assert "Train the board" in said
    assert f"{_audit(later)}#{outcome}" in said
    assert "Print a leaflet" not in page


def test_the_audit_reads_the_same_number_of_tables_with_much(world: World) -> None:
    later, _ = _two_years(world)

    def number(who: str, address: str) -> int:
        client = sign_in(later, who)
        with counted() as count:
            assert client.get(address).status_code == 200
        return count.queries

    def act(count: int) -> None:
        objective = world.plan_objective("4.2", f"Objective {count}")
        more = world.plan_action("4.2", text=f"Action {count}", owner="contributor", objective=objective)
        domain.say_progress(actor=world.lead, action=more, status="done", words="Done.")
        domain.say_felt(actor=world.staff_chair, action=more, panel=world.staff, answer="done", words="We did.")
        world.adopt(world.objective(f"Objective {count}"))
        owner = person(f"Owner {count}")
        member(owner, world.trust, Membership.Role.EMPLOYEE, world.admin)
        domain.add_owner(actor=world.lead, action=more, owner=domain.OwnerText("person", f"Role {count}", owner))

    public = reverse("public-plan", args=[world.trust.slug, world.assessment.year, "eds-2011"])
    asked = [("lead", _audit(later)), ("community_chair", _audit(later)), ("", public)]
    act(0)
    for each in asked:
        number(*each)
    few = [number(*each) for each in asked]
    for count in range(1, 6):
        act(count)
    assert [number(*each) for each in asked] == few


@pytest.mark.parametrize(
    ("answers", "summed"),
    [
        ((), "not_said"),
        (("done",), "felt"),
        (("done", "done"), "felt"),
        (("not_felt", "not_felt"), "not_felt"),
        (("partly",), "partly"),
        (("done", "not_felt"), "partly"),
    ],
)
def test_panels_that_differ_felt_it_partly(world: World, answers: tuple[str, ...], summed: str) -> None:
    action = world.plan_action()
    world.to_agreeing()
    speakers = ((world.community_chair, world.community), (world.staff_chair, world.staff))
    for answer, (chair, panel) in zip(answers, speakers, strict=False):
        domain.say_felt(actor=chair, action=action, panel=panel, answer=answer, words="So it was.")
    (line,) = queries.printed_plan(world.refreshed()).actions
    assert Promised(line).felt_at_all == summed


def test_what_is_for_every_service_says_so_and_answers_for_each(world: World) -> None:
    revision = latest_revision("eds-2022")
    year = assessments.open_assessment(actor=world.lead, organisation=world.trust, revision=revision, year=2027)
    for name in ("Maternity", "Eye clinic"):
        plan = assessments.ServicePlan(name=name, why_chosen="Many people use it.")
        assessments.add_service(actor=world.lead, assessment=year, plan=plan)
    first = year.outcomes.get(outcome__code="1B", service__name="Maternity")
    client = sign_in(world, "lead")
    for address, sent in (
        ("plan-objective-new", {"text": "Nobody waits", "all_services": "on", "version": "0"}),
        ("action-new", {"text": "Open on Saturdays", "all_services": "on", "version": "0"}),
        ("action-new", {"text": "Paint the door", "version": "0"}),
    ):
        answer = client.post(reverse(address, args=[first.public_id]), sent)
        assert answer.status_code == 302, words_of(answer)
    lines = queries.printed_plan(year).lines
    assert [(line.outcome, line.service, line.objective or line.action) for line in lines] == [
        ("1B, all services", "", "Nobody waits"),
        ("1B, all services", "", "Open on Saturdays"),
        ("1B Maternity", "Maternity", "Paint the door"),
    ]
    page = words_of(client.get(reverse("plan", args=[year.public_id])))
    assert "Nothing is planned yet for 13 of 15 outcomes" in page
    with time_machine.travel(today().replace(year=2028), tick=False):
        later = assessments.open_assessment(actor=world.lead, organisation=world.trust, revision=revision, year=2028)
        assessments.add_service(
            actor=world.lead, assessment=later, plan=assessments.ServicePlan(name="Maternity", why_chosen="Again.")
        )
        offers = domain.offers(later)
        domain.carry_over(
            actor=world.lead, assessment=later, chosen=[(each.action, each.outcome) for each in offers if each.outcome]
        )
    assert [line.outcome for line in queries.printed_plan(later).lines] == ["1B, all services", "1B Maternity"]
