"""No path leaves an agreed grade against the local interests (R1): the database refuses what the verbs never do."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import IntegrityError, connection, models, transaction

from eds.assessments import domain as assessments
from eds.assessments.models import (
    AssessedOutcome,
    Assessment,
    PanelKind,
    PanelRemit,
    Phase,
    PhaseChange,
    Round,
)
from eds.frameworks.models import Grade
from eds.frameworks.queries import latest_revision
from eds.history.models import today
from grading.models import AgreedGrade, LocalInterestsGrade, PanelGrade, ProposedGrade, Statement
from grading.queries import agreed_grades, current_local_interests_grade, latest_proposal, local_interests_grades
from tests.grading.attacks import PATHS
from tests.world import A, D, E, U, World

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

Insert = Callable[..., models.Model]


def refused(model: type[models.Model], words: str | None, **values: Any) -> None:
    """Assert that the row is refused on every path, for the reason meant, and leaves nothing."""
    before = models.QuerySet(model).count()
    for insert in PATHS.values():
        with pytest.raises(IntegrityError, match=words), transaction.atomic():
            insert(model, **values)
    assert models.QuerySet(model).count() == before


def each_path() -> Iterator[Insert]:
    """Give each path in turn; what it puts in is taken out again before the next."""
    for insert in PATHS.values():
        with transaction.atomic():
            yield insert
            transaction.set_rollback(True)


def pair(world: World, code: str) -> tuple[LocalInterestsGrade, ProposedGrade]:
    local, proposal = current_local_interests_grade(world.outcome(code)), latest_proposal(world.outcome(code))
    assert local is not None
    assert proposal is not None
    return local, proposal


def agreeing(world: World, code: str, **values: Any) -> dict[str, Any]:
    """What an honest agreed grade of the outcome holds, with some of it changed."""
    local, proposal = pair(world, code)
    return {
        "actor": world.lead,
        "reason": "Because I say so",
        "assessed_outcome": world.outcome(code),
        "local_interests_grade": local,
        "proposed_grade": proposal,
        "closed_by": "equal" if local.grade_id == proposal.grade_id else "statements",
    } | values


def local(world: World, code: str, grade: str, **values: Any) -> dict[str, Any]:
    """A local interests' grade made by the newest panel grade, with some of it changed."""
    newest = PanelGrade.objects.filter(assessed_outcome=world.outcome(code)).latest("pk")
    return {
        "actor": world.lead,
        "reason": "Because I say so",
        "assessed_outcome": world.outcome(code),
        "grade": world.grade(grade),
        "rule": "lower",
        "made_by": newest,
    } | values


def panel(world: World, code: str, of: Any, grade: str | None, **values: Any) -> dict[str, Any]:
    return {
        "actor": world.lead,
        "reason": "Because I say so",
        "assessed_outcome": world.outcome(code),
        "panel": of,
        "kind": "panel" if grade else "declined",
        "grade": world.grade(grade) if grade else None,
    } | values


def test_honest_rows_are_let_in(world: World) -> None:
    """Were it otherwise, every refusal below would prove nothing."""
    world.to_settled()
    for insert in each_path():
        insert(AgreedGrade, **agreeing(world, "4.1"))
        insert(AgreedGrade, **agreeing(world, "4.2"))
        insert(PanelGrade, **panel(world, "4.1", world.community, A))
        insert(LocalInterestsGrade, **local(world, "4.1", D))
        assert local_interests_grades([world.outcome("4.1")])


def test_an_agreed_grade_does_not_point_to_an_old_proposal(world: World) -> None:
    world.to_agreeing()
    for who in ("community_chair", "staff_chair"):
        world.panel_grade(who, "4.1", D)
    old = latest_proposal(world.outcome("4.1"))
    world.propose("4.1", E, reason="We thought again.")
    assert agreed_grades([world.outcome("4.1")]) == {}
    refused(AgreedGrade, "latest proposal", **agreeing(world, "4.1", proposed_grade=old))


def test_an_agreed_grade_does_not_point_to_an_old_local_grade(world: World) -> None:
    world.to_settled()
    old, _ = pair(world, "4.2")
    world.panel_grade("staff_chair", "4.2", U, "We thought again.")
    refused(
        AgreedGrade,
        "latest local interests",
        **agreeing(world, "4.2", local_interests_grade=old, closed_by="equal"),
    )
    assert agreed_grades([world.outcome("4.2")]) == {}


