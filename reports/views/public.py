"""What the public reads: the list of reports, each version, each outcome, the files."""

from __future__ import annotations

from functools import lru_cache

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from eds.access.decide import access_of
from eds.assessments.models import Assessment
from eds.files.serving import file_response
from objectives.plan.queries import printed_plan
from objectives.plan.rules import ORDER, WORDS
from objectives.plan.table import sections
from reports import domain, queries
from reports.models import Publication, Rendition
from reports.objectives.queries import publishers
from reports.payload.differences import Difference, differences
from reports.rendering import report_context, shown

A_PAGE = 25
MANY = 10


def report_url(assessment: Assessment, version: int) -> str:
    """Give the address of a published version."""
    return reverse(
        "public-report",
        args=[assessment.organisation.slug, assessment.year, assessment.framework.code, version],
    )


@require_safe
def public_reports(request: HttpRequest) -> HttpResponse:
    """All published reports."""
    words = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:200]
    page = Paginator(queries.newest_publications(words), A_PAGE).get_page(request.GET.get("page"))
    rows = [(row, report_url(row.assessment, row.seq)) for row in page]
    searchable = bool(words) or page.paginator.count > MANY
    context = {
        "page_obj": page,
        "rows": rows,
        "words": words,
        "searchable": searchable,
        "publishers": [] if words else list(publishers()),
    }
    return render(request, "reports/public_list.html", context)


@require_safe
def public_latest(request: HttpRequest, organisation: str, year: int, edition: str) -> HttpResponse:
    """Lead to the newest version of a report."""
    versions = queries.versions_of(organisation, year, edition)
    if not versions:
        raise Http404
    return redirect("public-report", organisation, year, edition, versions[0].seq)


def _version(versions: list[Publication], number: int) -> Publication:
    found = next((each for each in versions if each.seq == number), None)
    if found is None:
        raise Http404
    return found


@require_safe
def public_report(request: HttpRequest, organisation: str, year: int, edition: str, version: int) -> HttpResponse:
    """A published version of a report."""
    versions = queries.versions_of(organisation, year, edition)
    publication = _version(versions, version)
    address = (organisation, year, edition)
    if hasattr(publication, "closure"):
        return _closed(request, publication, versions)
    before = next((each for each in versions if each.seq == version - 1), None)
    pdf = domain.renditions_of(publication).get(Rendition.Format.PDF)
    report = shown(publication.content, publication.envelope)
    context = {
        "report": report,
        "publication": publication,
        "pdf_url": reverse("public-file", args=[*address, version]) if pdf else "",
        "pdf_size": pdf.stored.size if pdf else 0,
        "report_url": reverse("public-report", args=[*address, version]),
        "newest_url": reverse("public-report", args=[*address, versions[0].seq]) if publication != versions[0] else "",
        "plan_url": reverse("public-plan", args=address),
        "before": before,
        "changes": _changes(before, publication),
        "versions": [
            {
                "version": each.seq,
                "published_on": each.envelope["published_on"],
                "reason": each.reason,
                "closed": hasattr(each, "closure"),
                "url": reverse("public-report", args=[*address, each.seq]),
            }
            for each in versions
        ],
    }
    return render(request, f"reports/{report.templates_version}/public.html", context)


def _changes(before: Publication | None, publication: Publication) -> list[Difference]:
    """Give what a correction changed; of a version that is closed nothing is said."""
    if before is None or hasattr(before, "closure"):
        return []
    return _differences(before.content, publication.content)


@lru_cache(maxsize=32)
def _differences(before: str, now: str) -> list[Difference]:
    return differences(domain.read_content(before), domain.read_content(now))


def _closed(request: HttpRequest, publication: Publication, versions: list[Publication]) -> HttpResponse:
    """Say when and why a version was closed; nothing of it is shown (R20)."""
    newest = versions[0]
    open_newest = newest != publication and not hasattr(newest, "closure")
    context = {
        "publication": publication,
        "assessment": publication.assessment,
        "newest_url": report_url(newest.assessment, newest.seq) if open_newest else "",
    }
    return render(request, "reports/closed.html", context, status=410)


@require_safe
def public_plan(request: HttpRequest, organisation: str, year: int, edition: str) -> HttpResponse:
    """The plan of a published year as it stands today, owners by their roles (R25)."""
    versions = queries.versions_of(organisation, year, edition)
    if not versions:
        raise Http404
    if hasattr(versions[0], "closure"):
        return _closed(request, versions[0], versions)
    assessment = versions[0].assessment
    plan = printed_plan(assessment, reader=access_of(request))
    context = {
        "assessment": assessment,
        "plan": plan,
        "sections": sections(plan.lines, "domain"),
        "counts": [(WORDS[key], plan.counts[key]) for key in ORDER if plan.counts.get(key)],
        "report_url": report_url(assessment, versions[0].seq),
        "has_objectives": publishers().filter(pk=assessment.organisation_id).exists(),
    }
    return render(request, "reports/public_plan.html", context)


@require_safe
def public_outcome(
    request: HttpRequest, organisation: str, year: int, edition: str, version: int, code: str
) -> HttpResponse:
    """One outcome of a published version, all its services."""
    versions = queries.versions_of(organisation, year, edition)
    publication = _version(versions, version)
    if hasattr(publication, "closure"):
        return _closed(request, publication, versions)
    payload = report_context(domain.payload_of(publication))
    newest = versions[0].seq
    for goal in payload["content"]["goals"]:
        outcomes = [outcome for outcome in goal["outcomes"] if outcome["code"] == code]
        if outcomes:
            context = {
                **payload,
                "goal": goal,
                "outcomes": outcomes,
                "outcome": outcomes[0],
                "report_url": reverse("public-report", args=[organisation, year, edition, version]),
                "newest_url": ""
                if version == newest
                else reverse("public-report", args=[organisation, year, edition, newest]),
            }
            return render(request, f"reports/{payload['content']['templates_version']}/outcome.html", context)
    raise Http404


@require_safe
def public_file(request: HttpRequest, organisation: str, year: int, edition: str, version: int) -> HttpResponseBase:
    """The PDF of a published version."""
    versions = queries.versions_of(organisation, year, edition)
    publication = _version(versions, version)
    if hasattr(publication, "closure"):
        return _closed(request, publication, versions)
    pdf = domain.renditions_of(publication).get(Rendition.Format.PDF)
    if pdf is None:
        raise Http404
    name = f"{organisation}-{edition}-{year}-v{version}.pdf"
    return file_response(pdf.stored, as_name=name, inline=True, public=True, request=request)
