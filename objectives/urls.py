"""Addresses of objectives and plans."""

from django.urls import include, path

urlpatterns = [
    path("", include("objectives.plan.urls")),
]
