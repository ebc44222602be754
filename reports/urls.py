"""Addresses of the reports room. Those under reports/ are public."""

from django.urls import path

from .views import public, publishing

_REPORT = "reports/<slug:organisation>/<int:year>/<slug:edition>"

urlpatterns = [
    path("assessments/<str:assessment_id>/report/", publishing.draft, name="report-draft"),
    path("assessments/<str:assessment_id>/sign-off/", publishing.sign_off, name="sign-off"),
    path("assessments/<str:assessment_id>/publish/", publishing.publish, name="publish"),
    path("assessments/<str:assessment_id>/publishing/", publishing.publishing, name="publishing"),
    path(
        "assessments/<str:assessment_id>/publishing/<str:job_id>/again/",
        publishing.rendition_retry,
        name="rendition-retry",
    ),
    path("assessments/<str:assessment_id>/reopen/", publishing.reopen, name="reopen"),
    path("reports/", public.public_reports, name="public-reports"),
    path(f"{_REPORT}/", public.public_latest, name="public-latest"),
    path(f"{_REPORT}/v<int:version>/", public.public_report, name="public-report"),
    path(f"{_REPORT}/v<int:version>/report.pdf", public.public_file, name="public-file"),
    path(f"{_REPORT}/v<int:version>/outcomes/<str:code>/", public.public_outcome, name="public-outcome"),
]
