"""Each page is the same with and without the hidden row, but for tokens and the lead's three numbers a panel (R3)."""

from __future__ import annotations

import difflib
import logging
import re
from collections.abc import Callable, Iterable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from eds.assessments.models import Phase
from evidence import domain as evidence
from evidence.models import EvidenceItem, EvidenceLink, Sharing
from grading import domain as grading
from grading.models import ProposedGrade
from reports.models import SignOff
from tests.world import D, E, World

from .planted import ROLES, planted_world, save_draft
from .same import plain
from .walk import ask, every_address, sign_in

NUMBERS = re.compile(r"((?:Started|Submitted)(?: everything)?(?: </span>|</span>|</dt>)(?:<[^>]+>)*)\d+")
"""Two of the lead's three numbers, in the tables and on a panel's page; nobody is invited by writing something."""
WORTH_ASKING = {"panel-reviews", "review", "propose", "panel-grade", "outcome"}
"""Where something hidden could show by another answer than 404; other addresses that are 404 are not asked again."""

Seen = dict[str, tuple[str, int]]


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="django")


def _look(client: Client, urls: Iterable[str]) -> Seen:
    """Give what somebody gets from each address: the answer, and the number of queries that it took."""
    seen: Seen = {}
    for url in urls:
        with CaptureQueriesContext(connection) as queries:
            answer = ask(client, "GET", url)
        seen[url] = (plain(answer), len(queries))
    return seen


def _differences(role: str, before: Seen, after: Seen, *, numbers: bool) -> list[str]:
    found = []
    for url, (text, queries) in before.items():
        now, queries_now = after[url]
        if numbers:
            text, now = NUMBERS.sub(r"\1", text), NUMBERS.sub(r"\1", now)
        if text != now:
            lines = [line for line in difflib.ndiff(text.splitlines(), now.splitlines()) if line[0] in "+-"]
            found.append(f"{role}, {url}:\n    " + "\n    ".join(line[:300] for line in lines[:6]))
        elif queries != queries_now:
            found.append(f"{role}, {url}: {queries} queries without the row, {queries_now} with it")
    return found


def _unchanged(world: World, readers: Iterable[str], add: Callable[[World], object], *, counts: bool = False) -> None:
    """Let everybody look, add the hidden row, and let them look again. With `counts` the lead's numbers change."""
    addresses = every_address()
    clients = {role: sign_in(world, ROLES[role]) for role in readers}
    before: dict[str, Seen] = {}
    for role, client in clients.items():
        seen = _look(client, addresses)
        before[role] = {
            url: found for url, found in seen.items() if found[0][:3] != "404" or addresses[url] in WORTH_ASKING
        }
    add(world)
    wrong = []
    for role, client in clients.items():
        after = _look(client, before[role])
        leads = counts and role in {"lead", "dep"}
        wrong += _differences(role, before[role], after, numbers=leads)
        if leads and {url for url in after if after[url][0] != before[role][url][0]} != _pages_with_numbers(world):
            wrong.append(
                f"{role}: the numbers should have changed on the board, among the people and on the panel only"
            )
    assert not wrong, f"{len(wrong)} pages tell of the hidden row:\n" + "\n".join(wrong)


def _pages_with_numbers(world: World) -> set[str]:
    assessment = world.assessment.public_id
    return {
        f"/assessments/{assessment}/",
        f"/assessments/{assessment}/people/",
        f"/rounds/{world.round.public_id}/move/",
        f"/panels/{world.community.public_id}/",
    }


def _everybody_but(*roles: str) -> list[str]:
    # The deputy and the board members answer as the lead and the sponsor do: the matrix shows it.
    return [role for role in ROLES if role not in {*roles, "dep", "board"}]


def _item_inside(world: World) -> EvidenceItem:
    return evidence.write_item(
        actor=world.lead,
        organisation=world.trust,
        content=evidence.EvidenceText("Kept inside", "For the lead only."),
        sharing=Sharing.ORGANISATION,
    )


