"""What grades rest on changes after an opening only with a reason, which the panel sees and reports can print (R12)."""

from __future__ import annotations

import dataclasses

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from eds.assessments import domain as assessments
from eds.assessments.models import GroundsChange, Panel, PanelKind, Phase, Round
from eds.assessments.queries import changes_after_opening, changes_of_panel
from tests.noes import no
from tests.world import World

pytestmark = pytest.mark.django_db


def back_to_preparing(world: World) -> World:
    world.to_reviewing()
    world.move(Phase.PREPARING, "A panel is missing.")
    return world


def plan(world: World) -> assessments.PanelPlan:
    return assessments.PanelPlan(
        "Healthwatch", world.community.kind, [world.outcome("4.1"), world.outcome("4.2")], 2, Panel.Rule.CONSENSUS
    )


def change(world: World, reason: str = "Few can come.", **values: object) -> Panel:
    return assessments.change_panel(
        actor=world.lead,
        panel=Panel.objects.get(pk=world.community.pk),
        plan=dataclasses.replace(plan(world), **values),
        expected_version=None,
        reason=reason,
    )


def round_plan(world: World, **values: object) -> assessments.RoundPlan:
    round_ = Round.objects.get(pk=world.round.pk)
    honest = assessments.RoundPlan(
        round_.name, list(world.outcomes.values()), review_by=round_.review_by, agree_by=round_.agree_by
    )
    return dataclasses.replace(honest, **values)


def change_round(world: World, reason: str = "The chairs asked for it.", **values: object) -> Round:
    return assessments.change_round(
        actor=world.lead,
        round=Round.objects.select_related("assessment").get(pk=world.round.pk),
        plan=round_plan(world, **values),
        reason=reason,
    )


def test_before_opening_nothing_is_kept(world: World) -> None:
    world.prepare()
    change(world, "", quorum=1)
    change_round(world, "", differ_rule=Round.DifferRule.JOINT)
    assert not GroundsChange.objects.exists()


def test_each_change_after_opening_is_kept_with_what_was(world: World) -> None:
    back_to_preparing(world)
    change(world, quorum=1, rule=Panel.Rule.MEDIAN, name="Healthwatch Vale", outcomes=[world.outcome("4.1")])
    rows = {row.what: (row.before, row.after, row.reason) for row in changes_of_panel(world.community)}
    assert rows == {
        "The panel's name": ("Healthwatch", "Healthwatch Vale", "Few can come."),
        "The quorum": ("2", "1", "Few can come."),
        "How reviews become the panel's grade": (
            Panel.Rule.CONSENSUS.label,
            Panel.Rule.MEDIAN.label,
            "Few can come.",
        ),
        "What the panel grades": ("4.1, 4.2", "4.1", "Few can come."),
    }
    assert changes_of_panel(world.staff) == []


def test_nothing_changed_keeps_nothing_and_asks_nothing(world: World) -> None:
    back_to_preparing(world)
    change(world, "")
    change_round(world, "")
    assert not GroundsChange.objects.exists()


def test_a_change_without_a_reason(world: World) -> None:
    back_to_preparing(world)
    with no("say why this changes", "reason"):
        change(world, " ", quorum=1)
    with no("say why this changes", "reason"):
        change_round(world, "", differ_rule=Round.DifferRule.JOINT)


def test_a_rounds_rule_is_seen_by_all_its_panels(world: World) -> None:
    back_to_preparing(world)
    change_round(world, differ_rule=Round.DifferRule.NAMED_PANEL, named_panel=world.staff)
    words = "What counts where panels differ was The lower grade counts and is One named panel's grade counts: Staff side now"
    for panel in (world.community, world.staff):
        assert [row.words for row in changes_of_panel(panel)] == [f"{words}: The chairs asked for it."]
    assert len(changes_after_opening(world.assessment)) == 1


def test_a_panel_that_is_added_late_is_kept(world: World) -> None:
    back_to_preparing(world)
    panel = assessments.add_panel(
        actor=world.lead,
        assessment=world.assessment,
        plan=assessments.PanelPlan("Governors", PanelKind.objects.get(code="staff-side"), [world.outcome("4.1")], 1),
        reason="Governors have a say.",
    )
    [row] = changes_of_panel(panel)
    assert (row.after, row.reason) == ("Governors (new)", "Governors have a say.")


@pytest.mark.engine
def test_the_database_keeps_rule_and_quorum_while_a_round_is_open(world: World) -> None:
    world.to_reviewing()
    for column, value in (("quorum", "1"), ("rule", "'median'")):
        with (
            pytest.raises(IntegrityError, match="before its round opens"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE assessments_panel SET {column} = {value} WHERE id = {world.community.pk}")


def test_on_screen(world: World) -> None:
    back_to_preparing(world)
    client = Client()
    client.force_login(world.lead, backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("panel-edit", args=[world.community.public_id])
    assert "Why does this change?" in client.get(url).content.decode()
    change(world, quorum=1)
    client.force_login(world.reviewer, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("panel", args=[world.community.public_id])).content.decode()
    assert "The quorum was 2 and is 1 now: Few can come." in page
    assert "Lena Lead" not in page.partition("<main")[2]
