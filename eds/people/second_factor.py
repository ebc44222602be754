"""Who needs a second factor, and the gate that sends them to set it up.

Equality leads, deputies and site administrators can change much and see whole organisations, so a stolen password alone
must not be enough (EDS_REQUIRE_SECOND_FACTOR). allauth asks for the code at log-in once it is set up; this gate sees to
it that it is, and that it cannot be taken away again.
"""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from .models import Membership, User

ROLES = [Membership.Role.EQUALITY_LEAD, Membership.Role.DEPUTY]
OPEN_TO_ALL = frozenset(
    {
        "account_login", "account_logout", "account_inactive", "account_reauthenticate", "mfa_reauthenticate",
        "mfa_authenticate", "mfa_activate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
        "mfa_index", "account", "account-password", "account-start", "link", "sign-in-link", "password-reset",
        "healthz",
        "readyz",
        "metrics",
    }
)  # fmt: skip
PUBLIC = ("public-",)

GetResponse = Callable[[HttpRequest], HttpResponse]


def needs_second_factor(user: User) -> bool:
    """Say whether this person must have a second factor (one query at most)."""
    if not settings.EDS_REQUIRE_SECOND_FACTOR:
        return False
    if user.is_staff:
        return True
    return Membership.objects.filter(user=user, role__in=ROLES, ended_on__isnull=True).exists()


class MFAAdapter(DefaultMFAAdapter):
    """Keeps the second factor of those who need one, and names the site in authenticator apps."""

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Say no where the person must have it."""
        return not needs_second_factor(authenticator.user)

    def get_totp_issuer(self) -> str:
        """Give the name under which authenticator apps show the entry."""
        return "Equality Delivery System"


class SecondFactorMiddleware:
    """Sends those who need a second factor to set it up before anything else. One query a request for them only."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.EDS_REQUIRE_SECOND_FACTOR and self._is_stopped(request):
            messages.warning(request, "Set up your second factor first. What you do here needs more than a password.")
            return redirect("mfa_activate_totp")
        return self.get_response(request)

    def _is_stopped(self, request: HttpRequest) -> bool:
        user = request.user
        if not isinstance(user, User):
            return False
        if any(record.get("method") == "mfa" for record in get_authentication_records(request, user)):
            return False
        if not request.path_info.startswith("/admin/"):
            name = resolve_name(request)
            if name in OPEN_TO_ALL or name.startswith(PUBLIC):
                return False
        leads = Membership.objects.filter(user=OuterRef("pk"), role__in=ROLES, ended_on__isnull=True)
        has_it = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
        return User.objects.filter(Q(is_staff=True) | Exists(leads), ~Exists(has_it), pk=user.pk).exists()


def resolve_name(request: HttpRequest) -> str:
    """Give the name of the route that a request asks for, or "" where there is none."""
    try:
        return resolve(request.path_info).view_name or ""
    except Resolver404:
        return ""
