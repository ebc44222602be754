"""Browser sessions, and pages drawn without collected static files."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.world import World

As = Callable[[str], Client]


@pytest.fixture
def as_(world: World) -> As:
    """Give a browser session of somebody of the world, or of a stranger for ""."""

    def sign_in(who: str) -> Client:
        client = Client()
        if who:
            client.force_login(world.people[who], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture(autouse=True)
def _plain_static(settings: object) -> None:
    settings.STORAGES = {  # type: ignore[attr-defined]
        **settings.STORAGES,  # type: ignore[attr-defined]
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
