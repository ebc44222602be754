"""Guardian's grants are derived from who belongs, and nothing else opens anything."""

from __future__ import annotations

import copy
import random

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from guardian.shortcuts import assign_perm, get_objects_for_user

from eds.access import grants
from eds.access.models import (
    AssessmentGroupGrant,
    AssessmentUserGrant,
    OrganisationGroupGrant,
    OrganisationUserGrant,
)
from eds.assessments import domain as assessments
from eds.assessments.models import AssessedOutcome, Assessment, Contributor, Panel, PanelMember
from eds.history.errors import DomainError
from eds.history.models import today
from eds.people.models import Membership, Organisation, User
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.engine]

GRANTS = (AssessmentUserGrant, AssessmentGroupGrant, OrganisationUserGrant, OrganisationGroupGrant)


def held() -> dict[str, set[tuple]]:
    """Who holds what, without keys: users and groups by name."""
    found = {
        model.__name__: set(
            model.objects.values_list(
                "permission__codename",
                "content_object_id",
                "user__email" if hasattr(model, "user") else "group__name",
            )
        )
        for model in GRANTS
    }
    for model in GRANTS:
        assert model.objects.count() == len(found[model.__name__]), "a grant stands there twice"
    return found | {"members": set(User.groups.through.objects.values_list("user__email", "group__name"))}


def expected() -> dict[str, set[tuple]]:
    """The same, worked out here from who belongs."""
    group = {o.pk: f"organisation {o.public_id}" for o in Organisation.objects.all()}
    of = dict(Assessment.objects.values_list("pk", "organisation_id"))
    here = {"left_on__isnull": True}
    on_panels = PanelMember.objects.filter(**here).values_list("panel__assessment_id", "user__email")
    contributors = set(
        Contributor.objects.filter(ended_on__isnull=True).values_list("assessed_outcome__assessment_id", "user__email")
    )
    leading = Membership.objects.filter(ended_on__isnull=True).exclude(role=Membership.Role.EMPLOYEE)
    return {
        "AssessmentUserGrant": {("open_assessment", pk, email) for pk, email in {*on_panels, *contributors}},
        "AssessmentGroupGrant": {("open_assessment", pk, group[trust]) for pk, trust in of.items()},
        "OrganisationUserGrant": {("open_organisation", of[pk], email) for pk, email in {*on_panels, *contributors}},
        "OrganisationGroupGrant": {("open_organisation", pk, name) for pk, name in group.items()},
        "members": {(email, group[trust]) for trust, email in leading.values_list("organisation_id", "user__email")},
    }


def openable(user: User) -> set[Assessment]:
    return set(get_objects_for_user(user, grants.OPEN_ASSESSMENT, accept_global_perms=False, with_superuser=False))


def shake(world: World, dice: random.Random, panels: list[Panel]) -> None:
    """One random joining or ending."""
    user = dice.choice(list(world.people.values()))
    lead = world.lead
    match dice.choice(["join", "leave", "contribute", "stop", "belong", "end"]):
        case "join":
            assessments.add_panel_member(
                actor=lead,
                panel=dice.choice(panels),
                user=user,
                role=dice.choice(PanelMember.Role.values),
                reason="Asked",
            )
        case "leave":
            places = list(PanelMember.objects.filter(left_on__isnull=True))
            if places:
                assessments.end_panel_member(actor=lead, member=dice.choice(places), reason="Left")
        case "contribute":
            assessments.add_contributor(
                actor=lead,
                assessed_outcome=dice.choice(list(AssessedOutcome.objects.select_related("assessment__organisation"))),
                user=user,
                for_what="Something",
            )
        case "stop":
            parts = list(Contributor.objects.filter(ended_on__isnull=True))
            if parts:
                assessments.end_contributor(actor=lead, contributor=dice.choice(parts), reason="Left")
        case "belong":
            trust = dice.choice([world.trust, world.other_trust])
            role = dice.choice(["equality_lead", "deputy", "board_member", "employee"])
            current = Membership.objects.filter(user=user, organisation=trust, role=role, ended_on__isnull=True)
            if not current.exists():
                Membership(user=user, organisation=trust, role=role).record(actor=lead, reason="Joined")
                grants.derive(trust)
        case "end":
            membership = dice.choice(list(Membership.objects.filter(ended_on__isnull=True)))
            membership.ended_on = today()
            membership.record(actor=lead, reason="Left")
            grants.derive(membership.organisation)


