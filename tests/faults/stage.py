"""The house with its people and six years of assessments, and where their pages are."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from .cast import PASSWORD
from .house import House, house
from .visitor import Visitor, everybody

REVIEWING, AGREEING, PUBLISHING, PREPARING, CORRECTING, CLOSING = "2026", "2025", "2024", "2023", "2022", "2021"
SERVICES = ("web", "worker", "beat")


class Stage:
    """A house full of people. They log in when they are first asked for, and stay logged in."""

    def __init__(self, running: House, told: dict[str, Any]) -> None:
        self.house = running
        self.years: dict[str, dict[str, Any]] = told["years"]
        self._emails: dict[str, str] = told["people"]
        self._here: dict[str, Visitor] = {}
        self._numbers = itertools.count(1)

    def person(self, key: str) -> Visitor:
        """Give somebody of the story, logged in."""
        return self.people(key)[0]

    def people(self, *keys: str) -> list[Visitor]:
        """Give some, logged in."""
        missing = {key: self._emails[key] for key in keys if key not in self._here}
        if missing:
            self._here |= everybody(self.house.places.web_port, missing, PASSWORD)
        return [self._here[key] for key in keys]

    def reviewers(self, many: int) -> list[Visitor]:
        """Give that many people who review."""
        return self.people(*[f"reviewer_{number}" for number in range(many)])

    def words(self, about: str) -> str:
        """Give a text that nobody else has typed."""
        return f"{about}, told for the {next(self._numbers)}th time: the ward’s “welcome” was warm & <kind>."

    def panel_page(self, year: str, code: str, panel: str, page: str) -> str:
        """Give the address of a panel's page about an outcome."""
        of = self.years[year]
        return f"/outcomes/{of['outcomes'][code]}/panels/{of[panel]}/{page}/"

    def assessment_page(self, year: str, page: str) -> str:
        """Give the address of an assessment's page."""
        return f"/assessments/{self.years[year]['assessment']}/{page}"

    def all_up(self) -> None:
        """Have everything run and be well, whatever happened before."""
        for name in SERVICES:
            if not self.house.runs(name):
                self.house.start(name)


@contextmanager
def stage(many: int = 50) -> Iterator[Stage]:
    """Set the stage with that many reviewers, and take it down again."""
    with house() as running:
        told = json.loads(running.run_python("-m", "tests.faults.cast", str(many)))
        for name in SERVICES:
            running.start(name)
        yield Stage(running, told)
