"""Setting up an assessment: scope, rounds, panels, people."""

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
from eds.access.invitations import CONTRIBUTOR, PANEL
from eds.access.table import Deed
from eds.assessments import domain
from eds.assessments.calendar import count_back
from eds.assessments.models import (
    AssessedOutcome,
    Assessment,
    Contributor,
    Panel,
    PanelKind,
    PanelMember,
    Phase,
    Round,
    Service,
)
from eds.assessments.queries import changes_of_panel
from eds.history.models import today
from eds.pages.forms import (
    ContributorForm,
    EndForm,
    PanelForm,
    PanelMemberForm,
    RoundForm,
    ScopeForm,
    ServiceForm,
    ServicesRulesForm,
)
from eds.pages.queries import outcomes_of
from eds.people.invitations import invite, open_invitations
from eds.people.models import Invitation, Membership, User
from eds.ui.views import answer
from grading.queries import panel_numbers


def _preparing(outcomes: list[AssessedOutcome]) -> list[AssessedOutcome]:
    return [each for each in outcomes if each.round is None or each.round.phase == Phase.PREPARING]


def _in_scope(outcomes: list[AssessedOutcome]) -> list[AssessedOutcome]:
    return [each for each in outcomes if each.scope == "in_scope"]


@login_required
@require_http_methods(["GET", "POST"])
def scope(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Which outcomes are graded this year, and in which round."""
    assessment = access_of(request).assessment(Deed.SET_UP, assessment_id)
    outcomes = outcomes_of(assessment)
    form = ScopeForm(request.POST if request.method == "POST" else None, outcomes=_preparing(outcomes))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = attempt(
            form,
            lambda: domain.decide_scopes(
                actor=request.user,  # type: ignore[arg-type]
                outcomes=data["outcomes"],
                scope=data["scope"],
                reason=data["reason"],
            ),
        )
        if done is not None:
            messages.success(request, "Your choice is saved.")
            return redirect("assessment-scope", assessment.public_id)
    context = {
        "assessment": assessment,
        "rounds": list(Round.objects.filter(assessment=assessment)),
        "in_scope": _in_scope(outcomes),
        "left_out": [each for each in outcomes if each.scope != "in_scope"],
    }
    return answer(request, "pages/scope.html", context, form)


@login_required
@require_http_methods(["GET", "POST"])
def services(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """The services that are graded, why each was chosen, and how they become a score (R8)."""
    assessment = access_of(request).assessment(Deed.SET_UP, assessment_id)
    if not assessment.revision.services_number:
        raise Http404
    about_rules = "services_rule" in request.POST
    form = ServiceForm(request.POST if request.method == "POST" and not about_rules else None)
    stored = {"services_rule": assessment.services_rule, "two_services_rule": assessment.two_services_rule}
    rules_form = ServicesRulesForm(
        request.POST if about_rules else None, current_version=assessment.version, initial=stored
    )
    done: Assessment | Service | None = None
    if request.method == "POST":
        if about_rules and rules_form.is_valid():
            done = attempt(
                rules_form,
                lambda: domain.choose_services_rules(
                    actor=request.user,  # type: ignore[arg-type]
                    assessment=assessment,
                    services_rule=rules_form.cleaned_data["services_rule"],
                    two_services_rule=rules_form.cleaned_data["two_services_rule"],
                    expected_version=int(rules_form.current_version),
                ),
            )
        elif not about_rules and form.is_valid():
            plan = domain.ServicePlan(form.cleaned_data["name"], form.cleaned_data["why_chosen"])
            done = attempt(
                form,
                lambda: domain.add_service(actor=request.user, assessment=assessment, plan=plan),  # type: ignore[arg-type]
            )
        if done:
            messages.success(request, "Your choice is saved.")
            return redirect("services", assessment.public_id)
    context = {
        "assessment": assessment,
        "services": list(assessment.services.all()),
        "wanted": assessment.revision.services_number,
        "add_form": form,
        "rules_form": rules_form,
    }
    return answer(request, "pages/services.html", context, rules_form if about_rules else form)


def _counted_back(assessment: Assessment) -> dict[str, Any]:
    """Suggest a round's dates, counted back from the day of publication; none that has passed."""
    if assessment.publish_by is None:
        return {}
    dates = count_back(assessment.publish_by)
    if dates.agree_by and assessment.sign_off_by and assessment.sign_off_by < dates.agree_by:
        return {}
    found = {"pack_by": dates.pack_by, "review_by": dates.review_by, "agree_by": dates.agree_by}
    return {name: day for name, day in found.items() if day and day >= today()}


def _round_form(request: HttpRequest, assessment: Assessment, round_: Round | None) -> RoundForm:
    outcomes = _in_scope(_preparing(outcomes_of(assessment)))
    initial: dict[str, Any] = _counted_back(assessment)
    if round_:
        initial = {
            "name": round_.name,
            "outcomes": [each.public_id for each in outcomes if each.round == round_],
            "pack_by": round_.pack_by,
            "review_by": round_.review_by,
            "agree_by": round_.agree_by,
            "differ_rule": round_.named_panel.public_id if round_.named_panel else round_.differ_rule,
            "proposal_in_view": "yes" if round_.proposal_in_view else "no",
        }
    return RoundForm(
        request.POST if request.method == "POST" else None,
        outcomes=outcomes,
        panels=list(Panel.objects.filter(assessment=assessment)),
        opened=round_ is not None and domain.have_opened([round_]),
        current_version=round_.version if round_ else 0,
        current_text={"name": round_.name} if round_ else {},
        initial=initial,
    )


@login_required
@require_http_methods(["GET", "POST"])
def plan_round(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Plan a round."""
    assessment = access_of(request).assessment(Deed.SET_UP, assessment_id)
    form = _round_form(request, assessment, None)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.plan_round(actor=request.user, assessment=assessment, plan=form.plan()),  # type: ignore[arg-type]
        )
        if made:
            messages.success(request, f"“{made}” is planned. Next, add the panels that grade it.")
            return redirect("assessment-people", assessment.public_id)
    return answer(
        request,
        "pages/plan_round.html",
        {"assessment": assessment, "round": None, "suggested": bool(form.initial)},
        form,
    )


@login_required
@require_http_methods(["GET", "POST"])
def change_round(request: HttpRequest, round_id: str) -> HttpResponse:
    """Change a round before it opens."""
    round_ = access_of(request).round(Deed.SET_UP, round_id)
    form = _round_form(request, round_.assessment, round_)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.change_round(
                actor=request.user,  # type: ignore[arg-type]
                round=round_,
                plan=form.plan(),
                expected_version=int(form.current_version),
                reason=form.cleaned_data.get("reason", ""),
            ),
        )
        if made:
            messages.success(request, f"“{made}” is changed.")
            return redirect("assessment-scope", round_.assessment.public_id)
    return answer(request, "pages/plan_round.html", {"assessment": round_.assessment, "round": round_}, form)


@login_required
@require_safe
def people(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Panels with their three numbers, and the contributors of each outcome. No reviewer is named (R21)."""
    access = access_of(request)
    assessment = access.assessment(Deed.SEE_PEOPLE, assessment_id)
    contributors: dict[int, list[Contributor]] = {}
    rows = Contributor.objects.filter(assessed_outcome__assessment=assessment, ended_on__isnull=True)
    for row in rows.select_related("user"):
        contributors.setdefault(row.assessed_outcome_id, []).append(row)
    outcomes = _in_scope(outcomes_of(assessment))
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


def _panel_form(request: HttpRequest, assessment: Assessment, panel: Panel | None) -> PanelForm:
    outcomes = _in_scope(_preparing(outcomes_of(assessment)))
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
