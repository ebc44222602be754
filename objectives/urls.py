"""Addresses of the room, from each of its parts."""

from __future__ import annotations

from .imports.urls import urlpatterns as imports

urlpatterns = [*imports]
