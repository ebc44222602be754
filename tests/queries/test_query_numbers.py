"""Each page takes the same number of queries with few rows and with many: nothing is read row by row."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from eds.history.prepared import Prepared
from tests.asking import assert_as_asked, noted
from tests.counting import counted
from tests.leaks.walk import sign_in
from tests.matrix.expectations import ROLES
from tests.matrix.routes import all_routes
from tests.matrix.scene import PHASES, values_for
from tests.matrix.test_matrix import CELLS

from .worlds import FEW, MANY, build

READERS = {
    "a stranger": "anon",
    "the lead": "lead",
    "a contributor": "cont",
    "a chair": "chair",
    "a reviewer": "rev",
    "staff side's chair": "staff",
    "the sponsor": "spon",
    "the administrator": "adm",
}
VARIANTS = {
    name: ["eds-2022"] for name in ("services", "assessment", "set-up", "assessment-scope", "assessment-people")
}
"""What is asked about the other edition as well: it is the one with services."""
GOALS = {"agreement": 12, "outcome": 15}
"""The most queries that a page may take which everybody waits for."""
ENOUGH = 5
"""How many askings for each prepared query set are compared with Django's own in each world."""
NO_PAGES = {"demo-enter"}
NOT_HERE: set[str] = set()
OURS = {"eds", "evidence", "grading", "objectives", "reports"}
NEVER_MANY = {
    "assessments.PanelKind",
    "evidence.OfferDecision",  # it grows while the round is prepared: the only time when pages show it
    "jobs.WorkerSeen",
    "objectives.PlanSettings",
    "people.LinkRequest",
    "people.OneTimeLink",
    "people.Visit",
    "reports.ReportDetails",
    "ui.UnsavedText",
}
"""What is one to an installation, assessment or person, or on no page as rows."""


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="django")


@contextmanager
def rolled_back() -> Iterator[None]:
    """Undo everything at the end of the block."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Taken:
    """How many queries each page took that answered with 200, by page and reader; and how many rows each model had."""

    queries: dict[str, int]
    rows: dict[str, int]


def _take(phase: str, number: int, only: set[str] | None = None) -> Taken:
    """Build the world and open every page; `only` names those to open."""
    numbers, compared = {}, Counter[Prepared[Any]]()
    with rolled_back():
        world = build(phase, number)
        sign_in(world, "lead").get("/")  # what a process reads once and keeps
        ContentType.objects.get_for_models(*apps.get_models())
        clients = {reader: sign_in(world, ROLES[role]) for reader, role in READERS.items()}
        for route in all_routes():
            if route.name in NO_PAGES:
                continue
            for variant in ["", *VARIANTS.get(route.name, [])]:
                url = route.url(values_for(world, route, variant))
                name = f"{route.name}/{variant}" if variant else route.name
                for reader, role in READERS.items():
                    page = f"{name} for {reader}"
                    if (route.pattern.startswith("admin/") and role != "adm") or (
                        only is not None and page not in only
                    ):
                        continue
                    with counted() as count, noted() as calls:
                        status = clients[reader].get(url).status_code
                    for call in calls:
                        if compared[call[0]] < ENOUGH:
                            compared[call[0]] += 1
                            assert_as_asked(call)
                    if status == 200:
                        numbers[page] = count.queries
        return Taken(numbers, _rows())


def _rows() -> dict[str, int]:
    """Count the rows of every model of ours, but for histories and what comes with the editions."""
    models = [
        model
        for model in apps.get_models()
        if model.__module__.partition(".")[0] in OURS
        and not model.__name__.startswith("Historical")
        and (model._meta.app_label != "frameworks" or model.__name__.startswith("Crit"))
    ]
    return {model._meta.label: model._base_manager.count() for model in models}


@pytest.mark.django_db
@pytest.mark.parametrize("phase", [phase for phase in PHASES if phase != "B"])
def test_a_page_takes_as_many_queries_with_many_rows_as_with_few(phase: str) -> None:
    few = _take(phase, FEW)
    roles = {role: reader for reader, role in READERS.items()}
    in_the_matrix = {
        f"{cell.row} for {roles[cell.role]}"
        for cell in CELLS[phase]
        if (cell.method, cell.expected, cell.variant) == ("GET", "200", "") and cell.role in roles
    }
    assert sorted(in_the_matrix - few.queries.keys() - NOT_HERE) == [], "pages that nobody counts"
    too_many = [
        f"{page}: {taken}"
        for page, taken in few.queries.items()
        if taken > GOALS.get(page.partition(" for ")[0], taken)
    ]
    assert not too_many, f"while {PHASES[phase]}, pages take more queries than was promised:\n" + "\n".join(too_many)
    many = _take(phase, MANY, set(few.queries))
    assert few.queries.keys() == many.queries.keys()
    grown = [f"{page}: {few.queries[page]}, then {many.queries[page]}" for page in few.queries]
    grown = [each for each in grown if len(set(each.rpartition(": ")[2].split(", then "))) > 1]
    assert not grown, f"while {PHASES[phase]}, {len(grown)} pages read row by row:\n" + "\n".join(grown)
    if phase == "X":
        still = {label for label in few.rows if few.rows[label] == 0 or many.rows[label] <= few.rows[label]}
        assert sorted(still) == sorted(NEVER_MANY), "rows of which there are not few first and then many"
