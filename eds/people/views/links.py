"""One-time links: a page with one button, since mail scanners follow links; only its POST uses the link up."""

from __future__ import annotations

import time

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from eds.history.errors import DomainError
from eds.people import invitations, links
from eds.people.forms import AcceptForm, ByMailForm
from eds.people.models import OneTimeLink, User
from eds.ui.views import answer

from .account import SET_PASSWORD_KEY, SET_PASSWORD_SECONDS
from .login import network_address

MAILED = (
    "If the address you gave is known here and you take part in something, a link is on its way to it. "
    "It can take a few minutes. Look into the folder for junk mail too."
)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest) -> HttpResponse:
    """What a mailed link opens. GET changes nothing; POST uses it up and signs in."""
    token = request.POST.get("key", "") or request.GET.get("key", "")
    found, state = links.find(token)
    if found is None or state is not links.LinkState.OPEN:
        response = _closed(request, found, state)
    elif found.purpose == OneTimeLink.Purpose.JOIN:
        response = _join(request, token, found)
    else:
        response = _enter(request, token, found)
    # The address of this page is a key, so no link from here tells it. "no-referrer" would take the form's Origin away.
    response["Referrer-Policy"] = "strict-origin"
    return response


def _closed(request: HttpRequest, found: OneTimeLink | None, state: links.LinkState) -> HttpResponse:
    """Say what became of the link, and offer a new one by mail where that is possible."""
    invitation = found.invitation if found else None
    again = invitation is not None and invitation.accepted_at is None and invitation.withdrawn_at is None
    if request.method == "POST" and again and invitation is not None:
        try:
            invitations.send_again(actor=None, invitation=invitation)
        except DomainError as no:
            messages.error(request, no.sentence)
        else:
            messages.success(request, "A new link is on its way to the address that was invited.")
    context = {"state": state.value, "invitation": invitation, "again": again, "token": request.GET.get("key", "")}
    return render(request, "account/link_closed.html", context, status=410)


def _join(request: HttpRequest, token: str, found: OneTimeLink) -> HttpResponse:
    invitation = found.invitation
    assert invitation is not None
    if invitations.kind_of(invitation).why_not(invitation.invited_by, invitation):
        return _closed(request, None, links.LinkState.ENDED)
    known = User.objects.filter(email=invitation.email).first()
    form = AcceptForm(
        request.POST if request.method == "POST" else None,
        initial={"name": invitation.name, "key": token},
        named=known is not None,
    )
    if request.method == "POST" and form.is_valid():
        try:
            user, _ = invitations.accept(token=token, name=form.cleaned_data.get("name", ""))
        except links.LinkClosed as closed:
            return _closed(request, found, closed.state)
        except DomainError as no:
            form.add_error(no.field if no.field in form.fields else None, no.sentence)
        else:
            return _sign_in(request, user, "home" if user.has_usable_password() else "account-start")
    context = {"invitation": invitation, "offer": invitations.kind_of(invitation).offer(invitation)}
    return answer(request, "account/join.html", context, form)


def _enter(request: HttpRequest, token: str, found: OneTimeLink) -> HttpResponse:
    assert found.user is not None
    resets = found.purpose == OneTimeLink.Purpose.RESET
    if request.method == "POST":
        try:
            with transaction.atomic():
                used = links.use(token)
        except links.LinkClosed as closed:
            return _closed(request, found, closed.state)
        assert used.user is not None
        return _sign_in(request, used.user, "account-password" if resets else "home", sets_password=resets)
    return render(request, "account/enter.html", {"token": token, "resets": resets})


def _sign_in(request: HttpRequest, user: User, leads_to: str, *, sets_password: bool = False) -> HttpResponse:
    """Sign in through allauth, so that somebody with a second factor is asked for it."""
    if request.user.is_authenticated:
        logout(request)
    if sets_password:
        request.session[SET_PASSWORD_KEY] = [user.pk, time.time() + SET_PASSWORD_SECONDS]
    record_authentication(request, user, method="link")
    response: HttpResponse = perform_login(
        request, user, email_verification="none", redirect_url=redirect(leads_to).url
    )
    return response


@never_cache
@require_http_methods(["GET", "POST"])
def by_mail(request: HttpRequest, purpose: str) -> HttpResponse:
    """Ask for a link by mail: to sign in, or to choose a new password. The answer never tells who has an account."""
    form = ByMailForm(request.POST if request.method == "POST" else None)
    sent = False
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                links.request_link(
                    purpose=OneTimeLink.Purpose(purpose),
                    email=form.cleaned_data["email"],
                    came_from=network_address(request, behind_proxy=settings.EDS_BEHIND_PROXY),
                )
            sent = True
        except links.TooManyRequests as no:
            return render(request, "account/too_many.html", {"sentence": no.sentence}, status=429)
    context = {"sent": sent, "words": MAILED, "resets": purpose == OneTimeLink.Purpose.RESET}
    return answer(request, "account/by_mail.html", context, form)
