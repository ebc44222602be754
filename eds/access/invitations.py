"""What an invitation gives, and whether its inviter still may: asked again when it is sent and when it is accepted."""

from __future__ import annotations

from django.http import Http404

from eds.assessments import domain
from eds.assessments.models import AssessedOutcome, Contributor, Panel, PanelMember, Phase, Round, State
from eds.history.errors import DomainError
from eds.people.domain import join
from eds.people.invitations import InvitationKind, Offer, register_kind
from eds.people.links import part_fact
from eds.people.models import Invitation, Membership, Organisation, User

from .decide import Access
from .table import Deed

PANEL, CONTRIBUTOR, ORGANISATION = "panel", "contributor", "organisation"
APPOINTED_ROLES = frozenset({PanelMember.Role.CHAIR, PanelMember.Role.ORGANISER})
INVITED_ROLES = [
    Membership.Role.DEPUTY,
    Membership.Role.BOARD_SPONSOR,
    Membership.Role.BOARD_MEMBER,
    Membership.Role.EMPLOYEE,
]
GONE = "What it was for is not there any more."


def _panel(invitation: Invitation) -> Panel | None:
    return (
        Panel.objects.select_related("assessment__organisation", "assessment__framework", "kind")
        .filter(public_id=invitation.subject)
        .first()
    )


def _outcome(invitation: Invitation) -> AssessedOutcome | None:
    return (
        AssessedOutcome.objects.select_related(
            "assessment__organisation", "assessment__framework", "outcome__goal", "service", "round"
        )
        .filter(public_id=invitation.subject)
        .first()
    )


def why_not_panel(user: User, invitation: Invitation) -> str:
    """The lead names chair and organiser; the panel's own chair and organiser invite everybody (R21)."""
    panel = _panel(invitation)
    if panel is None:
        return GONE
    if invitation.appointed:
        if invitation.role not in APPOINTED_ROLES:
            return "The equality lead names a panel's chair and organiser only."
        return Access(user).may(Deed.APPOINT_TO_PANEL, panel).sentence
    return Access(user).may(Deed.KEEP_PANEL_LIST, panel).sentence


def take_up_panel(invitation: Invitation, user: User) -> None:
    """Give the place on the panel. The words of a no are for the invited person."""
    panel = _panel(invitation)
    if panel is None:
        raise DomainError(GONE)
    if panel.members.filter(user=user, left_on__isnull=True).exists():
        raise DomainError("You are on this panel already. Sign in to go on.")
    reason = str(invitation.details.get("reason", "")) or "Accepted the invitation"
    domain.add_panel_member(actor=invitation.invited_by, panel=panel, user=user, role=invitation.role, reason=reason)


def offer_panel(invitation: Invitation) -> Offer:
    """Say which panel of which organisation asks, and as what."""
    panel = _panel(invitation)
    assert panel is not None
    role = PanelMember.Role(invitation.role).label.lower()
    article = "an" if invitation.role == PanelMember.Role.ORGANISER else "a"
    return Offer(
        organisation=panel.assessment.organisation.name,
        sentence=f"You are asked to be {article} {role} on the panel “{panel}”, which grades how well the organisation "
        f"does on equality ({panel.assessment}).",
        hint="Who is on a panel is seen by its chair and organiser only, never by the organisation. "
        "If you work for the organisation, use a personal e-mail address.",
    )


def why_not_contributor(user: User, invitation: Invitation) -> str:
    """The lead sets the assessment up."""
    outcome = _outcome(invitation)
    return Access(user).may(Deed.SET_UP, outcome.assessment).sentence if outcome else GONE


def take_up_contributor(invitation: Invitation, user: User) -> None:
    """Make the person a lead contact of the outcome."""
    outcome = _outcome(invitation)
    if outcome is None:
        raise DomainError(GONE)
    if outcome.contributors.filter(user=user, ended_on__isnull=True).exists():
        return
    domain.add_contributor(
        actor=invitation.invited_by,
        assessed_outcome=outcome,
        user=user,
        for_what=str(invitation.details.get("for_what", "")),
        reason="Accepted the invitation",
    )


