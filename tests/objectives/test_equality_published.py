"""Published equality objectives: versions that never change, roles and never names, and small numbers looked at first."""

from __future__ import annotations

import io
import itertools
import json
import re
import subprocess
from decimal import Decimal
from pathlib import Path

import pdfua
import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from eds.history.errors import Stale
from eds.jobs.domain import run
from eds.jobs.models import Job
from objectives.equality import domain as goals
from objectives.equality.domain import MeasureText
from objectives.equality.models import Measure
from objectives.months import Month
from reports.objectives import domain
from reports.objectives.build import build, small_numbers_in
from reports.objectives.models import ObjectivesRendition, ObjectivesVersion
from reports.objectives.rendering import render_pdf
from reports.payload import canonical, content_hash
from tests.noes import no
from tests.objectives.conftest import As
from tests.objectives.test_equality_pages import refused, saved, words
from tests.reports.tagged import elements_under
from tests.world import World

pytestmark = pytest.mark.django_db


def publish(world: World, reason: str = "The board has decided.", **more: object) -> ObjectivesVersion:
    mark = content_hash(canonical(build(world.trust)))
    return domain.publish(actor=world.lead, organisation=world.trust, reason=reason, seen_hash=mark, **more)  # type: ignore[arg-type]


def three_settled(world: World) -> None:
    """One adopted, one closed, one not adopted; and beside them a draft and one with local people."""
    adopted = world.adopt(world.objective("All letters in large print", starts=Month(2025, 4)))
    measure = Measure.objects.get(objective=adopted)
    for year, value in ((2024, "11"), (2025, "9.5")):
        goals.record_value(actor=world.lead, measure=measure, year=year, value=Decimal(value))
    closed = world.adopt(world.objective("Halve the gap"))
    goals.close(actor=world.lead, objective=closed, result="partly", reason="Half of the half.")
    refused_one = world.objective("Ten more posts")
    world.discuss(refused_one, "Nobody asked for posts.")
    goals.decide(
        actor=world.sponsor, objective=refused_one, decision="not_adopted", reason="Local people want other things."
    )
    world.objective("A secret draft")
    asked = world.objective("Asked about now")
    world.consult(asked)
    world.comment(asked, "Said in confidence so far.")


def test_a_version_holds_what_the_board_decided_on_and_nothing_else(world: World) -> None:
    three_settled(world)
    made = publish(world)
    content = json.loads(made.content)
    assert [(each["headline"], each["stage"]) for each in content["objectives"]] == [
        ("All letters in large print", "adopted"),
        ("Halve the gap", "closed"),
        ("Ten more posts", "not_adopted"),
    ]
    first = content["objectives"][0]
    assert [(row["year"], row["value"]) for row in first["measures"][0]["rows"]] == [
        (2023, "12.5%"),
        (2024, "11%"),
        (2025, "9.5%"),
    ]
    assert first["comments"][0]["of"] == "Healthwatch"
    assert [step["kind"] for step in first["history"]] == ["consulted", "adopted"]
    for word in ("secret draft", "Asked about now", "in confidence"):
        assert word not in made.content
    for person in world.people.values():
        assert person.name not in made.content
        assert person.email not in made.content
    assert made.content_hash == content_hash(made.content)


def test_a_version_never_changes_and_the_next_says_why(world: World, as_: As) -> None:
    adopted = world.adopt(world.objective())
    first = publish(world)
    with no("Nothing has changed since version 1."):
        publish(world, "Again.")
    goals.close(actor=world.lead, objective=adopted, result="achieved", reason="The gap is gone.")
    with no("Say why you publish this version.", field="reason"):
        publish(world, " ")
    with no("have changed since you opened this page", kind=Stale):
        domain.publish(actor=world.lead, organisation=world.trust, reason="So.", seen_hash=first.content_hash)
    second = publish(world, "One is closed.")
    assert second.seq == 2
    stranger = as_("")
    url = reverse("public-objectives", args=[world.trust.slug])
    newest, old = words(stranger.get(url)), words(stranger.get(f"{url}v1/"))
    assert "The gap is gone." in newest
    assert "The gap is gone." not in old
    assert "This is an older version" in old
    assert "One is closed." in newest
    assert stranger.get(f"{url}v3/").status_code == 404


def test_before_the_first_version_there_is_nothing(world: World, as_: As) -> None:
    world.objective()
    with no("the board has decided on no objective"):
        publish(world)
    url = reverse("public-objectives", args=[world.trust.slug])
    assert as_("").get(url).status_code == 404
    assert "Equality objectives of" not in words(as_("").get(reverse("public-reports")))


