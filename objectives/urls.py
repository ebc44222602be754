"""Addresses of the room, from each of its parts."""

from __future__ import annotations

from .equality.urls import urlpatterns as equality
from .imports.urls import urlpatterns as imports

urlpatterns = [*equality, *imports]
