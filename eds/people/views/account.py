"""One's own account: name, address, password, and where the second factor is set up."""

from __future__ import annotations

import time

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from eds.people import links
from eds.people.forms import NameForm, PasswordForm
from eds.people.models import User
from eds.people.second_factor import needs_second_factor
from eds.ui.views import answer

SET_PASSWORD_KEY = "eds_may_set_password"  # noqa: S105 - the name of a session's entry
SET_PASSWORD_SECONDS = 900


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@login_required
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """Your account: change your name, and see how you sign in."""
    me = _me(request)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": me.name})
    if request.method == "POST" and form.is_valid():
        me.name = form.cleaned_data["name"]
        me.save(update_fields=["name"])
        messages.success(request, "Your name is changed.")
        return redirect("account")
    context = {
        "has_password": me.has_usable_password(),
        "has_second_factor": Authenticator.objects.filter(user=me, type=Authenticator.Type.TOTP).exists(),
        "needs_second_factor": needs_second_factor(me),
    }
    return answer(request, "account/account.html", context, form)


def _vouched_for(request: HttpRequest) -> bool:
    """Say whether a mailed link has just brought this person here to choose a new password."""
    who, until = request.session.get(SET_PASSWORD_KEY, (0, 0))
    return bool(who == request.user.pk and time.time() < until)


@sensitive_post_parameters()
@login_required
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change your password, or choose the first one."""
    me = _me(request)
    asks_old = me.has_usable_password() and not _vouched_for(request)
    form = PasswordForm(request.POST if request.method == "POST" else None, user=me, asks_old=asks_old)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            me.set_password(form.cleaned_data["new"])
            me.save(update_fields=["password"])
            links.end_links(me)
        request.session.pop(SET_PASSWORD_KEY, None)
        update_session_auth_hash(request, me)
        messages.success(request, "Your password is saved. Other places where you were signed in are signed out.")
        return redirect("account")
    return answer(request, "account/password.html", {"has_password": me.has_usable_password()}, form)


@login_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """After accepting an invitation: set a password, or stay with links by mail."""
    return render(request, "account/start.html", {"has_password": _me(request).has_usable_password()})