@pytest.mark.django_db
def test_a_draft_and_a_review_of_somebody_else() -> None:
    world = planted_world()
    world.move(Phase.REVIEWING)
    world.review("reviewer", "4.1", D)

    def add(world: World) -> None:
        save_draft(world)
        world.review("second", "4.1", E)

    _unchanged(world, _everybody_but("sec"), add, counts=True)


@pytest.mark.django_db
def test_a_review_after_a_move_back() -> None:
    world = planted_world()
    world.move(Phase.REVIEWING)
    for who in ("community_chair", "reviewer", "staff_chair", "second"):
        for code in ("4.1", "4.2"):
            world.review(who, code, D)
    world.move(Phase.AGREEING)
    world.move(Phase.REVIEWING, "To read again.")

    def add(world: World) -> None:
        world.review("second", "4.1", E, "I see it differently now.")
        save_draft(world)

    # The numbers stay as they are too: the second reviewer had started and submitted everything before.
    _unchanged(world, _everybody_but("sec"), add)


@pytest.mark.django_db
def test_a_proposal_while_preparing() -> None:
    world = planted_world()

    def add(world: World) -> None:
        world.propose("4.1", E, reason="Thought again.")

    _unchanged(world, _everybody_but("lead"), add)


@pytest.mark.django_db
def test_a_proposal_while_people_review() -> None:
    world = planted_world()
    world.move(Phase.REVIEWING)

    def add(world: World) -> None:
        # No verb does this in reviewing; the row stands for any that differs from the one that was there.
        ProposedGrade.append(
            actor=world.lead,
            reason="Another one",
            assessed_outcome=world.outcome("4.1"),
            grade=world.grade(E),
            reasons=[{"factor": "outcome", "heading": "Outcome", "text": "Quite other reasons."}],
        )

    _unchanged(world, _everybody_but("lead"), add)


@pytest.mark.django_db
def test_evidence_of_another_organisation() -> None:
    world = planted_world()
    world.move(Phase.REVIEWING)

    def add(world: World) -> None:
        evidence.write_item(
            actor=world.outsider, organisation=world.other_trust, content=evidence.EvidenceText("Theirs", "Theirs.")
        )

    _unchanged(world, _everybody_but("out"), add)


@pytest.mark.django_db
def test_evidence_that_stays_inside_the_organisation() -> None:
    world = planted_world()
    world.move(Phase.REVIEWING)

    def add(world: World) -> None:
        item = _item_inside(world)
        # Cited as it would be before opening.
        EvidenceLink(
            assessed_outcome=world.outcome("4.1"), item=item, position=90, pinned_version=evidence.latest_version(item)
        ).record(actor=world.lead, reason="Cited")

    _unchanged(world, _everybody_but("lead", "cont"), add)


@pytest.mark.django_db
def test_a_panels_grade_and_opened_names_before_anything_is_published() -> None:
    world = planted_world()
    world.move(Phase.REVIEWING)
    for who in ("community_chair", "reviewer", "staff_chair"):
        world.review(who, "4.1", D)
    world.move(Phase.AGREEING)
    _unchanged(world, ["anon", "out", "adm"], lambda world: world.panel_grade("staff_chair", "4.1", D))

    def open_names(world: World) -> None:
        grading.open_names(actor=world.community_chair, assessed_outcome=world.outcome("4.1"), panel=world.community)

    _unchanged(world, ["lead", "chair", "rev", "org", "staff", "spon"], open_names)


@pytest.mark.django_db
def test_a_refused_sign_off(world: World) -> None:
    world.people["second"] = world.reviewer
    world.to("agreed")
    _unchanged(
        world,
        _everybody_but("lead", "spon", "sec"),
        lambda world: world.sign(SignOff.Decision.REFUSED, "Not like this."),
    )
