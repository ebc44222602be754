"""Each page takes the same number of queries with few rows and with many: nothing is read row by row."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from eds.assessments import domain as assessments
from eds.assessments.models import Panel, PanelKind, PanelMember, PanelRemit, Phase, ScopeDecision
from eds.people.invitations import invite
from eds.people.models import Membership
from evidence import domain as evidence
from evidence.models import EvidenceItem, OfferDecision
from grading import domain as grading
from reports.domain import reopen
from tests.counting import counted
from tests.leaks.walk import sign_in
from tests.matrix.routes import all_routes
from tests.matrix.scene import PHASES, give_pdf, keep_mail, prepared, upload, values_for
from tests.world import D, World, another_year, member, organisation, person

READERS = {
    "a stranger": "",
    "the lead": "lead",
    "a contributor": "contributor",
    "a chair": "community_chair",
    "a reviewer": "reviewer",
    "the sponsor": "sponsor",
    "the administrator": "admin",
}
MORE_OUTCOMES = ("1.1", "1.2", "2.1")
MORE = range(3)


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="django")


@contextmanager
def rolled_back() -> Iterator[None]:
    """Undo everything at the end of the block."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _grow(world: World) -> None:
    """Add three or more of everything to the assessment, while it is being prepared."""
    lead = world.lead
    rows = {row.outcome.code: row for row in world.assessment.outcomes.select_related("outcome", "round").in_order()}
    added = [rows[code] for code in MORE_OUTCOMES]
    assessments.decide_scopes(actor=lead, outcomes=added, scope=ScopeDecision.Scope.IN_SCOPE, reason="")
    for code, row in zip(MORE_OUTCOMES, added, strict=True):
        row.round = world.round
        row.record(actor=lead, reason="Into the round")
        world.outcomes[code] = row
        for panel in (world.community, world.staff):
            PanelRemit.objects.create(panel=panel, assessed_outcome=row)
        assessments.add_contributor(actor=lead, assessed_outcome=row, user=world.contributor, for_what="More")
        evidence.write_summary(actor=lead, assessed_outcome=row, text="In short.")
        world.propose(code, D)
    for number in MORE:
        _grow_by_one(world, number)
    _write_versions(world, world.made["open"])
    _invite_more(world)


def _invite_more(world: World) -> None:
    """Invite three of each kind, and let the demo have kept three mails more."""
    outcome = world.outcomes["4.1"].public_id
    for number in MORE:
        keep_mail(f"kept {number}")
        for who, kind, subject, role in (
            ("community_chair", "panel", world.community.public_id, "reviewer"),
            ("lead", "panel", world.community.public_id, "organiser"),
            ("lead", "contributor", outcome, ""),
            ("lead", "organisation", world.trust.public_id, "employee"),
        ):
            invite(
                actor=world.people[who],
                kind=kind,
                subject=subject,
                email=f"{role}{number}@example.net",
                role=role,
                appointed=kind == "panel" and who == "lead",
            )


def _grow_by_one(world: World, number: int) -> None:
    """Add a panel with its people, a reviewer to the community panel, a contributor, and an item cited everywhere."""
    every = list(world.outcomes.values())
    chair, reviewer, writer = (person(f"{part} {number}") for part in ("Chair", "Reviewer", "Writer"))
    panel = assessments.add_panel(
        actor=world.lead,
        assessment=world.assessment,
        plan=assessments.PanelPlan(f"Panel {number}", PanelKind.objects.get(code="staff-side"), every, quorum=1),
    )
    assessments.add_panel_member(actor=world.lead, panel=panel, user=chair, role=PanelMember.Role.CHAIR)
    for user in (world.reviewer, world.community_chair):
        assessments.add_panel_member(actor=chair, panel=panel, user=user)
    assessments.add_panel_member(actor=world.community_chair, panel=world.community, user=reviewer)
    member(writer, world.trust, Membership.Role.EMPLOYEE, world.admin)
    item = evidence.write_item(
        actor=world.contributor,
        organisation=world.trust,
        content=evidence.EvidenceText(f"Item {number}", "A text."),
        files=[upload(f"file-{each}.txt", "Figures.\n") for each in MORE],
    )
    for row in every:
        assessments.add_contributor(actor=world.lead, assessed_outcome=row, user=writer, for_what="Figures")
        evidence.cite(actor=world.contributor, assessed_outcome=world.outcome(row.outcome.code), item=item)
    _write_versions(world, item)


def _write_versions(world: World, item: object) -> None:
    assert isinstance(item, EvidenceItem)
    for number in MORE:
        newest = evidence.latest_version(item)
        evidence.correct_item(
            actor=world.contributor,
            item=item,
            content=evidence.EvidenceText(f"{newest.title}, again", f"Text {number}."),
            sharing=item.sharing,
            reason="Corrected",
            files=[upload(f"more-{number}.txt", "More figures.\n")],
            kept_files=list(newest.files.all()),
            expected_version=newest.seq,
        )


