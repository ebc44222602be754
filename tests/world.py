"""A small world for tests: two trusts, the people of the story, and an assessment that the verbs move along."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db import transaction

from eds.assessments import domain as assessments
from eds.assessments.models import AssessedOutcome, Assessment, Panel, PanelKind, PanelMember, Phase, Round, State
from eds.frameworks.models import FrameworkRevision, Grade
from eds.frameworks.queries import latest_revision
from eds.history.models import deciding_on, today
from eds.people.domain import join
from eds.people.models import Membership, Organisation, User
from evidence import domain as evidence
from evidence.findings.writing import FindingText
from evidence.models import EvidenceItem
from grading import domain as grading
from grading.domain import FactorReason
from grading.models import Answer, PanelGrade, ProposedGrade, Question, Remark, Review, Statement, StepAside
from grading.talk import domain as talk
from objectives.equality import domain as goals
from objectives.equality.models import EqualityObjective, ObjectiveComment
from objectives.months import Month
from objectives.plan import domain as plan
from objectives.plan.models import ImprovementAction, PlanObjective
from reports import domain as reports
from reports.checks import run_checks
from reports.models import Publication, SignOff
from reports.payload import build_content, canonical, content_hash

U, D, A, E = "undeveloped", "developing", "achieving", "excelling"


def person(name: str, **extra: object) -> User:
    """Make a user whose address follows from the name."""
    return User.objects.create_user(f"{name.lower().replace(' ', '.')}@example.org", name=name, **extra)


def organisation(name: str, actor: User) -> Organisation:
    """Make an organisation."""
    return Organisation(name=name, slug=name.lower().replace(" ", "-")).record(actor=actor, reason="Set up")


def member(user: User, of: Organisation, role: str, actor: User) -> None:
    """Make somebody a member of an organisation."""
    join(actor=actor, user=user, organisation=of, role=role, reason="Joined")


@dataclass
class World:
    """The people and things of the story. Panels: `community` (Healthwatch, quorum 2) and `staff` (quorum 1)."""

    trust: Organisation
    other_trust: Organisation
    people: dict[str, User]
    assessment: Assessment
    round: Round
    outcomes: dict[str, AssessedOutcome]
    community: Panel
    staff: Panel
    revision: FrameworkRevision
    item: EvidenceItem | None = None
    made: dict[str, object] = field(default_factory=dict)

    def __getattr__(self, name: str) -> User:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

    def grade(self, code: str) -> Grade:
        """Give a grade of the assessment's edition by its code."""
        return Grade.objects.get(revision=self.revision, code=code)

    def outcome(self, code: str) -> AssessedOutcome:
        """Give an assessed outcome, read afresh."""
        return (
            AssessedOutcome.objects.with_scope()
            .select_related("assessment__organisation", "round", "outcome__goal", "service")
            .get(pk=self.outcomes[code].pk)
        )

    def refreshed(self) -> Assessment:
        """Give the assessment, read afresh."""
        return Assessment.objects.select_related("organisation", "framework", "revision__framework").get(
            pk=self.assessment.pk
        )

    # Verbs in one word

    def propose(
        self, code: str, grade: str, text: str = "Because the evidence says so.", reason: str = ""
    ) -> ProposedGrade:
        return grading.propose_grade(
            actor=self.lead,
            assessed_outcome=self.outcome(code),
            grade=self.grade(grade),
            reasons=[FactorReason("outcome", "Outcome", text)],
            reason=reason,
        )

    def review(self, who: str, code: str, grade: str | None, text: str = "My own reasons.") -> Review:
        return grading.submit_review(
            actor=self.people[who],
            assessed_outcome=self.outcome(code),
            panel=self.staff if who == "staff_chair" else self.community,
            grade=self.grade(grade) if grade else None,
            reason=text,
        )

    def step_aside(self, who: str, code: str, interest: str = "A friend works there.") -> StepAside:
        return grading.step_aside(
            actor=self.people[who],
            assessed_outcome=self.outcome(code),
            panel=self.staff if who == "staff_chair" else self.community,
            interest=interest,
        )

    def panel_grade(self, who: str, code: str, grade: str | None, text: str = "The panel's reasons.") -> PanelGrade:
        return grading.record_panel_grade(
            actor=self.people[who],
            assessed_outcome=self.outcome(code),
            panel=self.staff if who == "staff_chair" else self.community,
            grade=self.grade(grade) if grade else None,
            reason=text,
            why_not_median="The panel weighed it again.",
        )

    def say(self, who: str, code: str, text: str) -> Statement:
        local = who != "lead"
        return grading.give_statement(
            actor=self.people[who],
            assessed_outcome=self.outcome(code),
            side=Statement.Side.LOCAL_INTERESTS if local else Statement.Side.ORGANISATION,
            panel=(self.staff if who == "staff_chair" else self.community) if local else None,
            text=text,
        )

    def ask(self, who: str, code: str, text: str = "How many people were asked?") -> Question:
        return talk.ask(
            actor=self.people[who],
            assessed_outcome=self.outcome(code),
            panel=self.staff if who == "staff_chair" else self.community,
            text=text,
        )

    def answer(self, question: Question, text: str = "Two hundred.", who: str = "lead", item_id: str = "") -> Answer:
        outcome = next(code for code, row in self.outcomes.items() if row.pk == question.assessed_outcome_id)
        return talk.answer(
            actor=self.people[who],
            assessed_outcome=self.outcome(outcome),
            question=question,
            text=text,
            item_id=item_id,
        )

    def remark(self, who: str, code: str, text: str = "I read it otherwise.") -> Remark:
        return talk.remark(
            actor=self.people[who],
            assessed_outcome=self.outcome(code),
            panel=self.staff if who == "staff_chair" else self.community,
            text=text,
        )

    def move(self, to_phase: Phase, reason: str = "") -> Round:
        self.round = assessments.move_phase(actor=self.lead, round=self.round, to_phase=to_phase, reason=reason)
        return self.round

    def sign(self, decision: str = SignOff.Decision.SIGNED, reason: str = "") -> SignOff:
        seen = content_hash(canonical(build_content(self.refreshed())))
        return reports.decide_sign_off(
            actor=self.sponsor, assessment=self.refreshed(), decision=decision, seen_hash=seen, reason=reason
        )

    def answer_checks(self, text: str = "We looked at it, and it is right.") -> None:
        """Answer every check that waits for an answer."""
        if self.refreshed().state != State.IN_SIGN_OFF:
            return
        waiting: dict[str, dict[str, str]] = {}
        for each in run_checks(self.refreshed()).open:
            waiting.setdefault(each.check.id, {})[each.finding.key] = each.finding.fingerprint
        for check_id, seen in waiting.items():
            reports.answer_checks(actor=self.lead, assessment=self.refreshed(), check_id=check_id, seen=seen, text=text)

    def publish(self, reason: str = "") -> Publication:
        """Publish; what the checks ask is answered first. Where publishing is refused, no answer is kept either."""
        with transaction.atomic():
            self.answer_checks()
            return reports.publish(actor=self.lead, assessment=self.refreshed(), reason=reason)

    def plan_objective(
        self, code: str = "4.1", text: str = "Board members know the people they serve."
    ) -> PlanObjective:
        return plan.add_objective(actor=self.lead, assessed_outcome=self.outcome(code), text=text)

    def plan_action(
        self,
        code: str = "4.1",
        text: str = "Train every board member.",
        due: Month | None = None,
        owner: str = "",
        role: str = "Head of training",
        objective: PlanObjective | None = None,
    ) -> ImprovementAction:
        """Put an action into the plan, owned by a role, and by somebody of the story where `owner` names one."""
        return plan.add_action(
            actor=self.lead,
            assessed_outcome=self.outcome(code),
            content=plan.ActionText(text, "Minutes of the board.", due, objective=objective),
            owners=[plan.OwnerText("person" if owner else "role", role, self.people[owner] if owner else None)],
        )

    # Equality objectives

    def objective_text(self, headline: str = "Halve the gap in promotion", **changes: Any) -> goals.ObjectiveText:
        """Give the text of an objective with nothing missing."""
        text = goals.ObjectiveText(
            headline=headline,
            theme="workforce",
            starts=Month(2024, 4),
            ends=Month(2028, 3),
            why="The staff survey says so.",
            advances=True,
            expected=Month(2028, 1),
            lead_role="Chief people officer",
            lead=self.contributor,
            characteristics=(("race", "Race"),),
            outcomes=(self.outcomes["4.1"].outcome,),
        )
        return replace(text, **changes)

    def objective(self, headline: str = "Halve the gap in promotion", **changes: Any) -> EqualityObjective:
        """Write a draft with nothing missing: a commitment and a measure as well."""
        made = goals.write_objective(
            actor=self.lead, organisation=self.trust, text=self.objective_text(headline, **changes)
        )
        goals.keep_commitment(actor=self.lead, objective=made, text=f"Mentors for {headline}", expected=Month(2026, 1))
        goals.keep_measure(
            actor=self.lead,
            objective=made,
            text=goals.MeasureText(
                f"Gap, {headline}", "%", "Staff records", Decimal("12.5"), 2023, Decimal("6"), "down"
            ),
        )
        return made

    def consult(self, objective: EqualityObjective, days: int = 14) -> None:
        """Put an objective to local people; with fewer than no days the last day has passed."""
        until = today() + datetime.timedelta(days=days)
        with deciding_on(min(until, today())):
            goals.consult(actor=self.lead, objective=objective, until=until)

    def comment(
        self, objective: EqualityObjective, text: str = "Say by when.", who: str = "reviewer"
    ) -> ObjectiveComment:
        panel = self.staff if who == "staff_chair" else self.community
        return goals.comment(actor=self.people[who], objective=objective, panel=panel, text=text)

    def discuss(self, objective: EqualityObjective, text: str = "Say by when.") -> ObjectiveComment:
        """Put an objective to local people a while ago, with a comment and its answer: the board may decide."""
        with deciding_on(today() - datetime.timedelta(days=60)):
            goals.consult(actor=self.lead, objective=objective, until=today() + datetime.timedelta(days=20))
            made = self.comment(objective, text)
            goals.answer_comment(actor=self.lead, comment=made, text="It does now.")
        return made

    def adopt(self, objective: EqualityObjective) -> EqualityObjective:
        """Have an objective discussed and adopted by the board."""
        self.discuss(objective)
        with deciding_on(today() - datetime.timedelta(days=30)):
            goals.decide(actor=self.sponsor, objective=objective, decision="adopted", paper="Board, paper 7")
        return objective

    def finds(self, title: str, *findings: tuple[str, ...], days_ago: int = 0, code: str = "4.1") -> EvidenceItem:
        """Write evidence with findings (code, name, category, fares), cited under an outcome, or under none for ""."""
        with deciding_on(today() - datetime.timedelta(days=days_ago)):
            item = evidence.write_item(
                actor=self.contributor, organisation=self.trust, content=evidence.EvidenceText(title, "Words.")
            )
            self.finds_now(item, *findings)
            if code:
                evidence.cite(actor=self.contributor, assessed_outcome=self.outcome(code), item=item)
        return item

    def finds_now(self, item: EvidenceItem, *findings: tuple[str, ...]) -> None:
        """Write the next version of an item, with other findings."""
        evidence.change_details(
            actor=self.contributor,
            item=item,
            reason="Read again",
            expected_version=evidence.latest_version(item).seq,
            findings=[FindingText(*each) for each in findings],
        )

    # The story, as far as a phase

    def prepare(self) -> World:
        """Evidence, summaries and proposals: everything that opening needs."""
        self.item = evidence.write_and_cite(
            actor=self.contributor,
            assessed_outcome=self.outcome("4.1"),
            content=evidence.EvidenceText("Board training", "Nine of ten board members were trained.", "HR", "2026"),
        )
        evidence.cite(actor=self.contributor, assessed_outcome=self.outcome("4.2"), item=self.item)
        for code, grade in (("4.1", A), ("4.2", D)):
            evidence.write_summary(actor=self.lead, assessed_outcome=self.outcome(code), text="The board was trained.")
            self.propose(code, grade)
        return self

    def to_reviewing(self) -> World:
        """Prepare and open reviewing."""
        self.prepare()
        self.move(Phase.REVIEWING)
        return self

    def to_agreeing(self) -> World:
        """All three review, then everything is revealed."""
        self.to_reviewing()
        for who in ("community_chair", "reviewer", "staff_chair"):
            for code in ("4.1", "4.2"):
                self.review(who, code, D)
        self.move(Phase.AGREEING)
        return self

    def talk(self) -> World:
        """A question with an answer, one without, and a remark: what the phase allows of it."""
        if self.outcome("4.1").round.phase in {Phase.REVIEWING, Phase.AGREEING}:
            self.answer(self.ask("reviewer", "4.1"))
            self.ask("community_chair", "4.1", "And how many answered?")
        if self.outcome("4.1").round.phase == Phase.AGREEING:
            self.remark("reviewer", "4.1")
        return self

    def to_settled(self) -> World:
        """Both panels record Developing: 4.2 is agreed from the start, on 4.1 local interests prevail."""
        self.to_agreeing()
        self.settle()
        return self

    def settle(self) -> None:
        """Both panels record Developing, and on 4.1 both sides speak."""
        for code in ("4.1", "4.2"):
            self.panel_grade("community_chair", code, D)
            self.panel_grade("staff_chair", code, D)
        self.say("lead", "4.1", "The organisation still thinks that it achieves this.")
        self.say("community_chair", "4.1", "We heard too little from disabled people.")

    def to_agreed(self) -> World:
        """The round is agreed; the assessment is in sign-off."""
        self.to_settled()
        self.move(Phase.AGREED)
        return self

    def to_published(self) -> World:
        """Signed off and published as version 1; the formats are queued."""
        self.to_agreed()
        self.sign()
        self.made["publication"] = self.publish()
        return self

    def to(self, stage: str) -> World:
        """Move to a stage by name: preparing, reviewing, agreeing, settled, agreed or published."""
        if stage == "preparing":
            return self.prepare()
        getattr(self, f"to_{stage}")()
        return self


