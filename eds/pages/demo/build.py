"""Builds the demo through the verbs that the pages call: an assessment to play with, one in reviewing, one published."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction

from eds.assessments import domain as assessments
from eds.assessments.models import AssessedOutcome, Assessment, Panel, PanelKind, PanelMember, Phase, Round
from eds.frameworks.models import Grade
from eds.frameworks.queries import latest_revision
from eds.history.models import today
from eds.people.domain import join
from eds.people.models import Membership, Organisation, OrganisationNotice, User
from evidence import domain as evidence
from evidence.models import EvidenceItem
from grading import domain as grading
from grading.domain import FactorReason
from grading.models import Statement
from reports import domain as reports
from reports.checks import run_checks
from reports.models import SignOff
from reports.payload import build_content, canonical, content_hash

from . import texts
from .notices import NOTICES
from .people import OTHER_TRUST, PEOPLE, TRUST


@dataclass
class Cast:
    """The demo's people by key, and its two trusts."""

    people: dict[str, User]
    trust: Organisation
    other: Organisation

    def __getitem__(self, key: str) -> User:
        return self.people[key]


@dataclass
class Play:
    """An assessment under way: its round, outcomes by code, and the two panels."""

    assessment: Assessment
    round: Round
    outcomes: dict[str, AssessedOutcome]
    healthwatch: Panel
    staff_side: Panel

    def fresh(self, code: str) -> AssessedOutcome:
        """Give an outcome as it stands now."""
        return AssessedOutcome.objects.select_related("round", "assessment__organisation", "outcome", "service").get(
            pk=self.outcomes[code].pk
        )


def load() -> bool:
    """Build the demo, all or nothing. Gives False, and does nothing, where it is there already."""
    if Organisation.objects.filter(name=TRUST).exists():
        return False
    with transaction.atomic():
        cast = _cast()
        _published(cast)
        _in_reviewing(cast)
        _ready(cast)
    return True


def _cast() -> Cast:
    people = {person.key: User.objects.create_user(person.email, name=person.name) for person in PEOPLE}
    lead = people["lead"]
    trust = Organisation(
        name=TRUST,
        slug="hollin-vale",
        integrated_care_system="Hollin and Merrow Integrated Care System",
        contact_post="Equality team, Hollin Vale NHS Trust, Mill House, Hollin HV1 2AB",
        contact_phone="01632 960 123",
        contact_email="equality@hollinvale.example",
    ).record(actor=lead, reason="Set up for the demo")
    for notice in NOTICES:
        OrganisationNotice(organisation=trust, checked=False, **notice._asdict()).record(
            actor=lead, reason="Set up for the demo"
        )
    other = Organisation(name=OTHER_TRUST, slug="merrow-coast").record(
        actor=people["outsider"], reason="Set up for the demo"
    )
    roles = Membership.Role
    places = [
        ("lead", trust, roles.EQUALITY_LEAD),
        ("contributor", trust, roles.EMPLOYEE),
        ("staff_chair", trust, roles.EMPLOYEE),
        ("sponsor", trust, roles.BOARD_SPONSOR),
        ("outsider", other, roles.EQUALITY_LEAD),
    ]
    for key, organisation, role in places:
        join(actor=people[key], user=people[key], organisation=organisation, role=role, reason="Set up for the demo")
    return Cast(people, trust, other)


def _open(
    cast: Cast,
    edition: str,
    year: int,
    codes: list[str],
    round_name: str,
    reason: str,
    *,
    review_in: int = 21,
    agree_in: int = 42,
) -> Play:
    lead = cast["lead"]
    assessment = assessments.open_assessment(
        actor=lead,
        organisation=cast.trust,
        revision=latest_revision(edition),
        year=year,
        publish_by=today() + datetime.timedelta(days=agree_in + 30),
    )
    everything = list(assessment.outcomes.select_related("outcome").in_order())
    kept = {row.outcome.code: row for row in everything if row.outcome.code in codes}
    assessments.leave_out(
        actor=lead, outcomes=[row for row in everything if row.outcome.code not in kept], reason=reason
    )
    round_ = assessments.plan_round(
        actor=lead,
        assessment=assessment,
        plan=assessments.RoundPlan(
            name=round_name,
            outcomes=list(kept.values()),
            review_by=today() + datetime.timedelta(days=review_in),
            agree_by=today() + datetime.timedelta(days=agree_in),
        ),
    )
    panels = []
    for name, kind, quorum, members in (
        ("Healthwatch Hollin", "patients-and-communities", 2, ["healthwatch_chair", "healthwatch_reviewer"]),
        ("Staff side", "staff-side", 1, ["staff_chair"]),
    ):
        panel = assessments.add_panel(
            actor=lead,
            assessment=assessment,
            plan=assessments.PanelPlan(
                name=name, kind=PanelKind.objects.get(code=kind), outcomes=list(kept.values()), quorum=quorum
            ),
        )
        for position, key in enumerate(members):
            role = PanelMember.Role.REVIEWER if position else PanelMember.Role.CHAIR
            assessments.add_panel_member(actor=cast[members[0]], panel=panel, user=cast[key], role=role)
        panels.append(panel)
    for row in kept.values():
        assessments.add_contributor(
            actor=lead, assessed_outcome=row, user=cast["contributor"], for_what="Learning and development"
        )
    return Play(assessment, round_, kept, *panels)


