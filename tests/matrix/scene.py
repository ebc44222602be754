"""The world of tests/world.py with one of everything that an address can name, moved to a phase."""

from __future__ import annotations

import datetime
from decimal import Decimal

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.functions import Now

from eds.assessments.domain import EventText, keep_event, open_assessment
from eds.assessments.models import Assessment, Phase
from eds.files.domain import store
from eds.frameworks.criteria import load_criteria
from eds.frameworks.queries import latest_revision
from eds.jobs.models import Job, KeptMail, OutboxMail
from eds.pages.demo.people import PEOPLE
from eds.people.invitations import invite
from eds.people.models import OrganisationNotice, User
from evidence import domain as evidence
from evidence.figures.writing import FigureText, RowText
from evidence.findings.writing import FindingText
from evidence.models import EvidenceFile, EvidenceItem, Sharing
from grading.models import Question, Remark
from objectives.equality import domain as goals
from objectives.equality.models import Commitment, EqualityObjective, Measure, ObjectiveComment
from objectives.equality.queries import known
from objectives.imports.domain import begin as begin_import
from objectives.months import Month
from reports.domain import RENDER
from reports.models import ApprovalStep, ObjectivesRendition, ObjectivesVersion, Rendition
from reports.objectives import domain as objectives
from reports.objectives.build import build
from reports.payload import canonical, content_hash
from tests.world import World, build_world

from .routes import Route

NO_SUCH = "doesnotexist"
PHASES = {
    "P": "preparing",
    "R": "reviewing",
    "B": "back in reviewing after a reveal",
    "A": "agreeing",
    "D": "agreed, the assessment in sign-off",
    "X": "published",
}
_STAGES = {"P": "preparing", "R": "reviewing", "B": "agreeing", "A": "agreeing", "D": "agreed", "X": "published"}


def upload(name: str, text: str) -> SimpleUploadedFile:
    """Make a text file as a browser sends it."""
    return SimpleUploadedFile(name, text.encode(), content_type="text/plain")


def write_with_file(world: World, title: str, sharing: str = Sharing.PUBLIC) -> EvidenceItem:
    """Write an item with a file as the contributor and cite it under 4.1."""
    return evidence.write_and_cite(
        actor=world.contributor,
        assessed_outcome=world.outcome("4.1"),
        content=evidence.EvidenceText(title, f"What {title.lower()} says.", "HR", "2026"),
        files=[upload(f"{title.lower().replace(' ', '-')}.txt", f"The table behind {title.lower()}.\n")],
        sharing=sharing,
    )


def prepared() -> World:
    """Build the world, still preparing.

    Beside what the story has: an item with a file that the public may see, one that stays inside the organisation, and
    one of the demo's people, a notice in another language, and an assessment of another edition.
    """
    world = build_world()
    world.made["open"] = write_with_file(world, "Staff survey")
    world.made["inside"] = write_with_file(world, "Inside figures", Sharing.ORGANISATION)
    for made in ("open", "inside"):
        add_details(world, world.made[made])
    load_criteria(
        actor=world.admin,
        revision=world.revision,
        cells={("4.1", "developing"): "Some board members are trained."},
        source="The handbook",
        source_dated=datetime.date(2026, 3, 1),
    )
    one_of_everything_named(world)
    world.made["plan objective"] = world.plan_objective()
    world.made["action"] = world.plan_action(
        owner="contributor", objective=world.made["plan objective"], due=Month(2026, 3)
    )
    add_objectives(world, "")
    publish_objectives(world)
    keep_mail("kept")
    world.made["demo person"] = User.objects.create_user(PEOPLE[0].email, name=PEOPLE[0].name)
    return world


