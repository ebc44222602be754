"""Addresses of log-in, one-time links and the account. Only those of allauth's that are used: nobody signs up."""

from allauth.account import views as allauth
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from django.contrib.auth.decorators import login_required
from django.urls import path

from .models import OneTimeLink
from .views import account, links, login, second_factor

PURPOSE = OneTimeLink.Purpose

urlpatterns = [
    path("login/", login.LogIn.as_view(), name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("link/", links.link, name="link"),
    path("sign-in-link/", links.by_mail, {"purpose": PURPOSE.SIGN_IN.value}, name="sign-in-link"),
    path("forgotten-password/", links.by_mail, {"purpose": PURPOSE.RESET.value}, name="password-reset"),
    path("", account.account, name="account"),
    path("start/", account.start, name="account-start"),
    path("password/", account.password, name="account-password"),
    path("confirm/", login_required(second_factor.Confirm.as_view()), name="account_reauthenticate"),
    path("confirm/code/", second_factor.ConfirmByCode.as_view(), name="mfa_reauthenticate"),
    path("second-factor/", mfa.index, name="mfa_index"),
    path("second-factor/code/", second_factor.Authenticate.as_view(), name="mfa_authenticate"),
    path("second-factor/set-up/", login_required(second_factor.SetUp.as_view()), name="mfa_activate_totp"),
    path("second-factor/take-away/", login_required(second_factor.TakeAway.as_view()), name="mfa_deactivate_totp"),
    path("second-factor/recovery-codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "second-factor/recovery-codes/new/",
        login_required(second_factor.NewRecoveryCodes.as_view()),
        name="mfa_generate_recovery_codes",
    ),
]
