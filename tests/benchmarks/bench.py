"""What the product costs, as ratios within one run on this machine: `make bench`.

Two databases stand on one PostgreSQL: one organisation, and the same among many. Each has its own web service, started
as docker-compose.yml starts it. All pages are asked in turns, so that what else the machine does falls on all alike.
Prints a table and writes a JSON file. No test asserts a time.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from common import collect_static, say  # noqa: E402 - the scripts' folder is known from here on
from postgres import server  # noqa: E402
from redis_broker import broker  # noqa: E402

from tests.benchmarks import measuring, servers  # noqa: E402
from tests.benchmarks.measuring import Crowd, Page  # noqa: E402

MEMORY_GOAL = 3.0
MANY_GOAL = 1.1
RENDER_GOAL = 1.15
QUERY_GOALS = {"agreement board": 12, "outcome page": 15}
PRODUCT = "eds.project.settings"
SIZES = ("reviewers", "panel", "cited", "library", "outcomes", "organisations", "years")


@dataclass(frozen=True)
class Line:
    """One thing that was measured; `goal` is the most that it should be, None where there is no goal."""

    what: str
    value: float
    unit: str
    goal: float | None = None

    @property
    def met(self) -> bool | None:
        """Say whether the goal was met."""
        return None if self.goal is None else self.value <= self.goal


@dataclass(frozen=True)
class Databases:
    """Where the two databases are: `alone` is there, for two roles; `among` is made as a copy of it."""

    owner_url: str
    app_url: str
    migrated: bool = False

    @property
    def alone(self) -> str:
        """Give the name of the database with one organisation."""
        return urlsplit(self.app_url).path.lstrip("/")

    @property
    def among(self) -> str:
        """Give the name of the database with many."""
        return f"{self.alone}_many"

    def url_of(self, name: str) -> str:
        """Give the address of a database as the application opens it."""
        return _named(self.app_url, name)

    def owner(self, database: str, sql: str) -> None:
        """Let the owner of the tables do something outside a transaction."""
        import psycopg2

        connection = psycopg2.connect(_named(self.owner_url, database))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
        connection.close()


def _named(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


def _use(database: str) -> None:
    """Let Django's connection in this process work in another database of the server."""
    from django.db import connection

    connection.close()
    connection.settings_dict["NAME"] = database


def load(where: Databases, environ: dict[str, str], scale: Any) -> tuple[Any, dict[int, str]]:
    """Make both databases; give what was built in the first, with the people's cookies. The second has much around it."""
    from django.db import connection

    from tests.benchmarks import copying, data

    began = time.monotonic()
    if not where.migrated:
        servers.manage(environ | {"EDS_DATABASE_URL": where.owner_url}, "migrate", "--verbosity=0")
        servers.manage(environ, "load_frameworks")
    built = data.build(scale)
    cookies = data.cookies_for([built.big.lead, built.small.lead, *built.big.reviewers])
    typical = built.typical
    for of in (typical, built.big, built.small):
        years = of.organisation.assessments
        copied = copying.belonging_to(years.get(year=data.PUBLISHED))
        copying.copy(copied, scale.years - years.count(), {"assessments.Assessment.year": "{column} - n"})
    say(f"one organisation is there after {time.monotonic() - began:.0f} s")
    connection.close()
    where.owner("postgres", f'CREATE DATABASE "{where.among}" TEMPLATE "{where.alone}"')
    _use(where.among)
    people = [typical.lead, typical.sponsor, *typical.reviewers]
    owned = copying.belonging_to(typical.organisation, [*people, *_groups(typical.organisation)])
    rows = copying.copy(owned, scale.organisations - 1, {"auth.Group.name": "n || '-' || {column}"})
    connection.close()
    for database in (where.alone, where.among):
        where.owner(database, "VACUUM ANALYZE")
    _use(where.alone)
    say(f"{scale.organisations} organisations are there after {time.monotonic() - began:.0f} s ({rows} rows more)")
    return built, cookies


def _groups(organisation: Any) -> list[Any]:
    from eds.access.grants import group_of

    return [group_of(organisation)]


