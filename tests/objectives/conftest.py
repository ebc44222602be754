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
