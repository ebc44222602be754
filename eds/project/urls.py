"""All addresses. Each has its row in tests/matrix."""

from allauth.account import views as account
from django.contrib import admin
from django.urls import include, path

from eds.people.views import LogIn

handler400 = "eds.ui.views.bad_request"
handler403 = "eds.ui.views.permission_denied"
handler404 = "eds.ui.views.page_not_found"
handler500 = "eds.ui.views.server_error"

# Only those of allauth's addresses that the product uses: nobody signs up by themselves.
_account = [
    path("login/", LogIn.as_view(), name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
]

urlpatterns = [
    path("", include("eds.pages.urls")),
    path("", include("evidence.urls")),
    path("", include("grading.urls")),
    path("", include("reports.urls")),
    path("account/", include(_account)),
    path("admin/", admin.site.urls),
]
