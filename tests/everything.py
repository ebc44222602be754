"""A world with at least one row of every model that is only ever added to."""

from __future__ import annotations

import datetime

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models, transaction

from eds.assessments.models import GroundsChange, Phase
from eds.files.domain import destroy, store
from eds.frameworks.criteria import load_criteria
from evidence import domain as evidence
from evidence.models import EvidenceItem, OfferDecision, OutcomeFinding, StoryMark, TextAnswer
from grading import domain as grading
from grading.models import (
    Dissent,
    DissentDecision,
    JointAnswer,
    JointGrade,
    NotGraded,
    PanelGrade,
    PanelSummary,
    PublishedElsewhere,
    Remark,
    StepAside,
)
from grading.talk import domain as talk
from objectives.plan import domain as plan
from reports.models import CheckAnswer, ObjectivesClosure, Rendition, VersionClosure
from tests.matrix import scene
from tests.matrix.scene import add_details
from tests.world import World

APPEND_ONLY = sorted(
    (model for model in apps.get_models() if getattr(model, "append_only", False)), key=lambda model: model._meta.label
)


def one_of_each(world: World) -> World:
    """Move a prepared world to the end of its story, with a row of every append-only model on the way."""
    upload = SimpleUploadedFile("minutes.txt", b"The board met on Tuesday.", content_type="text/plain")
    evidence.write_and_cite(
        actor=world.contributor,
        assessed_outcome=world.outcome("4.1"),
        content=evidence.EvidenceText("Minutes", "What the board said."),
        files=[upload],
    )
    item = EvidenceItem.objects.get()
    add_details(world, item)
    OfferDecision.append(
        actor=world.contributor, assessed_outcome=world.outcomes["4.1"], item=item, choice="drop", reason="Old."
    )
    StoryMark.append(actor=world.contributor, item=item, kind="no_story")
    TextAnswer.append(
        actor=world.contributor, reason="A street", item=item, kind="postcode", key="k", answer="not_a_person"
    )
    OutcomeFinding.append(
        actor=world.lead, reason="Two surveys", assessed_outcome=world.outcome("4.1"), about_code="sex", fares="worse"
    )
    PublishedElsewhere.append(
        actor=world.lead,
        organisation=world.trust,
        framework=world.revision.framework,
        year=2019,
        outcome_code="4.1",
        service="",
        grade=world.grade("developing"),
        source="A printed report",
    )
    load_criteria(
        actor=world.admin,
        revision=world.revision,
        cells={("4.1", "developing"): "Some board members are trained."},
        source="The handbook",
        source_dated=datetime.date(2026, 3, 1),
    )
    world.to_agreeing().talk()
    talk.take_back(actor=world.reviewer, remark=Remark.objects.get())
    world.settle()
    world.move(Phase.AGREED)
    world.sign()
    publication = world.made["publication"] = world.publish()
    VersionClosure.append(actor=world.lead, reason="It named somebody", publication=publication)
    CheckAnswer.append(
        actor=world.lead,
        reason="As meant",
        assessment=world.assessment,
        check_id="a.check",
        about="4.1",
        place="4.1",
        fingerprint="f",
    )
    grading.open_names(actor=world.community_chair, assessed_outcome=world.outcome("4.1"), panel=world.community)
    NotGraded.append(actor=world.lead, reason="No panel", assessed_outcome=world.outcome("4.1"))
    grade = PanelGrade.objects.filter(assessed_outcome=world.outcome("4.1"), panel=world.community).latest("seq")
    dissent = Dissent.append(actor=world.reviewer, reason="I see it differently", panel_grade=grade)
    DissentDecision.append(actor=world.community_chair, dissent=dissent, passed=True)
    PanelSummary.append(
        actor=world.community_chair, reason="In short", assessed_outcome=world.outcome("4.1"), panel=world.community
    )
    GroundsChange.append(
        actor=world.lead,
        reason="Too few",
        assessment=world.assessment,
        panel=world.community,
        round=None,
        what="Quorum",
    )
    joint = JointGrade.append(
        actor=world.community_chair,
        reason="Together",
        assessed_outcome=world.outcome("4.1"),
        panel=world.community,
        grade=grade.grade,
        based_on=PanelGrade.objects.filter(assessed_outcome=world.outcome("4.1")).latest("pk"),
    )
    JointAnswer.append(actor=world.staff_chair, joint=joint, panel=world.staff, confirmed=True)
    StepAside.append(
        actor=world.reviewer,
        reason="A friend works there",
        assessed_outcome=world.outcome("4.1"),
        panel=world.community,
        reviewer=world.reviewer,
        reviews_before=1,
    )
    scene.add_objectives(world, "")
    objectives_version = scene.publish_objectives(world)
    ObjectivesClosure.append(actor=world.lead, reason="It named somebody", version=objectives_version)
    Rendition.objects.create(
        publication=world.made["publication"],
        format="pdf",
        stored=store(b"%PDF-1.7", content_type="application/pdf", kind="rendition"),
    )
    action = world.plan_action()
    plan.say_progress(actor=world.lead, action=action, status="on_track")
    plan.say_felt(actor=world.community_chair, action=action, panel=world.community, answer="done", words="We saw it.")
    with transaction.atomic():
        destroy(store(b"secret", content_type="text/plain", kind="evidence"), why="It named somebody.")
    missing = [model._meta.label for model in APPEND_ONLY if not models.QuerySet(model).exists()]
    assert missing == []
    return world
