"""All addresses. Each has its row in tests/matrix."""

from django.contrib import admin
from django.urls import include, path

from . import views

handler400 = "eds.ui.views.bad_request"
handler403 = "eds.ui.views.permission_denied"
handler404 = "eds.ui.views.page_not_found"
handler500 = "eds.ui.views.server_error"

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.metrics, name="metrics"),
    path("", include("eds.pages.urls")),
    path("", include("evidence.urls")),
    path("", include("grading.urls")),
    path("", include("objectives.urls")),
    path("", include("reports.urls")),
    path("account/", include("eds.people.urls")),
    path("admin/", admin.site.urls),
]
