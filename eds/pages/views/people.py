"""The organisation's people, an assessment's people and lead contacts, and invitations, kept by who may."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from eds.access.decide import access_of
from eds.access.http import attempt
from eds.access.invitations import CONTRIBUTOR, INVITED_ROLES, ORGANISATION, PANEL, fetch_invitation
from eds.access.table import Deed
from eds.assessments import domain
from eds.assessments.models import AssessedOutcome, Contributor, Panel, ScopeDecision
from eds.history.errors import DomainError
from eds.jobs.models import OutboxMail
from eds.pages.forms import ContributorForm, EndForm
from eds.pages.mails.failed import failed_numbers
from eds.pages.mails.telling import remind_contributors, remind_panel
from eds.pages.queries import outcomes_of
from eds.people.domain import leave
from eds.people.forms import InviteToOrganisationForm
from eds.people.invitations import INVITATION_MAIL, invite, open_invitations, send_again, withdraw
from eds.people.models import Invitation, Membership, User
from eds.ui.views import answer
from grading.queries import panel_numbers

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
        "members": [
            (each, MAY[Membership.Role(each.role)], each.role in INVITED_ROLES and each.user_id != request.user.pk)
            for each in members.order_by("user__name", "pk")
        ],
        "failed": failed_numbers(found),
        "invited": [(each, Membership.Role(each.role).label) for each in invited],
        "now": timezone.now(),
    }
    return answer(request, "pages/organisation_people.html", context, form)


@login_required
@require_safe
def your_people(request: HttpRequest) -> HttpResponse:
    """The lists of people that this person keeps; straight to the organisation's where that is the only one."""
    access = access_of(request)
    organisations = list(access.organisations())
    access.remember_organisations(organisations)
    led = [each for each in organisations if access.may(Deed.KEEP_MEMBERS, each)]
    panels = list(access.kept_panels())
    if len(led) == 1 and not panels:
        return redirect("organisation-people", led[0].public_id)
    return render(request, "pages/your_people.html", {"organisations": led, "panels": panels})


@login_required
@require_http_methods(["GET", "POST"])
def end_membership(request: HttpRequest, organisation_id: str, person_id: str, role: str) -> HttpResponse:
    """End a person's part in the organisation, after asking. Equality leads are the site administrator's to end."""
    found = access_of(request).organisation(Deed.KEEP_MEMBERS, organisation_id)
    member = (
        Membership.objects.filter(
            organisation=found, user__public_id=person_id, role=role, role__in=INVITED_ROLES, ended_on__isnull=True
        )
        .select_related("user", "organisation")
        .first()
    )
    if member is None:
        raise Http404
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        ended = attempt(
            form,
            lambda: leave(
                actor=request.user,  # type: ignore[arg-type]
                membership=member,
                reason=form.cleaned_data["reason"],
            ),
        )
        if ended:
            messages.success(request, f"{member.user} is no longer {member.get_role_display().lower()}.")
            return redirect("organisation-people", found.public_id)
    return answer(request, "pages/end_membership.html", {"organisation": found, "member": member}, form)


@login_required
@require_safe
def of_assessment(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Panels with their three numbers, and the contributors of each outcome. No reviewer is named (R21)."""
    access = access_of(request)
    assessment = access.assessment(Deed.SEE_PEOPLE, assessment_id)
    contributors: dict[int, list[Contributor]] = {}
    rows = Contributor.objects.filter(assessed_outcome__assessment=assessment, ended_on__isnull=True)
    for row in rows.select_related("user"):
        contributors.setdefault(row.assessed_outcome_id, []).append(row)
    outcomes = [each for each in outcomes_of(assessment) if each.scope == ScopeDecision.Scope.IN_SCOPE]
    invited: dict[str, list[Invitation]] = {}
    waiting = open_invitations().filter(kind=CONTRIBUTOR, subject__in=[each.public_id for each in outcomes])
    for invitation in waiting:
        invited.setdefault(invitation.subject, []).append(invitation)
    context = {
        "assessment": assessment,
        "may": access.on(assessment),
        "numbers": panel_numbers(assessment),
        "outcomes": [(each, contributors.get(each.pk, []), invited.get(each.public_id, [])) for each in outcomes],
    }
    return render(request, "pages/people.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def add_contributor(request: HttpRequest, outcome_id: str) -> HttpResponse:
    """Make a person a lead contact of an outcome."""
    access = access_of(request)
    outcome = access.outcome(Deed.SEE_OUTCOME, outcome_id)
    access.require(Deed.SET_UP, outcome.assessment)
    form = ContributorForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: _ask_to_contribute(request, outcome, form.cleaned_data))
        if made:
            messages.success(request, made)
            return redirect("assessment-people", outcome.assessment.public_id)
    return answer(request, "pages/contributor.html", {"outcome": outcome}, form)


def _ask_to_contribute(request: HttpRequest, outcome: AssessedOutcome, data: dict[str, Any]) -> str:
    """Add one of the organisation's own people at once, and invite everybody else; give words for the answer.

    The lead knows the organisation's people from its own list; of nobody else may the answer tell (R21).
    """
    actor = request.user
    assert isinstance(actor, User)
    own = Membership.objects.filter(
        user__email=data["email"].lower(),
        user__is_active=True,
        organisation=outcome.assessment.organisation,
        ended_on__isnull=True,
    ).select_related("user")
    if member := own.first():
        made = domain.add_contributor(
            actor=actor, assessed_outcome=outcome, user=member.user, for_what=data["for_what"]
        )
        return f"{made.user} contributes to {outcome}."
    invited = invite(
        actor=actor,
        kind=CONTRIBUTOR,
        subject=outcome.public_id,
        email=data["email"],
        name=data["name"],
        details={"for_what": data["for_what"]},
    )
    return f"An invitation is on its way to {invited.email}."


@login_required
@require_http_methods(["GET", "POST"])
def end_contributor(request: HttpRequest, outcome_id: str, contributor_id: str) -> HttpResponse:
    """End a person's part in an outcome, after asking."""
    access = access_of(request)
    outcome = access.outcome(Deed.SEE_OUTCOME, outcome_id)
    access.require(Deed.SET_UP, outcome.assessment)
    contributor = outcome.contributors.filter(public_id=contributor_id, ended_on__isnull=True).first()
    if contributor is None:
        raise Http404
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        ended = attempt(
            form,
            lambda: domain.end_contributor(
                actor=request.user,  # type: ignore[arg-type]
                contributor=contributor,
                reason=form.cleaned_data["reason"],
            ),
        )
        if ended:
            messages.success(request, "The person no longer contributes. What they wrote stays.")
            return redirect("assessment-people", outcome.assessment.public_id)
    return answer(request, "pages/end_contributor.html", {"outcome": outcome, "contributor": contributor}, form)


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