def pages(built: Any, cookies: dict[int, str], one: int, many: int) -> tuple[dict[str, Page], list[str]]:
    """Give all pages that are asked in turns, by name, and the names of the pages themselves."""
    from tests.benchmarks.data import pages_of

    asked: dict[str, Page] = {}
    names = []
    for name, (path, little, who, who_little) in pages_of(built).items():
        names.append(name)
        page = Page(one, path, cookies[who.pk] if who else "")
        asked[name] = page
        asked[f"{name}, little data"] = Page(one, little, cookies[who_little.pk] if who_little else "")
        asked[f"{name}, among many"] = replace(page, port=many)
    for name, size in measuring.sizes(asked).items():
        if name in names:
            asked[f"{name}, from memory"] = replace(asked[name], path=f"/benchmark/bytes/{size}")
    # The other server is asked for all of it as well: one that does less is less warm.
    for name in [name for name, page in asked.items() if page.port == one and name not in names]:
        asked[f"{name}, among many"] = replace(asked[name], port=many)
    return asked, names


def page_lines(times: dict[str, float], names: list[str], scale: Any) -> list[Line]:
    """Give the ratios of the pages."""
    lines = []
    for name in names:
        lines += [
            Line(f"{name}", times[name], "ms"),
            Line(f"{name} / as many bytes from memory", times[name] / times[f"{name}, from memory"], "x", MEMORY_GOAL),
            Line(f"{name} / with little data", times[name] / times[f"{name}, little data"], "x"),
            Line(
                f"{name} / among {scale.organisations} organisations x {scale.years} years".replace(" / ", ", ", 1)
                + " / alone",
                times[f"{name}, among many"] / times[name],
                "x",
                MANY_GOAL,
            ),
        ]
    return lines


def query_lines(built: Any, cookies: dict[int, str]) -> list[Line]:
    """Count the queries of the pages that have a goal, in this process."""
    from django.test import Client

    from tests.benchmarks.data import pages_of
    from tests.counting import counted

    lines = []
    for name, goal in QUERY_GOALS.items():
        path, _, who, _ = pages_of(built)[name]
        client = Client(headers={"x-forwarded-proto": "https", "host": "127.0.0.1", "cookie": cookies[who.pk]})
        client.get(path)
        with counted() as count:
            status = client.get(path).status_code
        if status != 200:
            raise RuntimeError(f"{name} answered with {status} while its queries were counted.")
        lines.append(Line(f"{name}: queries", count.queries, "queries", goal))
    return lines


def submit_lines(built: Any, cookies: dict[int, str], port: int, seconds: float) -> list[Line]:
    """Let every reviewer submit within so many seconds; then count the rows."""
    from django.urls import reverse

    from grading.models import Review
    from tests.benchmarks.data import CSRF

    outcome, panel = built.submitting, built.submitting_panel
    users = [place.user_id for place in panel.members.all()]
    url = reverse("review", args=[outcome.public_id, panel.public_id])
    form = {"grade": "developing", "reason": "What I read convinced me.", "version": "0.0", "csrfmiddlewaretoken": CSRF}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": "https://127.0.0.1/"}
    healthy = measuring.together([(Page(port, "/healthz"), "GET", None, {})] * len(users), seconds)
    sent = measuring.together(
        [(Page(port, url, cookies[pk]), "POST", urlencode(form), headers) for pk in users], seconds
    )
    rows = list(Review.objects.filter(assessed_outcome=outcome, panel=panel).values_list("reviewer_id", flat=True))
    saved = sum(reply.status == 302 for reply in sent.replies)
    number = len(users)
    return [
        Line(
            f"{number} reviewers submit within {seconds:g} s: not told that it is saved", number - saved, "reviews", 0
        ),
        Line("saved, but no row", max(saved - len(set(rows)), 0), "reviews", 0),
        Line("rows doubled", len(rows) - len(set(rows)), "reviews", 0),
        Line("submitting, the middle one", sent.milliseconds(), "ms"),
        *_beside(healthy, sent),
    ]


def _beside(healthy: Crowd, sent: Crowd) -> list[Line]:
    return [
        Line(
            "submitting / the same load on /healthz, the middle one", sent.milliseconds() / healthy.milliseconds(), "x"
        ),
        Line(
            "submitting / the same load on /healthz, the slowest but 5 in 100",
            sent.milliseconds(0.95) / healthy.milliseconds(0.95),
            "x",
        ),
    ]


