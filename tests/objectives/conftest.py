"""Pages drawn without collected static files, and browser sessions of the world's people."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.leaks.walk import sign_in
from tests.world import World

As = Callable[[str], Client]


@pytest.fixture(autouse=True)
def _plain_static(settings: object) -> None:
    settings.STORAGES = {  # type: ignore[attr-defined]
        **settings.STORAGES,  # type: ignore[attr-defined]
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def as_(world: World) -> As:
    """Give a browser session of somebody of the world, or of a stranger for ""."""
    return lambda who: sign_in(world, who)
