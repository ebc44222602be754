"""Pages of figures: add one to a piece of evidence, change or remove it. Each makes the item's next version."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from eds.access.http import attempt
from eds.ui.views import answer
from evidence import domain
from evidence.fetching import item_with_right
from evidence.groups import groups
from evidence.models import EvidenceItem, EvidenceVersion

from .forms import FigureForm
from .writing import FigureText, figures_of

REMOVE = "remove"


@login_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, item_id: str) -> HttpResponse:
    """Add a figure to a piece of evidence."""
    found = item_with_right(request, item_id)
    newest = domain.latest_version(found)
    return _change(request, found, newest, figures_of(newest), None)


@login_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, item_id: str, figure_id: str) -> HttpResponse:
    """Change or remove a figure of a piece of evidence's newest version."""
    found = item_with_right(request, item_id)
    newest = domain.latest_version(found)
    ids = list(newest.figures.values_list("public_id", flat=True))
    if figure_id not in ids:
        raise Http404
    return _change(request, found, newest, figures_of(newest), ids.index(figure_id))


def _change(
    request: HttpRequest, item: EvidenceItem, newest: EvidenceVersion, figures: list[FigureText], place: int | None
) -> HttpResponse:
    old = figures[place] if place is not None else None
    form = FigureForm(
        request.POST if request.method == "POST" else None,
        groups=groups(),
        figure=old,
        needs_reason=domain.is_pinned(item),
        current_version=newest.seq,
    )
    context = {"item": item, "newest": newest, "old": old}
    if form.adds:
        return render(request, "evidence/figure_form.html", {**context, "form": form})
    if request.method == "POST" and form.is_valid():
        removes = place is not None and REMOVE in request.POST
        changed = [] if removes else [form.figure()]
        rest = [*figures, *changed] if place is None else [*figures[:place], *changed, *figures[place + 1 :]]
        version = attempt(
            form,
            lambda: domain.change_details(
                actor=request.user,  # type: ignore[arg-type]
                item=item,
                reason=form.cleaned_data["reason"],
                expected_version=int(form.current_version),
                figures=rest,
            ),
        )
        if version:
            messages.success(request, "The figure is removed." if removes else "The figure is saved.")
            return redirect("evidence-item", item.public_id)
    return answer(request, "evidence/figure_form.html", context, form)