def one_of_everything_named(world: World) -> None:
    """Add to the world what stands beside its story: a notice, another edition, an event, a step, invitations, a file."""
    OrganisationNotice(organisation=world.trust, language="pl", name="Polish").record(
        actor=world.admin, reason="Set up"
    )
    world.made["eds-2022"] = open_assessment(
        actor=world.lead, organisation=world.trust, revision=latest_revision("eds-2022"), year=2026
    )
    world.made["event"] = keep_event(
        actor=world.lead,
        assessment=world.assessment,
        text=EventText("Open day", datetime.date(2026, 5, 1), "Community groups"),
    )
    # A step stands there already before sign-off opens the page: what is hidden till then can be asked for.
    world.made["step"] = ApprovalStep(
        assessment=world.assessment, kind="committee", body="Equality Committee", on=datetime.date(2026, 9, 1)
    ).record(actor=world.lead, reason="Set up")
    for made, who, role in (("invited", "community_chair", "reviewer"), ("appointed", "lead", "organiser")):
        world.made[made] = invite(
            actor=world.people[who],
            kind="panel",
            subject=world.community.public_id,
            email=f"{made}@example.net",
            role=role,
            appointed=who == "lead",
        )
    plan = upload("plan.csv", "Outcome,Objective,Action,Owner,Date\n4.1,Board listens,Meet each network,Chair,\n")
    world.made["plan import"] = begin_import(actor=world.lead, assessment=world.assessment, uploaded=plan)


OBJECTIVES = ("adopted", "draft", "asked", "deciding", "closed")


def add_objectives(world: World, number: str) -> None:
    """Write an objective of each kind: adopted, draft, with local people, waiting for the board, and closed."""
    for kind in OBJECTIVES:
        made = world.objective(f"Halve the gap {kind} {number}", expected=None)
        for finding in known(made).open:
            goals.answer_check(
                actor=world.lead,
                objective=made,
                seen={(finding.id, finding.about): finding.fingerprint},
                text="Nobody knows yet.",
            )
        if kind in {"adopted", "closed"}:
            world.adopt(made)
            goals.record_value(
                actor=world.lead, measure=Measure.objects.get(objective=made), year=2025, value=Decimal(9)
            )
        if kind == "closed":
            goals.close(actor=world.lead, objective=made, result="partly", reason="Half of it.")
            goals.write_objective(
                actor=world.lead,
                organisation=world.trust,
                text=world.objective_text(f"Next after {number}"),
                follows=made,
            )
        if kind == "asked":
            world.consult(made)
            world.comment(made, "By when?")
        if kind == "deciding":
            world.discuss(made)
        world.made.setdefault(f"objective {kind}", made)


def publish_objectives(world: World) -> ObjectivesVersion:
    """Publish the objectives, with their PDF at a worker's speed of nothing."""
    made = objectives.publish(
        actor=world.lead,
        organisation=world.trust,
        reason="The board has decided.",
        seen_hash=content_hash(canonical(build(world.trust))),
    )
    ObjectivesRendition.objects.create(
        version=made, format="pdf", stored=store(b"%PDF-1.7\n", content_type="application/pdf", kind="rendition")
    )
    return made


def keep_mail(key: str) -> KeptMail:
    """Let the demo have kept a mail."""
    mail = OutboxMail.objects.create(
        kind="people.invitation", subject="nothing", key=key, state=OutboxMail.State.SENT, sent_at=Now()
    )
    return KeptMail.objects.create(outbox=mail, to="x@example.net", heading="H", text="T\n", html="<p>T</p>")


def give_pdf(world: World) -> None:
    """Let the published world have its PDF, at a worker's speed of nothing."""
    Rendition.objects.create(
        publication=world.made["publication"],
        format=Rendition.Format.PDF,
        stored=store(b"%PDF-1.7\n", content_type="application/pdf", kind="rendition"),
    )


def world_in(phase: str) -> World:
    """Build the world and move it to a phase of PHASES; in the published one the PDF is made."""
    world = prepared().to(_STAGES[phase]).talk()
    if phase == "B":
        world.move(Phase.REVIEWING, "A panel wants to read again.")
    if phase == "X":
        give_pdf(world)
    return world


def figure_of(item: EvidenceItem) -> str:
    """Give the public id of a figure of an item's newest version, or one that is nobody's."""
    figure = evidence.latest_version(item).figures.first()
    return figure.public_id if figure else NO_SUCH


