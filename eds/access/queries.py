"""The query sets that nearly every request asks for, prepared: who somebody is, and what they may open at all.

What may be opened at all comes through guardian; what may be done with it is asked of the table (`decide`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet
from guardian.shortcuts import get_objects_for_user

from eds.assessments.models import AssessedOutcome, Assessment, Contributor, Panel, PanelMember, Round
from eds.history.prepared import prepared
from eds.people.models import Membership, Organisation, User

from .grants import OPEN_ASSESSMENT, OPEN_ORGANISATION

LEADING = [Membership.Role.EQUALITY_LEAD, Membership.Role.DEPUTY]
KEEPING = [PanelMember.Role.CHAIR, PanelMember.Role.ORGANISER]


def open_assessments(user: User | int) -> QuerySet[Assessment]:
    """Give the assessments that somebody may open, through guardian."""
    return get_objects_for_user(
        _person(user), OPEN_ASSESSMENT, Assessment.objects.all(), with_superuser=False, accept_global_perms=False
    )


def open_organisations(user: User | int) -> QuerySet[Organisation]:
    """Give the organisations whose pages somebody may open, through guardian."""
    return get_objects_for_user(
        _person(user), OPEN_ORGANISATION, Organisation.objects.all(), with_superuser=False, accept_global_perms=False
    )


def _person(user: User | int) -> User:
    return User(pk=user) if isinstance(user, int) else user


@prepared
def all_assessments(user: int) -> QuerySet[Assessment]:
    """Give all assessments that somebody may open, with what names them."""
    return open_assessments(user).select_related("organisation", "framework", "revision")


@prepared
def all_organisations(user: int) -> QuerySet[Organisation]:
    """Give all organisations whose pages somebody may open."""
    return open_organisations(user)


@prepared
def one_organisation(user: int, public_id: str) -> QuerySet[Organisation]:
    """Give an organisation where somebody may open its pages."""
    return open_organisations(user).filter(public_id=public_id)[:1]


@prepared
def one_assessment(user: int, public_id: str) -> QuerySet[Assessment]:
    """Give an assessment where somebody may open it."""
    found = open_assessments(user).filter(public_id=public_id)
    return found.select_related("organisation", "framework", "revision")[:1]


@prepared
def one_round(user: int, public_id: str) -> QuerySet[Round]:
    """Give a round of an assessment that somebody may open."""
    found = Round.objects.filter(assessment__in=open_assessments(user), public_id=public_id)
    return found.select_related("assessment__organisation", "assessment__framework")[:1]


@prepared
def one_panel(user: int, public_id: str) -> QuerySet[Panel]:
    """Give a panel of an assessment that somebody may open."""
    found = Panel.objects.filter(assessment__in=open_assessments(user), public_id=public_id)
    return found.select_related("assessment__organisation", "assessment__framework", "kind")[:1]


@prepared
def one_outcome(user: int, public_id: str) -> QuerySet[AssessedOutcome]:
    """Give an outcome of an assessment that somebody may open."""
    found = AssessedOutcome.objects.with_scope().filter(assessment__in=open_assessments(user), public_id=public_id)
    return found.select_related(
        "assessment__organisation",
        "assessment__framework",
        "assessment__revision",
        "outcome__goal",
        "service",
        "round",
    )[:1]


@prepared
def covering_panel(outcome: AssessedOutcome, public_id: str) -> QuerySet[Panel]:
    """Give a panel whose remit covers an outcome."""
    return Panel.objects.filter(remit__assessed_outcome=outcome, public_id=public_id).select_related("kind")[:1]


@prepared
def roles_in(user: int, organisations: Sequence[int]) -> QuerySet[Membership, Any]:
    """Give (organisation, role) for the memberships that somebody has now."""
    held = Membership.objects.filter(user_id=user, organisation__in=organisations, ended_on__isnull=True)
    return held.values_list("organisation_id", "role")


@prepared
def places_in(user: int, assessments: Sequence[Assessment]) -> QuerySet[PanelMember, Any]:
    """Give (assessment, role, panel, outcome of its remit) for somebody's places on panels of some assessments."""
    places = PanelMember.objects.order_by().filter(
        user_id=user, panel__assessment__in=assessments, left_on__isnull=True
    )
    return places.values_list("panel__assessment_id", "role", "panel_id", "panel__remit__assessed_outcome_id")


@prepared
def contributions_to(user: int, assessments: Sequence[Assessment]) -> QuerySet[Contributor, Any]:
    """Give (assessment, outcome) for what somebody contributes to in some assessments."""
    given = Contributor.objects.order_by().filter(
        user_id=user, assessed_outcome__assessment__in=assessments, ended_on__isnull=True
    )
    return given.values_list("assessed_outcome__assessment_id", "assessed_outcome_id")


@prepared
def contributions_in(user: int, organisations: Sequence[int]) -> QuerySet[Contributor, Any]:
    """Give for each contribution of somebody's to some organisations which it is for."""
    given = Contributor.objects.order_by().filter(
        user_id=user, assessed_outcome__assessment__organisation__in=organisations, ended_on__isnull=True
    )
    return given.values_list("assessed_outcome__assessment__organisation_id", flat=True)


@prepared
def places_with(user: int, organisations: Sequence[int]) -> QuerySet[PanelMember, Any]:
    """Give (organisation, role) for somebody's places on panels of some organisations."""
    places = PanelMember.objects.order_by().filter(
        user_id=user, panel__assessment__organisation__in=organisations, left_on__isnull=True
    )
    return places.values_list("panel__assessment__organisation_id", "role")


@prepared
def memberships(user: int) -> QuerySet[Membership]:
    """Give somebody's memberships now, the first joined first."""
    mine = Membership.objects.filter(user_id=user, ended_on__isnull=True)
    return mine.select_related("organisation").order_by("pk")


@prepared
def libraries(user: int) -> QuerySet[Organisation]:
    """Give the organisations that somebody leads or contributes to: they see their libraries."""
    leads = Membership.objects.filter(user_id=user, ended_on__isnull=True, role__in=LEADING)
    contributes = Contributor.objects.filter(user_id=user, ended_on__isnull=True)
    return Organisation.objects.filter(
        Q(pk__in=leads.values("organisation"))
        | Q(pk__in=contributes.values("assessed_outcome__assessment__organisation"))
    )


def kept_places(user: int) -> QuerySet[PanelMember]:
    """Give the places from which somebody keeps a panel's list of people."""
    return PanelMember.objects.filter(user_id=user, role__in=KEEPING, left_on__isnull=True)


@prepared
def one_kept_place(user: int) -> QuerySet[PanelMember, Any]:
    """Give the primary key of one of kept_places()."""
    return kept_places(user).order_by().values_list("pk", flat=True)[:1]
