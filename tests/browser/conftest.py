"""The demo as it runs, Chromium, and people who use them. All of it is gone before the next folder's tests begin."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests import databases

from .person import Book, Person
from .processes import Demo

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

MakePerson = Callable[..., Person]


# Playwright keeps an event loop running, in which Django refuses to ask the database: so it must not outlive this folder.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is not installed: make test installs it."
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield started
        started.close()


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo, started as its users start it, and ended with Ctrl-C."""
    running = Demo(tmp_path_factory.mktemp("demo"))
    try:
        yield running
        status, printed = running.interrupt()
    finally:
        running.kill()
    assert (status, printed.splitlines()[-1]) == (0, "Ended."), printed


@pytest.fixture(scope="package")
def demo_on_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo again, on PostgreSQL with Redis."""
    with databases.addresses_of_a_copy() as addresses:
        broker = {"EDS_BROKER_URL": os.environ["EDS_TEST_REDIS_URL"]}
        running = Demo(tmp_path_factory.mktemp("demo-on-servers"), settings=addresses | broker)
        try:
            yield running
        finally:
            running.kill()


@pytest.fixture(scope="package")
def looked_at() -> set[tuple[str, ...]]:
    """What the pages were built of that axe has looked at in any test."""
    return set()


@pytest.fixture
def book(looked_at: set[tuple[str, ...]]) -> Book:
    """What people of this test come to see."""
    return Book(looked_at)


@pytest.fixture
def person(browser: Browser, demo: Demo, book: Book) -> Iterator[MakePerson]:
    """Makes people: person("Amara Nwosu") is logged in, person() is anybody. Each has a session of their own."""
    made: list[Person] = []

    def make(who: str = "", *, url: str = demo.url, **options: Any) -> Person:
        new = Person(browser, url, book, who or "anybody", **options)
        made.append(new)
        return new.log_in() if who else new

    yield make
    for each in made:
        each.close()
