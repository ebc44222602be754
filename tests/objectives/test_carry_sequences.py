"""Whatever two years of a plan bring, each action is counted once, and nothing that was promised is lost (R19, R25)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eds.access.decide import Access
from objectives.months import Month
from objectives.plan import domain, queries
from objectives.plan.models import ImprovementAction, Status
from reports.audit import audit_of
from reports.payload.plan import build_completed
from tests.world import World, another_year

ENDED = {"done", "stopped"}


@dataclass(frozen=True)
class Drawn:
    """An action of the first year: what was said of it then, whether it is carried over, and what was said after."""

    code: str
    due: Month | None
    then: list[str]
    carried: bool
    after: list[str]

    @property
    def is_offered(self) -> bool:
        return not self.then or self.then[-1] not in ENDED

    @property
    def last(self) -> str:
        """Give the last word of both years."""
        said = [*self.then, *(self.after if self.is_offered and self.carried else [])]
        return said[-1] if said else "not_started"


WORDS = st.lists(st.sampled_from([status.value for status in Status]), max_size=3)
ACTIONS = st.builds(
    Drawn,
    code=st.sampled_from(["4.1", "4.2"]),
    due=st.none() | st.builds(Month, st.integers(2025, 2029), st.integers(1, 12)),
    then=WORDS,
    carried=st.booleans(),
    after=WORDS,
)


def _say(world: World, action: ImprovementAction, words: list[str]) -> None:
    for status in words:
        domain.say_progress(actor=world.lead, action=action, status=status, words="So it is.")


def test_each_action_is_counted_once_over_two_years(world: World) -> None:
    world.to_published()
    later = another_year(world.trust, world.other_trust, world.people, 2027)

    @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(ACTIONS, max_size=6))
    def check(drawn: list[Drawn]) -> None:
        with transaction.atomic():
            _check(world, later, drawn)
            transaction.set_rollback(True)

    check()


def _check(world: World, later: World, drawn: list[Drawn]) -> None:
    made = [world.plan_action(each.code, text=f"Action {number}", due=each.due) for number, each in enumerate(drawn)]
    for action, each in zip(made, drawn, strict=True):
        _say(world, action, each.then)
    assessment = later.refreshed()
    offers = {offer.action: offer for offer in domain.offers(assessment)}
    assert set(offers) == {action for action, each in zip(made, drawn, strict=True) if each.is_offered}
    chosen = []
    for action, each in zip(made, drawn, strict=True):
        if each.is_offered and each.carried:
            place = offers[action].outcome
            assert place is not None
            assert place.outcome.code == each.code
            chosen.append((action, place))
    carried = domain.carry_over(actor=later.lead, assessment=assessment, chosen=chosen)
    by_old = {new.carried_from_id: new for new in carried}
    for action, each in zip(made, drawn, strict=True):
        if action.pk in by_old:
            new = by_old[action.pk]
            assert (new.text, new.due, new.measure) == (action.text, action.due, action.measure)
            assert [owner.name for owner in new.owners.all()] == [owner.name for owner in action.owners.all()]
            _say(later, new, each.after)
            years = [said.year for said in queries.history_of(queries.standing_actions().get(pk=new.pk))]
            carrying = bool(each.then)
            assert years == ["2027-28"] * (len(each.after) + carrying) + ["2026-27"] * len(each.then)
    assert {offer.action for offer in domain.offers(assessment)} == {
        action for action in offers if action.pk not in by_old
    }
    counts = audit_of(assessment, Access(world.lead)).counts
    last = [each.last for each in drawn]
    assert counts["done"] == last.count("done")
    assert counts["stopped"] == last.count("stopped")
    assert sum(counts.values()) == len(drawn)
    completed = build_completed(assessment, queries.printed_plan(assessment))
    assert sorted(line.action for line in completed) == sorted(
        f"Action {number}" for number, each in enumerate(drawn) if each.last == "done"
    )
