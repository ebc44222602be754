"""The pages of equality objectives, as the people who use them."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from eds.history.models import deciding_on, today
from eds.people.models import Membership
from eds.ui.text import uk_date
from objectives.equality import domain as goals
from objectives.equality.models import (
    Commitment,
    EqualityObjective,
    Measure,
    ObjectiveComment,
    ObjectiveDecision,
)
from objectives.equality.queries import known
from objectives.equality.rules import Stage
from objectives.months import Month
from tests.objectives.conftest import As
from tests.world import World, member

pytestmark = pytest.mark.django_db


def words(response: Any) -> str:
    """Give what a page says, in one line."""
    text = re.sub(r"(?s).*<main", "<main", response.content.decode())
    return " ".join(strip_tags(text.replace("<", " <")).split())


def page(route: str, *args: object) -> str:
    return reverse(route, args=args)


def saved(client: Client, url: str, data: dict[str, Any]) -> str:
    response = client.post(url, data, follow=True)
    assert response.status_code == 200, response.status_code
    assert response.redirect_chain, words(response)
    return words(response)


def refused(client: Client, url: str, data: dict[str, Any]) -> str:
    response: HttpResponse = client.post(url, data)
    assert response.status_code == 422
    return words(response)


def test_an_objective_goes_from_draft_to_closed_by_its_pages(world: World, as_: As) -> None:
    lead, sponsor, reviewer = as_("lead"), as_("sponsor"), as_("reviewer")
    list_url = page("objectives", world.trust.public_id)
    assert "There is no objective yet." in words(lead.get(list_url))
    written = {
        "headline": "Halve the gap in promotion",
        "theme": "workforce",
        "limbs": ["advances"],
        "starts": "April 2026",
        "ends": "March 2030",
        "expected": "",
        "lead_role": "Chief people officer",
        "lead": world.contributor.public_id,
        "characteristics": ["race"],
        "outcomes": ["eds-2011 4.1"],
        "why": "The staff survey says so.",
        "version": "0",
    }
    said = saved(lead, page("objective-new", world.trust.public_id), written)
    assert "The objective is saved." in said
    made = EqualityObjective.objects.get()
    url = page("objective", made.public_id)
    assert "Carla Contributor" in said
    assert "Expected Not known" in said
    assert "It has no measure" in said
    saved(lead, page("commitment-new", made.public_id), {"text": "Mentors", "expected": "Jan-27", "version": "0"})
    measure = {"name": "Gap", "unit": "%", "source": "Staff records", "baseline": "12.5", "baseline_year": "2025",
               "target": "6", "direction": "", "version": "0"}  # fmt: skip
    saved(lead, page("measure-new", made.public_id), measure)
    assert Commitment.objects.get().expected == Month(2027, 1)
    assert reviewer.get(url).status_code == 404
    assert "There is no objective yet." in words(reviewer.get(list_url))

    with deciding_on(today() - datetime.timedelta(days=20)):
        goals.consult(actor=world.lead, objective=made, until=today() + datetime.timedelta(days=10))
        comment = page("objective-comment", made.public_id)
        said = words(reviewer.get(comment))
        assert "You speak for Healthwatch." in said
        assert "Your own name is not shown to anybody." in said
        assert "Enter your comment" in refused(reviewer, comment, {"text": ""})
        said = saved(reviewer, comment, {"text": "By when?"})
    assert "Healthwatch" in said
    assert "By when?" in said
    assert "Ravi Reviewer" not in said
    row = ObjectiveComment.objects.get()
    lead_page = words(lead.get(url))
    assert "A comment of Healthwatch has no answer." in lead_page
    assert "Ravi" not in lead_page
    saved(lead, page("comment-answer", made.public_id, row.public_id), {"text": "We do not know yet."})
    check = page("objective-check", made.public_id)
    assert "It does not say by when" in words(lead.get(check))
    [waiting] = known(made).open
    said = saved(lead, check, {"findings": [waiting.fingerprint], "text": "The survey decides."})
    assert "Answer: The survey decides." in said

    decide = page("objective-decide", made.public_id)
    assert "We do not know yet." in words(sponsor.get(decide))
    assert "Say why the board did not adopt it." in refused(sponsor, decide, {"decision": "not_adopted"})
    assert "The objective is adopted." in saved(sponsor, decide, {"decision": "adopted", "paper": "Board, paper 7"})
    value = page("measure-value", made.public_id, Measure.objects.get().public_id)
    saved(lead, value, {"year": str(today().year), "value": "9"})
    assert "Say why it is corrected." in refused(lead, value, {"year": str(today().year), "value": "8"})
    shown = saved(lead, value, {"year": str(today().year), "value": "8", "reason": "Counted twice."})
    assert f"{today().year} 8% Corrected: Counted twice." in shown
    saved(lead, page("objective-review", made.public_id), {"kind": "early", "text": "Nurses fare worse."})
    close = page("objective-close", made.public_id)
    assert "Choose how it ended" in refused(lead, close, {"reason": "It ended."})
    saved(lead, close, {"result": "partly", "reason": "Half of it is done."})
    said = words(reviewer.get(url))
    for expected in ("Closed: Partly achieved", "Half of it is done.", "Early review: data shows a new inequality"):
        assert expected in said
    follows = page("objective-next", made.public_id)
    assert "It follows from: Halve the gap" in words(lead.get(follows))
    saved(lead, follows, {**written, "headline": "No gap in promotion"})
    second = EqualityObjective.objects.get(followed_from=made)
    assert "It is followed by: No gap in promotion" in words(lead.get(url))
    assert "No gap in promotion" not in words(reviewer.get(url))
    assert known(second).stage is Stage.DRAFT


def test_the_line_says_its_numbers_and_stands_beside_its_table(world: World, as_: As) -> None:
    made = world.adopt(world.objective())
    measure = Measure.objects.get()
    for year, number in ((2024, 11), (2025, 9)):
        goals.record_value(actor=world.lead, measure=measure, year=year, value=number)
    html = as_("board").get(page("objective", made.public_id)).content.decode()
    assert html.count("<polyline") == 1
    assert "2023: 12.5%; 2024: 11%; 2025: 9%. The dashed line is the target, 6%." in html
    said = words(as_("board").get(page("objective", made.public_id)))
    assert "2023 12.5% The start" in said
    assert "2025 9%" in said


def test_what_the_board_adopted_is_not_in_the_form(world: World, as_: As) -> None:
    made = world.adopt(world.objective())
    edit = page("objective-edit", made.public_id)
    html = as_("lead").get(edit).content.decode()
    assert 'name="headline"' not in html
    assert 'name="expected"' in html
    sent = {"why": "New", "expected": "March 2028", "lead_role": "Director", "lead": "", "version": "1", "reason": "So"}
    saved(as_("lead"), edit, {**sent, "characteristics": ["race"], "outcomes": []})
    made.refresh_from_db()
    assert (made.headline, made.expected, made.lead) == ("Halve the gap in promotion", Month(2028, 3), None)
    assert "Say what you change, and why" in refused(as_("lead"), edit, {**sent, "reason": "", "version": "2"})


def test_somebody_else_was_quicker(world: World, as_: As) -> None:
    made = world.objective()
    sent = {
        "headline": "Mine", "theme": "workforce", "starts": "April 2026", "ends": "March 2027", "why": "Mine too.",
        "version": "1",
    }  # fmt: skip
    goals.write_objective(
        actor=world.deputy, organisation=world.trust, objective=made, text=world.objective_text("Theirs", why="Other.")
    )
    assert "Somebody changed this since you opened it." in refused(
        as_("lead"), page("objective-edit", made.public_id), sent
    )
    made.refresh_from_db()
    assert made.headline == "Theirs"


def test_parts_are_taken_out_of_a_draft_and_a_draft_is_withdrawn(world: World, as_: As) -> None:
    made = world.objective()
    lead = as_("lead")
    commitment, measure = Commitment.objects.get(), Measure.objects.get()
    url = page("commitment-edit", made.public_id, commitment.public_id)
    assert "is taken out" in saved(lead, url, {"text": "Mentors", "remove": "on", "version": "1"})
    assert lead.get(url).status_code == 404
    url = page("measure-edit", made.public_id, measure.public_id)
    sent = {"name": "Gap", "unit": "%", "target": "5", "version": "1"}
    saved(lead, url, sent)
    saved(lead, url, {**sent, "remove": "on", "version": "2"})
    assert lead.get(url).status_code == 404
    saved(lead, page("objective-withdraw", made.public_id), {"reason": "Another says it."})
    assert "There is no objective yet." in words(lead.get(page("objectives", world.trust.public_id)))


def test_each_page_says_why_not_when_it_is_not_the_time(world: World, as_: As) -> None:
    made = world.objective()
    lead, sponsor = as_("lead"), as_("sponsor")
    for client, route, sentence in (
        (sponsor, "objective-decide", "Put the objective to local people first."),
        (lead, "objective-review", "still a draft"),
        (lead, "objective-close", "still a draft"),
        (lead, "objective-next", "still a draft"),
        (sponsor, "objective-edit", "Only the lead or the deputy writes objectives."),
        (lead, "objective-decide", "Only the board sponsor records what the board decided."),
    ):
        response = client.get(page(route, made.public_id))
        assert (route, response.status_code) == (route, 403)
        assert sentence in words(response)
    world.consult(made)
    assert "Local people read this text now." in words(lead.get(page("objective-edit", made.public_id)))


def test_leads_and_board_on_a_panel_do_not_comment_on_their_own_objectives(world: World, as_: As) -> None:
    made = world.objective()
    world.consult(made)
    member(world.reviewer, world.trust, Membership.Role.BOARD_MEMBER, world.admin)
    response = as_("reviewer").get(page("objective-comment", made.public_id))
    assert response.status_code == 403
    assert "do not review the work of their own trust" in words(response)
    assert "Comment on" not in words(as_("reviewer").get("/"))
    assert ">Comment<" not in as_("reviewer").get(page("objective", made.public_id)).content.decode()


# Home


def tasks(client: Client) -> str:
    return words(client.get("/"))


def test_home_asks_panel_members_to_comment_while_it_lasts_and_once(world: World, as_: As) -> None:
    made = world.objective()
    assert "Comment on" not in tasks(as_("reviewer"))
    world.consult(made, 14)
    last = uk_date(today() + datetime.timedelta(days=14))
    for who in ("reviewer", "staff_chair", "organiser"):
        assert "Comment on “Halve the gap in promotion”" in tasks(as_(who))
        assert f"by {last}" in tasks(as_(who))
    for who in ("lead", "sponsor", "board", "contributor", "outsider"):
        assert "Comment on" not in tasks(as_(who))
    world.comment(made)
    assert "Comment on" not in tasks(as_("reviewer"))
    assert "Comment on" in tasks(as_("staff_chair"))
    assert "Answer a comment on “Halve the gap in promotion”" in tasks(as_("lead"))
    assert "Answer a comment" not in tasks(as_("sponsor"))


def test_home_asks_the_lead_to_mend_then_the_sponsor_to_decide(world: World, as_: As) -> None:
    made = world.objective(expected=None)
    world.discuss(made)
    assert "Mend or answer what the check asks of “Halve" in tasks(as_("lead"))
    assert "Record what the board decided" not in tasks(as_("sponsor"))
    [waiting] = known(made).open
    goals.answer_check(
        actor=world.lead, objective=made, seen={(waiting.id, waiting.about): waiting.fingerprint}, text="Not known."
    )
    assert "Mend or answer" not in tasks(as_("lead"))
    assert "Record what the board decided on “Halve" in tasks(as_("sponsor"))
    assert "Record what the board decided" not in tasks(as_("board"))


@pytest.mark.parametrize(("days", "asked"), [(300, False), (340, True), (500, True)])
def test_home_asks_for_the_yearly_review(world: World, as_: As, days: int, asked: bool) -> None:
    made = world.objective(starts=Month.of(today()).later(-30), ends=Month.of(today()).later(10))
    with deciding_on(today() - datetime.timedelta(days=days)):
        goals.consult(actor=world.lead, objective=made, until=today())
    with deciding_on(today() - datetime.timedelta(days=days - 1)):
        for each in known(made).open:
            goals.answer_check(
                actor=world.lead, objective=made, seen={(each.id, each.about): each.fingerprint}, text="So."
            )
        goals.decide(actor=world.sponsor, objective=made, decision="adopted")
    assert ("Review “Halve" in tasks(as_("lead"))) is asked
    goals.review(actor=world.lead, objective=made, text="Seen.")
    assert "Review “Halve" not in tasks(as_("lead"))


def test_home_asks_to_close_what_is_over(world: World, as_: As) -> None:
    over = Month.of(today()).later(-1)
    made = world.objective(starts=over.later(-20), ends=over, expected=over)
    world.discuss(made)
    for each in known(made).open:
        goals.answer_check(actor=world.lead, objective=made, seen={(each.id, each.about): each.fingerprint}, text="So.")
    goals.decide(actor=world.sponsor, objective=made, decision="adopted")
    assert "Say how it ended, and close “Halve" in tasks(as_("lead"))
    goals.close(actor=world.lead, objective=made, result="achieved", reason="Done.")
    assert "Say how it ended" not in tasks(as_("lead"))
    assert ObjectiveDecision.objects.filter(kind="closed").count() == 1


@pytest.mark.parametrize(("who", "status"), [("lead", 200), ("contributor", 403), ("reviewer", 404), ("outsider", 404)])
def test_what_belongs_to_an_objective_is_read_only_for_those_who_may_go_on(
    world: World, as_: As, who: str, status: int
) -> None:
    draft = world.objective()
    client = as_(who)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page("objective-edit", draft.public_id)).status_code == status
    read = any(Commitment._meta.db_table in query["sql"] for query in asked)
    assert read == (status == 200)