def build_world() -> World:
    """Make the world: an EDS (2011) assessment with one round over 4.1 and 4.2 and two panels, still preparing."""
    admin = User.objects.create_superuser("admin@example.org", name="Ada Admin")
    trust = organisation("Hollin Vale Trust", admin)
    other = organisation("Other Side Trust", admin)
    people = {
        "admin": admin,
        "lead": person("Lena Lead"),
        "deputy": person("Dilip Deputy"),
        "contributor": person("Carla Contributor"),
        "community_chair": person("Hanna Healthwatch"),
        "reviewer": person("Ravi Reviewer"),
        "organiser": person("Orla Organiser"),
        "staff_chair": person("Stan Staffside"),
        "sponsor": person("Beth Board"),
        "board": person("Bo Boardmember"),
        "outsider": person("Olga Outsider"),
    }
    member(people["lead"], trust, Membership.Role.EQUALITY_LEAD, admin)
    member(people["deputy"], trust, Membership.Role.DEPUTY, admin)
    member(people["sponsor"], trust, Membership.Role.BOARD_SPONSOR, admin)
    member(people["board"], trust, Membership.Role.BOARD_MEMBER, admin)
    member(people["contributor"], trust, Membership.Role.EMPLOYEE, admin)
    member(people["staff_chair"], trust, Membership.Role.EMPLOYEE, admin)
    member(people["outsider"], other, Membership.Role.EQUALITY_LEAD, admin)
    return another_year(trust, other, people, 2026)


