"""Two worlds in each phase: with one row of each kind, and with several of each."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal

from eds.assessments import domain as assessments
from eds.assessments.models import Panel, PanelKind, PanelMember, PanelRemit, Phase, Round, ScopeDecision
from eds.frameworks.criteria import latest_set, load_criteria
from eds.frameworks.models import Characteristic
from eds.history.models import today
from eds.jobs.models import OutboxMail
from eds.people.invitations import invite
from eds.people.models import Invitation, Membership, OrganisationNotice
from evidence import domain as evidence
from evidence.findings.domain import settle_finding
from evidence.models import EvidenceItem, OfferDecision
from evidence.privacy.domain import answer_question, mark_story
from evidence.privacy.models import TextAnswer
from evidence.privacy.rules import Kind
from evidence.privacy.sharing import found_in
from grading import domain as grading
from grading.talk import domain as talk
from objectives.equality import domain as goals
from objectives.equality.models import Measure
from objectives.imports.domain import begin as begin_import
from objectives.libraries.domain import answer_items
from objectives.months import Month
from objectives.plan import domain as plan
from objectives.plan import ical, links
from reports import domain as reports
from reports.models import Publication, SignOff
from reports.objectives.domain import close_version as close_objectives
from tests.matrix.scene import add_objectives, give_pdf, keep_mail, prepared, publish_objectives, upload
from tests.world import A, D, U, World, another_year, member, organisation, person

FEW, MANY = 1, 4
MORE_OUTCOMES = ("1.1", "1.2", "2.1")
WITHOUT_PANEL = ("3.1", "3.2", "3.3", "3.4")
LANGUAGES = ("fr", "de", "ro", "lt")
MORE = range(3)


def build(phase: str, number: int) -> World:
    """Build the world of a phase, with so many rows of each kind (FEW or MANY) on every page."""
    many = number > FEW
    world = prepared().prepare()
    joint = Round.objects.get(pk=world.round.pk)
    joint.differ_rule = Round.DifferRule.JOINT
    joint.record(actor=world.lead, reason="The chairs agree")
    world.round = joint
    if phase == "X":  # all that other years add to the pages of a whole organisation
        # One of each that would else be none: a published report, and work in another year.
        for year, stage in ((2017, "preparing"), (2018, "agreeing"), (2019, "published")):
            another_year(world.trust, world.other_trust, world.people, year).to(stage)
            if stage == "published":
                reports.close_version(actor=world.lead, publication=Publication.objects.get(), reason="A name.")
        member(world.lead, organisation("Third Trust", world.admin), Membership.Role.DEPUTY, world.admin)
    if phase == "P":  # what last year had waits to be decided on, or to be taken over
        _add_last_year(world, number)
    add_plan(world, 0)
    _publish_objectives(world, 0)
    if many:
        _grow(world)
    _write(world, number)
    if many and phase == "X":
        _grow_around(world)
    if phase != "P":
        _review(world, number)
    if phase in "ADX":
        _discuss(world, number)
        _record(world, phase)
    if phase in "DX":
        _agree(world, number)
    if phase == "X":
        _publish(world, number)
    return world


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
        world.propose(code, A)
    for number in MORE:
        _grow_by_one(world, number)
    _write_versions(world, world.made["open"])
    _plan_more(world)
    _invite_more(world)


def add_plan(world: World, number: int) -> None:
    """Add an objective to the plan with an action, all that is said of it, and its owner's links."""
    objective = world.plan_objective(text=f"Objective {number}")
    owner = person(f"Owner {number}")
    member(owner, world.trust, Membership.Role.EMPLOYEE, world.admin)
    action = plan.add_action(
        actor=world.lead,
        assessed_outcome=world.outcome("4.1"),
        content=plan.ActionText(
            f"Action {number}", "Minutes.", Month(2026, 5), objective=objective, characteristics=(("race", "Race"),)
        ),
        owners=[
            plan.OwnerText("person", f"Role {number}", owner),
            plan.OwnerText("person", f"Second role {number}", world.contributor),
            plan.OwnerText("network", f"Network {number}"),
        ],
    )
    plan.say_progress(actor=owner, action=action, status="at_risk", words="It is slow.")
    plan.say_felt(actor=world.staff_chair, action=action, panel=world.staff, answer="partly", words="A bit.")
    answer_items(actor=world.lead, subject=action, keys=["edi-plan-2023/hia-3"])
    links.issue(action, owner)
    ical.new_address(owner)


