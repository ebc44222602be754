"""Official criteria: the site administrator loads them from a file or types them, and corrects them (R9)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from eds.access.decide import access_of
from eds.access.http import attempt
from eds.access.table import Deed
from eds.frameworks import criteria as official
from eds.frameworks.models import CriteriaSet, FrameworkRevision
from eds.frameworks.queries import grades_of
from eds.pages.criteria_forms import CriteriaFileForm, CriteriaForm
from eds.ui.views import answer


@login_required
@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """The editions, each with the criteria that are loaded for it."""
    found = access_of(request).editions(Deed.LOAD_CRITERIA)
    latest: dict[int, CriteriaSet] = {}
    for each in CriteriaSet.objects.filter(revision__in=found).order_by("seq"):
        latest[each.revision_id] = each
    rows = [(revision, latest.get(revision.pk)) for revision in found]
    return render(request, "pages/criteria_editions.html", {"rows": rows})


@login_required
@require_safe
def criteria(request: HttpRequest, edition: str) -> HttpResponse:
    """What is loaded for an edition, from where, and every load and correction before."""
    revision = access_of(request).edition(Deed.LOAD_CRITERIA, edition)
    sets = list(CriteriaSet.objects.filter(revision=revision).select_related("actor").order_by("-seq"))
    cells = official.cells_of(sets[0] if sets else None)
    grades = grades_of(revision)
    outcomes = official.outcomes_of_revision(revision)
    grid = [(outcome, [(grade, cells.get((outcome.code, grade.code), "")) for grade in grades]) for outcome in outcomes]
    context = {
        "revision": revision,
        "sets": sets,
        "latest": sets[0] if sets else None,
        "grid": grid,
        "filled": len(cells),
        "places": len(outcomes) * len(grades),
    }
    return render(request, "pages/criteria.html", context)


def _grid_form(request: HttpRequest, revision: FrameworkRevision, **given: Any) -> CriteriaForm:
    """Make the form with all criteria, filled with what is loaded or, from a file, with what `given` says."""
    last = official.latest_set(revision)
    stored = official.cells_of(last)
    initial = {"source": last.source, "source_dated": last.source_dated} if last else {}
    return CriteriaForm(
        given.get("data"),
        outcomes=official.outcomes_of_revision(revision),
        grades=grades_of(revision),
        cells=given.get("cells", stored),
        stored=stored,
        first=last is None,
        current_version=last.seq if last else 0,
        initial=given.get("initial", initial),
    )


@login_required
@require_http_methods(["GET", "POST"])
def load(request: HttpRequest, edition: str) -> HttpResponse:
    """Read a CSV file and show what it has, to be checked; nothing is written before that is confirmed."""
    revision = access_of(request).edition(Deed.LOAD_CRITERIA, edition)
    form = CriteriaFileForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        outcomes=official.outcomes_of_revision(revision),
        grades=grades_of(revision),
    )
    if request.method == "POST" and form.is_valid():
        read = form.cleaned_data["file"]
        about = {name: form.cleaned_data[name] for name in ("source", "source_dated")}
        changes = official.difference(official.cells_of(official.latest_set(revision)), read)
        context = {
            "revision": revision,
            "form": _grid_form(request, revision, cells=read, initial=about),
            "changes": changes,
        }
        return render(request, "pages/criteria_edit.html", context)
    return answer(request, "pages/criteria_load.html", {"revision": revision}, form)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, edition: str) -> HttpResponse:
    """Type or correct criteria in the page; also confirms what a file brought."""
    revision = access_of(request).edition(Deed.LOAD_CRITERIA, edition)
    form = _grid_form(request, revision, data=request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: official.load_criteria(
                actor=request.user,  # type: ignore[arg-type]
                revision=revision,
                cells=form.cells(),
                source=form.cleaned_data["source"],
                source_dated=form.cleaned_data["source_dated"],
                reason=form.cleaned_data.get("reason", ""),
                expected_seq=int(form.current_version),
            ),
        )
        if made:
            messages.success(request, f"The criteria for {revision.framework} are saved.")
            return redirect("criteria", revision.framework.code)
    return answer(request, "pages/criteria_edit.html", {"revision": revision, "changes": None}, form)


@login_required
@require_safe
def template(request: HttpRequest, edition: str) -> HttpResponse:
    """A CSV file with a line for each outcome and grade, to fill in."""
    revision = access_of(request).edition(Deed.LOAD_CRITERIA, edition)
    return _csv(official.write_csv(revision, {}), f"criteria-{revision.framework.code}-empty.csv")


@login_required
@require_safe
def download(request: HttpRequest, edition: str) -> HttpResponse:
    """What is loaded, as a CSV file that can be loaded again."""
    revision = access_of(request).edition(Deed.LOAD_CRITERIA, edition)
    cells = official.cells_of(official.latest_set(revision))
    return _csv(official.write_csv(revision, cells), f"criteria-{revision.framework.code}.csv")


def _csv(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
