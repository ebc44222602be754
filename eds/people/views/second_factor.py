"""allauth's pages of the second factor, answering 422 where they were filled in wrongly."""

from __future__ import annotations

from typing import Any

from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import AuthenticateView as MFAAuthenticateView
from allauth.mfa.base.views import ReauthenticateView as MFAReauthenticateView
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.forms import BaseForm

from .login import Refuses


class _Words:
    """Labels and hints in the site's words, and no placeholder."""

    code_label = "Code from your app"
    code_hint = "The six digits that your authenticator app shows now."

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Set them on the form that is shown."""
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        form: BaseForm = context["form"]
        if "code" in form.fields:
            field = form.fields["code"]
            field.label, field.help_text = self.code_label, self.code_hint
            field.error_messages["required"] = "Enter the code"
            field.widget.attrs = {
                "autocomplete": "one-time-code", "inputmode": "text", "class": "nhsuk-input--width-10"
            }  # fmt: skip
        return context


class Authenticate(Refuses, _Words, MFAAuthenticateView):
    """Asks for the second factor at log-in."""

    code_hint = "The six digits that your authenticator app shows now, or one of your recovery codes."


class SetUp(Refuses, _Words, ActivateTOTPView):
    """Sets up an authenticator app."""


class TakeAway(Refuses, DeactivateTOTPView):
    """Takes the second factor away, from those who need none."""


class NewRecoveryCodes(Refuses, GenerateRecoveryCodesView):
    """Makes new recovery codes."""


class Confirm(Refuses, ReauthenticateView):
    """Asks for the password again before something that matters."""


class ConfirmByCode(Refuses, _Words, MFAReauthenticateView):
    """Asks for a code again before something that matters."""
