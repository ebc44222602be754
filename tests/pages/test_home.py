"""Home: what is new since the last visit, and what came of one's own reviews."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from eds.assessments.models import Phase
from eds.frameworks.models import Characteristic
from eds.people.models import Visit
from eds.people.visits import last_visit
from evidence.findings.domain import settle_finding
from tests.counting import counted
from tests.leaks.walk import sign_in
from tests.matrix.scene import add_details
from tests.ui.checks_of_pages import assert_sound, parse, texts
from tests.world import A, E, World

pytestmark = pytest.mark.django_db


def home(world: World, who: str) -> str:
    text = sign_in(world, who).get("/").content.decode()
    assert_sound(parse(text))
    return text


def long_ago(*people: str, world: World) -> None:
    """Say that these people were here two days ago."""
    then = timezone.now() - datetime.timedelta(days=2)
    for who in people:
        Visit.objects.update_or_create(user=world.people[who], defaults={"seen_at": then, "before": None})


def test_a_visit_is_written_at_most_once_an_hour(world: World) -> None:
    assert last_visit(world.lead) is None
    with counted() as count:
        assert last_visit(world.lead) is None
    assert count.queries == 1
    then = timezone.now() - datetime.timedelta(hours=3)
    Visit.objects.update(seen_at=then)
    assert last_visit(world.lead) == then
    with counted() as count:
        assert last_visit(world.lead) == then
    assert count.queries == 1


def test_an_answer_is_news_to_who_asked_and_to_nobody_else(world: World) -> None:
    world.to_reviewing()
    question = world.ask("reviewer", "4.1")
    world.answer(question)
    long_ago("reviewer", "community_chair", "staff_chair", "lead", world=world)
    for who in ("reviewer", "community_chair", "staff_chair", "lead"):
        text = home(world, who)
        assert ("Your question about 4.1 was answered." in text) is (who == "reviewer")
        assert "“Leadership” of EDS 2011 2026-27 is reviewing now." in text
    assert "New since you were here" not in home(world, "sponsor")  # here for the first time


def test_an_open_question_is_a_task_of_those_who_answer(world: World) -> None:
    world.to_reviewing()
    world.ask("reviewer", "4.1")
    for who, has in (("lead", True), ("contributor", True), ("reviewer", False), ("sponsor", False)):
        assert ("Answer a question about 4.1" in home(world, who)) is has


def test_progress_is_ones_own(world: World) -> None:
    world.to_reviewing()
    world.review("reviewer", "4.1", A)
    assert "You have graded 1 of 2" in home(world, "reviewer")
    assert "You have graded 0 of 2" in home(world, "community_chair")
    assert "0 of 2 outcomes agreed" in home(world, "lead")
    assert "graded 1 of 2" not in home(world, "lead")


def test_what_came_of_my_reviews(world: World) -> None:
    world.to_agreeing()
    assert "What came of your reviews" not in home(world, "reviewer")
    world.settle()
    world.move("agreed")  # type: ignore[arg-type]
    rows = [" ".join(each.split()) for each in texts(parse(home(world, "reviewer")), "//section//tbody/tr")]
    assert len(rows) == 2
    assert rows[0].count("Developing") == 3
    assert "Achieving" not in rows[0]
    for who in ("lead", "organiser", "sponsor", "contributor"):
        assert "What came of your reviews" not in home(world, who)


def test_each_reviewer_reads_their_own_answer(world: World) -> None:
    world.to_reviewing()
    world.review("reviewer", "4.1", E)
    world.review("community_chair", "4.1", None)
    for who in ("reviewer", "community_chair", "staff_chair"):
        world.review(who, "4.2", "developing")
    world.review("staff_chair", "4.1", "developing")
    world.move("agreeing")  # type: ignore[arg-type]
    for code in ("4.1", "4.2"):
        world.panel_grade("staff_chair", code, "developing")
    world.panel_grade("community_chair", "4.2", "developing")
    world.panel_grade("community_chair", "4.1", None, "We could not judge.")
    world.say("lead", "4.1", "We differ.")
    world.say("staff_chair", "4.1", "So do we.")
    world.move("agreed")  # type: ignore[arg-type]
    own = {
        who: texts(parse(home(world, who)), "//section//tbody/tr/td[1]")[0] for who in ("reviewer", "community_chair")
    }
    assert "Excelling" in own["reviewer"]
    assert "Not enough evidence to judge" in own["community_chair"]


def test_a_lead_contact_reads_what_there_is_and_whom_nothing_speaks_of(world: World) -> None:
    empty = texts(parse(home(world, "contributor")), "//h2[.='What you write']/following-sibling::p")
    assert "There is no evidence yet." in empty
    world.prepare()
    assert "Nothing is said yet about any protected characteristic." in home(world, "contributor")
    assert world.item
    add_details(world, world.item)
    settle_finding(
        actor=world.lead,
        assessed_outcome=world.outcome("4.1"),
        characteristic=Characteristic.objects.get(revision=world.revision, code="age"),
        fares="worse",
        reason="The survey.",
    )
    tree = parse(home(world, "contributor"))
    [item, _] = texts(tree, "//main//ul[contains(@class, 'nhsuk-list--bullet')]//a")
    assert item == "Board training"
    [words, _] = [each for each in texts(tree, "//main//p") if each.startswith("Nothing is said yet about: ")]
    missing = words.removesuffix(".").split(": ")[1].replace(" and ", ", ").split(", ")
    assert "Age" in missing
    assert not {"Disability", "Sex"} & set(missing)
    assert "You were asked for: Training." in " ".join(texts(tree, "//main//p"))
    assert "What you write" not in home(world, "lead")
    world.move(Phase.REVIEWING)
    assert "What you write" not in home(world, "contributor")
