"""The page of a mailed link: how one action goes. GET changes nothing, since mail scanners follow links."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from eds.access.decide import Access
from eds.history.errors import DomainError
from eds.ui.views import answer
from objectives.plan import domain, queries
from objectives.plan.forms import ProgressForm
from objectives.plan.links import LinkClosed, LinkState, find


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def progress_link(request: HttpRequest) -> HttpResponse:
    """Say how one action goes, once, without signing in."""
    token = request.POST.get("key", "") or request.GET.get("key", "")
    found, state = find(token)
    if found is None or state is not LinkState.OPEN or not queries.owner_may_see(Access(found.user), found.action):
        return _said(_closed(request, LinkState.ENDED if state is LinkState.OPEN else state))
    form = ProgressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            domain.answer_link(token=token, status=form.cleaned_data["status"], words=form.cleaned_data["words"])
        except LinkClosed as closed:
            return _said(_closed(request, closed.state))
        except DomainError as no:
            form.add_error(no.field if no.field in form.fields else None, no.sentence)
        else:
            return _said(render(request, "objectives/plan/link_done.html"))
    context = {
        "token": token,
        "action": found.action,
        "outcome": found.action.assessed_outcome,
        "owned": queries.Owned(found.action, queries.latest_updates([found.action]).get(found.action.pk)),
    }
    return _said(answer(request, "objectives/plan/link.html", context, form))


def _closed(request: HttpRequest, state: LinkState) -> HttpResponse:
    return render(request, "objectives/plan/link_closed.html", {"state": state.value}, status=410)


def _said(response: HttpResponse) -> HttpResponse:
    # The address of this page is a key, so no link from here tells it.
    response["Referrer-Policy"] = "strict-origin"
    return response
