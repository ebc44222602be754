"""Pages of evidence: the library, items, and what is cited under an outcome."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from eds.access.decide import access_of
from eds.access.http import attempt, shows_conflict
from eds.access.table import Deed
from eds.files.serving import file_response
from eds.ui import unsaved
from eds.ui.views import answer

from . import domain, queries
from .changes import changes_of
from .fetching import item_with_right, writer_filter
from .figures.shown import shown
from .forms import CiteForm, CorrectionForm, EvidenceForm, FindForm, RemoveForm, SummaryForm
from .models import EvidenceFile, EvidenceVersion, Format
from .privacy.sharing import travel_of
from .search import LibraryForm, search

A_PAGE = 25
MOST_CHOICES = 20
"""How many pieces of evidence stand in a form to choose one from."""


def _text(data: dict[str, Any]) -> domain.EvidenceText:
    return domain.EvidenceText(
        title=data["title"],
        text=data["text"],
        format=Format.HTML,
        source=data["source"],
        period=data["period"],
        who_it_covers=data["who_it_covers"],
    )


@login_required
@require_safe
def libraries(request: HttpRequest) -> HttpResponse:
    """The libraries that this person may see; straight to it where it is one."""
    found = access_of(request).libraries()
    if len(found) == 1:
        return redirect("library", found[0].public_id)
    return render(request, "evidence/libraries.html", {"organisations": found})


@login_required
@require_safe
def library(request: HttpRequest, organisation_id: str) -> HttpResponse:
    """The evidence library of an organisation."""
    access = access_of(request)
    organisation = access.organisation(Deed.SEE_LIBRARY, organisation_id)
    items = queries.library(organisation, **writer_filter(access, organisation))
    form = LibraryForm(request.GET, organisation=organisation, items=items)
    asked = form.asked
    page = Paginator(search(items, asked), A_PAGE).get_page(request.GET.get("page"))
    context = {"organisation": organisation, "page_obj": page, "form": form, "asked": asked}
    return render(request, "evidence/library.html", context)


@login_required
@require_safe
def item(request: HttpRequest, item_id: str) -> HttpResponse:
    """An item of the library: its newest text, its versions, and where it is cited."""
    found = item_with_right(request, item_id)
    versions = list(
        EvidenceVersion.objects.filter(item=found)
        .select_related("actor")
        .prefetch_related("files__stored", "findings", "figures__rows")
        .order_by("-seq")
    )
    citations = (
        found.citations.filter(removed_on__isnull=True)
        .select_related("assessed_outcome__outcome", "assessed_outcome__assessment__framework")
        .select_related("assessed_outcome__service", "pinned_version")
    )
    context = {
        "item": found,
        "newest": versions[0],
        "travel": travel_of(versions[:1], {found.pk: found.sharing})[versions[0].pk],
        "findings": list(versions[0].findings.all()),
        "figures": list(zip(versions[0].figures.all(), shown(versions[0].figures.all(), whole=True), strict=True)),
        "versions": versions,
        "changes": changes_of(versions, request.GET.get("changed", "")),
        "citations": list(citations),
        "openable": set(access_of(request).assessments().values_list("pk", flat=True)),
    }
    return render(request, "evidence/item.html", context)


@login_required
@require_http_methods(["GET", "POST"])
@shows_conflict
def edit(request: HttpRequest, item_id: str) -> HttpResponse:
    """Write the next version of an item."""
    found = item_with_right(request, item_id)
    newest = domain.latest_version(found)
    files = list(newest.files.all())
    stored = {
        "title": newest.title,
        "text": newest.html,
        "source": newest.source,
        "period": newest.period,
        "who_it_covers": newest.who_it_covers,
    }
    form = CorrectionForm(
        request.POST if request.method == "POST" else None,
        _uploads(request),
        current_version=newest.seq,
        current_text={**stored, "sharing": found.get_sharing_display()},
        initial={**stored, "sharing": found.sharing},
        old_files=[(file.public_id, file.name) for file in files],
    )
    if kept_text := unsaved.answer(request, form):
        return kept_text
    if request.method == "POST" and form.is_valid():
        kept = set(form.cleaned_data.get("keep", []))
        version = attempt(
            form,
            lambda: domain.correct_item(
                actor=request.user,  # type: ignore[arg-type]
                item=found,
                content=_text(form.cleaned_data),
                sharing=form.cleaned_data["sharing"],
                reason=form.cleaned_data["reason"],
                files=form.cleaned_data["uploads"],
                kept_files=[file for file in files if file.public_id in kept],
                expected_version=int(form.current_version),
            ),
        )
        if version:
            unsaved.forget(request)
            messages.success(request, "The new version is saved. Rounds that are open keep the version they show.")
            return redirect("evidence-item", found.public_id)
    return answer(request, "evidence/edit.html", {"item": found, "newest": newest}, form)


def _uploads(request: HttpRequest) -> Any:
    return request.FILES if request.method == "POST" else None


@login_required
@require_http_methods(["GET", "POST"])
@shows_conflict
def new(request: HttpRequest, outcome_id: str) -> HttpResponse:
    """Write new evidence for an outcome and cite it there."""
    outcome = access_of(request).outcome(Deed.WRITE_EVIDENCE, outcome_id)
    form = EvidenceForm(request.POST if request.method == "POST" else None, _uploads(request))
    if kept_text := unsaved.answer(request, form):
        return kept_text
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: domain.write_and_cite(
                actor=request.user,  # type: ignore[arg-type]
                assessed_outcome=outcome,
                content=_text(form.cleaned_data),
                files=form.cleaned_data["uploads"],
                sharing=form.cleaned_data["sharing"],
            ),
        )
        if made:
            unsaved.forget(request)
            messages.success(request, f"The evidence is saved and cited for {outcome}.")
            return redirect("outcome", outcome.public_id)
    return answer(request, "evidence/new.html", {"outcome": outcome}, form)


@login_required
@require_http_methods(["GET", "POST"])
def cite(request: HttpRequest, outcome_id: str) -> HttpResponse:
    """Cite evidence that the library has already."""
    access = access_of(request)
    outcome = access.outcome(Deed.WRITE_EVIDENCE, outcome_id)
    organisation = outcome.assessment.organisation
    cited = outcome.citations.filter(removed_on__isnull=True).values("item")
    library = queries.library(organisation, **writer_filter(access, organisation)).exclude(pk__in=cited)
    find = FindForm(request.GET)
    words = find.cleaned_data["q"] if find.is_valid() else ""
    found = search(library, {"q": words})
    items = list(found[:MOST_CHOICES])
    posted = request.POST.get("item", "")
    if all(each.public_id != posted for each in items):
        items += library.filter(public_id=posted)  # the list may have grown since it was shown
    form = CiteForm(request.POST if request.method == "POST" else None, items=items)
    if request.method == "POST" and form.is_valid():
        chosen = next(each for each in items if each.public_id == form.cleaned_data["item"])
        made = attempt(
            form,
            lambda: domain.cite(actor=request.user, assessed_outcome=outcome, item=chosen),  # type: ignore[arg-type]
        )
        if made:
            messages.success(request, f"“{chosen.title}” is cited for {outcome}.")  # type: ignore[attr-defined]
            return redirect("outcome", outcome.public_id)
    context = {"outcome": outcome, "items": items, "find": find, "words": words, "number": found.count()}
    return answer(request, "evidence/cite.html", context, form)


@login_required
@require_http_methods(["GET", "POST"])
def uncite(request: HttpRequest, outcome_id: str, link_id: str) -> HttpResponse:
    """Take a citation away from an outcome, after asking."""
    outcome = access_of(request).outcome(Deed.WRITE_EVIDENCE, outcome_id)
    link = outcome.citations.filter(public_id=link_id, removed_on__isnull=True).select_related("item").first()
    if link is None:
        raise Http404
    form = RemoveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        removed = attempt(
            form,
            lambda: domain.remove_citation(actor=request.user, citation=link),  # type: ignore[arg-type]
        )
        if removed:
            messages.success(request, "The citation is removed. The evidence stays in the library.")
            return redirect("outcome", outcome.public_id)
    version = domain.latest_version(link.item)
    return answer(request, "evidence/uncite.html", {"outcome": outcome, "version": version}, form)


@login_required
@require_http_methods(["GET", "POST"])
@shows_conflict
def summary(request: HttpRequest, outcome_id: str) -> HttpResponse:
    """Write the summary of an outcome's evidence."""
    access = access_of(request)
    outcome = access.outcome(Deed.WRITE_SUMMARY, outcome_id)
    stored = queries.summary_of(outcome)
    text, version = (stored.html, stored.version) if stored else ("", 0)
    form = SummaryForm(
        request.POST if request.method == "POST" else None,
        current_version=version,
        current_text={"text": text},
        initial={"text": text},
    )
    if kept_text := unsaved.answer(request, form):
        return kept_text
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            form,
            lambda: domain.write_summary(
                actor=request.user,  # type: ignore[arg-type]
                assessed_outcome=outcome,
                text=form.cleaned_data["text"],
                format=Format.HTML,
                expected_version=version,
            ),
        )
        if saved:
            unsaved.forget(request)
            messages.success(request, "The summary is saved.")
            return redirect("outcome", outcome.public_id)
    context = {
        "outcome": outcome,
        "evidence": queries.cited_evidence(outcome, access),
        "earlier": queries.earlier_summaries(stored),
    }
    return answer(request, "evidence/summary.html", context, form)


@login_required
@require_safe
def cited_file(request: HttpRequest, outcome_id: str, file_id: str) -> HttpResponseBase:
    """Send a file of a version that an outcome shows to this person."""
    access = access_of(request)
    outcome = access.outcome(Deed.SEE_EVIDENCE, outcome_id)
    for cited in queries.cited_evidence(outcome, access):
        for file in cited.files:
            if file.public_id == file_id:
                return file_response(file.stored, as_name=file.name)
    raise Http404


@login_required
@require_safe
def library_file(request: HttpRequest, item_id: str, file_id: str) -> HttpResponseBase:
    """Send a file of any version of an item that the person sees in the library."""
    found = item_with_right(request, item_id)
    file = EvidenceFile.objects.filter(version__item=found, public_id=file_id).select_related("stored").first()
    if file is None:
        raise Http404
    return file_response(file.stored, as_name=file.name)
