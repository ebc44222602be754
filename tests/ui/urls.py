"""The addresses that the page frame and the log-in pages name."""

from django.http import HttpRequest, HttpResponse
from django.urls import path


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("", nothing, name="home"),
    path("accounts/login/", nothing, name="account_login"),
    path("accounts/logout/", nothing, name="account_logout"),
    path("accounts/sign-in-link/", nothing, name="sign-in-link"),
    path("accounts/password-reset/", nothing, name="password-reset"),
]
