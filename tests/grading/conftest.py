"""The world of these tests, and how Hypothesis works here: the same examples each time, so that a failure is the
change's fault. `HYPOTHESIS_PROFILE=explore` looks for new examples instead, and many more of them.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator

import pytest
import pytest_django
from hypothesis import HealthCheck, settings

from tests import databases
from tests.world import World, build_world

settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile(
    "explore", settings.get_profile("steady"), derandomize=False, database=None, max_examples=1000
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


@pytest.fixture(scope="package")
def peopled(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> Iterator[World]:
    """A database in which the world stands already: these tests are many, and building it takes longer than most."""
    with django_db_blocker.unblock(), databases.switched():
        yield build_world()


@pytest.fixture
def world(peopled: World, db: None) -> World:
    """The world that is being prepared, with objects of its own for each test."""
    return copy.deepcopy(peopled)