def test_the_public_finds_everything_on_the_page(world: World, as_: As) -> None:
    three_settled(world)
    publish(world)
    stranger = as_("")
    listed = words(stranger.get(reverse("public-reports")))
    assert "Equality objectives of Hollin Vale Trust" in listed
    response = stranger.get(reverse("public-objectives", args=[world.trust.slug]))
    said = words(response)
    for expected in (
        "Adopted by the board All letters in large print",
        "April 2025 to March 2028. Expected: January 2028. Led by: Chief people officer .",
        "Part of the equality duty: Advance equality of opportunity.",
        "It is about: Race.",
        "Mentors for All letters in large print Expected: January 2026.",
        "2025 9.5%",
        "Closed Halve the gap",
        "Closed: Partly achieved. Half of the half.",
        "Consulted on, not adopted Ten more posts",
        "Nobody asked for posts.",
        "Our answer",
        "Local people want other things.",
        "Board, paper 7",
    ):
        assert expected in said
    assert response.content.decode().count("<polyline") == 1


def test_small_numbers_of_people_are_looked_at_first(world: World, as_: As) -> None:
    made = world.objective()
    goals.keep_measure(
        actor=world.lead,
        objective=made,
        text=MeasureText("Staff who left", "people", "Staff records", Decimal(14), 2025, Decimal(9)),
    )
    world.adopt(made)
    measure = Measure.objects.get(unit="people")
    goals.record_value(actor=world.lead, measure=measure, year=2026, value=Decimal(4))
    found = small_numbers_in(build(world.trust))
    assert [(each.measure, each.where, each.value) for each in found] == [
        ("Staff who left", "2026", "4"),
        ("Staff who left", "target", "9"),
    ]
    with no("Look at the small numbers first", field="small_checked"):
        publish(world)
    lead = as_("lead")
    url = reverse("objectives-publish", args=[world.trust.public_id])
    page = lead.get(url)
    assert "Staff who left , 2026: 4" in words(page)
    sent = {"reason": "First.", "seen_hash": page.context["form"].initial["seen_hash"]}
    assert "say that nobody can be recognised" in refused(lead, url, sent)
    assert "Version 1 is published." in saved(lead, url, {**sent, "small_checked": "on"})


def test_ten_people_and_per_cent_are_not_small(world: World) -> None:
    made = world.objective()
    goals.keep_measure(
        actor=world.lead, objective=made, text=MeasureText("Staff", "people", "HR", Decimal(10), 2025, Decimal(30))
    )
    goals.keep_measure(
        actor=world.lead, objective=made, text=MeasureText("Rate", "%", "HR", Decimal(2), 2025, Decimal(3))
    )
    world.adopt(made)
    assert small_numbers_in(build(world.trust)) == []


def test_the_pdf_is_tagged_and_says_what_the_page_says(world: World, tmp_path: Path) -> None:
    three_settled(world)
    pdf = render_pdf(domain.payload_of(publish(world)))
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout.decode()
    flat = " ".join(text.split())
    for expected in (
        "All letters in large print",
        "Half of the half.",
        "Nobody asked for posts.",
        "9.5%",
        "Healthwatch",
    ):
        assert expected in flat
    for person in world.people.values():
        assert person.name not in flat
    _is_tagged(pdf)
    (tmp_path / "objectives.pdf").write_bytes(pdf)
    report = pdfua.validate(str(tmp_path / "objectives.pdf"))
    assert [(each.rule_id, each.message) for each in report.findings] == []
    assert render_pdf(domain.payload_of(ObjectivesVersion.objects.get())) == pdf


def test_its_file_is_made_by_a_job_and_goes_when_the_version_is_closed(world: World, as_: As) -> None:
    world.adopt(world.objective())
    made = publish(world)
    stranger = as_("")
    file_url = reverse("public-objectives-file", args=[world.trust.slug, 1])
    assert stranger.get(file_url).status_code == 404
    [job] = Job.objects.filter(kind=domain.RENDER)
    assert job.args == {"version": made.public_id, "format": "pdf"}
    assert run(job.public_id)
    response = stranger.get(file_url)
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    stored = ObjectivesRendition.objects.get().stored
    assert default_storage.exists(stored.stored_name)
    lead = as_("lead")
    close = reverse("objectives-version-close", args=[world.trust.public_id, 1])
    assert "Say why the version is closed" in refused(lead, close, {"reason": ""})
    with_commits = saved(lead, close, {"reason": "It said too much."})
    assert "Version 1 is closed." in with_commits
    with no("This version is closed already."):
        domain.close_version(actor=world.lead, version=made, reason="Again.")
    for url in (file_url, reverse("public-objectives", args=[world.trust.slug])):
        response = stranger.get(url)
        assert response.status_code == 410
        assert "It said too much." in words(response)
        assert "Halve the gap" not in words(response)
    assert "Equality objectives of" not in words(stranger.get(reverse("public-reports")))
    assert publish(world, "Without what it said.").seq == 2


def _is_tagged(pdf: bytes) -> None:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        found = list(elements_under(opened.Root.StructTreeRoot.K[0]))
        kinds = [str(each.S) for each in found]
        levels = [int(kind[2]) for kind in kinds if re.fullmatch(r"/H[1-6]", kind)]
        assert levels[0] == 1
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
        assert kinds.count("/Table") == 3
        figures = [each for each in found if each.S == "/Figure"]
        assert len(figures) == 1
        assert "Gap, All letters" in str(figures[0].Alt)
