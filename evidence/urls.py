"""Addresses of the evidence room."""

from django.urls import path

from . import views
from .figures import views as figures
from .findings import views as findings
from .last_year import views as last_year
from .privacy import views as privacy

urlpatterns = [
    path("evidence/", views.libraries, name="libraries"),
    path("organisations/<str:organisation_id>/evidence/", views.library, name="library"),
    path("evidence/<str:item_id>/", views.item, name="evidence-item"),
    path("evidence/<str:item_id>/edit/", views.edit, name="evidence-edit"),
    path("evidence/<str:item_id>/who-it-covers/", findings.findings, name="evidence-findings"),
    path("evidence/<str:item_id>/privacy/", privacy.questions, name="evidence-privacy"),
    path("evidence/<str:item_id>/story/", privacy.story, name="evidence-story"),
    path("evidence/<str:item_id>/figures/new/", figures.new, name="figure-new"),
    path("evidence/<str:item_id>/figures/<str:figure_id>/", figures.edit, name="figure-edit"),
    path("evidence/<str:item_id>/files/<str:file_id>/", views.library_file, name="library-file"),
    path("outcomes/<str:outcome_id>/evidence/new/", views.new, name="evidence-new"),
    path("outcomes/<str:outcome_id>/evidence/last-year/", last_year.last_year, name="evidence-last-year"),
    path("outcomes/<str:outcome_id>/evidence/cite/", views.cite, name="evidence-cite"),
    path("outcomes/<str:outcome_id>/evidence/<str:link_id>/remove/", views.uncite, name="evidence-uncite"),
    path("outcomes/<str:outcome_id>/evidence/files/<str:file_id>/", views.cited_file, name="evidence-file"),
    path("outcomes/<str:outcome_id>/findings/<slug:characteristic>/", findings.settle, name="finding-settle"),
    path("outcomes/<str:outcome_id>/summary/", views.summary, name="summary"),
]