def _write(cast: Cast, play: Play, outcomes: dict[str, texts.OutcomeText]) -> None:
    items: dict[str, EvidenceItem] = {}
    for code, text in outcomes.items():
        for item in text.evidence:
            if item.title in items:
                evidence.cite(actor=cast["contributor"], assessed_outcome=play.fresh(code), item=items[item.title])
                continue
            items[item.title] = evidence.write_and_cite(
                actor=cast["contributor"], assessed_outcome=play.fresh(code), content=item
            )
        evidence.write_summary(actor=cast["lead"], assessed_outcome=play.fresh(code), text=text.summary)
        grading.propose_grade(
            actor=cast["lead"],
            assessed_outcome=play.fresh(code),
            grade=_grade(play, text.proposed),
            reasons=[FactorReason(*reason) for reason in text.reasons],
            conclusion=text.conclusion,
        )


def _grade(play: Play, code: str) -> Grade:
    return Grade.objects.get(revision=play.assessment.revision, code=code)


def _move(cast: Cast, play: Play, phase: Phase) -> None:
    play.round = assessments.move_phase(actor=cast["lead"], round=play.round, to_phase=phase)


def _review(cast: Cast, play: Play, reviews: list[tuple[str, str, str, str]]) -> None:
    for key, code, grade, reason in reviews:
        grading.submit_review(
            actor=cast[key],
            assessed_outcome=play.fresh(code),
            panel=play.staff_side if key == "staff_chair" else play.healthwatch,
            grade=_grade(play, grade),
            reason=reason,
        )


def _ready(cast: Cast) -> None:
    play = _open(cast, "eds-2011", 2026, ["4.1", "4.2"], "Leadership", texts.LEFT_OUT)
    assert play.round.phase == Phase.PREPARING


def _in_reviewing(cast: Cast) -> None:
    play = _open(cast, "eds2-2013", 2025, ["2.1", "2.2", "2.3"], "Access and experience", texts.LEFT_OUT_ACCESS)
    _write(cast, play, texts.REVIEWING)
    _move(cast, play, Phase.REVIEWING)
    _review(cast, play, texts.REVIEWS_UNDER_WAY)


def _published(cast: Cast) -> None:
    play = _open(
        cast,
        "eds-2011",
        2024,
        ["2.4", "3.4", "4.1"],
        "Complaints, safety and leadership",
        texts.LEFT_OUT_2024,
        review_in=-7,
        agree_in=0,
    )
    _write(cast, play, texts.PUBLISHED)
    _move(cast, play, Phase.REVIEWING)
    _review(cast, play, texts.PUBLISHED_REVIEWS)
    _move(cast, play, Phase.AGREEING)
    for key, code, grade, reason in texts.PANEL_GRADES:
        grading.record_panel_grade(
            actor=cast[key],
            assessed_outcome=play.fresh(code),
            panel=play.staff_side if key == "staff_chair" else play.healthwatch,
            grade=_grade(play, grade),
            reason=reason,
        )
    for key, code, text in texts.STATEMENTS:
        local = key != "lead"
        grading.give_statement(
            actor=cast[key],
            assessed_outcome=play.fresh(code),
            side=Statement.Side.LOCAL_INTERESTS if local else Statement.Side.ORGANISATION,
            panel=play.healthwatch if local else None,
            text=text,
        )
    _move(cast, play, Phase.AGREED)
    assessment = Assessment.objects.select_related("organisation", "framework", "revision__framework").get(
        pk=play.assessment.pk
    )
    reports.decide_sign_off(
        actor=cast["sponsor"],
        assessment=assessment,
        decision=SignOff.Decision.SIGNED,
        seen_hash=content_hash(canonical(build_content(assessment))),
    )
    _answer_checks(cast, assessment)
    reports.publish(actor=cast["lead"], assessment=assessment)


def _answer_checks(cast: Cast, assessment: Assessment) -> None:
    for each in run_checks(assessment).open:
        reports.answer_checks(
            actor=cast["lead"],
            assessment=assessment,
            check_id=each.check.id,
            seen={each.finding.key: each.finding.fingerprint},
            text=texts.CHECK_ANSWER,
        )
