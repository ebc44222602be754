"""Each page is the same with and without the hidden row, but for tokens and the lead's three numbers a panel (R3)."""

from __future__ import annotations

import difflib
import logging
import re
from collections.abc import Iterable

import pytest
from django.test import Client

from eds.assessments.models import Phase
from evidence import domain as evidence
from evidence.models import EvidenceLink, Sharing
from grading import domain as grading
from grading.models import ProposedGrade
from grading.talk import domain as talk
from reports.models import SignOff
from tests.counting import counted
from tests.matrix.scene import upload
from tests.world import D, E, World

from .planted.phases import save_draft
from .planted.preparing import planted_world
from .planted.table import ROLES
from .same import plain
from .walk import POST_ONLY, ask, every_address, sign_in

NUMBERS = re.compile(
    r"((?:Started|Submitted everything)</dt>(?:\s|<[^>]+>)*)\d+|\d+(?= (?:started|(?:of \d+ )?submitted everything))"
)
"""Two of the lead's three numbers, in words and on a panel's page; writing something invites nobody."""
WORTH_ASKING = {"panel-reviews", "review", "propose", "panel-grade", "outcome"}
"""Where something hidden could show by another answer than 404; other addresses that are 404 are not asked again."""

Seen = dict[str, tuple[str, int]]


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="django")  # hundreds of refusals, each with its traceback


def _look(client: Client, urls: Iterable[str]) -> Seen:
    """Give what somebody gets from each address: the answer, and the number of queries that it took."""
    seen: Seen = {}
    for url in urls:
        with counted() as count:
            answer = ask(client, "GET", url)
        seen[url] = (plain(answer), count.queries)
    return seen


class Onlookers:
    """People who look at everything, before and after each row that most of them must not notice."""

    def __init__(self, world: World, *roles: str) -> None:
        self.world = world
        self.clients = {role: sign_in(world, ROLES[role]) for role in roles}
        addresses = {url: name for url, name in every_address().items() if name not in POST_ONLY}
        sign_in(world, "lead").get("/")  # what a process reads once and keeps
        self.seen: dict[str, Seen] = {}
        for role, client in self.clients.items():
            client.get("/")  # the first visit is noted
            self.seen[role] = {
                url: found
                for url, found in _look(client, addresses).items()
                if not found[0].startswith("404") or addresses[url] in WORTH_ASKING
            }

    def after(self, row: object, *, may_notice: Iterable[str] = (), counts: bool = False) -> None:
        """Let all look again, and fail where somebody can tell. `counts`: the lead's numbers change, and only they."""
        wrong = []
        for role, client in self.clients.items():
            before, now = self.seen[role], _look(client, self.seen[role])
            self.seen[role] = now
            if role in may_notice:
                continue
            numbers = counts and role == "lead"
            wrong += _differences(role, before, now, numbers=numbers)
            changed = {url for url in now if now[url][0] != before[url][0]}
            if numbers and changed != _pages_with_numbers(self.world):
                wrong.append(f"{role}: not exactly the pages with the three numbers changed, but {sorted(changed)}")
        assert not wrong, f"{len(wrong)} pages tell of {row!r}:\n" + "\n".join(wrong)


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


def _pages_with_numbers(world: World) -> set[str]:
    assessment = world.assessment.public_id
    return {
        f"/assessments/{assessment}/",
        f"/assessments/{assessment}/people/",
        f"/rounds/{world.round.public_id}/move/",
        f"/panels/{world.community.public_id}/",
    }


# The deputy and the board members answer as the lead and the sponsor do: the matrix shows it.