def test_an_agreed_grade_does_not_point_to_another_outcomes_rows(world: World) -> None:
    world.to_settled()
    others_local, others_proposal = pair(world, "4.2")
    both = {"local_interests_grade": others_local, "proposed_grade": others_proposal, "closed_by": "equal"}
    refused(AgreedGrade, "of its outcome", **agreeing(world, "4.1", **both))
    refused(AgreedGrade, "of its outcome", **agreeing(world, "4.1", local_interests_grade=others_local))
    refused(AgreedGrade, "of its outcome", **agreeing(world, "4.1", proposed_grade=others_proposal))


def test_an_agreed_grade_says_why_it_is_closed(world: World) -> None:
    world.to_agreeing()
    for who in ("community_chair", "staff_chair"):
        for code in ("4.1", "4.2"):
            world.panel_grade(who, code, D)
    refused(AgreedGrade, "both sides speak", **agreeing(world, "4.1"))
    refused(AgreedGrade, "contradict", **agreeing(world, "4.1", closed_by="equal"))
    refused(AgreedGrade, "both sides speak", **agreeing(world, "4.1", closed_by="deadline"))
    refused(AgreedGrade, None, **agreeing(world, "4.1", closed_by="decree"))
    refused(AgreedGrade, "contradict", **agreeing(world, "4.2", closed_by="deadline"))
    refused(AgreedGrade, "contradict", **agreeing(world, "4.2", closed_by="statements"))
    world.say("lead", "4.1", "The organisation's view.")
    refused(AgreedGrade, "both sides speak", **agreeing(world, "4.1"))
    assert agreed_grades([world.outcome("4.1")]) == {}
    world.say("community_chair", "4.1", "The panel's view.")
    assert agreed_grades([world.outcome("4.1")])
    refused(AgreedGrade, "says why", **agreeing(world, "4.1", reason=""))


def test_statements_about_an_earlier_pair_of_grades_close_nothing(world: World) -> None:
    world.to_agreeing()
    for who in ("community_chair", "staff_chair"):
        world.panel_grade(who, "4.1", D)
    world.say("lead", "4.1", "Our view of the earlier pair.")
    world.propose("4.1", E, reason="We thought again.")
    refused(AgreedGrade, "both sides speak", **agreeing(world, "4.1"))
    world.say("community_chair", "4.1", "Our view of the new pair.")
    refused(AgreedGrade, "both sides speak", **agreeing(world, "4.1"))


def test_the_deadline_counts_once_it_has_passed(world: World) -> None:
    world.to_agreeing()
    for who in ("community_chair", "staff_chair"):
        world.panel_grade(who, "4.1", D)
    refused(AgreedGrade, "deadline", **agreeing(world, "4.1", closed_by="deadline"))
    round_ = Round.objects.get(pk=world.round.pk)
    round_.review_by = round_.agree_by = today() - datetime.timedelta(days=1)
    round_.record(actor=world.lead, reason="The dates passed")
    for insert in each_path():
        insert(AgreedGrade, **agreeing(world, "4.1", closed_by="deadline"))
        agreed = agreed_grades([world.outcome("4.1")])[world.outcome("4.1").pk]
        assert agreed.local_interests_grade.grade.code == D


def test_the_local_grade_is_what_the_rule_makes(world: World) -> None:
    """Healthwatch says Developing, staff side Undeveloped: the lower grade counts, whatever row is tried."""
    world.to_agreeing()
    world.panel_grade("staff_chair", "4.1", U)
    world.panel_grade("community_chair", "4.1", D)
    outcome = world.outcome("4.1")
    before = current_local_interests_grade(outcome)
    for grade in (D, A, E):
        for rule in ("lower", "only_panel", "named_panel", "joint", "", "higher"):
            refused(LocalInterestsGrade, None, **local(world, "4.1", grade, rule=rule))
    for rule in ("only_panel", "named_panel", "joint", "", "higher"):
        refused(LocalInterestsGrade, "rule", **local(world, "4.1", U, rule=rule))
    after = current_local_interests_grade(outcome)
    assert after is not None
    assert after == before
    assert after.grade.code == U


