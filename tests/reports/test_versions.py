"""Versions: what differs between two, closed ones, and what the public finds."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from eds.history.errors import DomainError
from eds.jobs.domain import run
from eds.jobs.models import Job
from reports import domain as reports
from reports.models import Publication, VersionClosure
from reports.payload import content_hash
from reports.payload.differences import differences
from reports.queries import last_years_grades, newest_publications
from tests.matrix.scene import give_pdf
from tests.reports import samples
from tests.world import World, another_year


def test_the_same_content_has_no_differences() -> None:
    content = samples.small()["content"]
    assert differences(content, deepcopy(content)) == []


def test_grades_and_texts_that_differ_are_named_by_outcome() -> None:
    before = samples.small()["content"]
    now = deepcopy(before)
    outcome = next(each for each in now["goals"][3]["outcomes"] if each["code"] == "4.1")
    outcome["local"]["grade"] = now["grades"][2]
    outcome["summary"] = "Shorter."
    outcome["evidence"][0]["title"] = "A new item"
    now["details"]["other_text"] = "Dear reader."
    [front, about] = differences(before, now)
    assert (front.label, [each.words for each in front.texts]) == (
        "The front of the report",
        ["the text at the front is new"],
    )
    assert (about.label, about.grade) == ("Outcome 4.1", "The grade is Achieving; it was Developing.")
    assert [each.words for each in about.texts] == [
        "the summary changed",
        "the evidence “A new item” is new",
        "the evidence “Equality question in board papers” is gone",
    ]
    assert about.texts[0].now == "Shorter."


def test_an_outcome_that_was_left_out_before() -> None:
    before = samples.small()["content"]
    now = deepcopy(before)
    now["goals"][3]["outcomes"][0]["scope"] = "left_out"
    [about] = differences(before, now)
    assert about.grade == "The grade is not graded this year; it was Developing."


# Through the pages


def _url(world: World, name: str = "public-report", version: int = 1, *more: str) -> str:
    return reverse(name, args=[world.trust.slug, world.assessment.year, "eds-2011", version, *more])


def _correct(world: World) -> Publication:
    reports.reopen(actor=world.lead, assessment=world.refreshed(), reason="A line was missing.")
    reports.keep_details(
        actor=world.lead, assessment=world.refreshed(), text=reports.DetailsText(other_text="Now with the line.")
    )
    world.sign()
    return world.publish("A line was missing at the front.")


@pytest.mark.django_db
def test_publish_page_and_public_page_say_what_a_correction_changes(world: World) -> None:
    world.to_published()
    reports.reopen(actor=world.lead, assessment=world.refreshed(), reason="A line was missing.")
    reports.keep_details(
        actor=world.lead, assessment=world.refreshed(), text=reports.DetailsText(other_text="Now with the line.")
    )
    world.sign()
    lead = Client()
    lead.force_login(world.lead, backend="django.contrib.auth.backends.ModelBackend")
    page = lead.get(reverse("publish", args=[world.assessment.public_id])).content.decode()
    for part in (
        "What differs from version 1",
        "The text at the front is new",
        "Now with the line.",
        "Formats: a public",
    ):
        assert part in page
    world.publish("A line was missing at the front.")
    public = Client().get(_url(world, version=2)).content.decode()
    assert "What changed since version 1" in public
    assert "A line was missing at the front." in public
    assert "the text at the front is new" in public
    assert "What changed since" not in Client().get(_url(world)).content.decode()


@pytest.mark.django_db
def test_a_closed_version_says_when_and_why_and_nothing_else(
    world: World, django_capture_on_commit_callbacks: object
) -> None:
    world.to_published()
    give_pdf(world)
    publication = world.made["publication"]
    assert isinstance(publication, Publication)
    stored = publication.renditions.get().stored
    kept = Path(settings.MEDIA_ROOT) / stored.stored_name
    assert kept.exists()
    said = "We heard too little from disabled people."
    for name, more in (("public-report", ()), ("public-outcome", ("4.1",))):
        assert said in Client().get(_url(world, name, 1, *more)).content.decode()
    with pytest.raises(DomainError, match="Say why"):
        reports.close_version(actor=world.lead, publication=publication, reason=" ")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        reports.close_version(actor=world.lead, publication=publication, reason="It showed who somebody was.")
    assert not kept.exists()
    for name, more in (("public-report", ()), ("public-outcome", ("4.1",)), ("public-file", ())):
        answer = Client().get(_url(world, name, 1, *more))
        page = answer.content.decode()
        assert answer.status_code == 410
        assert "It showed who somebody was." in page
        assert publication.content_hash[:16] in page
        assert said not in page
        assert "Developing" not in page
    # The record stays.
    publication.refresh_from_db()
    assert (publication.content_hash, VersionClosure.objects.get().actor) == (
        content_hash(publication.content),
        world.lead,
    )
    with pytest.raises(DomainError, match="closed already"):
        reports.close_version(actor=world.lead, publication=publication, reason="Again.")


@pytest.mark.django_db
def test_nothing_of_a_closed_version_comes_back_through_the_next_one(world: World) -> None:
    world.to_published()
    first = world.made["publication"]
    assert isinstance(first, Publication)
    _correct(world)
    reports.close_version(actor=world.lead, publication=first, reason="It showed who somebody was.")
    page = Client().get(_url(world, version=2)).content.decode()
    assert "(closed: it is no longer shown)" in page
    assert "the text at the front is new" not in page
    closed = Client().get(_url(world)).content.decode()
    assert _url(world, version=2) in closed


@pytest.mark.django_db
def test_no_file_is_made_of_a_closed_version(world: World) -> None:
    world.to_published()
    publication = world.made["publication"]
    assert isinstance(publication, Publication)
    reports.close_version(actor=world.lead, publication=publication, reason="It showed who somebody was.")

    job = Job.objects.get(kind=reports.RENDER, subject=publication.public_id)
    run(job.public_id)
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "This version is closed" in job.error
    assert not publication.renditions.exists()


@pytest.mark.django_db
def test_last_years_grades_are_not_read_from_a_closed_version(world: World) -> None:
    past = another_year(world.trust, world.other_trust, world.people, 2024).to("published")
    assert last_years_grades(world.refreshed())
    publication = past.made["publication"]
    assert isinstance(publication, Publication)
    reports.close_version(actor=world.lead, publication=publication, reason="It showed who somebody was.")
    assert last_years_grades(world.refreshed()) == {}


@pytest.mark.django_db
def test_reports_are_found_by_organisation_year_and_edition(world: World) -> None:
    world.to_published()
    another_year(world.trust, world.other_trust, world.people, 2023).to("published")

    def years(words: str) -> list[int]:
        return [each.assessment.year for each in newest_publications(words)]

    assert years("") == [2026, 2023]
    assert years("hollin 2023-24") == [2023]
    assert years("2026") == [2026]
    assert years("vale nowhere") == []
    page = Client().get(reverse("public-reports"), {"q": "hollin 2023"}).content.decode()
    assert "EDS 2011 2023-24" in page
    assert "2026-27" not in page
    assert "No report fits “nowhere”." in Client().get(reverse("public-reports"), {"q": "nowhere"}).content.decode()
    assert 'role="search"' not in Client().get(reverse("public-reports")).content.decode()
    assert Client().get(reverse("public-reports"), {"q": "\x00%_'\"<b>"}).status_code == 200
