"""Equality objectives for the public, and the page on which the lead publishes a version of them."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from eds.access.decide import access_of
from eds.access.http import attempt
from eds.access.table import Deed
from eds.files.serving import file_response
from eds.jobs.domain import retry
from eds.jobs.errors import JobNotFailed
from eds.jobs.models import Job
from eds.jobs.queries import worker_is_heard
from eds.ui.views import answer
from reports.forms.objectives import PublishObjectivesForm
from reports.forms.publishing import CloseForm
from reports.objectives import domain, queries
from reports.objectives.build import build, small_numbers_in
from reports.objectives.models import ObjectivesVersion
from reports.objectives.rendering import context_of
from reports.payload import canonical, content_hash


@require_safe
def public_objectives(request: HttpRequest, organisation: str, version: int | None = None) -> HttpResponse:
    """An organisation's published objectives: the newest version, or one by its number."""
    versions = queries.versions_of(organisation)
    found = _version(versions, version)
    newest = versions[0]
    newest_url = reverse("public-objectives", args=[organisation]) if found != newest else ""
    if hasattr(found, "closure"):
        context = {"version": found, "newest_url": "" if hasattr(newest, "closure") else newest_url}
        return render(request, "reports/objectives/closed.html", context, status=410)
    pdf = queries.pdf_of(found)
    shown = context_of(domain.payload_of(found))
    context = {
        **shown,
        "version": found,
        "versions": versions,
        "newest_url": newest_url,
        "pdf_url": reverse("public-objectives-file", args=[organisation, found.seq]) if pdf else "",
        "pdf_size": pdf.stored.size if pdf else 0,
    }
    return render(request, f"reports/objectives/{shown['content']['templates_version']}/public.html", context)


def _version(versions: list[ObjectivesVersion], number: int | None) -> ObjectivesVersion:
    if number is None and versions:
        return versions[0]
    found = next((each for each in versions if each.seq == number), None)
    if found is None:
        raise Http404
    return found


@require_safe
def public_file(request: HttpRequest, organisation: str, version: int) -> HttpResponseBase:
    """The PDF of a version."""
    found = _version(queries.versions_of(organisation), version)
    if hasattr(found, "closure"):
        return render(request, "reports/objectives/closed.html", {"version": found, "newest_url": ""}, status=410)
    pdf = queries.pdf_of(found)
    if pdf is None:
        raise Http404
    name = f"{organisation}-equality-objectives-v{version}.pdf"
    return file_response(pdf.stored, as_name=name, inline=True, public=True, request=request)


@login_required
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, organisation_id: str) -> HttpResponse:
    """Publish the next version of the objectives, and see how far the files are."""
    organisation = access_of(request).organisation(Deed.KEEP_OBJECTIVES, organisation_id)
    content = build(organisation)
    mark = content_hash(canonical(content))
    small = small_numbers_in(content)
    form = PublishObjectivesForm(
        request.POST if request.method == "POST" else None, has_small=bool(small), initial={"seen_hash": mark}
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.publish(
                actor=request.user,  # type: ignore[arg-type]
                organisation=organisation,
                reason=form.cleaned_data["reason"],
                seen_hash=form.cleaned_data["seen_hash"],
                small_checked=bool(form.cleaned_data.get("small_checked")),
            ),
        )
        if made:
            messages.success(request, f"Version {made.seq} is published. Its PDF is being made.")
            return redirect("objectives-publish", organisation.public_id)
        # What is shown again is what stands now, so the next try is for that.
        form.data = {**dict(form.data.items()), "seen_hash": mark}
    versions = queries.versions_of(organisation.slug)
    current = versions[0] if versions else None
    context = {
        "organisation": organisation,
        "content": content,
        "small": small,
        "lines": queries.version_lines(versions),
        "unchanged": current is not None and not hasattr(current, "closure") and current.content_hash == mark,
        "version": len(versions) + 1,
        "public_url": reverse("public-objectives", args=[organisation.slug]) if versions else "",
        "worker": worker_is_heard(),
    }
    return answer(request, "reports/objectives/publish.html", context, form)


@login_required
@require_POST
def file_retry(request: HttpRequest, organisation_id: str, job_id: str) -> HttpResponse:
    """Have a file made again that could not be made."""
    organisation = access_of(request).organisation(Deed.KEEP_OBJECTIVES, organisation_id)
    subjects = ObjectivesVersion.objects.filter(organisation=organisation).values("public_id")
    job = Job.objects.filter(kind=domain.RENDER, subject__in=subjects, public_id=job_id).first()
    if job is None:
        raise Http404
    try:
        retry(job, actor=request.user)
    except JobNotFailed as no:
        messages.error(request, str(no))
    else:
        messages.success(request, "The PDF is being made again.")
    return redirect("objectives-publish", organisation.public_id)


@login_required
@require_http_methods(["GET", "POST"])
def close_version(request: HttpRequest, organisation_id: str, version: int) -> HttpResponse:
    """Close a version that discloses what it must not (R20)."""
    organisation = access_of(request).organisation(Deed.KEEP_OBJECTIVES, organisation_id)
    found = ObjectivesVersion.objects.filter(organisation=organisation, seq=version).first()
    if found is None:
        raise Http404
    form = CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.close_version(
                actor=request.user,  # type: ignore[arg-type]
                version=found,
                reason=form.cleaned_data["reason"],
            ),
        )
        if made:
            messages.success(request, f"Version {version} is closed. Its files are gone.")
            return redirect("objectives-publish", organisation.public_id)
    context = {"organisation": organisation, "version": found, "closed": domain.is_closed(found)}
    return answer(request, "reports/objectives/close.html", context, form)
