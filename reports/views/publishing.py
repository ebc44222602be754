"""Pages of reports before they are public: draft, sign-off, publishing, corrections."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from eds.access.decide import access_of
from eds.access.http import attempt
from eds.access.table import Deed
from eds.jobs.domain import retry
from eds.jobs.errors import JobNotFailed
from eds.jobs.models import Job
from eds.jobs.queries import worker_is_heard
from eds.ui.views import answer
from reports import domain
from reports.checks import run_checks
from reports.forms import CloseForm, PublishForm, ReopenForm, SignOffForm
from reports.models import Rendition, SignOff
from reports.payload import build_content, canonical, content_hash
from reports.payload.differences import differences
from reports.payload.schema import Content
from reports.rendering import report_context
from reports.rendering.v1 import build_report

from .public import report_url


def _draft(content: Content) -> dict[str, Any]:
    text = canonical(content)
    context = report_context({"content": domain.read_content(text), "envelope": None})
    return {**context, "content_hash": content_hash(text)}


@login_required
@require_safe
def draft(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """The report as it would be published now, for the lead and the board."""
    access = access_of(request)
    assessment = access.assessment(Deed.SEE_REPORT_DRAFT, assessment_id)
    context = {
        "assessment": assessment,
        "latest": domain.latest_sign_off(assessment),
        "may": access.on(assessment),
        **_draft(build_content(assessment)),
    }
    return render(request, "reports/draft.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def sign_off(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Sign the report off or refuse, by the board sponsor."""
    assessment = access_of(request).assessment(Deed.SIGN_OFF, assessment_id)
    drafted = _draft(build_content(assessment))
    form = SignOffForm(
        request.POST if request.method == "POST" else None, initial={"seen_hash": drafted["content_hash"]}
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.decide_sign_off(
                actor=request.user,  # type: ignore[arg-type]
                assessment=assessment,
                decision=form.cleaned_data["decision"],
                seen_hash=form.cleaned_data["seen_hash"],
                reason=form.cleaned_data["reason"],
            ),
        )
        if made:
            signed = made.decision == SignOff.Decision.SIGNED
            messages.success(
                request, "The report is signed off." if signed else "Your refusal and reason are recorded."
            )
            return redirect("assessment", assessment.public_id)
        # What is read again below is the report as it stands now, so the next signature is for that.
        form.data = {**dict(form.data.items()), "seen_hash": drafted["content_hash"]}
    return answer(request, "reports/sign_off.html", {"assessment": assessment, **drafted}, form)


@login_required
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Publish the signed report, or a correction of it."""
    assessment = access_of(request).assessment(Deed.PUBLISH, assessment_id)
    before = assessment.publications.order_by("-seq").first()
    earlier = before.seq if before else 0
    form = PublishForm(request.POST if request.method == "POST" else None, correction=earlier > 0)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.publish(
                actor=request.user,  # type: ignore[arg-type]
                assessment=assessment,
                reason=form.cleaned_data.get("reason", ""),
            ),
        )
        if made:
            messages.success(request, f"Version {made.seq} is published. Its PDF is being made.")
            return redirect("publishing", assessment.public_id)
    content = build_content(assessment)
    drafted = _draft(content)
    latest = domain.latest_sign_off(assessment)
    signed = latest is not None and latest.decision == SignOff.Decision.SIGNED
    context = {
        "assessment": assessment,
        "latest": latest,
        "signed": signed,
        "outdated": signed and latest.content_hash != drafted["content_hash"],  # type: ignore[union-attr]
        "version": earlier + 1,
        "before": before,
        "differences": differences(domain.read_content(before.content), drafted["content"]) if before else [],
        "report": build_report(drafted["content"]),
        "content": drafted["content"],
        "formats": ["a public page", *(format_.label for format_ in Rendition.Format)],
        "checked": run_checks(assessment, content),
        "worker": worker_is_heard(),
    }
    return answer(request, "reports/publish.html", context, form)


@login_required
@require_safe
def publishing(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """How far the formats of the newest version are; polled while they are being made."""
    access = access_of(request)
    assessment = access.assessment(Deed.SEE_PUBLISHING, assessment_id)
    publication = assessment.publications.defer("content").order_by("-seq").first()
    jobs = domain.jobs_of(publication) if publication else []
    context = {
        "assessment": assessment,
        "publication": publication,
        "jobs": jobs,
        "under_way": any(job.state in {Job.State.QUEUED, Job.State.RUNNING} for job in jobs),
        "worker": worker_is_heard(),
        "may": access.on(assessment),
        "report_url": report_url(assessment, publication.seq) if publication else "",
        "versions": list(assessment.publications.defer("content").select_related("closure").order_by("-seq")),
    }
    part = "reports/publishing_formats.html" if request.htmx else "reports/publishing.html"  # type: ignore[attr-defined]
    return render(request, part, context)


@login_required
@require_POST
def rendition_retry(request: HttpRequest, assessment_id: str, job_id: str) -> HttpResponse:
    """Have a format made again that could not be made."""
    assessment = access_of(request).assessment(Deed.RETRY_RENDITION, assessment_id)
    subjects = assessment.publications.values("public_id")
    job = Job.objects.filter(kind=domain.RENDER, subject__in=subjects, public_id=job_id).first()
    if job is None:
        raise Http404
    try:
        retry(job, actor=request.user)
    except JobNotFailed as no:
        messages.error(request, str(no))
    else:
        messages.success(request, "The format is being made again.")
    return redirect("publishing", assessment.public_id)


@login_required
@require_http_methods(["GET", "POST"])
def reopen(request: HttpRequest, assessment_id: str) -> HttpResponse:
    """Take a published assessment back for a correction."""
    assessment = access_of(request).assessment(Deed.REOPEN, assessment_id)
    form = ReopenForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: domain.reopen(
                actor=request.user,  # type: ignore[arg-type]
                assessment=assessment,
                reason=form.cleaned_data["reason"],
            ),
        )
        if done:
            messages.success(request, "The assessment is open for a correction. The published version stays as it is.")
            return redirect("assessment", assessment.public_id)
    return answer(request, "reports/reopen.html", {"assessment": assessment}, form)


@login_required
@require_http_methods(["GET", "POST"])
def close_version(request: HttpRequest, assessment_id: str, version: int) -> HttpResponse:
    """Close a published version that discloses what it must not (R20)."""
    assessment = access_of(request).assessment(Deed.CLOSE_VERSION, assessment_id)
    publication = assessment.publications.defer("content").filter(seq=version).first()
    if publication is None:
        raise Http404
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: domain.close_version(
                actor=request.user,  # type: ignore[arg-type]
                publication=publication,
                reason=form.cleaned_data["reason"],
            ),
        )
        if done:
            messages.success(request, f"Version {version} is closed. Its files are gone.")
            return redirect("publishing", assessment.public_id)
    context = {"assessment": assessment, "publication": publication, "closed": domain.is_closed(publication)}
    return answer(request, "reports/close_version.html", context, form)
