"""The pages of evidence: rows that need no script, figures as picture and table, and who sees which numbers."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from eds.assessments.models import Phase
from evidence import domain
from evidence.figures.writing import FigureText, RowText
from tests.matrix.scene import add_details
from tests.ui.checks_of_pages import assert_sound, parse, texts
from tests.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world().prepare()


def client_of(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world.people[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def form_of(client: Client, url: str) -> dict[str, Any]:
    """Give what a browser would send from a page's form as it stands."""
    tree = parse(client.get(url).content.decode())
    sent: dict[str, Any] = {}
    for field in tree.xpath("//main//form//*[@name]"):
        if field.tag == "textarea":
            sent[field.get("name")] = (field.text or "").lstrip("\n")
        elif field.tag == "select":
            chosen = field.xpath(".//option[@selected]/@value")
            sent[field.get("name")] = chosen[0] if chosen else ""
        elif (field.tag == "input" and field.get("type") not in ("radio", "checkbox")) or field.get(
            "checked"
        ) is not None:
            sent[field.get("name")] = field.get("value", "")
    return {name: value for name, value in sent.items() if name != "csrfmiddlewaretoken"}


def test_another_row_keeps_all_that_was_typed_and_needs_no_script(world: World) -> None:
    client = client_of(world, "contributor")
    url = reverse("evidence-findings", args=[world.item.public_id])  # type: ignore[union-attr]
    sent = form_of(client, url)
    assert [name for name in sent if name.startswith("about_")] == ["about_0", "about_1"]
    sent |= {"about_0": "disability", "category_0": "Disabled staff", "explanation_1": "Half typed", "add_row": "1"}
    response = client.post(url, sent)
    assert response.status_code == 200
    tree = parse(response.content.decode())
    assert not tree.xpath("//*[contains(@class, 'nhsuk-error')]")
    assert tree.xpath("//select[@name='about_0']/optgroup/option[@selected]/@value") == ["disability"]
    assert tree.xpath("//input[@name='category_0']/@value") == ["Disabled staff"]
    assert texts(tree, "//textarea[@name='explanation_1']") == ["Half typed"]
    assert tree.xpath("//*[@autofocus]/@name") == ["about_2"]
    assert tree.xpath("//input[@name='row_count']/@value") == ["3"]
    assert world.item
    assert world.item.versions.count() == 1


def test_findings_are_saved_and_a_half_filled_row_is_asked_about(world: World) -> None:
    assert world.item
    client = client_of(world, "contributor")
    url = reverse("evidence-findings", args=[world.item.public_id])
    sent = form_of(client, url) | {"about_0": "disability", "category_0": "Disabled staff"}
    response = client.post(url, sent)
    assert response.status_code == 422
    assert "Group 1: choose how they fare" in response.content.decode()
    sent |= {"fares_0": "worse", "about_1": "other", "category_1": "Night staff", "fares_1": "not_known"}
    assert client.post(url, sent).status_code == 302
    said = [str(finding) for finding in domain.latest_version(world.item).findings.all()]
    assert said == ["Disability (Disabled staff): fare worse", "Night staff: not known"]
    again = form_of(client, url)
    assert (again["about_0"], again["about_1"], again["category_1"]) == ("disability", "other", "Night staff")
    assert client.post(url, sent).status_code == 422  # with the version of before


def figure_data(client: Client, url: str, **more: str) -> dict[str, Any]:
    return form_of(client, url) | {
        "title": "Trained",
        "unit": "percent",
        "comparison": "overall",
        "label_0": "Women",
        "numerator_0": "30",
        "of_0": "40",
        "compared_0": "70",
        "label_1": "Men",
        "value_1": "50",
        "numerator_1": "4",
        "of_1": "8",
        **more,
    }


def test_a_figure_is_a_picture_and_a_table_and_a_missing_source_is_said(world: World) -> None:
    assert world.item
    client = client_of(world, "contributor")
    url = reverse("figure-new", args=[world.item.public_id])
    assert client.post(url, figure_data(client, url)).status_code == 302
    [figure] = domain.latest_version(world.item).figures.all()
    assert [str(row.value) for row in figure.rows.all()] == ["75.00", "50.00"]
    tree = parse(client.get(reverse("evidence-item", args=[world.item.public_id])).content.decode())
    [chart] = tree.xpath("//main//*[local-name()='svg' and @role='img']")
    named = chart.get("aria-labelledby").split()
    words = [" ".join(tree.xpath(f"//*[@id='{one}']")[0].text_content().split()) for one in named]
    assert words[0] == "Trained"
    assert "Women: 75%, compared with 70%" in words[1]
    assert not chart.xpath(".//*[@style]")
    assert texts(tree, "//main//table//caption") == ["Trained: the numbers"]
    assert len(tree.xpath("//main//table//th[@scope='row']")) == 2
    assert "Add the source and the period of this figure." in texts(tree, "//main")[0]


