"""Pages of findings: who a piece of evidence covers, and the lead's finding where items disagree."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from eds.access.decide import access_of
from eds.access.http import attempt
from eds.access.table import Deed
from eds.frameworks.models import Characteristic
from eds.ui.views import answer
from evidence import domain, queries
from evidence.coverage import coverage_from, settled_findings
from evidence.fetching import item_with_right
from evidence.groups import groups

from .domain import settle_finding
from .forms import FindingsForm, SettleForm
from .writing import findings_of


@login_required
@require_http_methods(["GET", "POST"])
def findings(request: HttpRequest, item_id: str) -> HttpResponse:
    """Say who a piece of evidence covers, and how they fare: as the item's next version."""
    found = item_with_right(request, item_id)
    newest = domain.latest_version(found)
    form = FindingsForm(
        request.POST if request.method == "POST" else None,
        groups=groups(),
        findings=findings_of(newest),
        needs_reason=domain.is_pinned(found),
        current_version=newest.seq,
    )
    context = {"item": found, "newest": newest}
    if form.adds:
        return render(request, "evidence/findings.html", {**context, "form": form})
    if request.method == "POST" and form.is_valid():
        version = attempt(
            form,
            lambda: domain.change_details(
                actor=request.user,  # type: ignore[arg-type]
                item=found,
                reason=form.cleaned_data["reason"],
                expected_version=int(form.current_version),
                findings=form.findings(),
            ),
        )
        if version:
            messages.success(request, "Saved: who this evidence covers, and how they fare.")
            return redirect("evidence-item", found.public_id)
    return answer(request, "evidence/findings.html", context, form)


@login_required
@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, outcome_id: str, characteristic: str) -> HttpResponse:
    """Set one finding for an outcome and a characteristic, with the reason (R7)."""
    access = access_of(request)
    outcome = access.outcome(Deed.SETTLE_FINDING, outcome_id)
    about = Characteristic.objects.filter(revision=outcome.assessment.revision, code=characteristic).first()
    if about is None:
        raise Http404
    cited = queries.cited_evidence(outcome, access)
    settled = settled_findings([outcome]).get(outcome.pk, {})
    form = SettleForm(request.POST if request.method == "POST" else None, last=settled.get(about.code))
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: settle_finding(
                actor=request.user,  # type: ignore[arg-type]
                assessed_outcome=outcome,
                characteristic=about,
                fares=form.cleaned_data["fares"],
                reason=form.cleaned_data["reason"],
            ),
        )
        if made:
            messages.success(request, f"Saved: how people fare, {about.name.lower()}.")
            return redirect("outcome", outcome.public_id)
    [cell] = coverage_from([about], cited, settled)
    said = [(each.version, finding) for each in cited for finding in each.findings if finding.about_code == about.code]
    context = {"outcome": outcome, "about": about, "cell": cell, "said": said, "last": settled.get(about.code)}
    return answer(request, "evidence/settle.html", context, form)
