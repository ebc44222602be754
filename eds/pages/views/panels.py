"""Panels: added, changed and removed by the lead; their people kept by chair and organiser (R21)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from eds.access.decide import access_of, enforce
from eds.access.http import attempt
from eds.access.invitations import PANEL
from eds.access.table import Deed
from eds.assessments import domain
from eds.assessments.models import AssessedOutcome, Assessment, Panel, PanelKind, PanelMember, Phase
from eds.assessments.queries import changes_of_panel
from eds.pages.forms import EndForm, PanelForm, PanelMemberForm
from eds.pages.queries import outcomes_of
from eds.people.invitations import invite, open_invitations
from eds.ui.views import answer
from grading.queries import panel_numbers

from .setup import in_scope, preparing


def _panel_form(request: HttpRequest, assessment: Assessment, panel: Panel | None) -> PanelForm:
    outcomes = in_scope(preparing(outcomes_of(assessment)))
    initial: dict[str, Any] = {}
    if panel:
        remit = set(panel.remit.values_list("assessed_outcome_id", flat=True))
        initial = {
            "name": panel.name,
            "kind": panel.kind.code,
            "quorum": panel.quorum,
            "rule": panel.rule,
            "outcomes": [each.public_id for each in outcomes if each.pk in remit],
        }
    return PanelForm(
        request.POST if request.method == "POST" else None,
        outcomes=outcomes,
        kinds=PanelKind.objects.all(),
        opened=panel is not None and domain.have_opened(domain.panel_rounds(panel)),
        current_version=panel.version if panel else 0,
        current_text={"name": panel.name} if panel else {},
        initial=initial,
    )


def _panel_plan(form: PanelForm) -> domain.PanelPlan:
    data = form.cleaned_data
    return domain.PanelPlan(
        name=data["name"], kind=data["kind"], outcomes=data["outcomes"], quorum=data["quorum"], rule=data["rule"]
    )


@login_required
@require_http_methods(["GET", "POST"])
def add_panel(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Add a review panel."""
    assessment = access_of(request).assessment(Deed.SET_UP, assessment_id)
    form = _panel_form(request, assessment, None)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.add_panel(actor=request.user, assessment=assessment, plan=_panel_plan(form)),  # type: ignore[arg-type]
        )
        if made:
            messages.success(request, f"{made} is added. Next, name the person who chairs it.")
            return redirect("panel", made.public_id)
    return answer(request, "pages/panel_form.html", {"assessment": assessment, "panel": None}, form)


@login_required
@require_http_methods(["GET", "POST"])
def change_panel(request: HttpRequest, panel_id: str) -> HttpResponse:
    """Change a panel before its rounds open."""
    access = access_of(request)
    panel = access.panel(Deed.APPOINT_TO_PANEL, panel_id)
    form = _panel_form(request, panel.assessment, panel)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.change_panel(
                actor=request.user,  # type: ignore[arg-type]
                panel=panel,
                plan=_panel_plan(form),
                expected_version=int(form.current_version),
                reason=form.cleaned_data.get("reason", ""),
            ),
        )
        if made:
            messages.success(request, f"{made} is changed.")
            return redirect("panel", panel.public_id)
    return answer(request, "pages/panel_form.html", {"assessment": panel.assessment, "panel": panel}, form)


@login_required
@require_safe
def panel(request: HttpRequest, panel_id: str) -> HttpResponse:
    """A panel: its remit and numbers; its people for its chair and organiser only (R21)."""
    access = access_of(request)
    found = access.panel(Deed.SEE_PANEL, panel_id)
    may = access.on(found)
    remit = list(
        AssessedOutcome.objects.filter(remits__panel=found).select_related("outcome", "service", "round").in_order()
    )
    members = found.members.filter(left_on__isnull=True).select_related("user") if may["see_panel_list"] else []
    numbers = panel_numbers(found.assessment) if access.may(Deed.SEE_NUMBERS, found) else []
    invited = open_invitations().filter(kind=PANEL, subject=found.public_id)
    if not may["keep_panel_list"]:
        # The lead sees those that the lead has named; of the others there is no word (R21).
        invited = invited.filter(appointed=True) if may["appoint_to_panel"] else invited.none()
    context = {
        "panel": found,
        "assessment": found.assessment,
        "may": may,
        "remit": remit,
        "members": list(members),
        "invited": [(each, PanelMember.Role(each.role).label) for each in invited],
        "now": timezone.now(),
        "grounds": changes_of_panel(found),
        "changes": list(found.changes.filter(after_opening=True).select_related("member")),
        "numbers": next((each for each in numbers if each.panel.pk == found.pk), None),
        "opened": any(each.round and each.round.phase != Phase.PREPARING for each in remit),
        "has_chair": found.members.filter(left_on__isnull=True, role=PanelMember.Role.CHAIR).exists(),
    }
    return render(request, "pages/panel.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def add_member(request: HttpRequest, panel_id: str) -> HttpResponse:
    """Invite a person to a panel: in any role by its chair or organiser; as chair or organiser also by the lead.

    Everybody is invited, whoever has an account or a place already: the answer must not tell (R21).
    """
    access = access_of(request)
    found = access.panel(Deed.SEE_PANEL, panel_id)
    keeps = access.may(Deed.KEEP_PANEL_LIST, found)
    appoints = access.may(Deed.APPOINT_TO_PANEL, found)
    if not appoints:
        enforce(keeps)
    roles = list(PanelMember.Role) if keeps else [PanelMember.Role.CHAIR, PanelMember.Role.ORGANISER]
    form = PanelMemberForm(
        request.POST if request.method == "POST" else None, roles=roles, opened=domain.has_opened(found)
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        made = attempt(
            form,
            lambda: invite(
                actor=request.user,  # type: ignore[arg-type]
                kind=PANEL,
                subject=found.public_id,
                email=data["email"],
                name=data["name"],
                role=data["role"],
                details={"reason": data.get("reason", "")},
                appointed=not keeps,
            ),
        )
        if made:
            messages.success(request, f"An invitation is on its way to {made.email}.")
            return redirect("panel", found.public_id)
    return answer(request, "pages/panel_member.html", {"panel": found, "assessment": found.assessment}, form)


@login_required
@require_http_methods(["GET", "POST"])
def end_member(request: HttpRequest, panel_id: str, member_id: str) -> HttpResponse:
    """End a person's place on a panel, after asking."""
    found = access_of(request).panel(Deed.KEEP_PANEL_LIST, panel_id)
    member = found.members.filter(public_id=member_id, left_on__isnull=True).select_related("user").first()
    if member is None:
        raise Http404
    member.panel = found
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        ended = attempt(
            form,
            lambda: domain.end_panel_member(
                actor=request.user,  # type: ignore[arg-type]
                member=member,
                reason=form.cleaned_data["reason"],
            ),
        )
        if ended:
            messages.success(request, "The person has left the panel. What they submitted stays.")
            return redirect("panel", found.public_id)
    context = {"panel": found, "assessment": found.assessment, "member": member}
    return answer(request, "pages/end_member.html", context, form)


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
