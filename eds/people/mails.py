"""The mails of this room: an invitation, a link to sign in, a link to a new password."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from eds.jobs.letters import Letter, site_url, write_letter
from eds.jobs.models import OutboxMail
from eds.jobs.outbox import MailKind, register_mail

from . import invitations, links
from .models import Invitation, LinkRequest, OneTimeLink, User


def _invitation(mail: OutboxMail) -> Invitation:
    return Invitation.objects.select_related("invited_by").get(public_id=mail.subject)


def why_no_invitation(mail: OutboxMail) -> str:
    """Ask again whether the invitation stands and its inviter still may."""
    invitation = _invitation(mail)
    if invitation.accepted_at:
        return "The invitation has been accepted."
    if invitation.withdrawn_at:
        return "The invitation was withdrawn."
    if invitation.expires_at <= timezone.now():
        return "The invitation ran out before it could be sent."
    if not invitation.invited_by.is_active:
        return "Who invited this person has no part in it any more."
    return invitations.kind_of(invitation).why_not(invitation.invited_by, invitation)


def write_invitation(mail: OutboxMail) -> Letter:
    """Says only that somebody asks to take part: what it is stands behind the link."""
    invitation = _invitation(mail)
    return write_letter(
        invitation.email,
        "invitation",
        url=links.issue_join_link(invitation),
        until=timezone.localdate(invitation.expires_at),
    )


def _request(mail: OutboxMail) -> tuple[LinkRequest | None, User | None]:
    request = LinkRequest.objects.filter(public_id=mail.subject).first()
    return request, User.objects.filter(email=request.email).first() if request else None


def why_no_sign_in(mail: OutboxMail) -> str:
    """Find out whose address it is, and whether the person still has a part."""
    request, user = _request(mail)
    if request is None:
        return "The request is too old."
    if user is None or not user.is_active:
        return "Nobody has this address."
    return ""


def write_sign_in(mail: OutboxMail) -> Letter:
    """A link to sign in or to a new password; to somebody whose part has ended, where to read what came of it."""
    request, user = _request(mail)
    assert request is not None
    assert user is not None
    if links.why_no_link(user, request.purpose):
        return write_letter(user.email, "part_ended", url=site_url(reverse("public-reports")))
    url = links.issue_link(OneTimeLink.Purpose(request.purpose), user)
    template = "new_password" if request.purpose == OneTimeLink.Purpose.RESET else "sign_in"
    return write_letter(user.email, template, url=url, minutes=settings.EDS_SIGN_IN_LINK_MINUTES)


def register_all() -> None:
    """Hand the kinds of mail to the outbox."""
    register_mail(MailKind(invitations.INVITATION_MAIL, why_no_invitation, write_invitation))
    register_mail(MailKind(links.SIGN_IN_MAIL, why_no_sign_in, write_sign_in))
