"""What the lead writes for a report: details, events, approval route, an older report's words, earlier grades."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from eds.assessments.domain import EventText, keep_event, remove_event
from eds.assessments.models import EngagementEvent
from eds.history.errors import DomainError, Stale
from eds.history.models import today
from grading.models import PublishedElsewhere
from reports import domain as reports
from reports.checks import run_checks
from reports.models import ApprovalStep, OutcomeWords, ReportDetails
from reports.payload import build_content, canonical
from tests.world import World

pytestmark = pytest.mark.django_db
A_DAY = datetime.date(2026, 6, 12)
EVENT = EventText("Open day", A_DAY, "Carers' group", "About 60", "Letters are too small.", "They are larger.")
STEP = reports.StepText("committee", "Equality Committee", A_DAY, "EC 1", "EC 1.2")


def client_of(world: World, who: str = "lead") -> Client:
    client = Client()
    client.force_login(world.people[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def post(world: World, name: str, /, *args: object, **data: Any) -> HttpResponse:
    """Send a form of an assessment as its lead."""
    return client_of(world).post(reverse(name, args=[world.assessment.public_id, *args]), data)


def test_names_are_printed_only_by_consent(world: World) -> None:
    def keep(**values: Any) -> None:
        reports.keep_details(actor=world.lead, assessment=world.assessment, text=reports.DetailsText(**values))

    with pytest.raises(DomainError, match="agreed"):
        keep(lead_name="Lena Lead")
    assert build_content(world.refreshed()).details.lead == "Equality lead"
    keep(lead_name="Lena Lead", lead_role="Head of inclusion", names_agreed=True)
    details = build_content(world.refreshed()).details
    assert (details.lead, details.sponsor) == ("Lena Lead, Head of inclusion", "Board sponsor")
    row = ReportDetails.objects.get()
    row.names_agreed = False
    with pytest.raises(IntegrityError), transaction.atomic():
        row.record(actor=world.lead, reason="Straight into the table")


def test_a_partnership_names_its_bodies_and_a_stale_form_is_refused(world: World) -> None:
    with pytest.raises(DomainError, match="Name the bodies"):
        reports.keep_details(
            actor=world.lead, assessment=world.assessment, text=reports.DetailsText(level="partnership")
        )
    reports.keep_details(actor=world.lead, assessment=world.assessment, text=reports.DetailsText())
    with pytest.raises(Stale):
        reports.keep_details(
            actor=world.lead, assessment=world.assessment, text=reports.DetailsText(), expected_version=5
        )


def test_details_stand_in_the_report_and_are_fixed_once_it_is_published(world: World) -> None:
    world.to_agreed()
    assert (
        post(world, "report-details", version="0", level="organisation", method_note="By post too.").status_code == 302
    )
    assert build_content(world.refreshed()).details.method_note == "By post too."
    world.sign()
    world.publish()
    with pytest.raises(DomainError, match="published"):
        reports.keep_details(actor=world.lead, assessment=world.assessment, text=reports.DetailsText())


def test_events_are_kept_changed_and_taken_out_while_the_assessment_is_open(world: World) -> None:
    sent = {
        "version": "0", "name": "Open day", "held_on": "12 June 2026", "groups": "Carers' group", "heard": "Much.",
    }  # fmt: skip
    assert post(world, "engagement-new", **{**sent, "held_on": "30 February 2026"}).status_code == 422
    assert post(world, "engagement-new", **sent).status_code == 302
    event = EngagementEvent.objects.get()
    [printed] = build_content(world.refreshed()).engagement
    assert (printed.name, printed.on, printed.heard) == ("Open day", "2026-06-12", "Much.")
    changed = {**sent, "version": str(event.version), "heard": "More."}
    assert post(world, "engagement-edit", event.public_id, **changed).status_code == 302
    assert post(world, "engagement-edit", event.public_id, **changed).status_code == 422
    event.refresh_from_db()
    assert event.heard == "More."
    out = {**sent, "version": str(event.version), "remove": "on"}
    assert post(world, "engagement-edit", event.public_id, **out).status_code == 302
    assert build_content(world.refreshed()).engagement == []
    assert EngagementEvent.objects.get().removed
    assert post(world, "engagement-edit", event.public_id, **out).status_code == 404


def test_events_are_fixed_once_all_is_agreed(world: World) -> None:
    event = keep_event(actor=world.lead, assessment=world.assessment, text=EVENT)
    world.to_agreed()
    with pytest.raises(DomainError, match="fixed"):
        keep_event(actor=world.lead, assessment=world.assessment, text=EVENT)
    with pytest.raises(DomainError, match="fixed"):
        remove_event(actor=world.lead, event=event, reason="No")
    assert [each.name for each in build_content(world.refreshed()).engagement] == ["Open day"]


def test_the_approval_route_is_kept_in_sign_off_only(world: World) -> None:
    with pytest.raises(DomainError):
        reports.keep_approval_step(actor=world.lead, assessment=world.assessment, text=STEP)
    world.to_agreed()
    sent = {"version": "0", "kind": "committee", "body": "Equality Committee", "on": "2 February 2027", "paper": "EC 1"}
    assert post(world, "approval-new", **sent).status_code == 302
    step = ApprovalStep.objects.get()
    [printed] = build_content(world.refreshed()).approval
    assert (printed.body, printed.on, printed.paper) == ("Equality Committee", "2027-02-02", "EC 1")
    out = {**sent, "version": str(step.version), "remove": "on"}
    assert post(world, "approval-edit", step.public_id, **out).status_code == 302
    assert build_content(world.refreshed()).approval == []


def test_an_older_wording_is_entered_while_the_round_is_prepared(world: World) -> None:
    outcome = world.outcomes["4.1"]
    client = client_of(world)
    url = reverse("report-words", args=[outcome.public_id])
    assert outcome.outcome.text in client.get(url).content.decode()
    sent = {"version": "0", "wording_then": "Leaders care.", "contacts": "Company secretary\nHead of equality"}
    assert client.post(url, sent).status_code == 302
    printed = {each.code: each for goal in build_content(world.refreshed()).goals for each in goal.outcomes}
    assert printed["4.1"].wording_then == "Leaders care."
    assert printed["4.1"].contacts == ["Company secretary", "Head of equality"]
    # Of the other nobody wrote: what its contact contributes, and no name.
    assert (printed["4.2"].wording_then, printed["4.2"].contacts) == ("", ["Training"])
    world.to_reviewing()
    with pytest.raises(DomainError, match="opened"):
        reports.keep_words(actor=world.lead, assessed_outcome=world.outcome("4.2"), wording_then="Other", contacts="")
    assert OutcomeWords.objects.count() == 1


def test_earlier_grades_are_entered_and_stand_in_the_report(world: World) -> None:
    name = f"grade_{world.outcomes['4.1'].public_id}"
    sent = {"year": "2024", "source": "Annual report 2024", name: "developing"}
    assert post(world, "earlier-grades", **{**sent, "year": "2030"}).status_code == 422
    assert post(world, "earlier-grades", **sent).status_code == 302
    row = PublishedElsewhere.objects.get()
    assert (row.outcome_code, row.year, row.grade.code) == ("4.1", 2024, "developing")  # type: ignore[union-attr]
    [last] = [
        each.last_year for goal in build_content(world.refreshed()).goals for each in goal.outcomes if each.last_year
    ]
    assert (last.year, last.grade.name, last.source) == ("2024-25", "Developing", "Annual report 2024")
    page = client_of(world).get(reverse("earlier-grades", args=[world.assessment.public_id]) + "?year=2024")
    assert '<option value="developing" selected' in page.content.decode()
    assert post(world, "earlier-grades", **{**sent, name: ""}).status_code == 422
    back = {**sent, name: "", "reason": "It was another trust's."}
    assert post(world, "earlier-grades", **back).status_code == 302
    assert not any(each.last_year for goal in build_content(world.refreshed()).goals for each in goal.outcomes)


def test_the_report_names_nobody_who_did_not_agree(world: World) -> None:
    """R21: neither reviewers, nor lead contacts, nor who recorded a grade or answered a check."""
    world.to_published()
    publication = world.made["publication"]
    text = publication.content + canonical(publication.envelope)  # type: ignore[attr-defined]
    assert "Training" in text
    assert [user.name for user in world.people.values() if user.name in text or user.email in text] == []


def test_panels_see_when_publication_is_overdue(world: World) -> None:
    world.to_agreed()
    url = reverse("assessment", args=[world.assessment.public_id])

    def says_so(who: str) -> bool:
        return "Publication is overdue" in client_of(world, who).get(url).content.decode()

    readers = ("reviewer", "community_chair", "staff_chair", "lead", "board")
    assert not any(says_so(who) for who in readers)
    assessment = world.refreshed()
    assessment.publish_by = today() - datetime.timedelta(days=1)
    assessment.record(actor=world.lead, reason="Its date has passed")
    assert all(says_so(who) for who in readers)
    assert "1 thing stops the report" in run_checks(world.refreshed()).words
    assert "publish.overdue" in [each.check.id for each in run_checks(world.refreshed()).worth_knowing]
    world.sign()
    world.publish()
    assert not says_so("reviewer")
