"""The admin site for people and organisations. No grade, review or evidence is ever registered here."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest

from .belonging import belonging_changed
from .models import Membership, Organisation, OrganisationNotice, User

REASON = "Changed by the site administrator"

admin.site.site_header = "Equality Delivery System: site administration"
admin.site.site_title = "Site administration"
# One log-in for all, with its limits on tries.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Groups and grants are derived from who belongs (eds.access.grants).
admin.site.unregister(Group)
# A second place for addresses would let them differ from the one that people log in with.
admin.site.unregister(EmailAddress)
# It would show the keys of other people's second factors.
admin.site.unregister(Authenticator)


class NeverDeleted(admin.ModelAdmin):
    """Registered things are ended or made inactive, never deleted."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Always False."""
        return False


class NewUserForm(AdminUserCreationForm):
    """Makes a user by address and name, with a password or without one."""

    class Meta:
        model = User
        fields = ("email", "name")


@admin.register(User)
class UserAdmin(NeverDeleted):
    """People. Rights come from memberships, panels and contributions, so none can be given here."""

    list_display = ["name", "email", "is_active", "is_staff"]
    search_fields = ["name", "email"]
    fields = ["email", "name", "is_active", "is_staff"]

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:
        """Ask for a password only when the account is made."""
        return NewUserForm if obj is None else super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Give the fields of the form in use."""
        return ["email", "name", "usable_password", "password1", "password2"] if obj is None else self.fields

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Keep addresses in lower case."""
        obj.email = obj.email.lower()
        super().save_model(request, obj, form, change)


class TrackedAdmin(NeverDeleted):
    """Saves through record(), so that the history names the administrator."""

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Record the change, and derive the grants in the same transaction."""
        with transaction.atomic():
            obj.record(actor=request.user, reason=REASON)
            belonging_changed(obj if isinstance(obj, Organisation) else obj.organisation)


@admin.register(Organisation)
class OrganisationAdmin(TrackedAdmin):
    """Trusts and care boards."""

    list_display = ["name", "kind"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}


@admin.register(OrganisationNotice)
class OrganisationNoticeAdmin(TrackedAdmin):
    """How to ask for a report in another form, by language."""

    list_display = ["name", "language", "organisation", "checked"]
    list_filter = ["organisation", "checked"]
    autocomplete_fields = ["organisation"]


@admin.register(Membership)
class MembershipAdmin(TrackedAdmin):
    """Who belongs to which organisation."""

    list_display = ["user", "role", "organisation", "ended_on"]
    list_filter = ["role", "organisation"]
    autocomplete_fields = ["user", "organisation"]

    def get_readonly_fields(self, request: HttpRequest, obj: Membership | None = None) -> list[str]:
        """A membership is ended and a new one made, not turned into another."""
        return ["user", "organisation", "role"] if obj else []
