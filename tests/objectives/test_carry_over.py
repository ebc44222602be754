"""Two years of a plan: what is unfinished is carried over with its history, and the next report lists what was done."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from eds.assessments import domain as assessments
from eds.frameworks.queries import latest_revision
from eds.history.models import today
from objectives.months import Month
from objectives.plan import domain, queries, rules
from objectives.plan.models import ImprovementAction
from objectives.plan.years import plan_before
from reports.checks import run_checks
from reports.payload import build_content
from tests.leaks.walk import sign_in
from tests.noes import no
from tests.world import World, another_year

CODES = st.sampled_from(["1A", "1B", "2A"])
SERVICES = st.sampled_from(["", "Dentistry", "Maternity"])
KEYS = st.tuples(CODES, SERVICES)


@given(KEYS, st.lists(KEYS, unique=True, max_size=9))
def test_an_outcome_is_found_again_or_asked_for(old: tuple[str, str], here: list[tuple[str, str]]) -> None:
    found = rules.same_outcome(old, here)
    same_code = [key for key in here if key[0] == old[0]]
    if old in here:
        assert found is not None
        assert here[found] == old
    elif len(same_code) == 1:
        assert found is not None
        assert here[found] == same_code[0]
    else:
        assert found is None


def _at(year: int, month: int) -> time_machine.travel:
    return time_machine.travel(datetime.datetime(year, month, 15, 12, tzinfo=datetime.UTC), tick=False)


def _two_years(world: World) -> tuple[World, dict[str, ImprovementAction]]:
    """Run a year with four actions, publish, and open the next."""
    with _at(2026, 11):
        objective = world.plan_objective(text="Board members know the people they serve.")
        made = {
            "done": world.plan_action(text="Meet every network", due=Month(2027, 1), objective=objective),
            "risk": world.plan_action(text="Train the board", due=Month(2027, 3), objective=objective, owner="sponsor"),
            "waits": world.plan_action("4.2", text="Ask the staff", role="Head of staff voice"),
            "stopped": world.plan_action("4.2", text="Print a leaflet", role="Head of print"),
        }
        world.to_published()
    with _at(2027, 2):
        domain.say_progress(actor=world.lead, action=made["done"], status="done", words="All six were met.")
        domain.say_progress(actor=world.lead, action=made["risk"], status="at_risk", words="Two are away.")
        domain.say_progress(actor=world.lead, action=made["stopped"], status="stopped", words="Nobody wants it.")
        domain.say_felt(
            actor=world.community_chair,
            action=made["done"],
            panel=world.community,
            answer="partly",
            words="Two came back.",
        )
    with _at(2027, 5):
        later = another_year(world.trust, world.other_trust, world.people, 2027)
    return later, made


def test_unfinished_actions_are_offered_and_carried_with_all_that_belongs_to_them(world: World) -> None:
    later, made = _two_years(world)
    with _at(2027, 5):
        offers = domain.offers(later.refreshed())
        assert [(each.action.text, each.outcome and str(each.outcome)) for each in offers] == [
            ("Train the board", "4.1"),
            ("Ask the staff", "4.2"),
        ]
        carried = domain.carry_over(
            actor=later.lead,
            assessment=later.refreshed(),
            chosen=[(each.action, each.outcome) for each in offers if each.outcome],
        )
        assert domain.offers(later.refreshed()) == []
    new = carried[0]
    assert (new.carried_from, new.due, new.source) == (made["risk"], Month(2027, 3), "carried")
    assert new.plan_objective is not None
    assert new.plan_objective.text == "Board members know the people they serve."
    assert new.plan_objective != made["risk"].plan_objective
    assert [(owner.name, owner.user) for owner in new.owners.all()] == [("Head of training", world.sponsor)]
    with _at(2027, 6):
        assert queries.Owned(new, queries.latest_updates([new])[new.pk]).state == "late"
        history = queries.history_of(queries.standing_actions().get(pk=new.pk))
        assert [(said.year, said.words) for said in history] == [("2027-28", "At risk"), ("2026-27", "At risk")]
    with no("kept in the newer plan"):
        domain.say_progress(actor=world.lead, action=made["risk"], status="done")
    with no("only once"):
        domain.carry_over(
            actor=later.lead, assessment=later.refreshed(), chosen=[(made["waits"], later.outcome("4.2"))]
        )
    with no("only once"):
        domain.carry_over(actor=later.lead, assessment=later.refreshed(), chosen=[(made["done"], later.outcome("4.1"))])


def test_what_was_carried_and_taken_out_is_offered_again_and_comes_back(world: World) -> None:
    later, made = _two_years(world)
    chosen = [(made["waits"], later.outcome("4.2"))]
    (new,) = domain.carry_over(actor=later.lead, assessment=later.refreshed(), chosen=chosen)
    domain.remove_action(actor=later.lead, action=new, reason="Too early")
    assert made["waits"] in [each.action for each in domain.offers(later.refreshed())]
    (again,) = domain.carry_over(actor=later.lead, assessment=later.refreshed(), chosen=chosen)
    assert again.pk == new.pk
    assert not ImprovementAction.objects.get(pk=new.pk).removed


def test_carrying_over_by_the_page(world: World) -> None:
    later, made = _two_years(world)
    client = sign_in(later, "lead")
    url = reverse("plan-carry", args=[later.assessment.public_id])
    page = client.get(url).content.decode()
    assert "Train the board" in page
    assert "Meet every network" not in page
    assert "Print a leaflet" not in page
    sent = {f"to_{made['risk'].public_id}": later.outcomes["4.1"].public_id, f"to_{made['waits'].public_id}": ""}
    assert client.post(url, {**sent, f"to_{made['waits'].public_id}": "nonsense"}).status_code == 422
    assert client.post(url, sent).status_code == 302
    assert ImprovementAction.objects.get(carried_from__isnull=False).carried_from == made["risk"]
    old = client.get(reverse("plan", args=[world.assessment.public_id])).content.decode()
    assert "Carried over to 2027-28" in old


def test_a_panel_does_not_learn_from_last_years_plan_what_is_planned_before_the_reveal(world: World) -> None:
    later, made = _two_years(world)
    chosen = [(made["risk"], later.outcome("4.1"))]
    domain.carry_over(actor=later.lead, assessment=later.refreshed(), chosen=chosen)
    page = sign_in(later, "reviewer").get(reverse("plan", args=[world.assessment.public_id])).content.decode()
    assert "Train the board" in page
    assert "Carried over" not in page


def test_the_next_report_lists_what_was_done_with_its_objective_and_who_felt_it(world: World) -> None:
    later, made = _two_years(world)
    with _at(2027, 6):
        domain.carry_over(actor=later.lead, assessment=later.refreshed(), chosen=[(made["risk"], later.outcome("4.1"))])
        carried = ImprovementAction.objects.get(carried_from=made["risk"])
        domain.say_progress(actor=later.lead, action=carried, status="done", words="All came in May.")
        content = build_content(later.refreshed())
    objective = "Board members know the people they serve."
    assert [(each.action, each.objective, each.completed_on) for each in content.completed] == [
        ("Meet every network", objective, "2027-02-15"),
        ("Train the board", objective, "2027-06-15"),
    ]
    assert [(said.panel, said.answer) for said in content.completed[0].felt] == [("Healthwatch", "Partly felt")]
    assert [(line.action, line.status, line.carried_from) for line in content.plan] == [
        ("Train the board", "Done", "2026-27")
    ]


def test_the_report_prints_the_plan_as_it_stood_when_sign_off_began(world: World) -> None:
    due = Month.of(today())
    action = world.plan_action(text="Train the board", due=due, owner="sponsor")
    world.to_agreed()
    world.sign()
    months_later = due.later(3)
    with _at(months_later.year, months_later.month):
        # A month went by and the owner has spoken; what was signed is what is published.
        domain.say_progress(actor=world.sponsor, action=action, status="done")
        publication = world.publish()
        page = sign_in(world, "").get(
            reverse("public-report", args=[world.trust.slug, world.assessment.year, "eds-2011", 1])
        )
    assert '"status":"Not started"' in publication.content
    text = page.content.decode()
    assert "Action plan" in text
    assert "Head of training" in text
    assert str(due) in text
    assert "Beth Board" not in publication.content


def test_names_are_printed_only_where_the_organisation_chose_so(world: World) -> None:
    world.plan_action(owner="contributor")
    assert build_content(world.refreshed()).plan[0].owner == "Head of training"
    domain.keep_settings(
        actor=world.lead, organisation=world.trust, digest=True, escalate_after=None, prints_names=True
    )
    assert build_content(world.refreshed()).plan[0].owner == "Head of training (Carla Contributor)"


@pytest.mark.parametrize("planned", [False, True])
def test_checks_ask_for_actions_owners_dates_and_promises(world: World, planned: bool) -> None:
    world.prepare()
    world.propose("4.2", "developing", "All managers will be trained by March 2027.", "Say when")
    world.move("reviewing")  # type: ignore[arg-type]
    for who in ("community_chair", "reviewer", "staff_chair"):
        for code in ("4.1", "4.2"):
            world.review(who, code, "developing")
    world.move("agreeing")  # type: ignore[arg-type]
    world.settle()
    if planned:
        world.plan_action("4.1", text="Meet the networks", due=Month(2027, 1))
        world.plan_action("4.2", text="Train managers", due=Month(2027, 3))
        domain.add_action(
            actor=world.lead, assessed_outcome=world.outcome("4.2"), content=domain.ActionText("Somebody should")
        )
    world.move("agreed")  # type: ignore[arg-type]
    found = [(each.check.id, each.finding.says) for each in run_checks(world.refreshed()).open]
    ids = [check for check, _ in found]
    if planned:
        assert ids.count("low.action") == 0
        assert ("action.incomplete", "“Somebody should” has no owner and no date.") in found
        assert "promise.dated" not in ids
    else:
        assert ids.count("low.action") == 2
        assert "action.incomplete" not in ids
        assert ids.count("promise.dated") == 1


def test_a_plan_goes_on_in_a_new_edition_where_the_lead_says_under_which_outcome(world: World) -> None:
    action = world.plan_action(text="Train the board", owner="sponsor")
    world.to_published()
    revision = latest_revision("eds-2022")
    later = assessments.open_assessment(actor=world.lead, organisation=world.trust, revision=revision, year=2027)
    (offer,) = domain.offers(later)
    assert (offer.action, offer.outcome, offer.place) == (action, None, "EDS 2011 4.1")
    place = later.outcomes.get(outcome__code="3A")
    sent = {f"to_{action.public_id}": place.public_id}
    client = sign_in(world, "lead")
    assert "EDS 2011 4.1: Train the board" in client.get(reverse("plan-carry", args=[later.public_id])).content.decode()
    assert client.post(reverse("plan-carry", args=[later.public_id]), sent).status_code == 302
    assert ImprovementAction.objects.get(carried_from=action).assessed_outcome == place
    page = client.get(reverse("audit", args=[later.public_id])).content.decode()
    assert "Train the board" in page
    much_later = assessments.open_assessment(actor=world.lead, organisation=world.trust, revision=revision, year=2031)
    assert plan_before(much_later) == later
    eds2 = latest_revision("eds2-2013")
    other = assessments.open_assessment(actor=world.lead, organisation=world.trust, revision=eds2, year=2034)
    assert plan_before(other) is None
