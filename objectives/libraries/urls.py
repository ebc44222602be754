"""Addresses of national plans."""

from __future__ import annotations

from django.urls import path, re_path

from . import views

urlpatterns = [
    path("organisations/<str:organisation_id>/national-plans/", views.national, name="national-plans"),
    path("organisations/<str:organisation_id>/national-plans/local/", views.local_plan, name="local-plan"),
    re_path(r"^answers/(?P<kind>objective|action)/(?P<subject_id>[^/]+)/\Z", views.link, name="national-link"),
]
