"""Builds the demo through the verbs that the pages call, as the people whose deeds they are, in a plausible order."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from eds.access.invitations import PANEL
from eds.assessments import domain as assessments
from eds.assessments.models import (
    AssessedOutcome,
    Assessment,
    Panel,
    PanelKind,
    PanelMember,
    Phase,
    Round,
)
from eds.frameworks.models import Characteristic, Factor, Grade, Group
from eds.frameworks.queries import latest_revision
from eds.history.models import deciding_on
from eds.people.domain import join
from eds.people.invitations import invite
from eds.people.models import Organisation, OrganisationNotice, User
from evidence import domain as evidence
from evidence.domain import EvidenceText
from evidence.figures.writing import FigureText, RowText
from evidence.findings.writing import FindingText
from evidence.models import EvidenceItem
from grading import domain as grading
from grading.domain import FactorReason
from grading.models import Dissent, Review, Statement
from grading.talk import domain as talk
from objectives.plan.models import ImprovementAction
from objectives.plan.telling import follow_up
from reports import domain as reports
from reports.checks import run_checks
from reports.models import SignOff
from reports.payload import build_content, canonical, content_hash

from .goals import GoalsBuilder
from .notices import NOTICES
from .people import OTHER_TRUST, PEOPLE, TRUST
from .plan import carry_plan, follow_plan, write_plan
from .years import EvidenceData, OutcomeData, ProposalData, YearData, day, read_years, year_under_way

SET_UP = "Set up for the demo"
TOTALS = {"Everybody", "All staff", "All women"}


def load() -> bool:
    """Build the demo, all or nothing, for the year that is under way. Gives False where it is there already."""
    if Organisation.objects.filter(name=TRUST).exists():
        return False
    with transaction.atomic():
        people = _people()
        trust = _organisations(people)
        for year in read_years(year_under_way()):
            Builder(people, trust, year).build()
        GoalsBuilder(people, trust, _on).build()
        follow_up()
    return True


def _people() -> dict[str, User]:
    return {
        person.key: User.objects.create_user(
            person.email, name=person.name, is_staff=person.administers, is_superuser=person.administers
        )
        for person in PEOPLE
    }


def _organisations(people: dict[str, User]) -> Organisation:
    admin = people["site_admin"]
    trust = Organisation(
        name=TRUST,
        slug="hollin-vale",
        integrated_care_system="Hollin and Merrow Integrated Care System",
        contact_post="Equality team, Hollin Vale NHS Trust, Mill House, Hollin HV1 2AB",
        contact_phone="01632 960 123",
        contact_email="equality@hollinvale.example",
    ).record(actor=admin, reason=SET_UP)
    for notice in NOTICES:
        OrganisationNotice(organisation=trust, checked=False, **notice._asdict()).record(actor=admin, reason=SET_UP)
    other = Organisation(name=OTHER_TRUST, slug="merrow-coast").record(actor=admin, reason=SET_UP)
    for person in PEOPLE:
        if person.organisation:
            organisation = trust if person.organisation == TRUST else other
            join(actor=admin, user=people[person.key], organisation=organisation, role=person.place, reason=SET_UP)
    return trust


@contextmanager
def _on(when: datetime.date | int) -> Iterator[None]:
    """Date what is decided inside, though never later than today."""
    with deciding_on(min(day(when), timezone.localdate())):
        yield


@dataclass
class Builder:
    """Builds one year."""

    people: dict[str, User]
    trust: Organisation
    data: YearData
    corrections: list[tuple[EvidenceData, EvidenceItem]] = field(default_factory=list)

    def build(self) -> None:
        """Open the assessment, and take each round as far as the data say; publish where they give a day for it."""
        plan = self.data.plan
        self.revision = latest_revision(plan["edition"])
        self.grades = {grade.code: grade for grade in Grade.objects.filter(revision=self.revision)}
        self.factors = dict(Factor.objects.filter(revision=self.revision).values_list("code", "name"))
        self.groups = dict(Characteristic.objects.filter(revision=self.revision).values_list("code", "name"))
        self.groups |= dict(Group.objects.filter(revision=self.revision).values_list("code", "name"))
        with _on(plan["begun"]):
            self._open()
        for round_plan, round_ in zip(plan["rounds"], self.rounds, strict=True):
            mine = [each for each in self.data.outcomes if each.code[0] in round_plan["goals"]]
            self._round(round_plan, round_, mine)
        self._invite()
        actions = self._plan_actions()
        if "published" in plan:
            self._publish(plan)
        panels = {key: (panel, self._chair(key)) for key, panel in self.panels.items()}
        follow_plan(self.data.actions, self.people, actions, panels)

    def _plan_actions(self) -> dict[str, ImprovementAction]:
        data = self.data.actions
        if "carried_on" in data:
            carry_plan(data, self.people, self.assessment)
        return write_plan(data, self.people, self.outcomes, self.groups) if data else {}

    # Opening

    def _open(self) -> None:
        plan, lead = self.data.plan, self.people["lead"]
        self.assessment = assessments.open_assessment(
            actor=lead,
            organisation=self.trust,
            revision=self.revision,
            year=plan["year"],
            publish_by=day(plan["publish_by"]),
            services=[assessments.ServicePlan(**service) for service in plan.get("services", [])],
        )
        rows = self.assessment.outcomes.select_related("outcome", "service").in_order()
        self.outcomes = {(row.outcome.code, row.service.name if row.service else ""): row for row in rows}
        self.rounds = [self._plan_round(each) for each in plan["rounds"]]
        self.panels = {each["key"]: self._panel(each) for each in plan["panels"]}
        for event in plan.get("events", []):
            with _on(event["held_on"]):
                assessments.keep_event(
                    actor=lead,
                    assessment=self.assessment,
                    text=assessments.EventText(**{**event, "held_on": day(event["held_on"])}),
                )
        for each in self.data.outcomes:
            assessments.add_contributor(
                actor=lead,
                assessed_outcome=self._fresh(each),
                user=self.people[each.contact],
                for_what=each.for_what,
            )

    def _of_goals(self, goals: list[str]) -> list[AssessedOutcome]:
        return [row for (code, _), row in self.outcomes.items() if code[0] in goals]

    def _remit(self, plan: dict[str, Any]) -> list[AssessedOutcome]:
        only = plan.get("only")
        return [self.outcomes[only["code"], only["service"]]] if only else self._of_goals(plan["goals"])

    def _plan_round(self, plan: dict[str, Any]) -> Round:
        return assessments.plan_round(
            actor=self.people["lead"],
            assessment=self.assessment,
            plan=assessments.RoundPlan(
                name=plan["name"],
                outcomes=self._of_goals(plan["goals"]),
                review_by=day(plan["review_by"]),
                agree_by=day(plan["agree_by"]),
                differ_rule=plan.get("differ_rule", Round.DifferRule.LOWER),
            ),
        )

    def _panel(self, plan: dict[str, Any]) -> Panel:
        """Add a panel: the lead names whoever keeps its list, and they name the others (R21)."""
        panel = assessments.add_panel(
            actor=self.people["lead"],
            assessment=self.assessment,
            plan=assessments.PanelPlan(
                name=plan["name"],
                kind=PanelKind.objects.get(code=plan["kind"]),
                outcomes=self._remit(plan),
                quorum=plan["quorum"],
            ),
        )
        names = list(plan["members"])
        for key, role in plan["members"].items():
            actor = self.people["lead" if key == names[0] else names[0]]
            assessments.add_panel_member(
                actor=actor, panel=panel, user=self.people[key], role=PanelMember.Role(role).value
            )
        return panel

    def _invite(self) -> None:
        """Invite whoever the panels' organisers still wait for."""
        for plan in self.data.plan["panels"]:
            for each in plan.get("invited", []):
                invite(
                    actor=self.people[each["by"]],
                    kind=PANEL,
                    subject=self.panels[plan["key"]].public_id,
                    email=each["email"],
                    name=each["name"],
                    role=PanelMember.Role.REVIEWER.value,
                    details={"reason": each["reason"]},
                )

    # A round

    def _fresh(self, data: OutcomeData) -> AssessedOutcome:
        return AssessedOutcome.objects.select_related("round", "assessment__organisation", "outcome", "service").get(
            pk=self.outcomes[data.code, data.service].pk
        )

    def _round(self, plan: dict[str, Any], round_: Round, outcomes: list[OutcomeData]) -> None:
        phase = Phase(plan["phase"])
        with _on(plan.get("prepared", self.data.plan["begun"])):
            for each in outcomes:
                self._prepare(each)
        if phase == Phase.PREPARING:
            return
        round_ = self._move(round_, Phase.REVIEWING, plan["opened"])
        self._review(plan, outcomes)
        self._correct()
        if phase == Phase.REVIEWING:
            return
        round_ = self._move(round_, Phase.AGREEING, plan["revealed"])
        for each in outcomes:
            self._agree(plan, each)
        if phase == Phase.AGREED:
            self._move(round_, Phase.AGREED, plan["closed"])

    def _move(self, round_: Round, phase: Phase, when: datetime.date | int) -> Round:
        with _on(when):
            return assessments.move_phase(actor=self.people["lead"], round=round_, to_phase=phase)

    def _prepare(self, data: OutcomeData) -> None:
        if data.wording_then or data.printed_contacts:
            reports.keep_words(
                actor=self.people["lead"],
                assessed_outcome=self._fresh(data),
                wording_then=data.wording_then,
                contacts=data.printed_contacts,
            )
        for item in data.evidence:
            self._write(data, item)
        if data.summary:
            evidence.write_summary(actor=self.people["deputy"], assessed_outcome=self._fresh(data), text=data.summary)
        if data.proposal:
            self._propose(data, data.proposal)

    def _write(self, data: OutcomeData, item: EvidenceData) -> None:
        written = evidence.write_and_cite(
            actor=self.people[item.by],
            assessed_outcome=self._fresh(data),
            content=item.content,
            findings=[self._finding(*parts) for parts in item.findings],
            figures=[self._figure(item.content, parts) for parts in item.figures],
        )
        if item.correction:
            self.corrections.append((item, written))

    def _correct(self) -> None:
        """Correct what the data say was found wrong after the round had opened (R13)."""
        for item, written in self.corrections:
            with _on(item.correction["on"]):
                evidence.correct_item(
                    actor=self.people[item.by],
                    item=written,
                    content=replace(item.content, text=item.correction["text"].strip()),
                    sharing=written.sharing,
                    reason=item.correction["reason"],
                    expected_version=1,
                )
        self.corrections.clear()

    def _finding(self, about: str, fares: str, category: str, explanation: str = "", test: str = "") -> FindingText:
        return FindingText(about, self.groups[about], category, fares, explanation, test)

    def _figure(self, content: EvidenceText, parts: dict[str, Any]) -> FigureText:
        rest = {**parts, "rate": Decimal(parts["rate"])} if "rate" in parts else dict(parts)
        about, rows = rest.pop("about"), rest.pop("rows")
        return FigureText(
            source=content.source,
            period=content.period,
            about_code=about,
            about_name=self.groups.get(about, ""),
            rows=tuple(
                RowText(
                    label,
                    Decimal(str(value)),
                    compared=Decimal(str(compared[0])) if compared else None,
                    is_total=label in TOTALS,
                )
                for label, value, *compared in rows
            ),
            **rest,
        )

    def _propose(self, data: OutcomeData, proposal: ProposalData) -> None:
        reasons = [
            FactorReason(factor, self.factors.get(factor, "Reasons"), words)
            if factor in {*self.factors, "reasons"}
            else FactorReason("", factor, words)
            for factor, words in proposal.reasons.items()
        ]
        grading.propose_grade(
            actor=self.people["lead"],
            assessed_outcome=self._fresh(data),
            grade=self.grades[proposal.grade],
            reasons=reasons,
            conclusion=proposal.conclusion,
            reason=proposal.why,
        )

    def _review(self, plan: dict[str, Any], outcomes: list[OutcomeData]) -> None:
        """Each person reviews outcome after outcome, spread over the days until reviewing closes."""
        first, last = day(plan["opened"]), min(day(plan["review_by"]), timezone.localdate())
        for number, each in enumerate(outcomes):
            with _on(first + (last - first) * number / len(outcomes)):
                for who, (grade, words) in each.reviews.items():
                    grading.submit_review(
                        actor=self.people[who],
                        assessed_outcome=self._fresh(each),
                        panel=self.panels[self.data.panel_of(who, each.code)],
                        grade=None if grade == Review.NOT_ENOUGH else self.grades[grade],
                        reason=words,
                    )
                for who, (grade, words) in each.drafts.items():
                    grading.save_draft(
                        actor=self.people[who],
                        assessed_outcome=self._fresh(each),
                        panel=self.panels[self.data.panel_of(who, each.code)],
                        answer=grade,
                        text=words,
                    )
                for who, interest in each.asides.items():
                    grading.step_aside(
                        actor=self.people[who],
                        assessed_outcome=self._fresh(each),
                        panel=self.panels[self.data.panel_of(who, each.code)],
                        interest=interest,
                    )
                self._ask(each)

    def _ask(self, data: OutcomeData) -> None:
        for asked in data.questions:
            question = talk.ask(
                actor=self.people[asked["by"]],
                assessed_outcome=self._fresh(data),
                panel=self.panels[self.data.panel_of(asked["by"], data.code)],
                text=asked["text"],
            )
            if "answer" in asked:
                talk.answer(
                    actor=self.people[asked["answered_by"]],
                    assessed_outcome=self._fresh(data),
                    question=question,
                    text=asked["answer"],
                )

    def _agree(self, plan: dict[str, Any], data: OutcomeData) -> None:
        with _on(plan["recorded"]):
            for who, words in data.remarks.items():
                talk.remark(
                    actor=self.people[who],
                    assessed_outcome=self._fresh(data),
                    panel=self.panels[self.data.panel_of(who, data.code)],
                    text=words,
                )
            for key, (grade, words) in data.panels.items():
                grading.record_panel_grade(
                    actor=self._chair(key),
                    assessed_outcome=self._fresh(data),
                    panel=self.panels[key],
                    grade=self.grades[grade],
                    reason=words,
                    why_not_median=data.not_median.get(key, ""),
                )
        with _on(plan["answered"]):
            self._dissent(data)
            if data.joint:
                grading.write_joint_grade(
                    actor=self._chair(data.joint["panel"]),
                    assessed_outcome=self._fresh(data),
                    panel=self.panels[data.joint["panel"]],
                    grade=self.grades[data.joint["grade"]],
                    reason=data.joint["words"],
                )
            if data.moved:
                self._propose(data, data.moved)
            for who, words in data.statements.items():
                local = who != "lead"
                grading.give_statement(
                    actor=self.people[who],
                    assessed_outcome=self._fresh(data),
                    side=Statement.Side.LOCAL_INTERESTS if local else Statement.Side.ORGANISATION,
                    panel=self.panels[self.data.panel_of(who, data.code)] if local else None,
                    text=words,
                )

    def _dissent(self, data: OutcomeData) -> None:
        """Write the dissents; a small panel's chair passes them on with words of the panel (R5, R21)."""
        written: dict[str, list[Dissent]] = {}
        for who, words in data.dissents.items():
            key = self.data.panel_of(who, data.code)
            dissent = grading.add_dissent(
                actor=self.people[who], assessed_outcome=self._fresh(data), panel=self.panels[key], text=words
            )
            written.setdefault(key, []).append(dissent)
        for key, words in data.passed.items():
            grading.pass_words(
                actor=self._chair(key),
                assessed_outcome=self._fresh(data),
                panel=self.panels[key],
                summary=words,
                dissents={row.public_id: grading.DissentAnswer(passed=True) for row in written.get(key, [])},
            )

    def _chair(self, panel: str) -> User:
        plan = next(each for each in self.data.plan["panels"] if each["key"] == panel)
        return self.people[next(who for who, role in plan["members"].items() if role == "chair")]

    # Publishing

    def _publish(self, plan: dict[str, Any]) -> None:
        assessment = Assessment.objects.select_related("organisation", "framework", "revision__framework").get(
            pk=self.assessment.pk
        )
        lead = self.people["lead"]
        with _on(plan["signed"]):
            reports.keep_details(actor=lead, assessment=assessment, text=reports.DetailsText(**plan["details"]))
            for step in plan["approval"]:
                reports.keep_approval_step(actor=lead, assessment=assessment, text=reports.StepText(**step))
            self._answer_checks(assessment, plan["answers"])
            reports.decide_sign_off(
                actor=self.people["sponsor"],
                assessment=assessment,
                decision=SignOff.Decision.SIGNED,
                seen_hash=content_hash(canonical(build_content(assessment))),
            )
        with _on(plan["published"]):
            reports.publish(actor=lead, assessment=assessment)

    def _answer_checks(self, assessment: Assessment, answers: dict[str, str]) -> None:
        """Answer what the checks ask. What the year's data hold no answer for would keep the report from being published."""
        seen: dict[str, dict[str, str]] = {}
        for each in run_checks(assessment).open:
            seen.setdefault(each.check.id, {})[each.finding.key] = each.finding.fingerprint
        if missing := seen.keys() - answers.keys():
            raise ValueError(f"{self.data.name} has no answers for {', '.join(sorted(missing))}.")
        for check_id, findings in seen.items():
            reports.answer_checks(
                actor=self.people["lead"],
                assessment=assessment,
                check_id=check_id,
                seen=findings,
                text=answers[check_id],
            )
