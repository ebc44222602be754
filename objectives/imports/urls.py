"""Addresses of bringing in a plan."""

from __future__ import annotations

from django.urls import path

from . import views

ONE = "assessments/<str:assessment_id>/plan/import/<str:import_id>/"

urlpatterns = [
    path("assessments/<str:assessment_id>/plan/import/", views.choose, name="plan-import-new"),
    path(ONE, views.look, name="plan-import"),
    path(f"{ONE}confirm/", views.confirm, name="plan-import-confirm"),
    path(f"{ONE}throw-away/", views.throw_away, name="plan-import-throw-away"),
]