def test_the_local_grade_waits_for_every_panel(world: World) -> None:
    world.to_agreeing()
    world.panel_grade("staff_chair", "4.1", A)
    for rule in ("only_panel", "lower"):
        refused(LocalInterestsGrade, "has no grade yet", **local(world, "4.1", A, rule=rule))


def test_the_local_grade_is_made_by_the_newest_panel_grade_of_its_outcome(world: World) -> None:
    world.to_agreeing()
    old = world.panel_grade("staff_chair", "4.1", D)
    world.panel_grade("community_chair", "4.1", D)
    elsewhere = world.panel_grade("community_chair", "4.2", D)
    for made_by in (old, elsewhere):
        refused(LocalInterestsGrade, "newest panel grade", **local(world, "4.1", D, made_by=made_by))


def test_a_declined_outcome_has_no_local_grade(world: World) -> None:
    world.to_agreeing()
    world.panel_grade("staff_chair", "4.1", None)
    world.panel_grade("community_chair", "4.1", None)
    for rule in ("only_panel", "lower", "named_panel", "joint"):
        refused(LocalInterestsGrade, None, **local(world, "4.1", A, rule=rule))
    assert agreed_grades([world.outcome("4.1")]) == {}


def test_the_rule_that_was_chosen_for_differing_panels_is_the_one(world: World) -> None:
    """Under another rule than the lower grade, the lower grade is refused as well."""
    named = Round.objects.get(pk=world.round.pk)
    named.differ_rule, named.named_panel = Round.DifferRule.NAMED_PANEL, world.community
    named.record(actor=world.lead, reason="Healthwatch's grade counts")
    world.to_agreeing()
    world.panel_grade("staff_chair", "4.1", U)
    world.panel_grade("community_chair", "4.1", D)
    made = current_local_interests_grade(world.outcome("4.1"))
    assert made is not None
    assert (made.grade.code, made.rule) == (D, "named_panel")
    refused(LocalInterestsGrade, "No round allows", **local(world, "4.1", U, rule="lower"))
    refused(LocalInterestsGrade, "named panel", **local(world, "4.1", U, rule="named_panel"))
    refused(LocalInterestsGrade, "named panel", **local(world, "4.1", A, rule="named_panel"))


def test_a_joint_grade_is_not_the_lower_one(world: World) -> None:
    joint = Round.objects.get(pk=world.round.pk)
    joint.differ_rule = Round.DifferRule.JOINT
    joint.record(actor=world.lead, reason="The chairs agree")
    world.to_agreeing()
    world.panel_grade("staff_chair", "4.1", U)
    world.panel_grade("community_chair", "4.1", D)
    assert current_local_interests_grade(world.outcome("4.1")) is None
    refused(LocalInterestsGrade, "No round allows", **local(world, "4.1", U, rule="lower"))
    world.panel_grade("staff_chair", "4.1", D)
    assert current_local_interests_grade(world.outcome("4.1")) is not None


@pytest.mark.parametrize("edition", ["eds2-2013", "eds-2022"])
def test_a_grade_of_another_edition_stands_nowhere(world: World, edition: str) -> None:
    world.to_settled()
    other = Grade.objects.get(revision=latest_revision(edition), code=D)
    common = {"actor": world.lead, "reason": "x", "assessed_outcome": world.outcome("4.1"), "grade": other}
    refused(ProposedGrade, "another edition", **common, reasons=[], conclusion="")
    refused(PanelGrade, "another edition", **common, panel=world.community, kind="panel")
    newest = PanelGrade.objects.filter(assessed_outcome=world.outcome("4.1")).latest("pk")
    refused(LocalInterestsGrade, "another edition", **common, rule="lower", made_by=newest)


def test_a_panel_grade_put_in_by_hand_ends_what_was_agreed(world: World) -> None:
    """The agreed grade stops counting at once; it does not stay agreed against a newer view of the panel."""
    world.to_settled()
    outcome = world.outcome("4.2")
    assert outcome.pk in agreed_grades([outcome])
    for insert in each_path():
        insert(PanelGrade, **panel(world, "4.2", world.staff, U))
        assert agreed_grades([outcome]) == {}
        assert local_interests_grades([outcome]) == {}
        old = LocalInterestsGrade.objects.filter(assessed_outcome=outcome).latest("pk")
        refused(
            AgreedGrade,
            "latest local interests",
            actor=world.lead,
            reason="x",
            assessed_outcome=outcome,
            local_interests_grade=old,
            proposed_grade=latest_proposal(outcome),
            closed_by="equal",
        )


