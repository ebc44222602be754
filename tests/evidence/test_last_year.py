"""A new year starts from the last: its evidence is kept, renewed or dropped, each by a decision (R19)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from eds.assessments import domain as assessments
from eds.assessments.models import PanelMember, Phase, ScopeDecision
from evidence import domain
from evidence.last_year.domain import Decided, decide_offers
from evidence.last_year.queries import offers_of, waiting_of
from evidence.models import EvidenceItem, EvidenceLink, OfferDecision
from tests.counting import counted
from tests.leaks.walk import sign_in
from tests.noes import no
from tests.pages.test_starting import opened
from tests.ui.checks_of_pages import assert_sound, parse, texts
from tests.world import World, another_year, build_world

pytestmark = pytest.mark.django_db
TITLES = ("Board training", "Staff survey", "Complaints", "Interpreters")


@pytest.fixture
def last(db: None) -> World:
    """Last year, 2026: four items under 4.1, one of them under 4.2 as well, and reviewing has opened."""
    world = build_world().prepare()
    for title in TITLES[1:]:
        domain.write_and_cite(
            actor=world.lead, assessed_outcome=world.outcome("4.1"), content=domain.EvidenceText(title, "A text.", "HR")
        )
    world.move(Phase.REVIEWING)
    return world


@pytest.fixture
def now(last: World) -> World:
    """This year, 2027, in preparing."""
    return another_year(last.trust, last.other_trust, last.people, 2027)


def offered(world: World, code: str = "4.1") -> list[str]:
    outcome = world.outcome(code)
    return [f"{each.newest.title} {each.state}".strip() for each in offers_of([outcome])[outcome.pk]]


def cited(world: World, code: str = "4.1") -> list[str]:
    rows = EvidenceLink.objects.filter(assessed_outcome=world.outcomes[code], removed_on__isnull=True)
    return [domain.latest_version(row.item).title for row in rows.order_by("position")]


def item(title: str) -> EvidenceItem:
    return EvidenceItem.objects.get(versions__title=title, versions__seq=1)


def page(world: World, code: str = "4.1") -> str:
    return reverse("evidence-last-year", args=[world.outcomes[code].public_id])


def field(title: str) -> str:
    return f"item_{item(title).public_id}"


def version(client: Client, url: str) -> str:
    return client.get(url).content.decode().split('name="version" value="')[1].split('"')[0]


def test_what_last_year_cited_is_offered_under_the_same_outcome(now: World) -> None:
    assert offered(now) == list(TITLES)
    assert offered(now, "4.2") == ["Board training"]
    assert cited(now) == []


def test_a_year_that_never_opened_and_a_later_year_are_not_last_year(last: World, now: World) -> None:
    later = another_year(last.trust, last.other_trust, last.people, 2028)
    assert offered(later) == list(TITLES)  # 2027 has not run
    assert offered(last) == []
    domain.cite(actor=now.lead, assessed_outcome=now.outcome("4.1"), item=item("Complaints"))
    for code in ("4.1", "4.2"):
        domain.write_summary(actor=now.lead, assessed_outcome=now.outcome(code), text="In short.")
        now.propose(code, "developing")
    now.move(Phase.REVIEWING)
    assert offered(later) == ["Complaints"]


def test_the_service_belongs_to_the_outcome(last: World) -> None:
    def year(number: int, service: str) -> World:
        assessment = opened(last, "eds-2022", number)
        assessments.add_service(
            actor=last.lead, assessment=assessment, plan=assessments.ServicePlan(service, "Complaints rose.")
        )
        row = assessment.outcomes.select_related("outcome", "service", "assessment").get(
            outcome__code="1A", service__name=service
        )
        revision = assessment.revision
        return World(**{**last.__dict__, "assessment": assessment, "outcomes": {"1A": row}, "revision": revision})

    before = year(2026, "Maternity")
    domain.cite(actor=last.lead, assessed_outcome=before.outcome("1A"), item=item("Complaints"))
    rows = [before.outcomes["1A"]]
    before.round = assessments.plan_round(
        actor=last.lead,
        assessment=before.assessment,
        plan=assessments.RoundPlan("One", rows, agree_by=last.round.agree_by),
    )
    panel = assessments.add_panel(
        actor=last.lead,
        assessment=before.assessment,
        plan=assessments.PanelPlan("Patients", last.community.kind, rows, quorum=1),
    )
    assessments.add_panel_member(actor=last.lead, panel=panel, user=last.reviewer, role=PanelMember.Role.CHAIR)
    before.propose("1A", "developing")
    domain.write_summary(actor=last.lead, assessed_outcome=before.outcome("1A"), text="In short.")
    before.move(Phase.REVIEWING)
    assert offered(year(2027, "Maternity"), "1A") == ["Complaints"]
    assert offered(year(2028, "Pharmacy"), "1A") == []


def test_one_form_keeps_renews_and_drops(now: World) -> None:
    client = sign_in(now, "contributor")
    url = page(now)
    assert_sound(parse(client.get(url).content.decode()))
    data = {
        "version": version(client, url),
        field("Board training"): "keep",
        field("Staff survey"): "renew",
        field("Complaints"): "drop",
        field("Interpreters"): "",
        "reason": "It is three years old.",
    }
    response = client.post(url, data)
    assert response["Location"] == reverse("evidence-edit", args=[item("Staff survey").public_id])
    assert client.get(response["Location"]).status_code == 200  # somebody else wrote it, and it is not cited yet
    assert cited(now) == ["Board training"]
    assert offered(now) == ["Staff survey renew", "Complaints drop", "Interpreters"]
    assert waiting_of([now.outcome("4.1")])[now.outcomes["4.1"].pk] == 2
    row = OfferDecision.objects.get(choice="drop")
    assert (row.actor, row.reason) == (now.contributor, "It is three years old.")
    kept = EvidenceLink.objects.get(assessed_outcome=now.outcomes["4.1"])
    assert kept.history.latest().history_change_reason == "Kept from EDS 2011 2026-27"
    tree = parse(client.get(url).content.decode())
    assert "Write a new version of “Staff survey”" in texts(tree, "//main//a")
    again = client.post(url, {"version": version(client, url), "again": item("Complaints").public_id})
    assert again["Location"] == url
    assert offered(now) == ["Staff survey renew", "Complaints", "Interpreters"]


def renew(world: World, title: str, code: str = "4.1") -> None:
    decide_offers(actor=world.lead, assessed_outcome=world.outcome(code), decided=Decided(renew=[item(title)]))


def test_what_is_to_be_renewed_is_cited_with_its_new_version(now: World) -> None:
    renew(now, "Board training")
    renew(now, "Board training", "4.2")
    renew(now, "Staff survey")
    decide_offers(
        actor=now.lead, assessed_outcome=now.outcome("4.2"), decided=Decided(offer=[item("Board training")])
    )  # decided otherwise
    found = item("Board training")
    domain.correct_item(
        actor=now.contributor,
        item=found,
        content=domain.EvidenceText("Board training 2027", "All were trained."),
        sharing=found.sharing,
        reason="The new year's numbers",
        expected_version=1,
    )
    assert cited(now) == ["Board training 2027"]
    assert cited(now, "4.2") == []
    domain.change_details(actor=now.lead, item=item("Staff survey"), reason="New figures", expected_version=1)
    assert cited(now) == ["Board training 2027", "Staff survey"]


def test_a_round_that_opened_meanwhile_gets_nothing(now: World) -> None:
    renew(now, "Complaints")
    domain.cite(actor=now.lead, assessed_outcome=now.outcome("4.1"), item=item("Board training"))
    for code in ("4.1", "4.2"):
        domain.write_summary(actor=now.lead, assessed_outcome=now.outcome(code), text="In short.")
        now.propose(code, "developing")
    domain.cite(actor=now.lead, assessed_outcome=now.outcome("4.2"), item=item("Board training"))
    now.move(Phase.REVIEWING)
    domain.change_details(actor=now.lead, item=item("Complaints"), reason="New figures", expected_version=1)
    assert cited(now) == ["Board training"]
    with no("opened"):
        decide_offers(actor=now.lead, assessed_outcome=now.outcome("4.1"), decided=Decided(keep=[item("Complaints")]))


def test_every_no(now: World) -> None:
    def decide(reason: str = "", **items: list[EvidenceItem]) -> None:
        decide_offers(actor=now.lead, assessed_outcome=now.outcome("4.1"), decided=Decided(**items), reason=reason)

    new = domain.write_item(actor=now.lead, organisation=now.trust, content=domain.EvidenceText("New", "New."))
    with no("Choose what to do"):
        decide()
    with no("Say why you drop", "reason"):
        decide(drop=[item("Complaints")], reason=" ")
    with no("Choose one thing"):
        decide(drop=[item("Complaints")], keep=[item("Complaints")], reason="Old.")
    with no("was not cited last year"):
        decide(keep=[item("Complaints"), new])
    assert cited(now) == []  # all or nothing
    with pytest.raises(IntegrityError), transaction.atomic():
        OfferDecision.append(
            actor=now.lead, assessed_outcome=now.outcome("4.1"), item=item("Complaints"), choice="drop"
        )


def test_the_form_says_what_is_missing_and_notices_who_was_quicker(now: World) -> None:
    client, url = sign_in(now, "contributor"), page(now)
    stale = version(client, url)
    nothing = client.post(url, {"version": stale})
    assert nothing.status_code == 422
    assert "Choose what to do with one piece of evidence or more" in nothing.content.decode()
    unreasoned = client.post(url, {"version": stale, field("Complaints"): "drop"})
    assert "Say why you drop this evidence" in unreasoned.content.decode()
    domain.cite(actor=now.lead, assessed_outcome=now.outcome("4.1"), item=item("Complaints"))
    late = client.post(url, {"version": stale, field("Complaints"): "drop", "reason": "Old."})
    assert late.status_code == 422
    assert "Somebody changed this since you opened it" in late.content.decode()
    assert not OfferDecision.objects.exists()


def test_it_is_a_task_of_the_lead_contact_and_stands_on_the_outcome_s_page(now: World) -> None:
    home = sign_in(now, "contributor").get("/").content.decode()
    assert "4 items from last year wait for your decision: 4.1" in home
    assert "1 item from last year waits for your decision: 4.2" in home
    assert "Enter evidence for" not in home
    assert "from last year" not in sign_in(now, "lead").get("/").content.decode()
    for who in ("lead", "contributor"):
        outcome = sign_in(now, who).get(reverse("outcome", args=[now.outcomes["4.1"].public_id]))
        assert "4 items from last year wait for your decision" in outcome.content.decode()
    decided = Decided(drop=[item(title) for title in TITLES])
    decide_offers(actor=now.lead, assessed_outcome=now.outcome("4.1"), decided=decided, reason="Old.")
    home = sign_in(now, "contributor").get("/").content.decode()
    assert "wait for your decision: 4.1" not in home
    assert "Enter evidence for 4.1" in home


@pytest.mark.parametrize("who", ["reviewer", "community_chair", "sponsor", "outsider"])
def test_nobody_else_sees_what_last_year_had(now: World, who: str) -> None:
    response = sign_in(now, who).get(page(now))
    assert response.status_code in {403, 404}
    assert "Complaints" not in response.content.decode()


def test_what_is_left_out_this_year_or_was_left_out_then_is_not_offered(last: World, now: World) -> None:
    assert offers_of([]) == {}
    last.move(Phase.PREPARING, "A mistake.")
    assert offered(now) == []
    assessments.decide_scope(
        actor=last.lead,
        assessed_outcome=last.outcome("4.1"),
        scope=ScopeDecision.Scope.LEFT_OUT,
        reason="Not this time.",
    )
    assert offered(now) == []


def test_its_queries_do_not_grow(now: World) -> None:
    with counted() as many:
        offers_of([now.outcomes["4.1"], now.outcomes["4.2"]])
    with counted() as few:
        offers_of([now.outcomes["4.2"]])
    assert many.queries == few.queries == 4