def add_details(world: World, item: EvidenceItem) -> None:
    """Give an item findings and a figure with small numbers, as the contributor."""
    evidence.change_details(
        actor=world.contributor,
        item=item,
        reason="Findings and figures",
        expected_version=evidence.latest_version(item).seq,
        findings=[FindingText("disability", "Disability", "Disabled staff", "worse", "Few adjustments are made.")],
        figures=[
            FigureText(
                "Board members trained",
                "people",
                (RowText("Women", Decimal(4)), RowText("Men", Decimal(31)), RowText("All", Decimal(35), is_total=True)),
                source="HR",
                period="2026",
                about_code="sex",
                about_name="Sex",
            )
        ],
    )


def values_for(world: World, route: Route, variant: str = "") -> dict[str, object]:
    """Give values for a route's places: things of the trust's assessment; `variant` "inside" takes the inside item,
    "eds-2022" the other edition's assessment.
    """
    item = world.made["inside" if variant == "inside" else "open"]
    assert isinstance(item, EvidenceItem)
    outcome = world.outcomes["4.1"]
    values: dict[str, object] = {
        "user_id": world.made["demo person"].public_id,  # type: ignore[attr-defined]
        "organisation_id": world.trust.public_id,
        "assessment_id": world.assessment.public_id,
        "round_id": world.round.public_id,
        "outcome_id": outcome.public_id,
        "panel_id": world.community.public_id,
        "member_id": world.community.members.get(user=world.reviewer).public_id,
        "contributor_id": outcome.contributors.all()[0].public_id,
        "item_id": item.public_id,
        "file_id": EvidenceFile.objects.filter(version__item=item).order_by("-pk")[0].public_id,
        "link_id": item.citations.all()[0].public_id,
        "figure_id": figure_of(item),
        "characteristic": "disability",
        "question_id": getattr(Question.objects.first(), "public_id", NO_SUCH),
        "remark_id": getattr(Remark.objects.first(), "public_id", NO_SUCH),
        "job_id": getattr(Job.objects.filter(kind=RENDER).first(), "public_id", NO_SUCH),
        "invitation_id": world.made["appointed" if variant == "appointed" else "invited"].public_id,  # type: ignore[attr-defined]
        "person_id": world.people["contributor"].public_id,
        "role": "employee",
        "mail_id": KeptMail.objects.all()[0].outbox.public_id,
        "organisation": world.trust.slug,
        "year": world.assessment.year,
        "edition": "eds-2011",
        "version": 1,
        "event_id": world.made["event"].public_id,  # type: ignore[attr-defined]
        "step_id": world.made["step"].public_id,  # type: ignore[attr-defined]
        "kind": "objective",
        "subject_id": world.made["objective draft"].public_id,  # type: ignore[attr-defined]
        "import_id": world.made["plan import"].public_id,  # type: ignore[attr-defined]
        "plan_objective_id": world.made["plan objective"].public_id,  # type: ignore[attr-defined]
        "action_id": world.made["action"].public_id,  # type: ignore[attr-defined]
        "check_id": "factor.missing",
        **_of_objective(world, variant),
        "code": "4.1",
        "app_label": "frameworks",
        "content_type_id": 1,
        "url": "nowhere/",
    }
    if route.name == "objectives-file-retry":
        values["job_id"] = Job.objects.filter(kind=objectives.RENDER)[0].public_id
    if variant == "eds-2022":
        another = world.made["eds-2022"]
        assert isinstance(another, Assessment)
        values["assessment_id"] = another.public_id
    values["object_id"] = 1
    if route.pattern.startswith("admin/") and "object_id" in route.places and "content_type_id" not in route.places:
        _, app, model, *_ = route.pattern.split("/")
        values["object_id"] = apps.get_model(app, model)._default_manager.values_list("pk", flat=True)[0]
    return values


def _of_objective(world: World, variant: str) -> dict[str, object]:
    """Give values for an objective and its parts; of the adopted one unless the variant names another kind."""
    made = world.made[f"objective {variant if variant in OBJECTIVES else 'adopted'}"]
    assert isinstance(made, EqualityObjective)
    return {
        "objective_id": made.public_id,
        "commitment_id": Commitment.objects.filter(objective=made)[0].public_id,
        "measure_id": Measure.objects.filter(objective=made)[0].public_id,
        "comment_id": getattr(ObjectiveComment.objects.filter(objective=made).first(), "public_id", NO_SUCH),
    }
