"""The verbs of equality objectives: what each does, and in which words it says no (R24)."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from eds.history.errors import Stale
from eds.history.models import deciding_on, today
from objectives.equality import domain as goals
from objectives.equality.domain import MeasureText, NotSpecific
from objectives.equality.models import Commitment, EqualityObjective, Measure, ObjectiveDecision
from objectives.equality.queries import Known, known
from objectives.equality.rules import Stage
from objectives.months import Month
from tests.noes import no
from tests.world import World, another_year

pytestmark = pytest.mark.django_db


def ago(days: int) -> datetime.date:
    return today() - datetime.timedelta(days=days)


def decide(world: World, objective: EqualityObjective, decision: str = "adopted", **words: str) -> ObjectiveDecision:
    return goals.decide(actor=world.sponsor, objective=objective, decision=decision, **words)


def the_measure(objective: EqualityObjective) -> Measure:
    return Measure.objects.get(objective=objective)


def test_an_objective_is_drafted_discussed_adopted_measured_reviewed_and_closed(world: World) -> None:
    made = world.objective()
    assert (known(made).stage, known(made).open) == (Stage.DRAFT, [])
    said = world.discuss(made, "Say by when.")
    assert said.of == "Healthwatch"
    found = known(made)
    assert found.stage is Stage.DECIDING
    assert [(each.row.reason, each.answer) for each in found.comments] == [("Say by when.", "It does now.")]
    decide(world, made, paper="Board, paper 7")
    goals.record_value(actor=world.lead, measure=the_measure(made), year=2024, value=Decimal("11"))
    goals.record_value(actor=world.lead, measure=the_measure(made), year=2025, value=Decimal("9"))
    goals.review(actor=world.lead, objective=made, text="The gap is closing.")
    goals.review(actor=world.lead, objective=made, text="Among nurses it is growing.", early=True)
    assert known(made).stage is Stage.ADOPTED
    assert known(made).review_due == today().replace(year=today().year + 1)
    goals.close(actor=world.lead, objective=made, result="partly", reason="The gap is 9 per cent.")
    found = known(made)
    assert found.stage is Stage.CLOSED
    assert [row.kind for row in found.decisions] == ["consulted", "adopted", "reviewed", "reviewed_early", "closed"]
    assert [(each.year, each.value) for each in found.measures[0].values] == [(2024, Decimal(11)), (2025, Decimal(9))]


def test_a_closed_objective_is_followed_by_the_next(world: World) -> None:
    first = world.adopt(world.objective())
    with no("Close the objective first."):
        goals.write_objective(
            actor=world.lead, organisation=world.trust, text=world.objective_text("Next"), follows=first
        )
    goals.close(actor=world.lead, objective=first, result="achieved", reason="The gap is gone.")
    with no("An objective follows one of the same organisation."):
        goals.write_objective(
            actor=world.outsider,
            organisation=world.other_trust,
            text=world.objective_text("Theirs", lead=None),
            follows=first,
        )
    second = goals.write_objective(
        actor=world.lead, organisation=world.trust, text=world.objective_text("Next"), follows=first
    )
    assert (second.followed_from, second.position) == (first, 2)
    assert known(second).stage is Stage.DRAFT


def test_writing_says_no(world: World) -> None:
    write = {"actor": world.lead, "organisation": world.trust}
    with no("Enter the headline", field="headline"):
        goals.write_objective(**write, text=world.objective_text(" "))
    with no("The last month must not be before the first.", field="ends"):
        goals.write_objective(**write, text=world.objective_text(ends=Month(2024, 3)))
    with no("lasts four years or less", field="ends"):
        goals.write_objective(**write, text=world.objective_text(ends=Month(2028, 4)))
    with no("must belong to the organisation", field="lead"):
        goals.write_objective(**write, text=world.objective_text(lead=world.outsider))
    made = goals.write_objective(**write, text=world.objective_text(lead=None, expected=None))
    assert known(made).objective.expected is None
    with no("Somebody else changed this", kind=Stale):
        goals.write_objective(**write, text=world.objective_text("Other"), objective=made, expected_version=0)


def test_a_change_brings_characteristics_and_outcomes_in_line(world: World) -> None:
    made = world.objective()
    text = world.objective_text(
        characteristics=(("sex", "Sex"), ("age", "Age")), outcomes=(world.outcomes["4.2"].outcome,)
    )
    goals.write_objective(actor=world.lead, organisation=world.trust, text=text, objective=made)
    found = known(made).objective
    assert [each.code for each in found.characteristics.all()] == ["age", "sex"]
    assert [each.outcome.code for each in found.answers.all()] == ["4.2"]


def test_only_a_draft_is_withdrawn(world: World) -> None:
    made = world.objective()
    with no("Say why the draft is withdrawn.", field="reason"):
        goals.withdraw(actor=world.lead, objective=made, reason=" ")
    goals.withdraw(actor=world.lead, objective=made, reason="Another says the same.")
    assert known(made).stage is Stage.WITHDRAWN
    with no("The draft was withdrawn."):
        world.consult(made)
    put = world.objective("Put to people")
    world.consult(put)
    with no("The board decides whether to adopt the objective or not."):
        goals.withdraw(actor=world.lead, objective=put, reason="We thought again.")


def test_while_local_people_read_it_the_text_stays(world: World) -> None:
    made = world.objective()
    world.consult(made)
    row = Commitment.objects.get(objective=made)
    with no("Local people read this text now."):
        goals.write_objective(
            actor=world.lead, organisation=world.trust, text=world.objective_text("Other"), objective=made, reason="So"
        )
    with no("Local people read this text now."):
        goals.keep_commitment(actor=world.lead, objective=made, text="Other", commitment=row)
    with no("Local people read this text now."):
        goals.remove_measure(actor=world.lead, measure=the_measure(made))


def test_after_comments_a_change_takes_a_reason(world: World) -> None:
    made = world.objective()
    world.discuss(made)
    changed = {"actor": world.lead, "organisation": world.trust, "objective": made}
    with no("Say what you change, and why.", field="reason"):
        goals.write_objective(**changed, text=world.objective_text("Halve the gap by 2027"))
    goals.write_objective(
        **changed, text=world.objective_text("Halve the gap by 2027"), reason="Healthwatch asked by when."
    )
    assert known(made).objective.headline == "Halve the gap by 2027"


def test_what_the_board_adopted_stays(world: World) -> None:
    made = world.adopt(world.objective())
    row = Commitment.objects.get(objective=made)
    changed = {"actor": world.lead, "organisation": world.trust, "objective": made, "reason": "It takes longer."}
    with no("They stay as they are.", field="headline"):
        goals.write_objective(**changed, text=world.objective_text("Another"))
    with no("They stay as they are.", field="ends"):
        goals.write_objective(**changed, text=world.objective_text(ends=Month(2028, 1)))
    goals.write_objective(**changed, text=world.objective_text(expected=Month(2028, 3)))
    with no("The board adopted these words.", field="text"):
        goals.keep_commitment(actor=world.lead, objective=made, text="Other", commitment=row, reason="So")
    goals.keep_commitment(
        actor=world.lead, objective=made, text=row.text, commitment=row, expected=Month(2027, 1), reason="Delay."
    )
    with no("Its text stays as it was adopted."):
        goals.remove_commitment(actor=world.lead, commitment=row, reason="So")
    with no("Its text stays as it was adopted."):
        goals.keep_measure(
            actor=world.lead,
            objective=made,
            measure=the_measure(made),
            text=MeasureText("Easier", "%", direction="up"),
            reason="So",
        )
    goals.keep_commitment(actor=world.lead, objective=made, text="One more", reason="An early review asked for it.")
    goals.keep_measure(
        actor=world.lead, objective=made, text=MeasureText("More", "%", direction="up"), reason="Also asked for."
    )
    found = known(made)
    assert found.objective.expected == Month(2028, 3)
    assert [(each.text, each.expected) for each in found.commitments] == [
        (row.text, Month(2027, 1)),
        ("One more", None),
    ]
    assert len(found.measures) == 2


def test_people_are_given_more_time_but_never_less(world: World) -> None:
    made = world.objective()
    with no("must not have passed", field="comments_until"):
        goals.consult(actor=world.lead, objective=made, until=ago(1))
    world.consult(made, 14)
    with no("You can only give them more time.", field="comments_until"):
        world.consult(made, 13)
    world.consult(made, 20)
    assert known(made).comments_until == ago(-20)


def test_who_comments_is_on_a_panel_of_this_organisation(world: World) -> None:
    made = world.objective()
    with no("Nobody has been asked for comments yet."):
        world.comment(made)
    world.consult(made)
    with no("Enter your comment.", field="text"):
        world.comment(made, " ")
    with no("You comment for a panel of this organisation that you are on.", field="panel"):
        goals.comment(actor=world.reviewer, objective=made, panel=world.staff, text="I am not on it.")
    elsewhere = another_year(world.other_trust, world.trust, {**world.people, "lead": world.outsider}, 2026)
    with no("You comment for a panel of this organisation that you are on.", field="panel"):
        goals.comment(actor=world.reviewer, objective=made, panel=elsewhere.community, text="Of another trust.")
    first = world.comment(made, "Ours.", "staff_chair")
    assert first.of == "Staff side"
    goals.answer_comment(actor=world.lead, comment=first, text="Yes.")
    goals.answer_comment(actor=world.lead, comment=first, text="Yes, by March.")
    assert [each.answer for each in known(made).comments] == ["Yes, by March."]


def test_the_board_decides_when_comments_are_over_and_answered(world: World) -> None:
    made = world.objective()
    with no("Put the objective to local people first."):
        decide(world, made)
    world.consult(made)
    with no("Local people can still comment."):
        decide(world, made)
    late = world.objective("All letters in large print")
    with deciding_on(ago(20)):
        goals.consult(actor=world.lead, objective=late, until=ago(-10))
        said = world.comment(late)
    with no("A comment of Healthwatch has no answer.", field="decision", kind=NotSpecific):
        decide(world, late)
    goals.answer_comment(actor=world.lead, comment=said, text="It does.")
    with no("Choose what the board decided.", field="decision"):
        decide(world, late, "closed")
    decide(world, late)
    with no("The board has adopted the objective already."):
        decide(world, late)


def test_what_is_not_specific_is_not_adopted_until_it_is_mended_or_answered(world: World) -> None:
    made = goals.write_objective(
        actor=world.lead,
        organisation=world.trust,
        text=world.objective_text("Improve access", expected=None),
    )
    with deciding_on(ago(20)):
        goals.consult(actor=world.lead, objective=made, until=ago(-10))
    with no("nothing in it can be counted", field="decision", kind=NotSpecific) as refused:
        decide(world, made)
    assert [each.id for each in refused.value.findings] == [
        "headline.vague",
        "commitment.none",
        "month.none",
        "measure.none",
    ]
    seen = {(each.id, each.about): each.fingerprint for each in known(made).open}
    with no("Say why it stays as it is.", field="text"):
        goals.answer_check(actor=world.lead, objective=made, seen=seen, text="")
    with no("Choose what you answer.", field="findings"):
        goals.answer_check(actor=world.lead, objective=made, seen={}, text="Because.")
    del seen["measure.none", ""]
    goals.answer_check(actor=world.lead, objective=made, seen=seen, text="It was printed so in 2018.")
    assert [each.id for each in known(made).open] == ["measure.none"]
    goals.keep_measure(
        actor=world.lead,
        objective=made,
        text=MeasureText("Clinics with an interpreter", "%", "Audit", Decimal(10), 2025, Decimal(90)),
        reason="Healthwatch asked for one.",
    )
    # The answer was about the old headline, so it does not count for the new one.
    goals.write_objective(
        actor=world.lead,
        organisation=world.trust,
        objective=made,
        text=world.objective_text("Improve the experience", expected=None),
        reason="Clearer.",
    )
    with no("nothing in it can be counted", field="decision", kind=NotSpecific):
        decide(world, made)
    with no("has changed since you opened this", kind=Stale):
        goals.answer_check(actor=world.lead, objective=made, seen=seen, text="As before.")
    goals.write_objective(
        actor=world.lead,
        organisation=world.trust,
        objective=made,
        text=world.objective_text("Nine in ten clinics have an interpreter", expected=None),
        reason="Clearer.",
    )
    decide(world, made)
    assert known(made).stage is Stage.ADOPTED
    assert [each.id for each, _ in known(made).answered] == ["commitment.none", "month.none"]


def test_what_can_only_be_mended_is_not_answered(world: World) -> None:
    made = world.objective()
    with deciding_on(ago(20)):
        goals.consult(actor=world.lead, objective=made, until=ago(-10))
        world.comment(made)
    [waiting] = known(made).open
    with no("Answer the comment."):
        goals.answer_check(
            actor=world.lead, objective=made, seen={(waiting.id, waiting.about): waiting.fingerprint}, text="No."
        )


def test_not_adopted_takes_a_reason_and_needs_nothing_mended(world: World) -> None:
    made = goals.write_objective(
        actor=world.lead, organisation=world.trust, text=world.objective_text("Improve things", expected=None)
    )
    with deciding_on(ago(20)):
        goals.consult(actor=world.lead, objective=made, until=ago(-10))
    with no("Say why the board did not adopt it.", field="reason"):
        decide(world, made, "not_adopted")
    decide(world, made, "not_adopted", reason="Local people asked for something else.")
    assert known(made).stage is Stage.NOT_ADOPTED
    refused = the_measure(_measured_and_refused(world))
    with no("The objective was not adopted, so nothing is measured."):
        goals.record_value(actor=world.lead, measure=refused, year=2025, value=Decimal(1))


def _measured_and_refused(world: World) -> EqualityObjective:
    made = world.objective("Refused")
    world.discuss(made)
    decide(world, made, "not_adopted", reason="Too little.")
    return made


def test_a_value_is_corrected_with_a_reason_and_both_are_kept(world: World) -> None:
    made = world.adopt(world.objective())
    measure = the_measure(made)
    value = {"actor": world.lead, "measure": measure}
    with no("Enter a year from 1990 to this year.", field="year"):
        goals.record_value(**value, year=today().year + 1, value=Decimal(1))
    with no("Per cent must be from 0 to 100.", field="value"):
        goals.record_value(**value, year=2025, value=Decimal(101))
    goals.record_value(**value, year=2025, value=Decimal("8.5"))
    with no("That is the value of 2025 already.", field="value"):
        goals.record_value(**value, year=2025, value=Decimal("8.5"), reason="Again")
    with no("Say why it is corrected.", field="reason"):
        goals.record_value(**value, year=2025, value=Decimal("8.9"))
    goals.record_value(**value, year=2025, value=Decimal("8.9"), reason="A ward was counted twice.")
    assert measure.values.count() == 2
    [found] = known(made).measures[0].values
    assert (found.value, found.corrects) == (Decimal("8.9"), "A ward was counted twice.")


def test_a_measure_says_what_it_counts_and_where_it_goes(world: World) -> None:
    made = world.objective()
    for text, words, field in (
        (MeasureText(" ", "%", direction="up"), "Enter what is measured.", "name"),
        (MeasureText("Heard", "", direction="up"), "Enter the unit", "unit"),
        (MeasureText("Heard", "%"), "Enter a target, or choose", "target"),
        (MeasureText("Heard", "%", target=Decimal(101)), "Per cent must be from 0 to 100.", "target"),
        (MeasureText("Staff", "people", target=Decimal("4.5")), "A number of people must be whole", "target"),
        (MeasureText("Staff", "days", baseline_year=1900, direction="up"), "Enter a year from 1990", "baseline_year"),
    ):
        with no(words, field=field):
            goals.keep_measure(actor=world.lead, objective=made, text=text)
    goals.remove_measure(actor=world.lead, measure=the_measure(made))
    assert known(made).measures == []


def test_what_is_decided_is_never_dated_before_the_last_decision(world: World) -> None:
    made = world.adopt(world.objective())
    with deciding_on(ago(200)), no("This cannot be earlier."):
        goals.review(actor=world.lead, objective=made, text="Too early.")


def test_reviews_and_closing_ask_for_words(world: World) -> None:
    made = world.adopt(world.objective())
    with no("Say what the review found.", field="text"):
        goals.review(actor=world.lead, objective=made, text="")
    with no("Say which data shows the new inequality", field="text"):
        goals.review(actor=world.lead, objective=made, text="", early=True)
    with no("Choose how it ended.", field="result"):
        goals.close(actor=world.lead, objective=made, result="", reason="Done.")
    with no("Say how it ended", field="reason"):
        goals.close(actor=world.lead, objective=made, result="achieved", reason="")
    goals.close(actor=world.lead, objective=made, result="achieved", reason="Done.")
    with no("The objective is closed."):
        goals.review(actor=world.lead, objective=made, text="Late.")


def test_after_its_last_month_it_waits_to_be_closed(world: World) -> None:
    made = world.adopt(world.objective(ends=Month.of(ago(70)), expected=Month.of(ago(70)), starts=Month.of(ago(400))))
    assert Known(known(made).objective, ago(75)).is_over is False
    assert known(made).is_over