def _add_last_year(world: World, number: int) -> None:
    """Add last year, opened for review, with a number of items under 4.1, one of them to be renewed and one dropped."""
    last = another_year(world.trust, world.other_trust, world.people, 2025).prepare()
    for each in range(number):
        item = evidence.write_and_cite(
            actor=world.contributor,
            assessed_outcome=last.outcome("4.1"),
            content=evidence.EvidenceText(f"Last year's {each}", "A text."),
        )
    last.move(Phase.REVIEWING)
    assert last.item
    for choice, row in (("renew", last.item), ("drop", item)):
        OfferDecision.append(
            actor=world.lead, assessed_outcome=world.outcomes["4.1"], item=row, choice=choice, reason="Because."
        )


def _grow_around(world: World) -> None:
    """Add earlier years in every state, one of them published in two versions, and organisations to lead."""
    for year, stage in ((2016, "preparing"), (2020, "reviewing"), (2021, "agreeing"), (2022, "agreed")):
        another_year(world.trust, world.other_trust, world.people, year).to(stage)
    for year in (2023, 2024, 2025):
        past = another_year(world.trust, world.other_trust, world.people, year).to("published")
    reopen(actor=past.lead, assessment=past.refreshed(), reason="A figure was wrong.")
    past.sign()
    past.publish("A figure was wrong.")
    for number in MORE:
        member(world.lead, organisation(f"Third Trust {number}", world.admin), Membership.Role.DEPUTY, world.admin)


def _move(world: World, phase: str) -> None:
    """Move to a phase: everybody reviews everything, and every panel records every outcome but the last in agreeing."""
    if phase == "P":
        return
    world.move(Phase.REVIEWING)
    panels = list(Panel.objects.filter(assessment=world.assessment).select_related("assessment"))
    outcomes = [world.outcome(code) for code in world.outcomes]
    for panel in panels:
        for reviewer in panel.members.exclude(role=PanelMember.Role.ORGANISER).select_related("user"):
            for outcome in outcomes:
                grading.submit_review(
                    actor=reviewer.user, assessed_outcome=outcome, panel=panel, grade=world.grade(D), reason="Mine."
                )
    grading.save_draft(
        actor=world.reviewer,
        assessed_outcome=outcomes[0],
        panel=world.community,
        answer="",
        text="Or not.",
        expected_version=None,
    )
    if phase == "R":
        return
    world.move(Phase.AGREEING)
    for panel in panels:
        chair = panel.members.get(role=PanelMember.Role.CHAIR).user
        for code in list(world.outcomes)[: -1 if phase == "A" else None]:
            grading.record_panel_grade(
                actor=chair, assessed_outcome=world.outcome(code), panel=panel, grade=world.grade(D), reason="Ours."
            )
    if phase == "A":
        return
    world.say("lead", "4.1", "We differ.")
    world.say("community_chair", "4.1", "So do we.")
    world.move(Phase.AGREED)
    if phase == "X":
        world.sign()
        world.made["publication"] = world.publish()
        give_pdf(world)


def _numbers(phase: str, *, many: bool, only: set[str] | None = None) -> dict[str, int]:
    """Give, by page and reader, how many queries each page took that answered with 200; `only` names those to ask."""
    numbers = {}
    with rolled_back():
        world = prepared().prepare()
        if phase == "X":  # all that other years add to the pages of a whole organisation
            # One of each that would else be none: a published report, and work in another year.
            for year, stage in ((2017, "published"), (2018, "agreeing"), (2019, "preparing")):
                another_year(world.trust, world.other_trust, world.people, year).to(stage)
            member(world.lead, organisation("Third Trust", world.admin), Membership.Role.DEPUTY, world.admin)
        if phase == "P":  # what last year had waits to be decided on
            _add_last_year(world, 4 if many else 1)
        if many:
            _grow(world)
        if many and phase == "X":
            _grow_around(world)
        _move(world, phase)
        sign_in(world, "lead").get("/")  # what a process reads once and keeps
        clients = {reader: sign_in(world, who) for reader, who in READERS.items()}
        for route in all_routes():
            if route.name == "demo-enter":
                continue
            url = route.url(values_for(world, route))
            for reader, who in READERS.items():
                page = f"{route.name} for {reader}"
                if (route.pattern.startswith("admin/") and who != "admin") or (only is not None and page not in only):
                    continue
                ContentType.objects.clear_cache()
                client = clients[reader]
                with counted() as count:
                    status = client.get(url).status_code
                if status == 200:
                    numbers[page] = count.queries
    return numbers


@pytest.mark.django_db
@pytest.mark.parametrize("phase", [phase for phase in PHASES if phase != "B"])
def test_a_page_takes_as_many_queries_with_many_rows_as_with_few(phase: str) -> None:
    few = _numbers(phase, many=False)
    many = _numbers(phase, many=True, only=set(few))
    assert few.keys() == many.keys()
    grown = [f"{page}: {few[page]}, then {many[page]}" for page in few if few[page] != many[page]]
    assert not grown, f"while {PHASES[phase]}, {len(grown)} pages read row by row:\n" + "\n".join(grown)