def test_the_world_has_the_grants_of_who_belongs(world: World) -> None:
    assert held() == expected()
    assert openable(world.lead) == openable(world.reviewer) == openable(world.contributor) == {world.assessment}
    assert openable(world.sponsor) == openable(world.board) == {world.assessment}
    assert openable(world.outsider) == set()


@pytest.mark.parametrize("seed", range(3))
def test_deriving_step_by_step_is_rebuilding(world: World, seed: int) -> None:
    dice = random.Random(seed)
    second = assessments.open_assessment(
        actor=world.outsider, organisation=world.other_trust, revision=world.revision, year=2026
    )
    elsewhere = assessments.add_panel(
        actor=world.outsider,
        assessment=second,
        plan=assessments.PanelPlan("Union", world.staff.kind, [second.outcomes.earliest("pk")], 1),
    )
    panels, seen = [world.community, world.staff, elsewhere], []
    for _ in range(30):
        try:
            shake(world, dice, panels)
        except DomainError:
            continue
        seen.append(held())
        assert seen[-1] == expected()
    assert len({str(sorted(map(str, now.items()))) for now in seen}) > 5, "hardly anything happened"
    before = held()
    grants.rebuild()
    assert held() == before
    for model in GRANTS:
        model.objects.all().delete()
    User.groups.through.objects.all().delete()
    grants.rebuild()
    assert held() == before


def test_rebuilding_takes_away_what_nobody_derived(world: World) -> None:
    before = held()
    assign_perm(grants.OPEN_ASSESSMENT, world.outsider, world.assessment)
    grants.group_of(world.trust).user_set.add(world.outsider)
    assign_perm(grants.OPEN_ORGANISATION, world.outsider, world.trust)
    assign_perm(grants.OPEN_ASSESSMENT, grants.group_of(world.other_trust), world.assessment)
    assign_perm(grants.OPEN_ORGANISATION, grants.group_of(world.other_trust), world.trust)
    assert openable(world.outsider) == {world.assessment}
    grants.rebuild()
    assert held() == before
    assert openable(world.outsider) == set()


def test_who_left_opens_nothing_and_who_has_another_place_still_does(world: World) -> None:
    assessments.add_contributor(
        actor=world.lead, assessed_outcome=world.outcome("4.1"), user=world.reviewer, for_what="More"
    )
    place = PanelMember.objects.get(user=world.reviewer)
    assessments.end_panel_member(actor=world.lead, member=place, reason="Left")
    assert openable(world.reviewer) == {world.assessment}
    part = Contributor.objects.get(user=world.reviewer)
    assessments.end_contributor(actor=world.lead, contributor=part, reason="Left")
    assert openable(world.reviewer) == set()


def test_a_grant_that_fails_takes_the_place_with_it(world: World) -> None:
    """Both are in one transaction: no place without its grant."""
    before, places = held(), PanelMember.objects.count()
    with pytest.raises(DomainError):
        assessments.add_panel_member(actor=world.lead, panel=world.community, user=world.reviewer)
    assert (held(), PanelMember.objects.count()) == (before, places)


def _asked(user: User) -> tuple[set, set]:
    from eds.access.decide import Access

    access = Access(copy.copy(user))
    return set(access.assessments()), set(access.organisations())


def test_superusers_and_global_permissions_open_nothing(world: World) -> None:
    nobody = (set(), set())
    assert world.admin.is_superuser
    assert _asked(world.admin) == nobody
    for name in (grants.OPEN_ASSESSMENT, grants.OPEN_ORGANISATION):
        app, codename = name.split(".")
        permission = Permission.objects.get(content_type__app_label=app, codename=codename)
        world.outsider.user_permissions.add(permission)
        everybody = Group.objects.create(name=f"everybody {codename}")
        everybody.permissions.add(permission)
        world.outsider.groups.add(everybody)
    outsider = User.objects.get(pk=world.outsider.pk)
    assert outsider.has_perm(grants.OPEN_ASSESSMENT), "the global permission is held, and has to be ignored"
    assert world.assessment not in _asked(outsider)[0]
    assert world.trust not in _asked(outsider)[1]
    assert world.assessment in _asked(world.lead)[0]


def test_nothing_is_granted_globally(world: World) -> None:
    world.to_published()
    assert not User.user_permissions.through.objects.exists()
    assert not Group.permissions.through.objects.exists()
    assert {group.name for group in Group.objects.all()} == {
        f"organisation {trust.public_id}" for trust in Organisation.objects.all()
    }
    for name in ("guardian.UserObjectPermission", "guardian.GroupObjectPermission"):
        assert not apps.get_model(name).objects.exists()
    assert not User.objects.filter(email__icontains="anonymous").exists()