def render_lines() -> list[Line]:
    """Measure the PDF in a process of its own, since the renderer is wrapped once it is used."""
    done = subprocess.run(
        [sys.executable, "tests/benchmarks/bench_render.py", "--json"],
        cwd=ROOT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": PRODUCT},
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    return [
        Line("a report as PDF", found["ours"] * 1000, "ms"),
        Line("a report as PDF / WeasyPrint alone", found["ours"] / found["theirs"], "x", RENDER_GOAL),
    ]


def run(
    sizes: dict[str, int],
    rounds: int,
    warm_up: int,
    seconds: float,
    render: bool,
    there: Databases | None = None,
    workers: int | None = None,
) -> list[Line]:
    """Start everything, measure everything, end everything; in a database that is `there`, or on a server of its own."""
    folder = Path(tempfile.mkdtemp(prefix="eds-bench-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        where = there
        if where is None:
            running = stack.enter_context(server(durable=True))
            where = Databases(running.owner_url, running.app_url)
        environ = servers.environment(folder, where.app_url, stack.enter_context(broker()).url)
        if trouble := collect_static(environ | {"DJANGO_SETTINGS_MODULE": PRODUCT}):
            raise RuntimeError(trouble)
        for name in [name for name in os.environ if name.startswith("EDS_")]:
            del os.environ[name]
        # This process puts the data in, and sets sequences: what the application's own role may not.
        os.environ.update(environ | {"EDS_DATABASE_URL": where.owner_url})
        import django

        django.setup()
        from tests.benchmarks.data import Scale

        scale = Scale(**sizes)
        built, cookies = load(where, environ, scale)
        one = stack.enter_context(servers.web(environ, folder / "one.log", workers))
        among = environ | {"EDS_DATABASE_URL": where.url_of(where.among)}
        many = stack.enter_context(servers.web(among, folder / "many.log", workers))
        asked, names = pages(built, cookies, one, many)
        lines = query_lines(built, cookies)
        lines += page_lines(measuring.medians(asked, rounds, warm_up), names, scale)
        lines += submit_lines(built, cookies, one, seconds)
    return lines + (render_lines() if render else [])


def table(lines: list[Line]) -> str:
    """Give the table that people read."""
    wide = max(len(line.what) for line in lines)
    rows = [f"{'':{wide}}  {'measured':>12}  {'goal':>8}"]
    for line in lines:
        goal = "" if line.goal is None else f"{line.goal:g}"
        word = {None: "", True: "met", False: "MISSED"}[line.met]
        value = f"{line.value:.0f}" if line.unit in {"queries", "reviews"} else f"{line.value:.2f}"
        rows.append(f"{line.what:{wide}}  {value:>8} {line.unit[:3]:<3}  {goal:>8}  {word}".rstrip())
    return "\n".join(rows)


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--json", type=Path, default=ROOT / "var" / "bench.json", help="where the numbers are written")
    asked.add_argument("--rounds", type=int, default=25, help="how often each page is asked")
    asked.add_argument("--warm-up", type=int, default=12, help="how often each page is asked before that")
    asked.add_argument("--seconds", type=float, default=10.0, help="within how many seconds all reviewers submit")
    asked.add_argument("--no-render", action="store_true", help="leave the PDF out")
    asked.add_argument("--workers", type=int, help="how many processes serve pages; docker-compose.yml says it")
    asked.add_argument(
        "--on", nargs=2, metavar="URL", help="a migrated database that is there, for its owner and for the application"
    )
    for name in SIZES:
        asked.add_argument(f"--{name}", type=int, help="how many there are")
    given = asked.parse_args(arguments)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))  # so that what was started is ended
    sizes = {name: getattr(given, name) for name in SIZES if getattr(given, name) is not None}
    began = time.monotonic()
    there = Databases(*given.on, migrated=True) if given.on else None
    lines = run(sizes, given.rounds, given.warm_up, given.seconds, not given.no_render, there, given.workers)
    say("\n" + table(lines))
    found = {
        "seconds": time.monotonic() - began,
        "sizes": sizes,
        "lines": [asdict(line) | {"met": line.met} for line in lines],
    }
    given.json.parent.mkdir(parents=True, exist_ok=True)
    given.json.write_text(json.dumps(found, indent=2) + "\n")
    say(f"\n{found['seconds']:.0f} s; the numbers are in {given.json}")


if __name__ == "__main__":
    main()
