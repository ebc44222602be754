"""Random sequences of verbs over objectives: none is adopted that the check had something against, and none skips a step.

The machine keeps its own small book of what each objective lacks and where it stands; it never asks the code for that.
"""

from __future__ import annotations

import copy
import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import Phase as Phases
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from eds.history.errors import DomainError
from eds.history.models import deciding_on, today
from objectives.equality import domain as goals
from objectives.equality.domain import MeasureText, ObjectiveText
from objectives.equality.models import EqualityObjective, ObjectiveComment, ObjectiveDecision
from objectives.equality.queries import known
from objectives.months import Month
from tests.world import World

pytestmark = pytest.mark.django_db

which = st.integers(0, 2)
texts = st.sampled_from(["", "Because."])


@dataclass
class Page:
    """What the book says of one objective."""

    row: EqualityObjective
    stage: str = "draft"
    lacks: frozenset[str] = frozenset()
    until: datetime.date | None = None
    waiting: int = 0


class Goals(RuleBasedStateMachine):
    """Up to three objectives of one organisation, moved by anybody in any order while days pass."""

    begin: World

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.world = copy.copy(self.begin)
        self.book: list[Page] = []
        self.day = today() - datetime.timedelta(days=3000)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    def page(self, number: int) -> Page | None:
        found = self.book[number] if number < len(self.book) else None
        if found and found.stage == "asked" and found.until and self.day > found.until:
            found.stage = "deciding"
        return found

    def attempt(self, verb: Any, *, expected: bool, **words: Any) -> Any:
        """Run a verb on the machine's day; it works exactly when the book says so."""
        made, refusal = None, ""
        with deciding_on(self.day):
            try:
                with transaction.atomic():
                    made = verb(**words)
            except DomainError as no:
                refusal = no.sentence
        assert (refusal == "") is expected, f"{verb.__name__}: {refusal or 'should have said no'}"
        assert not refusal or refusal.endswith(".")
        return made

    @rule(days=st.integers(1, 40))
    def days_pass(self, days: int) -> None:
        self.day += datetime.timedelta(days=days)

    @rule(lead=st.booleans(), limb=st.booleans(), vague=st.booleans(), month=st.booleans())
    def write(self, lead: bool, limb: bool, vague: bool, month: bool) -> None:
        if len(self.book) == 3:
            return
        starts = Month.of(self.day)
        text = ObjectiveText(
            headline="Improve things" if vague else "Halve the gap",
            theme="other",
            starts=starts,
            ends=starts.later(47),
            expected=starts.later(40) if month else None,
            advances=limb,
            lead_role="Chief nurse" if lead else "",
            characteristics=(("age", "Age"),),
        )
        row = self.attempt(
            goals.write_objective, expected=True, actor=self.world.lead, organisation=self.world.trust, text=text
        )
        lacks = {"commitment", "measure"}
        lacks |= {
            name for name, said in (("lead", lead), ("limb", limb), ("month", month), ("vague", not vague)) if not said
        }
        self.book.append(Page(row, lacks=frozenset(lacks)))

    @rule(number=which, sound=st.booleans())
    def add_parts(self, number: int, sound: bool) -> None:
        page = self.page(number)
        if page is None:
            return
        writable = page.stage in {"draft", "deciding", "adopted"}
        done = self.attempt(
            goals.keep_commitment,
            expected=writable,
            actor=self.world.lead,
            objective=page.row,
            text="Do it",
            reason="Asked for.",
        )
        text = MeasureText("Gap", "%", "Records", Decimal(9), self.day.year, Decimal(3))
        if not sound:
            text = MeasureText("Gap", "%", direction="down")
        self.attempt(
            goals.keep_measure,
            expected=writable,
            actor=self.world.lead,
            objective=page.row,
            text=text,
            reason="Asked for.",
        )
        if done:
            page.lacks = (page.lacks - {"commitment", "measure"}) | (frozenset() if sound else {"loose measure"})

    @rule(number=which, days=st.integers(-1, 30))
    def consult(self, number: int, days: int) -> None:
        page = self.page(number)
        if page is None:
            return
        until = self.day + datetime.timedelta(days=days)
        later = page.stage != "asked" or (page.until is not None and until > page.until)
        expected = page.stage in {"draft", "asked", "deciding"} and days >= 0 and later
        if self.attempt(goals.consult, expected=expected, actor=self.world.lead, objective=page.row, until=until):
            page.stage, page.until = "asked", until

    @rule(number=which, who=st.sampled_from(["reviewer", "staff_chair", "lead"]))
    def comment(self, number: int, who: str) -> None:
        page = self.page(number)
        if page is None:
            return
        panel = self.world.staff if who == "staff_chair" else self.world.community
        expected = page.stage == "asked" and who != "lead"
        actor = self.world.people[who]
        if self.attempt(goals.comment, expected=expected, actor=actor, objective=page.row, panel=panel, text="Hm."):
            page.waiting += 1

    @rule(number=which)
    def answer_comments(self, number: int) -> None:
        page = self.page(number)
        if page is None:
            return
        expected = page.stage in {"asked", "deciding"}
        for row in ObjectiveComment.objects.filter(objective=page.row):
            if self.attempt(goals.answer_comment, expected=expected, actor=self.world.lead, comment=row, text="Yes."):
                page.waiting = 0

    @rule(number=which)
    def answer_the_check(self, number: int) -> None:
        page = self.page(number)
        if page is None:
            return
        with deciding_on(self.day):
            seen = {(each.id, each.about): each.fingerprint for each in known(page.row).open if each.can_answer}
        expected = page.stage in {"draft", "asked", "deciding"} and bool(seen)
        if self.attempt(
            goals.answer_check, expected=expected, actor=self.world.lead, objective=page.row, seen=seen, text="So."
        ):
            page.lacks = frozenset()

    @rule(number=which, decision=st.sampled_from(["adopted", "not_adopted"]), reason=texts)
    def decide(self, number: int, decision: str, reason: str) -> None:
        page = self.page(number)
        if page is None:
            return
        ready = (not page.lacks and not page.waiting) if decision == "adopted" else bool(reason)
        words = {"actor": self.world.sponsor, "objective": page.row, "decision": decision, "reason": reason}
        if self.attempt(goals.decide, expected=page.stage == "deciding" and ready, **words):
            page.stage = decision

    @rule(number=which, early=st.booleans(), text=texts)
    def review(self, number: int, early: bool, text: str) -> None:
        page = self.page(number)
        if page is None:
            return
        expected = page.stage == "adopted" and bool(text)
        self.attempt(goals.review, expected=expected, actor=self.world.lead, objective=page.row, text=text, early=early)

    @rule(number=which, result=st.sampled_from(["", "achieved", "not_achieved"]), reason=texts)
    def close(self, number: int, result: str, reason: str) -> None:
        page = self.page(number)
        if page is None:
            return
        expected = page.stage == "adopted" and bool(result) and bool(reason)
        words = {"actor": self.world.lead, "objective": page.row, "result": result, "reason": reason}
        if self.attempt(goals.close, expected=expected, **words):
            page.stage = "closed"

    @rule(number=which, reason=texts)
    def withdraw(self, number: int, reason: str) -> None:
        page = self.page(number)
        if page is None:
            return
        expected = page.stage == "draft" and bool(reason)
        if self.attempt(goals.withdraw, expected=expected, actor=self.world.lead, objective=page.row, reason=reason):
            page.stage = "withdrawn"

    @invariant()
    def it_stands_where_the_book_says(self) -> None:
        said = {"asked": "consulting"}
        for number in range(len(self.book)):
            page = self.page(number)
            assert page is not None
            with deciding_on(self.day):
                found = known(page.row)
                assert found.stage == said.get(page.stage, page.stage)

    @invariant()
    def decisions_follow_one_another(self) -> None:
        after = {
            "": {"consulted"},
            "consulted": {"consulted", "adopted", "not_adopted"},
            "adopted": {"reviewed", "reviewed_early", "closed"},
            "reviewed": {"reviewed", "reviewed_early", "closed"},
            "reviewed_early": {"reviewed", "reviewed_early", "closed"},
            "not_adopted": set(),
            "closed": set(),
        }
        for page in self.book:
            last = ""
            for kind in (
                ObjectiveDecision.objects.filter(objective=page.row).order_by("seq").values_list("kind", flat=True)
            ):
                assert kind in after[last]
                last = kind


def test_no_sequence_adopts_what_the_check_has_something_against(world: World) -> None:
    machine = type("Machine", (Goals,), {"begin": world})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=12,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            phases=[Phases.generate],
        ),
    )
