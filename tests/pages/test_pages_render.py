"""Every page of setting up and of evidence is drawn for whom it is for, in each phase, and is sound HTML."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string
from django.urls import reverse

from eds.access.decide import Access
from eds.assessments import domain as assessments
from eds.assessments.models import Contributor, PanelMember
from evidence import domain as evidence
from evidence.models import EvidenceLink, Sharing
from evidence.queries import cited_evidence
from tests.ui.checks_of_pages import assert_sound, parse, texts
from tests.world import World

PHASES = ("preparing", "reviewing", "agreeing")


@pytest.fixture(autouse=True)
def _plain_static(settings):
    """Static files by their own names: these tests need no collected files."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def _pages(world: World) -> dict[str, list[tuple[str, str]]]:
    """Who opens which page: name of the person, addresses. The second word says whether it has a form."""
    assessment, outcome, item = world.assessment.public_id, world.outcomes["4.1"].public_id, world.item
    contributor = Contributor.objects.get(assessed_outcome=world.outcomes["4.1"])
    member = PanelMember.objects.get(user=world.reviewer)
    link = EvidenceLink.objects.get(assessed_outcome=world.outcomes["4.1"], item=item)
    panel = world.community.public_id
    lead = [
        ("page", reverse("assessments")),
        ("form", reverse("assessment-new", args=[world.trust.public_id])),
        ("form", reverse("assessment-scope", args=[assessment])),
        ("form", reverse("round-new", args=[assessment])),
        ("page", reverse("assessment-people", args=[assessment])),
        ("form", reverse("panel-new", args=[assessment])),
        ("page", reverse("panel", args=[panel])),
        ("form", reverse("panel-edit", args=[panel])),
        ("form", reverse("panel-member-add", args=[panel])),
        ("form", reverse("contributor-add", args=[outcome])),
        ("form", reverse("organisation-people", args=[world.trust.public_id])),
        ("page", reverse("contributor-end", args=[outcome, contributor.public_id])),
        ("form", reverse("round-move", args=[world.round.public_id])),
        ("page", reverse("library", args=[world.trust.public_id])),
        ("page", reverse("evidence-item", args=[item.public_id])),
        ("form", reverse("evidence-edit", args=[item.public_id])),
    ]
    writing = [
        ("form", reverse("evidence-new", args=[outcome])),
        ("form", reverse("evidence-cite", args=[outcome])),
        ("page", reverse("evidence-uncite", args=[outcome, link.public_id])),
    ]
    contributor_pages = [("page", reverse("assessments")), *lead[-3:]]
    chair = [
        ("page", reverse("assessments")),
        ("page", reverse("panel", args=[panel])),
        ("form", reverse("panel-member-add", args=[panel])),
        ("page", reverse("panel-member-end", args=[panel, member.public_id])),
    ]
    if world.round.phase == "preparing":
        lead += [*writing, ("form", reverse("summary", args=[outcome]))]
        contributor_pages += writing
    else:
        lead.append(("form", reverse("round-move", args=[world.round.public_id]) + "?to=back"))
    reviewer = [("page", reverse("assessments")), ("page", reverse("panel", args=[panel]))]
    return {"lead": lead, "contributor": contributor_pages, "community_chair": chair, "reviewer": reviewer}


def _with_more(world: World, phase: str) -> World:
    """The story as far as a phase, with a file, a second version, and an item that stays inside the organisation."""
    evidence.write_and_cite(
        actor=world.lead,
        assessed_outcome=world.outcome("4.1"),
        content=evidence.EvidenceText("Working notes", "Only for us."),
        sharing=Sharing.ORGANISATION,
    )
    evidence.write_item(
        actor=world.lead,
        organisation=world.trust,
        content=evidence.EvidenceText("Complaints", "Forty complaints.", "Complaints report"),
        files=[SimpleUploadedFile("figures.csv", b"group,number\nall,40\n", content_type="text/csv")],
    )
    world.to(phase)
    evidence.correct_item(
        actor=world.lead,
        item=world.item,
        content=evidence.EvidenceText("Board training", "Ten of ten.", "HR", "2026", "The board"),
        files=[SimpleUploadedFile("training.csv", b"member,done\none,yes\n", content_type="text/csv")],
        sharing=Sharing.PUBLIC,
        reason="One more was trained.",
        expected_version=1,
    )
    return world