def test_no_panel_grade_slips_in_below_the_newest(world: World) -> None:
    """What is newest is found by number, so a low one would leave the agreed grade counting against the panel."""
    world.to_settled()
    newest = PanelGrade.objects.filter(assessed_outcome=world.outcome("4.2"), panel=world.staff).latest("seq")
    refused(PanelGrade, "comes after", **panel(world, "4.2", world.staff, U, id=-5))
    refused(PanelGrade, "comes after", **panel(world, "4.2", world.staff, U, seq=newest.seq - 1))
    assert world.outcome("4.2").pk in agreed_grades([world.outcome("4.2")])


def test_a_panel_without_the_outcome_in_its_remit_grades_nothing(world: World) -> None:
    extra = assessments.add_panel(
        actor=world.lead,
        assessment=world.assessment,
        plan=assessments.PanelPlan(
            name="Governors", kind=PanelKind.objects.get(code="staff-side"), outcomes=[world.outcome("4.2")], quorum=1
        ),
    )
    assessments.add_panel_member(actor=world.lead, panel=extra, user=world.outsider, role="chair")
    world.to_agreeing()
    refused(PanelGrade, "remit", **panel(world, "4.1", extra, U))


@pytest.mark.parametrize(
    ("model", "column"),
    [
        (PanelGrade, "grade_id"),
        (ProposedGrade, "grade_id"),
        (LocalInterestsGrade, "grade_id"),
        (LocalInterestsGrade, "made_by_id"),
        (AgreedGrade, "local_interests_grade_id"),
        (AgreedGrade, "proposed_grade_id"),
        (Statement, "local_interests_grade_id"),
        (Grade, "position"),
    ],
)
def test_no_grade_is_changed_in_place(world: World, model: type[models.Model], column: str) -> None:
    world.to_settled()
    before = list(models.QuerySet(model).order_by("pk").values())
    row = models.QuerySet(model).latest("pk")
    value = models.QuerySet(model).exclude(**{column: getattr(row, column)}).values_list(column, flat=True)
    other = value.first() if model is not AgreedGrade and value.exists() else 1
    table = model._meta.db_table
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        models.QuerySet(model).filter(pk=row.pk).update(**{column: other})
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = %s", [other])
    setattr(row, column, other)
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        row.save_base(raw=True, force_update=True)
    assert list(models.QuerySet(model).order_by("pk").values()) == before