def _publish_objectives(world: World, number: int) -> None:
    """Publish the objectives twice, each time with one more value, and close the first of the two."""
    adopted = world.made["objective adopted"]
    versions = []
    for year in (2 * number, 2 * number + 1):
        measure = Measure.objects.get(objective=adopted)
        goals.record_value(actor=world.lead, measure=measure, year=2000 + year, value=Decimal(9))
        versions.append(publish_objectives(world))
    close_objectives(actor=world.lead, version=versions[0], reason="It showed who somebody was.")


def _plan_more(world: World) -> None:
    for number in MORE:
        add_plan(world, number + 1)
        add_objectives(world, f"more {number}")
        _publish_objectives(world, number + 1)
        begin_import(
            actor=world.lead,
            assessment=world.assessment,
            uploaded=upload(f"plan{number}.csv", f"Outcome,Action\n4.1,Another {number}\n"),
        )


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
        plan = assessments.PanelPlan(
            f"Last year's panel {each}",
            PanelKind.objects.get(code="staff-side"),
            [last.outcome("4.1")],
            quorum=1,
        )
        panel = assessments.add_panel(actor=last.lead, assessment=last.assessment, plan=plan)
        chair = person(f"Last Chair {each}")
        assessments.add_panel_member(actor=last.lead, panel=panel, user=chair, role=PanelMember.Role.CHAIR)
        assessments.add_contributor(
            actor=last.lead, assessed_outcome=last.outcome("4.1"), user=person(f"Last Writer {each}"), for_what="All"
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
    reports.reopen(actor=past.lead, assessment=past.refreshed(), reason="A figure was wrong.")
    past.sign()
    past.publish("A figure was wrong.")
    for publication in Publication.objects.filter(assessment__year__in=(2023, 2024)):
        reports.close_version(actor=world.lead, publication=publication, reason="A name.")
    for number in MORE:
        member(world.lead, organisation(f"Third Trust {number}", world.admin), Membership.Role.DEPUTY, world.admin)


def _write(world: World, number: int) -> None:
    """Write so many of what the lead, the administrator and a contributor write while the round is prepared."""
    lead, open_item = world.lead, world.made["open"]
    assert isinstance(open_item, EvidenceItem)
    rows = {row.outcome.code: row for row in world.assessment.outcomes.select_related("outcome", "round").in_order()}
    for each in range(number):
        code = WITHOUT_PANEL[each]
        assessments.decide_scope(actor=lead, assessed_outcome=rows[code], scope=ScopeDecision.Scope.IN_SCOPE, reason="")
        rows[code].round = world.round
        rows[code].record(actor=lead, reason="Into the round")
        world.outcomes[code] = rows[code]
        evidence.write_summary(actor=lead, assessed_outcome=world.outcome(code), text="In short.")
        world.propose(code, D)
        assessments.keep_event(
            actor=lead, assessment=world.assessment, text=assessments.EventText(f"Day {each}", today(), "Groups")
        )
        OrganisationNotice(organisation=world.trust, language=LANGUAGES[each], name="Other", text="Ask us.").record(
            actor=world.admin, reason="Set up"
        )
        characteristic = Characteristic.objects.filter(revision=world.revision).order_by("position")[each]
        settle_finding(
            actor=lead,
            assessed_outcome=world.outcome("4.1"),
            characteristic=characteristic,
            fares="worse",
            reason="They disagree.",
        )
        mark_story(actor=world.contributor, item=open_item, kind="no_story")
        grading.bring_in_results(
            actor=lead,
            assessment=world.assessment,
            year=2020 + each,
            source="The report of that year",
            results=[grading.PastResult(code, world.grade(D)) for code in world.outcomes],
        )
        _correct_criteria(world, each)
        _fail_mail(world, each)
        assessments.add_service(
            actor=lead,
            assessment=world.made["eds-2022"],  # type: ignore[arg-type]
            plan=assessments.ServicePlan(f"Service {each}", "Complaints rose."),
        )
    for code in [*world.outcomes][: 2 * number]:
        reports.keep_words(
            actor=lead, assessed_outcome=world.outcome(code), wording_then=f"As it was: {code}", contacts="The team"
        )
    reports.keep_details(actor=lead, assessment=world.assessment, text=reports.DetailsText(other_text="Dear reader."))
    addresses = " ".join(f"team{each}@example.org" for each in range(number))
    evidence.correct_item(
        actor=world.contributor,
        item=open_item,
        content=evidence.EvidenceText("Staff survey", f"Ask {addresses}.", "HR", "2026"),
        sharing=open_item.sharing,
        reason="Whom to ask",
        kept_files=list(evidence.latest_version(open_item).files.all()),
        expected_version=evidence.latest_version(open_item).seq,
    )
    for found in found_in(evidence.latest_version(open_item)):
        if found.kind is Kind.EMAIL:
            answer_question(
                actor=world.contributor,
                item=open_item,
                found=found,
                answer=TextAnswer.Answer.NOT_A_PERSON,
                reason="A team's address.",
            )


def _correct_criteria(world: World, number: int) -> None:
    last = latest_set(world.revision)
    assert last is not None
    cells = {(row.outcome.code, row.grade.code): row.text for row in last.criteria.select_related("outcome", "grade")}
    load_criteria(
        actor=world.admin,
        revision=world.revision,
        cells=cells | {(f"1.{number + 1}", "achieving"): "Most people."},
        source="The handbook",
        source_dated=datetime.date(2026, 3, 1),
        reason="More of them.",
        expected_seq=last.seq,
    )


def _fail_mail(world: World, number: int) -> None:
    """Let mails fail: one to a person, one of an invitation, and one of what is nobody's."""
    invitation = Invitation.objects.order_by("pk")[0]
    for kind, to, subject in (
        ("pages.reminder", world.reviewer, world.assessment.public_id),
        ("people.invitation", None, invitation.public_id),
        ("people.sign-in", None, "nothing"),
    ):
        OutboxMail.objects.create(
            kind=kind,
            to=to,
            subject=subject,
            key=f"failed {kind} {number}",
            state=OutboxMail.State.FAILED,
            words="The mail server cannot be reached.",
        )


def _everybody(world: World, deed: Callable[[Panel, PanelMember], None]) -> None:
    for panel in Panel.objects.filter(assessment=world.assessment).select_related("assessment__organisation"):
        for place in panel.members.exclude(role=PanelMember.Role.ORGANISER).select_related("user"):
            deed(panel, place)


def _graded(world: World) -> list[str]:
    """Give the outcomes that panels grade, in the order in which they were taken in."""
    return [code for code in world.outcomes if code not in WITHOUT_PANEL]


def _review(world: World, number: int) -> None:
    """Open reviewing, having gone back so many times; everybody answers everything, and so many people step aside."""
    for each in range(number):
        world.move(Phase.REVIEWING)
        world.move(Phase.PREPARING, "Something was missing.")
        panel = Panel.objects.select_related("kind", "assessment__organisation").get(pk=world.community.pk)
        plan = assessments.PanelPlan(
            panel.name, panel.kind, [world.outcome(code) for code in _graded(world)], 1 if each % 2 == 0 else 2
        )
        assessments.change_panel(
            actor=world.lead, panel=panel, plan=plan, expected_version=None, reason="The panel is small."
        )
    world.move(Phase.REVIEWING)
    asides = []
    for each in range(number):
        asides.append(person(f"Aside {each}"))
        assessments.add_panel_member(
            actor=world.community_chair, panel=world.community, user=asides[-1], reason="More views."
        )

    def answer(panel: Panel, place: PanelMember) -> None:
        for code in _graded(world):
            common = {"actor": place.user, "assessed_outcome": world.outcome(code), "panel": panel}
            if place.user in asides or (place.user.name.startswith("Reviewer") and code == "4.1"):
                grading.step_aside(**common, interest="A friend works there.")
            else:
                grading.submit_review(**common, grade=world.grade(D), reason="Mine.")

    _everybody(world, answer)
    for each in range(number):
        world.review("reviewer", "4.1", D, f"Thought again {each} times.")
        world.answer(world.ask("reviewer", "4.1", f"How many, {each}?"), item_id=world.made["open"].public_id)  # type: ignore[attr-defined]
        world.ask("community_chair", "4.1", f"And who, {each}?")
        grading.save_draft(
            actor=world.reviewer,
            assessed_outcome=world.outcome(_graded(world)[each]),
            panel=world.community,
            answer="",
            text="Or not.",
            expected_version=None,
        )


def _discuss(world: World, number: int) -> None:
    """Open agreeing; so many remarks, half of them taken back."""
    world.move(Phase.AGREEING)
    for each in range(number):
        world.remark("reviewer", "4.1", f"I read it otherwise, {each}.")
        # The first that an address can name is the reviewer's own, which stays.
        talk.take_back(actor=world.community_chair, remark=world.remark("community_chair", "4.1", f"No, {each}."))
        grading.open_names(actor=world.community_chair, assessed_outcome=world.outcome("4.1"), panel=world.community)


def _record(world: World, phase: str) -> None:
    """Every panel records every outcome but the last in agreeing; staff side differs, so that chairs write joint grades."""
    places = {}
    for panel in Panel.objects.filter(assessment=world.assessment).select_related("assessment__organisation"):
        places[panel] = panel.members.get(role=PanelMember.Role.CHAIR).user
    graded = _graded(world)[: -1 if phase == "A" else None]
    for code in graded:
        for panel, chair in places.items():
            differs = panel == world.staff and code != "4.2"
            grading.record_panel_grade(
                actor=chair,
                assessed_outcome=world.outcome(code),
                panel=panel,
                grade=world.grade(U if differs else D),
                reason="Ours.",
                why_not_median="We weighed it again." if differs else "",
            )
    _dissent(world, graded)
    for code in graded:
        if code != "4.2":
            _write_together(world, code, places, confirm=phase != "A")


def _dissent(world: World, graded: list[str]) -> None:
    """Every member who reviewed 4.1 but staff side's dissents; chairs of small panels pass that on, with a summary."""
    made: dict[Panel, dict[str, grading.DissentAnswer]] = {}

    def write(panel: Panel, place: PanelMember) -> None:
        if panel == world.staff or not place.user.name.startswith(("Hanna", "Ravi")):
            return
        row = grading.add_dissent(
            actor=place.user, assessed_outcome=world.outcome("4.1"), panel=panel, text=f"Not so, {place.user.name}."
        )
        made.setdefault(panel, {})[row.public_id] = grading.DissentAnswer(passed=True)

    _everybody(world, write)
    for panel, dissents in made.items():
        for code in graded:
            grading.pass_words(
                actor=panel.members.get(role=PanelMember.Role.CHAIR).user,
                assessed_outcome=world.outcome(code),
                panel=panel,
                summary="In short, they doubt it.",
                dissents=dissents if code == "4.1" else {},
            )


def _write_together(world: World, code: str, places: dict[Panel, object], *, confirm: bool) -> None:
    """Staff side's chair writes a joint grade; the others confirm it, or Healthwatch's chair does not."""
    outcome = world.outcome(code)
    grading.write_joint_grade(
        actor=world.staff_chair, assessed_outcome=outcome, panel=world.staff, grade=world.grade(D), reason="Together."
    )
    for panel, chair in places.items():
        if panel != world.staff:
            says_yes = confirm or panel != world.community
            grading.answer_joint_grade(
                actor=chair,  # type: ignore[arg-type]
                assessed_outcome=outcome,
                panel=panel,
                confirmed=says_yes,
                reason="" if says_yes else "Not yet.",
            )


def _agree(world: World, number: int) -> None:
    """Both sides speak where they differ; what no panel grades is closed; the round is agreed, and refused at first."""
    for code in _graded(world):
        if code != "4.2":
            world.say("lead", code, "We differ.")
            world.say("community_chair", code, "So do we.")
    for code in WITHOUT_PANEL[:number]:
        grading.record_not_graded(actor=world.lead, assessed_outcome=world.outcome(code), reason="Nobody came.")
    world.move(Phase.AGREED)
    for each in range(number):
        reports.keep_approval_step(
            actor=world.lead,
            assessment=world.refreshed(),
            text=reports.StepText("committee", f"Committee {each}", today()),
        )
        world.sign(SignOff.Decision.REFUSED, f"Not like this, {each}.")


def _publish(world: World, number: int) -> None:
    """Publish, and correct what is published so many times."""
    world.sign()
    world.made["publication"] = world.publish()
    give_pdf(world)
    for each in range(number):
        reports.reopen(actor=world.lead, assessment=world.refreshed(), reason=f"A figure was wrong, {each}.")
        world.sign()
        world.made["publication"] = world.publish(f"A figure was wrong, {each}.")
        give_pdf(world)
