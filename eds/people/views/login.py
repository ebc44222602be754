"""Log-in: allauth's, answering 422 where it was filled in wrongly."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from django.http import HttpRequest, HttpResponse


class Refuses:
    """Answers 422 where allauth's view shows a form again with its errors, as every form of ours does."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again with its errors."""
        response: HttpResponse = super().form_invalid(form)  # type: ignore[misc]
        if response.status_code == 200:
            response.status_code = 422
        return response


class LogIn(Refuses, LoginView):
    """Log in by e-mail address and password."""


def network_address(request: HttpRequest, *, behind_proxy: bool) -> str:
    """Give where a request came from; behind a proxy, what the proxy itself saw (the last of its list)."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if behind_proxy else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
