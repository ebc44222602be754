"""Addresses of objectives and plans, from each part of the room."""

from django.urls import include, path

urlpatterns = [
    path("", include("objectives.equality.urls")),
    path("", include("objectives.imports.urls")),
    path("", include("objectives.libraries.urls")),
    path("", include("objectives.plan.urls")),
]
