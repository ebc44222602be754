"""Addresses of the room, from each of its parts."""

from __future__ import annotations

from .imports.urls import urlpatterns as imports
from .libraries.urls import urlpatterns as libraries

urlpatterns = [*imports, *libraries]