def test_a_figure_is_changed_and_removed_and_the_others_stay(world: World) -> None:
    assert world.item
    client = client_of(world, "contributor")
    url = reverse("figure-new", args=[world.item.public_id])
    for title in ("First", "Second"):
        client.post(url, figure_data(client, url, title=title))
    first = domain.latest_version(world.item).figures.all()[0]
    url = reverse("figure-edit", args=[world.item.public_id, first.public_id])
    assert client.post(url, form_of(client, url) | {"title": "Other"}).status_code == 302
    assert [each.title for each in domain.latest_version(world.item).figures.all()] == ["Other", "Second"]
    assert client.get(url).status_code == 404
    url = reverse(
        "figure-edit", args=[world.item.public_id, domain.latest_version(world.item).figures.all()[0].public_id]
    )
    assert client.post(url, form_of(client, url) | {"remove": "1"}).status_code == 302
    assert [each.title for each in domain.latest_version(world.item).figures.all()] == ["Second"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"numerator_0": "50"}, "Women: 50 cannot be more than 40"),
        ({"value_0": "101"}, "Women: per cent must be from 0 to 100"),
        ({"label_0": ""}, "Row 1: enter the group"),
        ({"unit": "people", "value_1": "1.5"}, "Men: a number of people must be whole, like 12"),
        ({"comparison": "another"}, "Say what it is compared with"),
        ({"rate": "40"}, "Choose which rate that is"),
    ],
)
def test_impossible_numbers_are_told(world: World, wrong: dict[str, str], sentence: str) -> None:
    assert world.item
    client = client_of(world, "contributor")
    url = reverse("figure-new", args=[world.item.public_id])
    response = client.post(url, figure_data(client, url, **wrong))
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_panels_see_no_small_number_and_the_lead_sees_all(world: World) -> None:
    assert world.item
    add_details(world, world.item)
    world.move(Phase.REVIEWING)
    url = reverse("outcome", args=[world.outcomes["4.1"].public_id])
    table = "//main//table[caption[contains(., 'the numbers')]]"
    [seen] = texts(parse(client_of(world, "reviewer").get(url).content.decode()), table)
    assert "fewer than 10" in seen
    assert "31" not in seen
    assert "35" in seen
    [seen] = texts(parse(client_of(world, "lead").get(url).content.decode()), table)
    assert "31" in seen
    review = reverse("review", args=[world.outcomes["4.1"].public_id, world.community.public_id])
    assert "fewer than 10" in texts(parse(client_of(world, "reviewer").get(review).content.decode()), table)[0]


def test_coverage_on_the_outcome_page_is_what_this_person_may_see(world: World) -> None:
    assert world.item
    add_details(world, world.item)
    url = reverse("outcome", args=[world.outcomes["4.1"].public_id])
    settle = reverse("finding-settle", args=[world.outcomes["4.1"].public_id, "disability"])
    lead = client_of(world, "lead")
    assert lead.post(settle, {"fares": "mixed", "reason": "Quaggas differ."}).status_code == 302
    assert "Quaggas differ." in lead.get(url).content.decode()
    world.move(Phase.REVIEWING)
    page = client_of(world, "reviewer").get(url).content.decode()
    assert "The evidence speaks of 2 of 9." in page
    assert "Evidence that people fare worse" in page
    assert "Quaggas" not in page
    assert client_of(world, "reviewer").get(settle).status_code == 404
    assert lead.post(settle, {"fares": "worse", "reason": "Now."}).status_code in {403, 422}


def test_a_figure_carries_its_text_unharmed(world: World) -> None:
    assert world.item
    rows = (RowText("<b>A</b>", value=None, numerator=12),)
    domain.change_details(
        actor=world.lead,
        item=world.item,
        reason="",
        expected_version=1,
        figures=[FigureText("</title><script>x</script>", "score", rows)],
    )
    page = client_of(world, "lead").get(reverse("evidence-item", args=[world.item.public_id])).content.decode()
    assert "<script>x" not in page
    assert "<b>A" not in page


def test_the_item_s_page_shows_what_changed_between_versions(world: World) -> None:
    item = world.item
    assert item
    url = reverse("evidence-item", args=[item.public_id])
    client = client_of(world, "contributor")
    assert "What changed" not in client.get(url).content.decode()
    domain.correct_item(
        actor=world.contributor,
        item=item,
        content=domain.EvidenceText(
            "Board training",
            "<p>Nine of <strong>eleven</strong> board members were trained.</p>",
            "HR",
            "2027",
            "",
            "html",
        ),
        sharing=item.sharing,
        reason="Two joined",
        expected_version=1,
    )
    tree = parse(client.get(url).content.decode())
    assert_sound(tree)
    marks = "//div[@id='changed']//div[@class='eds-difference']"
    assert texts(tree, "//div[@id='changed']//h4") == ["What it says", "Period"]
    assert texts(tree, f"{marks}/del") == ["[taken out: ten]", "[taken out: 2026]"]
    assert texts(tree, f"{marks}/ins") == ["[new: eleven]", "[new: 2027]"]
    add_details(world, item)
    newest = parse(client.get(url).content.decode())
    assert texts(newest, "//div[@id='changed']//h4") == ["How people fare", "Figures"]
    assert any("Women: 4" in each for each in texts(newest, f"{marks}/ins"))
    earlier = parse(client.get(url, {"changed": "2"}).content.decode())
    assert texts(earlier, "//div[@id='changed']//h3") == ["What changed in version 2"]
    for nonsense in ("1", "99", "x"):
        other = parse(client.get(url, {"changed": nonsense}).content.decode())
        assert texts(other, "//div[@id='changed']//h3") == ["What changed in version 3"]
