"""Forms of the account and of one-time links."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from eds.ui.forms import Form, RadioField, choice

from .models import User


class AcceptForm(Form):
    """Accepts an invitation; asks for a name where the address has no account yet."""

    name = forms.CharField(label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    key = forms.CharField(widget=forms.HiddenInput)
    missing = {"name": "Enter your name"}

    def __init__(self, *args: Any, named: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if named:
            del self.fields["name"]


class ByMailForm(Form):
    """Asks for a link by mail."""

    email = forms.EmailField(
        label="Your e-mail address", widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"})
    )
    missing = {"email": "Enter your e-mail address"}


class NameForm(Form):
    """Changes one's own name."""

    name = forms.CharField(label="Your name", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    missing = {"name": "Enter your name"}


class PasswordForm(Form):
    """Sets one's own password; asks for the old one unless a mailed link has just vouched for the person."""

    old = forms.CharField(
        label="Your password now", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    new = forms.CharField(
        label="New password",
        strip=False,
        help_text="At least 12 characters. Three words that do not belong together are good.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="New password again", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    missing = {
        "old": "Enter your password",
        "new": "Enter a new password",
        "again": "Enter the new password again",
    }

    def __init__(self, *args: Any, user: User, asks_old: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        if not asks_old:
            del self.fields["old"]

    def clean_old(self) -> str:
        """Refuse a wrong password."""
        if not self._user.check_password(self.cleaned_data["old"]):
            raise ValidationError("This is not your password")
        return str(self.cleaned_data["old"])

    def clean_new(self) -> str:
        """Ask Django's rules for passwords."""
        password_validation.validate_password(self.cleaned_data["new"], self._user)
        return str(self.cleaned_data["new"])

    def clean(self) -> dict[str, Any]:
        """Refuse two that differ."""
        data = super().clean() or {}
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", "The two passwords differ")
        return data


class InviteForm(Form):
    """Invites an address to a role."""

    email = forms.EmailField(
        label="E-mail address", widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    )
    name = forms.CharField(
        label="Name", max_length=200, required=False, help_text="They can change it.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    missing = {"email": "Enter the person's e-mail address", "role": "Choose what this person is"}


class InviteToOrganisationForm(InviteForm):
    """Invites an address into an organisation."""

    role = RadioField(label="What is this person?")

    def __init__(self, *args: Any, roles: list[tuple[str, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [choice(*role) for role in roles]  # type: ignore[attr-defined]
