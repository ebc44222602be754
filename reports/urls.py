"""Addresses of the reports room. Those under reports/ are public."""

from django.urls import path

from .views import audit, checks, details, objectives, public, publishing

_OBJECTIVES = "organisations/<str:organisation_id>/objectives/publish"
_REPORT = "reports/<slug:organisation>/<int:year>/<slug:edition>"

urlpatterns = [
    path("assessments/<str:assessment_id>/audit/", audit.audit, name="audit"),
    path("assessments/<str:assessment_id>/report/", publishing.draft, name="report-draft"),
    path("assessments/<str:assessment_id>/sign-off/", publishing.sign_off, name="sign-off"),
    path("assessments/<str:assessment_id>/publish/", publishing.publish, name="publish"),
    path("assessments/<str:assessment_id>/publishing/", publishing.publishing, name="publishing"),
    path(
        "assessments/<str:assessment_id>/publishing/<str:job_id>/again/",
        publishing.rendition_retry,
        name="rendition-retry",
    ),
    path(
        "assessments/<str:assessment_id>/publishing/v<int:version>/close/",
        publishing.close_version,
        name="version-close",
    ),
    path("assessments/<str:assessment_id>/reopen/", publishing.reopen, name="reopen"),
    path("assessments/<str:assessment_id>/checks/", checks.checks, name="checks"),
    path("assessments/<str:assessment_id>/checks/<str:check_id>/", checks.answer_check, name="check-answer"),
    path("assessments/<str:assessment_id>/report-details/", details.details, name="report-details"),
    path("assessments/<str:assessment_id>/engagement/new/", details.engagement_event, name="engagement-new"),
    path(
        "assessments/<str:assessment_id>/engagement/<str:event_id>/", details.engagement_event, name="engagement-edit"
    ),
    path("assessments/<str:assessment_id>/approval/new/", details.approval_step, name="approval-new"),
    path("assessments/<str:assessment_id>/approval/<str:step_id>/", details.approval_step, name="approval-edit"),
    path("assessments/<str:assessment_id>/earlier-grades/", details.earlier_grades, name="earlier-grades"),
    path("outcomes/<str:outcome_id>/report-words/", details.outcome_words, name="report-words"),
    path(f"{_OBJECTIVES}/", objectives.publish, name="objectives-publish"),
    path(f"{_OBJECTIVES}/<str:job_id>/again/", objectives.file_retry, name="objectives-file-retry"),
    path(f"{_OBJECTIVES}/v<int:version>/close/", objectives.close_version, name="objectives-version-close"),
    path("reports/", public.public_reports, name="public-reports"),
    path("reports/<slug:organisation>/objectives/", objectives.public_objectives, name="public-objectives"),
    path(
        "reports/<slug:organisation>/objectives/v<int:version>/",
        objectives.public_objectives,
        name="public-objectives-version",
    ),
    path(
        "reports/<slug:organisation>/objectives/v<int:version>/objectives.pdf",
        objectives.public_file,
        name="public-objectives-file",
    ),
    path(f"{_REPORT}/", public.public_latest, name="public-latest"),
    path(f"{_REPORT}/plan/", public.public_plan, name="public-plan"),
    path(f"{_REPORT}/v<int:version>/", public.public_report, name="public-report"),
    path(f"{_REPORT}/v<int:version>/report.pdf", public.public_file, name="public-file"),
    path(f"{_REPORT}/v<int:version>/outcomes/<str:code>/", public.public_outcome, name="public-outcome"),
]
