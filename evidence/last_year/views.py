"""The page where last year's evidence of an outcome is kept, renewed or dropped."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from eds.access.decide import access_of
from eds.access.http import attempt
from eds.access.table import Deed
from eds.ui import unsaved
from eds.ui.views import answer

from .domain import decide_offers
from .forms import LastYearForm
from .queries import offers_of


@login_required
@require_http_methods(["GET", "POST"])
def last_year(request: HttpRequest, outcome_id: str) -> HttpResponse:
    """Keep, renew or drop what the outcome had last year (R19)."""
    outcome = access_of(request).outcome(Deed.WRITE_EVIDENCE, outcome_id)
    offers = offers_of([outcome])[outcome.pk]
    form = LastYearForm(request.POST if request.method == "POST" else None, offers=offers)
    if kept_text := unsaved.answer(request, form):
        return kept_text
    if request.method == "POST" and form.is_valid():
        decided = form.decided()

        def verb() -> bool:
            decide_offers(
                actor=request.user,  # type: ignore[arg-type]
                assessed_outcome=outcome,
                decided=decided,
                reason=form.cleaned_data.get("reason", ""),
            )
            return True

        if attempt(form, verb):
            unsaved.forget(request)
            if len(decided.renew) == 1:
                messages.success(request, "Saved. Write the new version now. It is cited when you save it.")
                return redirect("evidence-edit", decided.renew[0].public_id)
            messages.success(request, "What you decided is saved.")
            if any(offer.waits for offer in offers_of([outcome])[outcome.pk]):
                return redirect("evidence-last-year", outcome.public_id)
            return redirect("outcome", outcome.public_id)
    context = {
        "outcome": outcome,
        "year": offers[0].year if offers else None,
        "to_renew": [offer for offer in offers if offer.state == "renew"],
    }
    return answer(request, "evidence/last_year.html", context, form)
