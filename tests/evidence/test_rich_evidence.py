"""Rich text of evidence and summaries: cleaned at every door, kept without scripts, and shown under the right headings."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from eds.history.errors import DomainError
from eds.ui import richtext
from evidence import domain
from evidence.models import EvidenceItem, EvidenceVersion, Format, Summary
from reports.payload import build_content
from reports.payload.schema import canonical
from tests.world import World

WORD = (Path(__file__).parent.parent / "ui" / "richtext_samples" / "word.html").read_text(encoding="utf-8")
RICH = (
    "<h2>Who was asked</h2><p>We asked <strong>40</strong> people.</p><ul><li>by letter</li></ul>"
    '<table><thead><tr><th scope="col">Group</th><th scope="col">Share</th></tr></thead>'
    "<tbody><tr><td>Deaf people</td><td>31%</td></tr></tbody></table>"
)


def client_of(world: World, who: str) -> Client:
    client = Client()
    client.force_login(getattr(world, who))
    return client


def fields(**more: str) -> dict[str, str]:
    return {"title": "Survey", "source": "", "period": "", "who_it_covers": "", "sharing": "public"} | more


def write(world: World, text: str, format: str = "html", code: str = "4.1") -> EvidenceVersion:
    data = fields(text=text, text__format=format)
    response = client_of(world, "lead").post(reverse("evidence-new", args=[world.outcomes[code].public_id]), data)
    assert response.status_code == 302, response.content.decode()
    return EvidenceVersion.objects.latest("pk")


def test_the_verbs_clean_whoever_calls_them(world: World) -> None:
    content = domain.EvidenceText("T", '<p onclick="x()">Hi<script>alert(1)</script></p>', format=Format.HTML)
    item = domain.write_item(actor=world.lead, organisation=world.trust, content=content)
    assert domain.latest_version(item).text == "<p>Hi</p>"
    outcome = world.outcome("4.1")
    summary = domain.write_summary(
        actor=world.lead, assessed_outcome=outcome, text="<p>Hi</p><iframe src=x></iframe>", format=Format.HTML
    )
    assert summary.text == "<p>Hi</p>"


@pytest.mark.parametrize("text", ["<p> </p>", "<script>x</script>", "<img src=x>"])
def test_rich_text_without_words_is_no_evidence(world: World, text: str) -> None:
    with pytest.raises(DomainError):
        domain.write_item(
            actor=world.lead, organisation=world.trust, content=domain.EvidenceText("T", text, format=Format.HTML)
        )


def test_what_is_pasted_from_word_is_stored_clean_and_shown_clean(world: World) -> None:
    version = write(world, WORD)
    assert (version.format, version.text) == (Format.HTML, richtext.clean(WORD))
    page = client_of(world, "lead").get(reverse("evidence-item", args=[version.item.public_id])).content.decode()
    assert "Interpreters booked within two days" in page
    for gone in ("mso", "tracker.example", "Hidden paragraph", "remark on the draft", "javascript:", "nineteen"):
        assert gone not in page


def test_two_megabytes_are_refused_with_a_sentence(world: World) -> None:
    data = fields(text="<p>word</p>" * 190_000, text__format="html")
    response = client_of(world, "lead").post(reverse("evidence-new", args=[world.outcomes["4.1"].public_id]), data)
    assert response.status_code == 422
    assert "is too long, or was copied from a program that hides too much in it" in response.content.decode()


def test_without_scripts_the_box_holds_words_and_marks_and_saving_it_unchanged_changes_nothing(world: World) -> None:
    version = write(world, RICH)
    client = client_of(world, "lead")
    url = reverse("evidence-edit", args=[version.item.public_id])
    page = client.get(url).content.decode()
    box = page.split('<textarea name="text"')[1].split("</textarea>")[0].split(">", 1)[1].strip()
    assert box == (
        "# Who was asked\n\nWe asked **40** people.\n\n- by letter\n\n| Group | Share |\n| Deaf people | 31% |"
    )
    data = fields(text=box, text__format="marks", reason="A better title", version="1") | {"title": "Another title"}
    assert client.post(url, data).status_code == 302
    newest = domain.latest_version(version.item)
    assert (newest.seq, newest.title, newest.text) == (2, "Another title", version.text)


def test_a_plain_version_looks_as_it_did_and_becomes_rich_when_it_is_edited(world: World) -> None:
    content = domain.EvidenceText("Old", "First line\nsecond line\n\n- one\n- two <b>")
    item = domain.write_item(actor=world.lead, organisation=world.trust, content=content)
    client = client_of(world, "lead")
    page = client.get(reverse("evidence-item", args=[item.public_id])).content.decode()
    assert "<p>First line<br>second line</p>" in page
    assert "<li>two &lt;b&gt;</li>" in page
    assert domain.latest_version(item).html == (
        "<p>First line<br>second line</p><ul><li>one</li><li>two &lt;b&gt;</li></ul>"
    )


def test_headings_of_evidence_stand_under_those_of_the_page(world: World) -> None:
    version = write(world, RICH)
    client = client_of(world, "lead")
    assert (
        '<h3 class="nhsuk-heading-s">Who was asked</h3>'
        in client.get(reverse("evidence-item", args=[version.item.public_id])).content.decode()
    )
    assert (
        '<h3 class="nhsuk-heading-s">Who was asked</h3>'
        in client.get(reverse("outcome", args=[world.outcomes["4.1"].public_id])).content.decode()
    )


def test_the_words_of_a_rich_summary_are_counted(world: World) -> None:
    outcome = world.outcome("4.1")
    text = "<p>" + "word " * 150 + "</p>"
    domain.write_summary(actor=world.lead, assessed_outcome=outcome, text=text, format=Format.HTML)
    with pytest.raises(DomainError, match="151 words"):
        domain.write_summary(
            actor=world.lead, assessed_outcome=outcome, text=f"<h2>More</h2>{text}", format=Format.HTML
        )


def test_the_payload_holds_the_words_and_the_rich_text(world: World) -> None:
    write(world, RICH, code="4.1")
    outcome = world.outcome("4.1")
    domain.write_summary(
        actor=world.lead, assessed_outcome=outcome, text="<p>In <em>short</em></p>", format=Format.HTML
    )
    content = build_content(world.assessment)
    found = next(each for goal in content.goals for each in goal.outcomes if each.code == "4.1")
    item = next(each for each in found.evidence if each.title == "Survey")
    assert (found.summary, found.summary_html) == ("In short", "<p>In <em>short</em></p>")
    assert (item.text, item.html) == (richtext.to_text(RICH), RICH)
    assert "<script" not in canonical(content)


def test_two_people_who_edit_one_item_both_keep_their_words(world: World) -> None:
    version = write(world, "<p>The survey asked forty people.</p>")
    url = reverse("evidence-edit", args=[version.item.public_id])
    mine = fields(text="<p>The survey asked fifty people.</p>", text__format="html", reason="Mine", version="1")
    theirs = mine | {"text": "<p>The survey asked forty people, by letter.</p>", "reason": "Theirs"}
    assert client_of(world, "deputy").post(url, theirs).status_code == 302
    lead = client_of(world, "lead")
    refused = lead.post(url, mine)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Somebody changed this since you opened it." in page
    assert "The survey asked forty people, by letter." in page
    assert "[only in yours: </span>fifty" in page
    assert "[only in the stored text: </span>forty" in page
    merged = mine | {"text": "<p>The survey asked fifty people, by letter.</p>", "version": "2"}
    assert lead.post(url, merged).status_code == 302
    assert [each.words for each in version.item.versions.order_by("seq")] == [
        "The survey asked forty people.",
        "The survey asked forty people, by letter.",
        "The survey asked fifty people, by letter.",
    ]


def test_what_a_summary_said_before_can_still_be_read(world: World) -> None:
    outcome = world.outcome("4.1")
    for who, words in (("lead", "First words"), ("deputy", "Second words"), ("lead", "Merged words")):
        domain.write_summary(actor=getattr(world, who), assessed_outcome=outcome, text=words)
    page = client_of(world, "lead").get(reverse("summary", args=[outcome.public_id])).content.decode()
    earlier = page.split("Earlier texts")[1]
    assert "First words" in earlier
    assert "Second words" in earlier
    assert Summary.objects.get(assessed_outcome=outcome).text == "Merged words"


def test_an_item_of_another_organisation_is_not_found(world: World) -> None:
    content = domain.EvidenceText("Theirs", "x")
    item = domain.write_item(actor=world.lead, organisation=world.other_trust, content=content)
    assert EvidenceItem.objects.filter(pk=item.pk).exists()
    response = client_of(world, "lead").post(reverse("evidence-edit", args=[item.public_id]), {"save_draft": "auto"})
    assert response.status_code == 404
