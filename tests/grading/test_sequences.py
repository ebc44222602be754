"""Random sequences of verbs: never an agreed grade against the local interests, never a lost row, nothing half written.

The machine keeps its own small book of who said what and works out from it what must be agreed; it never asks the
code under test for that.
"""

from __future__ import annotations

import copy
import datetime
import hashlib
import itertools
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from hypothesis import Phase as Phases
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from eds.assessments import domain as assessments
from eds.assessments.models import PHASES, Panel, PanelKind, PanelMember, Phase, Round
from eds.history.errors import DomainError
from eds.history.models import today
from grading import domain as grading
from grading.domain import FactorReason
from grading.models import ProposedGrade, Review, Statement
from grading.queries import outcome_grades
from reports import domain as reports
from reports.models import SignOff
from tests.world import World

pytestmark = pytest.mark.django_db

MODELS = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
ADDED_ONLY = [
    model for model in MODELS if getattr(model, "append_only", False) and model._meta.app_label != "frameworks"
]
CODES = ["4.1", "4.2"]
GRADES = ["undeveloped", "developing", "achieving", "excelling"]
SEATS = {"community_chair": "community", "reviewer": "community", "staff_chair": "staff", "outsider": "extra"}
STAGES = ["preparing", "reviewing", "agreeing", "graded", "agreed"]
CHAIRS = {"community": "community_chair", "staff": "staff_chair", "extra": "outsider"}

codes = st.sampled_from(CODES)
some_grade = st.sampled_from(GRADES)
# Two of the four more often, so that both sides meet now and then.
grades = st.one_of(st.sampled_from(GRADES[:2]), some_grade)
chairs = st.sampled_from(list(CHAIRS.values()))
texts = st.sampled_from(["", "A reason."])


def counts() -> tuple[int, ...]:
    """How many rows every table has, in one query."""
    parts = ", ".join(f"(SELECT COUNT(*) FROM {connection.ops.quote_name(m._meta.db_table)})" for m in MODELS)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {parts}")
        return cursor.fetchone()


def snapshot() -> dict[tuple[str, int], str]:
    """Every column of every row that is only ever added."""
    found = {}
    with connection.cursor() as cursor:
        for model in ADDED_ONLY:
            names = [connection.ops.quote_name(field.column) for field in model._meta.concrete_fields]
            cursor.execute(f"SELECT {', '.join(names)} FROM {connection.ops.quote_name(model._meta.db_table)}")
            found |= {(model._meta.label, row[names.index('"id"')]): repr(row) for row in cursor.fetchall()}
    return found


