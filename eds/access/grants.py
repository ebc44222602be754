"""Derives guardian's groups and grants from who belongs, in the transaction of the change.

Memberships, panel members and contributors are the truth; nothing here is decided. `rebuild()` makes all of it again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group
from guardian.shortcuts import assign_perm, get_users_with_perms, remove_perm

from eds.assessments.models import Assessment, Contributor, PanelMember
from eds.people.models import Membership, Organisation, User

from .models import AssessmentGroupGrant, OrganisationGroupGrant

OPEN_ASSESSMENT = "assessments.open_assessment"
OPEN_ORGANISATION = "people.open_organisation"
_GROUP_ROLES = [
    Membership.Role.EQUALITY_LEAD,
    Membership.Role.DEPUTY,
    Membership.Role.BOARD_SPONSOR,
    Membership.Role.BOARD_MEMBER,
]


def group_of(organisation: Organisation) -> Group:
    """Give the group of an organisation's leads and board."""
    return Group.objects.get_or_create(name=f"organisation {organisation.public_id}")[0]


def derive(organisation: Organisation, assessment: Assessment | None = None) -> None:
    """Bring the grants of an organisation, and of one or all of its assessments, in line with who belongs."""
    group = group_of(organisation)
    wanted = User.objects.filter(
        memberships__organisation=organisation, memberships__role__in=_GROUP_ROLES, memberships__ended_on__isnull=True
    )
    group.user_set.set(wanted.distinct())
    assign_perm(OPEN_ORGANISATION, group, organisation)
    OrganisationGroupGrant.objects.filter(content_object=organisation).exclude(group=group).delete()
    for each in [assessment] if assessment else Assessment.objects.filter(organisation=organisation):
        assign_perm(OPEN_ASSESSMENT, group, each)
        AssessmentGroupGrant.objects.filter(content_object=each).exclude(group=group).delete()
        people = set(
            PanelMember.objects.filter(panel__assessment=each, left_on__isnull=True).values_list("user_id", flat=True)
        ) | set(_contributors(each))
        _set_users(OPEN_ASSESSMENT, each, people)
    contributors = Contributor.objects.filter(
        assessed_outcome__assessment__organisation=organisation, ended_on__isnull=True
    )
    on_panels = PanelMember.objects.filter(panel__assessment__organisation=organisation, left_on__isnull=True)
    everywhere = {*contributors.values_list("user_id", flat=True), *on_panels.values_list("user_id", flat=True)}
    _set_users(OPEN_ORGANISATION, organisation, everywhere)


def rebuild() -> None:
    """Derive everything again."""
    for organisation in Organisation.objects.all():
        derive(organisation)


def _contributors(assessment: Assessment) -> Iterable[int]:
    return Contributor.objects.filter(assessed_outcome__assessment=assessment, ended_on__isnull=True).values_list(
        "user_id", flat=True
    )


def _set_users(permission: str, thing: Assessment | Organisation, wanted: set[int]) -> None:
    holders: Any = get_users_with_perms(thing, with_group_users=False, with_superusers=False)
    held: dict[int, User] = holders.in_bulk()
    for pk in held.keys() - wanted:
        remove_perm(permission, held[pk], thing)
    for user in User.objects.filter(pk__in=wanted - held.keys()):
        assign_perm(permission, user, thing)