@pytest.mark.django_db
def test_while_people_review() -> None:
    world = planted_world()
    world.move(Phase.REVIEWING)
    world.review("reviewer", "4.1", D)
    onlookers = Onlookers(world, "anon", "out", "lead", "cont", "chair", "rev", "org", "staff", "spon", "adm")
    save_draft(world)
    onlookers.after(world.review("second", "4.1", E), counts=True)

    asked = world.ask("second", "4.1", "How many were asked?")
    answers = ["lead", "cont", "chair", "rev", "org", "staff"]
    onlookers.after(asked, may_notice=answers)
    onlookers.after(world.answer(asked), may_notice=answers)
    # Stepping aside is an answer like another: after a review it changes nothing, else it counts as one.
    for code, counts in (("4.1", False), ("4.2", True)):
        aside = grading.step_aside(
            actor=world.second, assessed_outcome=world.outcome(code), panel=world.community, interest="A near friend."
        )
        onlookers.after(aside, counts=counts)

    # No verb proposes in reviewing; the row stands for any that differs from the one that was there.
    other_proposal = ProposedGrade.append(
        actor=world.lead,
        reason="Another one",
        assessed_outcome=world.outcome("4.1"),
        grade=world.grade(E),
        reasons=[{"factor": "outcome", "heading": "Outcome", "text": "Quite other reasons."}],
    )
    onlookers.after(other_proposal, may_notice=["lead"])

    theirs = evidence.write_item(
        actor=world.outsider, organisation=world.other_trust, content=evidence.EvidenceText("Theirs", "Theirs.")
    )
    onlookers.after(theirs, may_notice=["out"])

    inside = evidence.write_item(
        actor=world.lead,
        organisation=world.trust,
        content=evidence.EvidenceText("Kept inside", "For the organisation only."),
        files=[upload("inside.txt", "Figures.\n")],
        sharing=Sharing.ORGANISATION,
    )
    # Cited as it would have been before opening.
    cited = EvidenceLink(
        assessed_outcome=world.outcome("4.1"), item=inside, position=90, pinned_version=evidence.latest_version(inside)
    ).record(actor=world.lead, reason="Cited")
    onlookers.after(cited, may_notice=["lead", "cont"])


@pytest.mark.django_db
def test_while_the_organisation_prepares() -> None:
    world = planted_world()
    onlookers = Onlookers(world, "anon", "out", "cont", "chair", "rev", "staff", "spon", "adm")
    onlookers.after(world.propose("4.1", E, reason="Thought again."))


@pytest.mark.django_db
def test_after_a_move_back() -> None:
    world = planted_world()
    world.move(Phase.REVIEWING)
    for who in ("community_chair", "reviewer", "staff_chair", "second"):
        for code in ("4.1", "4.2"):
            world.review(who, code, D)
    world.move(Phase.AGREEING)
    world.move(Phase.REVIEWING, "To read again.")
    onlookers = Onlookers(world, "lead", "cont", "chair", "rev", "org", "staff", "spon")
    save_draft(world)
    # The numbers stay as they are too: the second reviewer had started and submitted everything before.
    onlookers.after(world.review("second", "4.1", E, "I see it differently now."))


@pytest.mark.django_db
def test_while_grades_are_agreed() -> None:
    world = planted_world()
    world.move(Phase.REVIEWING)
    for who in ("community_chair", "reviewer", "staff_chair"):
        world.review(who, "4.1", D)
    world.move(Phase.AGREEING)
    insiders = ["lead", "cont", "chair", "rev", "org", "staff", "spon"]
    onlookers = Onlookers(world, "anon", "out", "adm", *insiders)
    onlookers.after(world.panel_grade("staff_chair", "4.1", D), may_notice=insiders)
    said = world.remark("community_chair", "4.1")
    onlookers.after(said, may_notice=["chair", "rev", "org"])
    onlookers.after(talk.take_back(actor=world.community_chair, remark=said), may_notice=["chair", "rev", "org"])
    opened = grading.open_names(
        actor=world.community_chair, assessed_outcome=world.outcome("4.1"), panel=world.community
    )
    onlookers.after(opened)


@pytest.mark.django_db
def test_a_refused_sign_off(world: World) -> None:
    world.to("agreed")
    onlookers = Onlookers(world, "anon", "out", "cont", "chair", "rev", "org", "staff", "adm")
    onlookers.after(world.sign(SignOff.Decision.REFUSED, "Not like this."))
