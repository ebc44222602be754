"""Addresses of the reports room. Those under reports/ are public."""

from django.urls import path

from . import views

_REPORT = "reports/<slug:organisation>/<int:year>/<slug:edition>"

urlpatterns = [
    path("assessments/<str:assessment_id>/report/", views.draft, name="report-draft"),
    path("assessments/<str:assessment_id>/sign-off/", views.sign_off, name="sign-off"),
    path("assessments/<str:assessment_id>/publish/", views.publish, name="publish"),
    path("assessments/<str:assessment_id>/publishing/", views.publishing, name="publishing"),
    path(
        "assessments/<str:assessment_id>/publishing/<str:job_id>/again/", views.rendition_retry, name="rendition-retry"
    ),
    path("assessments/<str:assessment_id>/reopen/", views.reopen, name="reopen"),
    path("reports/", views.public_reports, name="public-reports"),
    path(f"{_REPORT}/", views.public_latest, name="public-latest"),
    path(f"{_REPORT}/v<int:version>/", views.public_report, name="public-report"),
    path(f"{_REPORT}/v<int:version>/report.pdf", views.public_file, name="public-file"),
    path(f"{_REPORT}/v<int:version>/outcomes/<str:code>/", views.public_outcome, name="public-outcome"),
]
