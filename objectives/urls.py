"""Addresses of the objectives room."""

from django.urls import include, path

urlpatterns = [
    path("", include("objectives.equality.urls")),
]