def offer_contributor(invitation: Invitation) -> Offer:
    """Say for which outcome evidence is asked."""
    outcome = _outcome(invitation)
    assert outcome is not None
    return Offer(
        organisation=outcome.assessment.organisation.name,
        sentence=f"You are asked to write the evidence for “{outcome.outcome.text}” ({outcome.assessment}).",
    )


def why_not_organisation(user: User, invitation: Invitation) -> str:
    """The lead invites into the organisation; equality leads themselves are made by the site administrator."""
    organisation = Organisation.objects.filter(public_id=invitation.subject).first()
    if organisation is None or invitation.role not in INVITED_ROLES:
        return GONE
    return Access(user).may(Deed.KEEP_MEMBERS, organisation).sentence


def take_up_organisation(invitation: Invitation, user: User) -> None:
    """Give the place in the organisation."""
    organisation = Organisation.objects.get(public_id=invitation.subject)
    if Membership.objects.filter(
        user=user, organisation=organisation, role=invitation.role, ended_on__isnull=True
    ).exists():
        return
    join(
        actor=invitation.invited_by,
        user=user,
        organisation=organisation,
        role=invitation.role,
        reason="Accepted the invitation",
    )


def offer_organisation(invitation: Invitation) -> Offer:
    """Say which organisation asks, and as what."""
    name = Organisation.objects.get(public_id=invitation.subject).name
    role = Membership.Role(invitation.role).label.lower()
    return Offer(organisation=name, sentence=f"You are asked to take part in its equality work as: {role}.")


def has_open_part(user: User) -> bool:
    """Say whether somebody may still come in by a link: a place in an organisation, a contribution to what is not yet
    published, or a panel one of whose rounds is not agreed (R22). Site administrators may.
    """
    if user.is_staff or Membership.objects.filter(user=user, ended_on__isnull=True).exists():
        return True
    contributes = Contributor.objects.filter(user=user, ended_on__isnull=True)
    if contributes.exclude(assessed_outcome__assessment__state=State.PUBLISHED).exists():
        return True
    panels = PanelMember.objects.filter(user=user, left_on__isnull=True).values("panel")
    if Round.objects.exclude(phase=Phase.AGREED).filter(outcomes__remits__panel__in=panels).exists():
        return True
    # A panel whose outcomes are in no round yet waits for one.
    return AssessedOutcome.objects.filter(
        remits__panel__in=panels, round__isnull=True, assessment__state=State.OPEN
    ).exists()


def register_all() -> None:
    """Hand up what invitations of this product mean."""
    register_kind(InvitationKind(PANEL, why_not_panel, take_up_panel, offer_panel))
    register_kind(InvitationKind(CONTRIBUTOR, why_not_contributor, take_up_contributor, offer_contributor))
    register_kind(InvitationKind(ORGANISATION, why_not_organisation, take_up_organisation, offer_organisation))
    part_fact(has_open_part)


def fetch_invitation(access: Access, public_id: str) -> Invitation:
    """Fetch an invitation for somebody who may keep it; for everybody else there is none (R21)."""
    found = Invitation.objects.select_related("invited_by").filter(public_id=public_id).first()
    if found is None or not isinstance(access.user, User) or not _keeps(access, found):
        raise Http404
    return found


def _keeps(access: Access, invitation: Invitation) -> bool:
    if invitation.kind == PANEL:
        panel = _panel(invitation)
        if panel is None:
            return False
        keeps = access.may(Deed.KEEP_PANEL_LIST, panel)
        return bool(keeps or (invitation.appointed and access.may(Deed.APPOINT_TO_PANEL, panel)))
    if invitation.kind == CONTRIBUTOR:
        outcome = _outcome(invitation)
        return outcome is not None and bool(access.may(Deed.SET_UP, outcome.assessment))
    organisation = Organisation.objects.filter(public_id=invitation.subject).first()
    return organisation is not None and bool(access.may(Deed.KEEP_MEMBERS, organisation))