def another_year(trust: Organisation, other: Organisation, people: dict[str, User], year: int) -> World:
    """Make an assessment of a year: EDS (2011), one round over 4.1 and 4.2, two panels, still preparing."""
    revision = latest_revision("eds-2011")
    lead = people["lead"]
    assessment = assessments.open_assessment(actor=lead, organisation=trust, revision=revision, year=year)
    all_outcomes = list(assessment.outcomes.select_related("outcome").in_order())
    kept = {row.outcome.code: row for row in all_outcomes if row.outcome.code in {"4.1", "4.2"}}
    assessments.leave_out(
        actor=lead,
        outcomes=[row for row in all_outcomes if row.outcome.code not in kept],
        reason="This year looks at leadership only.",
    )
    round_ = assessments.plan_round(
        actor=lead,
        assessment=assessment,
        plan=assessments.RoundPlan(
            name="Leadership",
            outcomes=list(kept.values()),
            review_by=today() + datetime.timedelta(days=14),
            agree_by=today() + datetime.timedelta(days=28),
        ),
    )
    panels = {}
    for name, kind, quorum in (("Healthwatch", "patients-and-communities", 2), ("Staff side", "staff-side", 1)):
        panels[name] = assessments.add_panel(
            actor=lead,
            assessment=assessment,
            plan=assessments.PanelPlan(
                name=name, kind=PanelKind.objects.get(code=kind), outcomes=list(kept.values()), quorum=quorum
            ),
        )
    seats = (
        ("Healthwatch", "community_chair", PanelMember.Role.CHAIR),
        ("Healthwatch", "reviewer", PanelMember.Role.REVIEWER),
        ("Healthwatch", "organiser", PanelMember.Role.ORGANISER),
        ("Staff side", "staff_chair", PanelMember.Role.CHAIR),
    )
    for panel, who, role in seats:
        assessments.add_panel_member(actor=lead, panel=panels[panel], user=people[who], role=role)
    for row in kept.values():
        assessments.add_contributor(actor=lead, assessed_outcome=row, user=people["contributor"], for_what="Training")
    return World(
        trust=trust,
        other_trust=other,
        people=people,
        assessment=assessment,
        round=round_,
        outcomes=kept,
        community=panels["Healthwatch"],
        staff=panels["Staff side"],
        revision=revision,
    )