def sql(statement: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


@pytest.mark.parametrize("phase", ["preparing", "reviewing", "agreed", "nonsense"])
def test_a_phase_follows_its_recorded_moves(world: World, phase: str) -> None:
    world.to_agreeing()
    with pytest.raises(IntegrityError), transaction.atomic():
        sql("UPDATE assessments_round SET phase = %s WHERE id = %s", phase, world.round.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.QuerySet(Round).filter(pk=world.round.pk).update(phase=phase)
    round_ = Round.objects.get(pk=world.round.pk)
    round_.phase = phase
    with pytest.raises(IntegrityError), transaction.atomic():
        round_.record(actor=world.lead, reason="In a hurry")
    assert Round.objects.get(pk=world.round.pk).phase == Phase.AGREEING


def test_no_round_is_made_in_a_later_phase(world: World) -> None:
    with pytest.raises(IntegrityError, match="recorded moves"), transaction.atomic():
        Round(assessment=world.assessment, name="Sudden", phase=Phase.AGREED, position=9).record(
            actor=world.lead, reason="In a hurry"
        )


@pytest.mark.parametrize("state", ["in_sign_off", "published"])
def test_a_state_follows_its_recorded_moves(world: World, state: str) -> None:
    world.to_agreeing()
    with pytest.raises(IntegrityError, match="recorded moves"), transaction.atomic():
        sql("UPDATE assessments_assessment SET state = %s", state)
    with pytest.raises(IntegrityError, match="recorded moves"), transaction.atomic():
        models.QuerySet(Assessment).update(state=state)
    assert world.refreshed().state == "open"


def test_a_phase_change_is_not_taken_back(world: World) -> None:
    world.to_agreeing()
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        sql("UPDATE assessments_phasechange SET to_phase = 'preparing'")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        models.QuerySet(PhaseChange).filter(round=world.round)._raw_delete("default")


def test_what_grades_rest_on_is_fixed_once_the_round_has_opened(world: World) -> None:
    """Neither another rule, nor another set of panels, nor another outcome under the same rows."""
    world.to_agreeing()
    first, second = world.outcome("4.1"), world.outcome("4.2")
    spare = AssessedOutcome.objects.filter(assessment=world.assessment, round__isnull=True).earliest("pk")
    attacks = [
        (
            f"UPDATE assessments_round SET differ_rule = 'named_panel', named_panel_id = {world.staff.pk}",
            "chosen before",
        ),
        ("UPDATE assessments_round SET differ_rule = 'joint'", "chosen before"),
        (f"DELETE FROM assessments_panelremit WHERE panel_id = {world.community.pk}", "remit is fixed"),
        (f"UPDATE assessments_panelremit SET assessed_outcome_id = {spare.pk}", "remit is fixed"),
        (
            "INSERT INTO assessments_panelremit (panel_id, assessed_outcome_id) "
            f"VALUES ({world.community.pk}, {spare.pk}), ({world.staff.pk}, {first.pk})",
            "remit is fixed",
        ),
        (f"UPDATE assessments_assessedoutcome SET round_id = NULL WHERE id = {first.pk}", "stays in its round"),
        (
            f"UPDATE assessments_assessedoutcome SET round_id = {world.round.pk} WHERE id = {spare.pk}",
            "stays in its round",
        ),
        (
            f"UPDATE assessments_assessedoutcome SET outcome_id = {second.outcome_id} WHERE id = {first.pk}",
            "stays the outcome",
        ),
    ]
    for statement, words in attacks:
        with pytest.raises(IntegrityError, match=words), transaction.atomic():
            sql(statement)


def test_before_a_round_opens_its_grounds_can_be_changed(world: World) -> None:
    """By the verbs, that is: the triggers above leave them room."""
    remit = list(PanelRemit.objects.filter(panel=world.staff))
    assert len(remit) == 2
    assessments.change_panel(
        actor=world.lead,
        panel=world.staff,
        plan=assessments.PanelPlan(name="Staff side", kind=world.staff.kind, outcomes=[world.outcome("4.1")], quorum=1),
        expected_version=None,
        reason="4.2 is not for them",
    )
    assert PanelRemit.objects.get(panel=world.staff).assessed_outcome_id == world.outcome("4.1").pk


def test_a_panel_added_after_a_move_back_reopens_what_was_agreed(world: World) -> None:
    """An agreed grade needs every panel whose remit covers the outcome, also one that came later."""
    world.to_settled()
    for phase in (Phase.REVIEWING, Phase.PREPARING):
        world.move(phase, "A panel is missing.")
    extra = assessments.add_panel(
        actor=world.lead,
        assessment=world.refreshed(),
        plan=assessments.PanelPlan(
            name="Governors", kind=PanelKind.objects.get(code="staff-side"), outcomes=[world.outcome("4.2")], quorum=1
        ),
    )
    outcome = world.outcome("4.2")
    assert agreed_grades([outcome]) == {}
    assert agreed_grades([world.outcome("4.1")]) != {}
    old = LocalInterestsGrade.objects.filter(assessed_outcome=outcome).latest("pk")
    with pytest.raises(IntegrityError, match="has no grade yet"), transaction.atomic():
        AgreedGrade.append(
            actor=world.lead,
            assessed_outcome=outcome,
            local_interests_grade=old,
            proposed_grade=latest_proposal(outcome),
            closed_by="equal",
        )
    assert extra.remit.count() == 1


def test_the_admin_registers_nothing_that_decides() -> None:
    deciding = {"grading", "evidence", "reports", "assessments", "access", "history", "objectives", "files", "jobs"}
    registered = {model._meta.label for model in admin.site._registry if model._meta.app_label in deciding}
    assert registered == set()
    assert admin.site._registry, "the administration pages have not been loaded"