class Sequences(RuleBasedStateMachine):
    """One assessment, moved along by anybody in any order."""

    begin: World

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.world = copy.copy(self.begin)
        self.number = itertools.count()
        self.proposal: dict[str, ProposedGrade] = {code: self.world.outcome(code).proposals.get() for code in CODES}
        self.panels: dict[str, Panel] = {"community": self.world.community, "staff": self.world.staff}
        self.remit: dict[str, set[str]] = {code: {"community", "staff"} for code in CODES}
        # What each panel last said, with the row's key; a grade of None is "declined".
        self.said: dict[str, dict[str, tuple[int, str | None]]] = {code: {} for code in CODES}
        self.reviews: dict[tuple[str, str], dict[str, str | None]] = {}
        self.spoke: set[tuple[str, tuple, str]] = set()
        self.overdue: set[tuple[str, tuple]] = set()
        self.before = snapshot()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    # The book

    def grade_of_local_interests(self, code: str) -> str | None:
        """The lower of the panels' grades, once every panel has graded or declined."""
        said = self.said[code]
        if self.remit[code] - said.keys():
            return None
        given = [grade for _, grade in said.values() if grade is not None]
        return min(given, key=GRADES.index) if given else None

    def pair(self, code: str) -> tuple:
        """What a statement is about: this proposal and these panels' grades."""
        return self.proposal[code].pk, max((pk for pk, _ in self.said[code].values()), default=None)

    def lacks_evidence(self, code: str, panel: str) -> bool:
        answers = list(self.reviews.get((code, panel), {}).values())
        gave = [answer for answer in answers if answer]
        return len(gave) < self.panels[panel].quorum or 2 * (len(answers) - len(gave)) >= len(answers)

    # Trying a verb

    def attempt(self, verb: Callable[[], Any]) -> Any:
        """Call a verb. Where it says no, nothing may have been written: not in any table."""
        rows = counts()
        try:
            return verb()
        except DomainError as no:
            sentence = no.sentence
        assert sentence
        assert counts() == rows, f"half written: {sentence}"
        return None

    def fresh(self, text: str) -> str:
        return f"{text} {next(self.number)}" if text else ""

    # The verbs

    @initialize(stage=st.sampled_from([*STAGES, "graded", "graded"]), late=st.booleans(), given=st.sampled_from(GRADES))
    def begin_somewhere(self, stage: str, late: bool, given: str) -> None:
        """Most of what matters happens after the reveal, which random moves alone would rarely reach."""
        if late:
            self.time_passes()
        for now in STAGES[1 : STAGES.index(stage) + 1]:
            if now == "agreeing":
                for who, code in itertools.product(["community_chair", "reviewer", "staff_chair"], CODES):
                    self.review(who, code, "developing")
            if now == "graded":
                for who, code in itertools.product(["community_chair", "staff_chair"], CODES):
                    self.panel_grade(who, code, given, "A reason.", False)
            else:
                self.move(1, "")
            if now == "graded" and stage == "agreed":
                for who, code in itertools.product(["lead", "staff_chair"], CODES):
                    self.statement(who, code)

    @rule(code=codes, grade=grades, why=texts)
    def propose(self, code: str, grade: str, why: str) -> None:
        row = self.attempt(
            lambda: grading.propose_grade(
                actor=self.world.lead,
                assessed_outcome=self.world.outcome(code),
                grade=self.world.grade(grade),
                reasons=[FactorReason("outcome", "Outcome", self.fresh("Evidence"))],
                reason=self.fresh(why),
            )
        )
        if row:
            self.proposal[code] = row

    @rule(who=st.sampled_from(list(SEATS)), code=codes, grade=st.one_of(st.none(), grades))
    def review(self, who: str, code: str, grade: str | None) -> None:
        panel = SEATS[who]
        if panel not in self.panels:
            return
        row = self.attempt(
            lambda: grading.submit_review(
                actor=self.world.people[who],
                assessed_outcome=self.world.outcome(code),
                panel=self.panels[panel],
                grade=self.world.grade(grade) if grade else None,
                reason=self.fresh("My view"),
            )
        )
        if row:
            assert self.world.round.phase == Phase.REVIEWING
            self.reviews.setdefault((code, panel), {})[who] = grade

    @rule(who=st.sampled_from(list(SEATS)), code=codes)
    def step_aside(self, who: str, code: str) -> None:
        panel = SEATS[who]
        if panel not in self.panels:
            return
        row = self.attempt(
            lambda: grading.step_aside(
                actor=self.world.people[who],
                assessed_outcome=self.world.outcome(code),
                panel=self.panels[panel],
                interest=self.fresh("A friend works there"),
            )
        )
        if row:
            assert self.world.round.phase == Phase.REVIEWING
            self.reviews.get((code, panel), {}).pop(who, None)

    @rule(who=chairs, code=codes, grade=st.one_of(st.none(), grades, grades), why=texts, lacking=st.booleans())
    def panel_grade(self, who: str, code: str, grade: str | None, why: str, lacking: bool) -> None:
        panel = SEATS[who]
        if panel not in self.panels:
            return
        row = self.attempt(
            lambda: grading.record_panel_grade(
                actor=self.world.people[who],
                assessed_outcome=self.world.outcome(code),
                panel=self.panels[panel],
                grade=self.world.grade(grade) if grade else None,
                reason=self.fresh(why),
                for_lack_of_evidence=lacking,
                why_not_median=self.fresh("We weighed it again"),
            )
        )
        if row:
            assert self.world.round.phase == Phase.AGREEING
            assert panel in self.remit[code]
            if grade and self.lacks_evidence(code, panel):
                assert lacking
                assert grade == "undeveloped"
            self.said[code][panel] = (row.pk, grade)

    @rule(who=st.sampled_from(["lead", "lead", *CHAIRS.values()]), code=codes)
    def statement(self, who: str, code: str) -> None:
        panel = SEATS.get(who)
        if panel and panel not in self.panels:
            return
        side = Statement.Side.LOCAL_INTERESTS if panel else Statement.Side.ORGANISATION
        row = self.attempt(
            lambda: grading.give_statement(
                actor=self.world.people[who],
                assessed_outcome=self.world.outcome(code),
                side=side,
                panel=self.panels[panel] if panel else None,
                text=self.fresh("We see it like this"),
            )
        )
        if row:
            self.spoke.add((code, self.pair(code), side))

    @rule(step=st.sampled_from([1, 1, 1, -1]), why=texts)
    def move(self, step: int, why: str) -> None:
        place = PHASES.index(Phase(self.world.round.phase)) + step
        if 0 <= place < len(PHASES):
            self.attempt(lambda: self.world.move(PHASES[place], self.fresh(why)))

    @rule(code=codes, grade=grades, panel=st.booleans(), forth=st.booleans())
    @precondition(lambda self: self.world.round.phase in (Phase.AGREEING, Phase.AGREED))
    def change_what_it_rests_on(self, code: str, grade: str, panel: bool, forth: bool) -> None:
        """Back to the start, another proposal or one more panel, and on again."""
        for phase in PHASES[: PHASES.index(Phase(self.world.round.phase))][::-1]:
            self.attempt(lambda phase=phase: self.world.move(phase, self.fresh("Something is missing.")))
        if panel and "extra" not in self.panels:
            self.add_a_panel(code)
        else:
            self.propose(code, grade, "We thought again.")
        for _ in range(2 * forth):
            self.move(1, "")

    @rule(code=codes)
    @precondition(lambda self: "extra" not in self.panels and self.world.round.phase == Phase.PREPARING)
    def add_a_panel(self, code: str) -> None:
        plan = assessments.PanelPlan(
            name="Governors",
            kind=PanelKind.objects.get(code="staff-side"),
            outcomes=[self.world.outcome(code)],
            quorum=1,
        )
        made = self.attempt(
            lambda: assessments.add_panel(actor=self.world.lead, assessment=self.world.refreshed(), plan=plan)
        )
        if made:
            self.panels["extra"] = made
            self.remit[code].add("extra")
            assessments.add_panel_member(
                actor=self.world.lead,
                panel=made,
                user=self.world.outsider,
                role=PanelMember.Role.CHAIR,
                reason="Governors have a say.",
            )

    @rule()
    def time_passes(self) -> None:
        round_ = Round.objects.get(pk=self.world.round.pk)
        round_.review_by = round_.agree_by = today() - datetime.timedelta(days=1)
        round_.record(actor=self.world.lead, reason="The dates passed")

    @rule()
    def settle_overdue(self) -> None:
        passed = Round.objects.get(pk=self.world.round.pk).agree_by < today()
        if passed and self.world.round.phase == Phase.AGREEING:
            self.overdue |= {(code, self.pair(code)) for code in CODES if self.grade_of_local_interests(code)}
        grading.settle_overdue(today())

    @rule(decision=st.sampled_from(["signed", "signed", "signed", "refused"]), why=texts)
    def sign_off(self, decision: str, why: str) -> None:
        self.attempt(lambda: self.world.sign(SignOff.Decision(decision), self.fresh(why)))

    @rule(why=texts)
    def publish(self, why: str) -> None:
        last = reports.latest_sign_off(self.world.refreshed())
        publication = self.attempt(lambda: self.world.publish(self.fresh(why)))
        if not publication:
            return
        assert last is not None
        assert last.decision == "signed"
        assert publication.content_hash == last.content_hash
        assert hashlib.sha256(publication.content.encode()).hexdigest() == last.content_hash
        assert publication.envelope["content_hash"] == last.content_hash
        printed = {
            outcome["code"]: outcome
            for goal in json.loads(publication.content)["goals"]
            for outcome in goal["outcomes"]
        }
        for code in CODES:
            expected = self.grade_of_local_interests(code)
            assert (printed[code]["local"] or {}).get("grade", {}).get("code") == expected
            assert bool(printed[code]["agreed"]) == (expected is not None)
            assert printed[code]["proposal"]["grade"]["code"] == self.proposal[code].grade.code
            if expected:
                assert printed[code]["agreed"]["prevailed"] == (expected != self.proposal[code].grade.code)
            by_panel = {said["panel"]: said["grade"] and said["grade"]["code"] for said in printed[code]["panels"]}
            assert by_panel == {self.panels[name].name: grade for name, (_, grade) in self.said[code].items()}

    @rule(why=texts)
    def reopen(self, why: str) -> None:
        self.attempt(
            lambda: reports.reopen(actor=self.world.lead, assessment=self.world.refreshed(), reason=self.fresh(why))
        )

    @rule(step=st.integers(1, 4))
    def as_far_as_a_report(self, step: int) -> None:
        """The honest way on, a few verbs at a time: sequences come to reports and to second versions."""
        for _ in range(step):
            self.move(1, "")
            self.sign_off("signed", "")
            self.publish("A correction.")

    # What always holds

    def deadline_passed(self) -> bool:
        """What changes after the deadline is settled in the same step; what changed before, by the next sweep."""
        agree_by = Round.objects.get(pk=self.world.round.pk).agree_by
        return agree_by is not None and agree_by < today()

    @invariant()
    def local_interests_decide(self) -> None:
        outcomes = self.world.outcomes
        known = outcome_grades(outcomes.values())
        for code, outcome in outcomes.items():
            expected = self.grade_of_local_interests(code)
            row = known[outcome.pk].agreed
            local = known[outcome.pk].local
            assert (local.grade.code if local else None) == expected
            proposed = self.proposal[code].grade.code
            spoke = {side for of, pair, side in self.spoke if (of, pair) == (code, self.pair(code))}
            settled = expected is not None and (
                expected == proposed or len(spoke) == 2 or (code, self.pair(code)) in self.overdue
            )
            if row:
                assert settled or (expected is not None and self.deadline_passed())
                assert row.local_interests_grade.grade.code == expected
                assert row.proposed_grade_id == self.proposal[code].pk
                assert bool(row.reason) == (expected != proposed)
                assert (row.closed_by == "equal") == (expected == proposed)
            if self.world.round.phase in (Phase.AGREEING, Phase.AGREED):
                assert row or not settled, "held back"

    @invariant()
    def no_row_is_lost(self) -> None:
        now = snapshot()
        gone = {key: row for key, row in self.before.items() if now.get(key) != row}
        assert gone == {}
        self.before = now

    @invariant()
    def phase_and_state_are_the_recorded_ones(self) -> None:
        round_ = Round.objects.get(pk=self.world.round.pk)
        last = round_.phase_changes.order_by("seq").last()
        assert round_.phase == (last.to_phase if last else Phase.PREPARING)
        moves = list(round_.phase_changes.order_by("seq").values_list("seq", "from_phase", "to_phase"))
        assert [seq for seq, _, _ in moves] == list(range(1, len(moves) + 1))
        assert all(earlier[2] == later[1] for earlier, later in itertools.pairwise(moves))
        assessment = self.world.refreshed()
        state = assessment.state_changes.order_by("seq").last()
        assert assessment.state == (state.to_state if state else "open")
        assert (assessment.state == "open") == (round_.phase != Phase.AGREED)

    @invariant()
    def reviews_before_the_reveal_stay_blind(self) -> None:
        reveals = self.world.round.phase_changes.filter(from_phase="reviewing", to_phase="agreeing").count()
        assert all(before <= reveals for before in Review.objects.values_list("reveals_before", flat=True))


def test_sequences_of_verbs(world: World) -> None:
    world.prepare()
    Sequences.begin = world
    # Each step costs some forty queries: a fifth of what a pure function gets.
    # Shrinking would take minutes; fifteen steps can be read as they are.
    fewer = settings(
        settings.default,
        max_examples=settings.default.max_examples // 5,
        stateful_step_count=15,
        phases=[Phases.explicit, Phases.generate],
    )
    run_state_machine_as_test(Sequences, settings=fewer)
