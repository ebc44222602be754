"""Fills the installation that the environment names: `python -m tests.backup.populated`, as its application would."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.world import World

AWKWARD = "Zażółć 👩🏽‍🦽 “quotes” \\ % %s {} \u2028 \t\r\n tab, NULL, 2026-01-02 03:04:05"


def populate() -> None:
    """Make a row of every kind, with texts and numbers that are easily spoilt on their way."""
    from allauth.mfa.models import Authenticator
    from django.contrib.admin.models import CHANGE, LogEntry
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    from eds.files.domain import store
    from eds.jobs.models import Job
    from eds.ui.models import UnsavedText
    from tests.everything import one_of_each
    from tests.matrix.scene import keep_mail, one_of_everything_named
    from tests.world import build_world

    world = build_world()
    one_of_everything_named(world)
    world.plan_objective()
    _before_rounds_open(world)
    one_of_each(world)
    _beside_the_story(world)
    keep_mail("kept")
    fields = {"nested": [None, True, 1.5, {"ключ": AWKWARD}], "empty": {}, "text": AWKWARD}
    Job.objects.create(
        kind="nothing",
        subject=AWKWARD[:50],
        key="k",
        args=fields,
        state=Job.State.RUNNING,
        token=uuid.uuid4(),
        lease_until=timezone.now(),
    )
    UnsavedText.objects.create(user=world.lead, place="/x/", fields=fields, saved_at=timezone.now())
    store(bytes(range(256)) * 1000, content_type="application/octet-stream", kind="evidence")
    store(b"", content_type="text/plain", kind="evidence")
    Authenticator.objects.create(user=world.lead, type="totp", data={"secret": "kept"})
    LogEntry.objects.create(user=world.admin, action_flag=CHANGE, object_repr="x", change_message="[]")
    Session.objects.create(session_key="k", session_data="d", expire_date=timezone.now())


def _before_rounds_open(world: World) -> None:
    """Say how the report looks, and choose a service in the edition that asks for services."""
    from eds.assessments import domain as assessments
    from eds.assessments.models import Assessment
    from reports import domain as reports

    reports.keep_details(actor=world.lead, assessment=world.assessment, text=reports.DetailsText(other_text=AWKWARD))
    reports.keep_words(
        actor=world.lead, assessed_outcome=world.outcome("4.1"), wording_then=AWKWARD, contacts="The equality team"
    )
    with_services = world.made["eds-2022"]
    assert isinstance(with_services, Assessment)
    plan = assessments.ServicePlan("Maternity", f"Complaints rose. {AWKWARD}")
    assessments.add_service(actor=world.lead, assessment=with_services, plan=plan)


def _beside_the_story(world: World) -> None:
    """Publish one year and begin a review in another, follow the plan, ask for a link; a person and a worker are seen."""
    from django.db import transaction

    from eds.jobs.running import see_worker
    from eds.people import links
    from eds.people.models import OneTimeLink
    from eds.people.visits import last_visit
    from grading import domain as grading
    from objectives.plan import domain as plan
    from tests.matrix.scene import give_pdf
    from tests.queries.worlds import add_plan
    from tests.world import another_year

    give_pdf(another_year(world.trust, world.other_trust, world.people, 2024).to_published())
    before = another_year(world.trust, world.other_trust, world.people, 2025).to_reviewing()
    grading.save_draft(
        actor=before.reviewer,
        assessed_outcome=before.outcome("4.1"),
        panel=before.community,
        answer="developing",
        text=AWKWARD,
    )
    add_plan(world, 0)
    plan.keep_settings(actor=world.lead, organisation=world.trust, digest=False, escalate_after=3, prints_names=True)
    reset = OneTimeLink.Purpose.RESET
    with transaction.atomic():
        links.request_link(purpose=reset, email=world.reviewer.email, came_from="192.0.2.1")
    links.issue_link(reset, world.reviewer)
    last_visit(world.reviewer)
    see_worker("worker@one")


if __name__ == "__main__":
    import django

    django.setup()
    populate()
