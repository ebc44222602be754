"""Fixtures for all tests. Tests run as the database role that the application has: without DDL and TRUNCATE."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache

from tests import databases
from tests.world import World, build_world


def pytest_configure(config: pytest.Config) -> None:
    # Tests that run side by side must not count each other's tries.
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    if not hasattr(config, "workerinput") and not config.option.collectonly:
        databases.make_templates()


def pytest_collection_finish() -> None:
    # What is loaded by now stays; looking through all of it for garbage again and again took a tenth of the time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        databases.drop_templates()


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the seconds that each folder of tests took, the slowest first; set-up and taking down are counted."""
    seconds: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if hasattr(report, "duration"):
                seconds["/".join(report.nodeid.split("::")[0].split("/")[:2])] += report.duration
    if len(seconds) > 1:
        terminalreporter.section("seconds per group")
        for group, spent in seconds.most_common():
            terminalreporter.write_line(f"{spent:8.1f} s  {group}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Each worker process works in a copy of the template."""
    with django_db_blocker.unblock(), databases.switched():
        yield


@pytest.fixture(autouse=True)
def no_tries_counted() -> None:
    """Begin with nothing in the cache: tries to log in that one test counts must not shut another out."""
    cache.clear()


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A copied database for this test alone, with real commits; gives its URL for processes."""
    with django_db_blocker.unblock(), databases.switched() as url:
        yield url


@pytest.fixture
def world(db: None) -> World:
    """A fictional trust with its people and an assessment that is being prepared."""
    return build_world()
