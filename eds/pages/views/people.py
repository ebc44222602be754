"""The organisation's people, and invitations: sent again or withdrawn by who keeps them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from eds.access.decide import access_of
from eds.access.http import attempt
from eds.access.invitations import CONTRIBUTOR, INVITED_ROLES, ORGANISATION, PANEL, fetch_invitation
from eds.access.table import Deed
from eds.assessments import domain
from eds.assessments.models import AssessedOutcome, Panel
from eds.history.errors import DomainError
from eds.jobs.models import OutboxMail
from eds.pages.forms import EndForm
from eds.pages.mails.telling import remind_contributors, remind_panel
from eds.people.forms import InviteToOrganisationForm
from eds.people.invitations import INVITATION_MAIL, invite, open_invitations, send_again, withdraw
from eds.people.models import Invitation, Membership, User
from eds.ui.views import answer

MAY = {
    Membership.Role.EQUALITY_LEAD: "Opens and runs assessments, proposes grades, publishes. Sees how many people "
    "review, never who.",
    Membership.Role.DEPUTY: "The same as the equality lead.",
    Membership.Role.BOARD_SPONSOR: "Reads from the moment that grades are being agreed, and signs the report off.",
    Membership.Role.BOARD_MEMBER: "Reads from the moment that grades are being agreed.",
    Membership.Role.EMPLOYEE: "Can be asked to write evidence for an outcome, and sees what they write for.",
}


@login_required
@require_http_methods(["GET", "POST"])
def organisation(request: HttpRequest, organisation_id: str) -> HttpResponse:
    """Who belongs to the organisation, what each may see, and inviting somebody."""
    found = access_of(request).organisation(Deed.KEEP_MEMBERS, organisation_id)
    form = InviteToOrganisationForm(
        request.POST if request.method == "POST" else None,
        roles=[(role.value, role.label, MAY[role]) for role in INVITED_ROLES],
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = attempt(
            form,
            lambda: invite(
                actor=request.user,  # type: ignore[arg-type]
                kind=ORGANISATION,
                subject=found.public_id,
                email=data["email"],
                name=data["name"],
                role=data["role"],
            ),
        )
        if made:
            messages.success(request, f"An invitation is on its way to {made.email}.")
            return redirect("organisation-people", found.public_id)
    members = Membership.objects.filter(organisation=found, ended_on__isnull=True).select_related("user")
    invited = list(open_invitations().filter(kind=ORGANISATION, subject=found.public_id))
    context = {
        "organisation": found,
        "members": [(each, MAY[Membership.Role(each.role)]) for each in members.order_by("user__name", "pk")],
        "invited": [(each, Membership.Role(each.role).label) for each in invited],
        "now": timezone.now(),
    }
    return answer(request, "pages/organisation_people.html", context, form)


@login_required
@require_http_methods(["GET", "POST"])
def remove_panel(request: HttpRequest, panel_id: str) -> HttpResponse:
    """Remove a panel that has not opened, after asking."""
    found = access_of(request).panel(Deed.APPOINT_TO_PANEL, panel_id)
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        removed = attempt(
            form,
            lambda: domain.remove_panel(
                actor=request.user,  # type: ignore[arg-type]
                panel=found,
                reason=form.cleaned_data["reason"],
            ),
        )
        if removed:
            messages.success(request, f"{found} is removed.")
            return redirect("assessment-people", found.assessment.public_id)
    return answer(request, "pages/panel_remove.html", {"panel": found, "assessment": found.assessment}, form)


@login_required
@require_POST
def remind(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Remind those of a panel, or of the contributors, who have not finished. The answer is always the same (R3)."""
    assessment = access_of(request).assessment(Deed.REMIND, assessment_id)
    if panel_id := request.POST.get("panel"):
        remind_panel(get_object_or_404(Panel, assessment=assessment, public_id=panel_id))
    else:
        remind_contributors(assessment)
    messages.success(request, "Those who have not finished get a reminder, at most one a day.")
    return redirect("assessment", assessment.public_id)


@login_required
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, invitation_id: str) -> HttpResponse:
    """One invitation: how it stands; send it again or withdraw it."""
    found = fetch_invitation(access_of(request), invitation_id)
    assert isinstance(request.user, User)
    waits = found.accepted_at is None and found.withdrawn_at is None
    if request.method == "POST" and waits:
        try:
            if request.POST.get("do") == "withdraw":
                withdraw(actor=request.user, invitation=found)
                messages.success(request, "The invitation is withdrawn. Its link does not work any more.")
                return _back(found)
            send_again(actor=request.user, invitation=found)
            messages.success(request, "The invitation is sent again, with a new link.")
        except DomainError as no:
            messages.error(request, no.sentence)
        return redirect("invitation", found.public_id)
    mail = OutboxMail.objects.filter(kind=INVITATION_MAIL, subject=found.public_id).order_by("-pk").first()
    context = {"invitation": found, "waits": waits, "mail": mail, "expired": found.expires_at <= timezone.now()}
    return render(request, "pages/invitation.html", context)


def _back(found: Invitation) -> HttpResponseRedirect:
    """Go to the page that lists this invitation."""
    if found.kind == PANEL:
        return redirect("panel", found.subject)
    if found.kind == CONTRIBUTOR:
        outcome = AssessedOutcome.objects.select_related("assessment").get(public_id=found.subject)
        return redirect("assessment-people", outcome.assessment.public_id)
    return redirect("organisation-people", found.subject)
