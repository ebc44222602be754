"""The matrix: every route, every role, every phase, GET and POST, against the hand-written table."""

from __future__ import annotations

import logging
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import Resolver404, resolve

from tests.world import World

from .expectations import MODELS, ROLES, TABLE
from .routes import Route, all_routes
from .scene import PHASES, values_for, world_in

METHODS = ("GET", "POST")
ROUTES = {route.name: route for route in all_routes()}
A_LINE = re.compile(r"  (GET|POST) +(\S+) +(.*?)(?: +-> (\S+))?")


@dataclass(frozen=True)
class Cell:
    """One question of the matrix and its answer by the table."""

    row: str
    method: str
    role: str
    expected: str
    leads_to: str

    @property
    def route(self) -> Route:
        return ROUTES[self.row.rpartition("/")[0] if self.variant else self.row]

    @property
    def variant(self) -> str:
        name, _, variant = self.row.rpartition("/")
        return variant if name in ROUTES and self.row not in ROUTES else ""


def _named(words: str) -> Iterator[str]:
    """Give the rows that a heading of the table names; {texts} and {kept} stand for several."""
    for word in words.split():
        placeholder = re.search(r"\{(\w+)(/?)\}", word)
        if placeholder is None:
            yield word
            continue
        for model in MODELS[placeholder[1]]:
            yield word.replace(placeholder[0], model.replace("_", "/") if placeholder[2] else model)


def _read() -> tuple[dict[str, list[Cell]], list[str]]:
    """Read the table into cells by phase, and the list of rows in it."""
    cells: dict[str, list[Cell]] = defaultdict(list)
    rows: list[str] = []
    heading: list[str] = []
    for line in TABLE.splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        if not line.startswith(" "):
            heading = list(_named(line))
            rows += heading
            continue
        method, phases, answers, leads_to = re.fullmatch(A_LINE, line).groups()  # type: ignore[union-attr]
        by_role = dict(zip(ROLES, answers.split(), strict=True))
        for phase in PHASES if phases == "*" else phases:
            for row in heading:
                cells[phase] += [Cell(row, method, role, said, leads_to or "") for role, said in by_role.items()]
    return cells, rows


CELLS, ROWS = _read()
VARIANTS = {row for row in ROWS if row not in ROUTES and row.rpartition("/")[0] in ROUTES}


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    rows = set(ROWS) - VARIANTS
    assert {
        "routes without a row": sorted(ROUTES.keys() - rows),
        "rows without a route": sorted(rows - ROUTES.keys()),
    } == {
        "routes without a row": [],
        "rows without a route": [],
    }


def test_no_two_routes_share_a_name() -> None:
    assert [name for name, number in Counter(route.name for route in all_routes()).items() if number > 1] == []


def test_every_row_answers_once_for_every_phase_role_and_method() -> None:
    for phase in PHASES:
        found = Counter((cell.row, cell.method, cell.role) for cell in CELLS[phase])
        asked = {(row, method, role) for row in set(ROWS) - VARIANTS for method in METHODS for role in ROLES}
        assert [key for key, number in found.items() if number > 1] == []
        assert sorted(asked - found.keys()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("part", ["product", "admin"])
@pytest.mark.parametrize("phase", PHASES)
def test_answers_are_those_of_the_table(phase: str, part: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="django")  # thousands of refusals, each with its traceback
    world = world_in(phase)
    clients = {role: _signed_in(world, person) for role, person in ROLES.items()}
    cells = [cell for cell in CELLS[phase] if cell.route.pattern.startswith("admin/") == (part == "admin")]
    urls = {cell.row: cell.route.url(_values(world, cell)) for cell in {cell.row: cell for cell in cells}.values()}
    wrong = []
    for cell in cells:
        url = urls[cell.row]
        with transaction.atomic():
            found = _outcome(_ask(clients[cell.role], cell.method, url), cell.leads_to)
            transaction.set_rollback(True)
        if found != cell.expected:
            wrong.append(f"{cell.method:4} {cell.row} as {cell.role}: {found}, the table says {cell.expected} ({url})")
    assert not wrong, f"while {PHASES[phase]}, {len(wrong)} wrong:\n" + "\n".join(wrong)


@pytest.mark.django_db
def test_no_post_is_taken_without_its_token(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="django")
    world = world_in("P")
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.admin, backend="django.contrib.auth.backends.ModelBackend")
    urls = [route.url(values_for(world, route)) for route in all_routes()]
    assert [url for url in urls if client.post(url, {"reason": "Because."}).status_code != 403] == []


def _signed_in(world: World, person: str) -> Client:
    client = Client(raise_request_exception=False)
    if person:
        client.force_login(world.people[person], backend="django.contrib.auth.backends.ModelBackend")
    return client


def _ask(client: Client, method: str, url: str) -> HttpResponseBase:
    """Ask, and put the cookies back, so that no cell sees what an earlier one did."""
    cache.clear()  # the limits on how often one may try to log in
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    response = client.get(url) if method == "GET" else client.post(url, {"csrfmiddlewaretoken": "token"})
    client.cookies.clear()
    client.cookies.load(cookies)
    return response


def _outcome(response: HttpResponseBase, leads_to: str) -> str:
    if response.status_code not in {301, 302}:
        return str(response.status_code)
    location = response["Location"]
    path = location.partition("?")[0]
    if path == "/account/login/":
        return "in"
    if path == "/admin/login/":
        return "adm"
    try:
        match = resolve(path)
    except Resolver404:
        return f"to {location}, which is nowhere"
    return "go" if leads_to in {"", match.view_name} else f"to {match.view_name}"


def _values(world: World, cell: Cell) -> dict[str, object]:
    values = values_for(world, cell.route, cell.variant)
    if cell.variant == "staff":
        values["panel_id"] = world.staff.public_id
    if cell.row == "demo-enter/lead":
        values["user_id"] = world.lead.public_id
    return values