@pytest.mark.parametrize("phase", PHASES)
def test_every_page_is_drawn_and_says_what_is_missing(world, client, phase):
    _with_more(world, phase)
    back = {"reviewing": "preparing", "agreeing": "reviewing"}.get(phase, "")
    for who, pages in _pages(world).items():
        client.force_login(world.people[who])
        for kind, url in pages:
            address = url.replace("to=back", f"to={back}")
            answered = client.get(address)
            assert answered.status_code == 200, (who, address)
            tree = parse(answered.content.decode())
            assert_sound(tree)
            assert texts(tree, "//h1")[0], address
            assert texts(tree, "//main//p")[0], address
            if kind == "form":
                sent = client.post(address, {"csrfmiddlewaretoken": "x"})
                assert sent.status_code == 422, (who, address)
                assert_sound(parse(sent.content.decode()))


def test_no_page_of_the_organisation_names_a_reviewer(world, client):
    _with_more(world, "agreeing")
    for who in ("lead", "contributor"):
        client.force_login(world.people[who])
        for _, url in _pages(world)[who]:
            words = client.get(url.replace("to=back", "to=reviewing")).content.decode()
            assert "Ravi" not in words, url
            assert "Hanna" not in words, url
    client.force_login(world.reviewer)
    assert "Hanna" not in client.get(reverse("panel", args=[world.community.public_id])).content.decode()
    client.force_login(world.community_chair)
    assert "Ravi Reviewer" in client.get(reverse("panel", args=[world.community.public_id])).content.decode()


def test_moving_names_each_unmet_condition_with_a_link_and_has_no_dead_button(world, client):
    client.force_login(world.lead)
    url = reverse("round-move", args=[world.round.public_id])
    tree = parse(client.get(url).content.decode())
    propose = reverse("propose", args=[world.outcomes["4.1"].public_id])
    assert texts(tree, f"//main//a[@href='{propose}']") == ["4.1 has no proposed grade."]
    assert tree.xpath("//main//form") == []
    world.prepare()
    tree = parse(client.get(url).content.decode())
    assert texts(tree, "//main//form//button") == ["Open reviewing"]


def test_moving_back_asks_why_and_on_reveals(world, client):
    world.to_reviewing()
    client.force_login(world.lead)
    url = reverse("round-move", args=[world.round.public_id])
    on = parse(client.get(url).content.decode())
    assert texts(on, "//main//form//button") == ["Close reviewing and show everything"]
    assert on.xpath("//main//a[@href='?to=preparing']")
    back = parse(client.get(url + "?to=preparing").content.decode())
    assert back.xpath("//textarea[@name='reason']")
    assert back.xpath("//main//a[@href='?to=agreeing']")
    sent = client.post(url, {"to_phase": "preparing", "from_phase": "reviewing", "reason": "A figure was wrong."})
    assert sent.status_code == 302
    world.round.refresh_from_db()
    assert world.round.phase == "preparing"


def test_a_citation_is_marked_only_for_those_who_work_on_the_evidence(world):
    _with_more(world, "preparing")
    outcome = world.outcome("4.1")
    notes = next(each for each in cited_evidence(outcome, Access(world.lead)) if not each.shared_with_panels)
    mark = "Not for panels"
    context = {"cited": notes, "outcome": outcome}
    assert mark not in render_to_string("evidence/cited_item.html", context)
    assert mark in render_to_string("evidence/cited_item.html", context | {"show_sharing": True})
    opened = parse(render_to_string("evidence/cited_item.html", context | {"opened": True}))
    assert texts(opened, "//h3") == ["Working notes"]
    assert opened.xpath("//details") == []


def test_files_are_links_with_name_and_size(world):
    _with_more(world, "preparing")
    outcome = world.outcome("4.1")
    cited = next(each for each in cited_evidence(outcome, Access(world.lead)) if each.files)
    tree = parse(render_to_string("evidence/cited_item.html", {"cited": cited, "outcome": outcome}))
    address = reverse("evidence-file", args=[outcome.public_id, cited.files[0].public_id])
    assert texts(tree, f"//a[@href='{address}']") == ["training.csv (20 bytes)"]


def test_empty_lists_say_what_to_do_next(world, client):
    client.force_login(world.lead)
    assert (
        "There is no evidence here yet" in client.get(reverse("library", args=[world.trust.public_id])).content.decode()
    )
    cite = client.get(reverse("evidence-cite", args=[world.outcomes["4.1"].public_id])).content.decode()
    assert "There is nothing to cite" in cite
    assert parse(cite).xpath("//main//form") == []
    fresh = assessments.open_assessment(actor=world.lead, organisation=world.trust, revision=world.revision, year=2027)
    for name in ("assessment-scope", "assessment-people", "round-new"):
        tree = parse(client.get(reverse(name, args=[fresh.public_id])).content.decode())
        assert_sound(tree)
    client.force_login(world.admin)
    assert "You have no part in an assessment yet" in client.get(reverse("assessments")).content.decode()
