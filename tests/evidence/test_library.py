"""The library: words and facets find evidence, and what a contributor may not see is not found."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.test import Client
from django.urls import reverse

from evidence import domain
from evidence.models import EvidenceVersion
from tests.matrix.scene import add_details
from tests.ui.checks_of_pages import parse, texts
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
RICH = (
    "<p>Letters about dis<strong>charge</strong> came late.</p>"
    "<table><tbody><tr><th>Ward</th><th>Days</th></tr><tr><td>Oak</td><td>14</td></tr></tbody></table>"
)


@pytest.fixture
def world() -> World:
    world = build_world().prepare()
    for title, text, source in (
        ("Complaints about interpreters", "Letters came late.", "PALS"),
        ("Interpreters", "Booked for outpatients; complaints are rare.", "Staff survey"),
    ):
        domain.write_item(
            actor=world.lead,
            organisation=world.trust,
            content=domain.EvidenceText(title, text, source),
        )
    domain.write_item(
        actor=world.lead,
        organisation=world.trust,
        content=domain.EvidenceText("Waiting at the end of a stay", RICH, format="html"),
    )
    assert world.item
    add_details(world, world.item)
    return world


def found(world: World, who: str = "lead", **asked: str) -> list[str]:
    client = Client()
    client.force_login(world.people[who], backend="django.contrib.auth.backends.ModelBackend")
    response = client.get(reverse("library", args=[world.trust.public_id]), asked)
    assert response.status_code == 200
    return texts(parse(response.content.decode()), "//main//*[@id='results']//h2//a")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", ["Board training", "Waiting at the end of a stay", "Interpreters", "Complaints about interpreters"]),
        ("INTERPRETERS complaints", ["Complaints about interpreters", "Interpreters"]),
        ("outpatients", ["Interpreters"]),
        ("pals", ["Complaints about interpreters"]),
        ("disabled", ["Board training"]),
        ("trained women", ["Board training"]),
        ("interpreters trained", []),
        ("strong", []),
        ("table", []),
        ("oak 14", ["Waiting at the end of a stay"]),
        ("discharge", ["Waiting at the end of a stay"]),
        ("LETTERS late", ["Waiting at the end of a stay", "Complaints about interpreters"]),
        ("%", []),
    ],
)
def test_every_word_must_occur_and_titles_come_first(world: World, words: str, expected: list[str]) -> None:
    assert found(world, q=words) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"source": "PALS"}, ["Complaints about interpreters"]),
        ({"group": "disability"}, ["Board training"]),
        ({"outcome": "4.2"}, ["Board training"]),
        ({"year": "2026"}, ["Board training"]),
        ({"age": "3"}, []),
        ({"age": "1", "source": "Staff survey"}, ["Interpreters"]),
        (
            {"source": "nobody's"},
            ["Board training", "Waiting at the end of a stay", "Interpreters", "Complaints about interpreters"],
        ),
    ],
)
def test_facets(world: World, asked: dict[str, str], expected: list[str]) -> None:
    assert found(world, **asked) == expected


def test_the_owner(world: World) -> None:
    assert found(world, owner=world.contributor.public_id) == ["Board training"]


def test_a_contributor_finds_their_own_alone(world: World) -> None:
    assert found(world, "contributor", q="interpreters") == []
    assert found(world, "contributor") == ["Board training"]


def test_old_versions_get_from_the_migration_what_new_ones_have(world: World) -> None:
    migration = import_module("evidence.migrations.0007_searched")
    versions = list(EvidenceVersion.objects.all())
    assert {version.format for version in versions} == {"plain", "html"}
    assert [version.searched for version in versions] == [migration.words_of(row.text, row.format) for row in versions]
    assert any("about discharge came late" in version.searched for version in versions)
