"""Fetches everything as somebody: every route with every id that the database holds, and every link on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client

from eds.assessments.models import AssessedOutcome, Assessment, Contributor, Panel, PanelMember, Round
from eds.jobs.models import Job
from eds.people.models import Organisation, User
from evidence.models import EvidenceFile, EvidenceItem, EvidenceLink
from grading.models import ProposedGrade
from tests.matrix.routes import all_routes
from tests.matrix.scene import NO_SUCH
from tests.world import World

A_LINK = re.compile(r"""(?:href|hx-get)=["'](/[^"'#]*|\?[^"'#]*)""")
PRODUCT = [route for route in all_routes() if not route.pattern.startswith(("admin/", "account/"))]
POSTED = {"panel-names", "review", "propose", "panel-grade", "summary", "evidence-edit"}
"""Forms that show what is stored. They are sent empty as well, and what that does is rolled back."""
ADMIN_LISTS = ("/admin/", "/admin/people/user/", "/admin/people/membership/", "/admin/people/organisation/")


@dataclass(frozen=True)
class Answer:
    """What came back: the status, and all that could tell something, as one text."""

    method: str
    url: str
    status: int
    head: str
    body: str

    @property
    def all(self) -> str:
        return f"{self.head}\n{self.body}"


def sign_in(world: World, who: str) -> Client:
    """Give a browser session of somebody, or of a stranger for ""."""
    client = Client()
    if who:
        client.force_login(world.people[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def every_address() -> dict[str, str]:
    """Give addresses of every product route for everything in the database, with the route's name.

    Where an address names two things that do not belong together (one trust's outcome, another's panel) it is asked as
    well, for each thing with a few of the others.
    """
    found: dict[str, str] = {}
    for route in PRODUCT:
        for values in _choices(route.places):
            found[route.url(dict(zip(route.places, values, strict=True)))] = route.name
    return found


def _ids(rows: object) -> list[str]:
    return list(rows.values_list("public_id", flat=True))  # type: ignore[attr-defined]


def _choices(places: tuple[str, ...]) -> Iterator[tuple[object, ...]]:
    graded = AssessedOutcome.objects.filter(pk__in=ProposedGrade.objects.values("assessed_outcome")).order_by("pk")
    ids = {
        "user_id": _ids(User.objects.all()),
        "organisation_id": _ids(Organisation.objects.all()),
        "assessment_id": _ids(Assessment.objects.all()),
        "round_id": _ids(Round.objects.all()),
        "outcome_id": _ids(graded) + _ids(AssessedOutcome.objects.exclude(pk__in=graded)[:1]),
        "panel_id": _ids(Panel.objects.all()),
        "member_id": _ids(PanelMember.objects.all()),
        "contributor_id": _ids(Contributor.objects.all()),
        "item_id": _ids(EvidenceItem.objects.all()),
        "file_id": _ids(EvidenceFile.objects.all()),
        "link_id": _ids(EvidenceLink.objects.all()),
        "job_id": _ids(Job.objects.all()) or [NO_SUCH],
    }
    if places and places[0] == "organisation":
        rest = [[2026], ["eds-2011"], [1, 2], ["4.1", "1.1"]][: len(places) - 1]
        yield from product(Organisation.objects.values_list("slug", flat=True), *rest)
    elif places == ("item_id", "file_id"):
        pairs = set(EvidenceFile.objects.values_list("version__item__public_id", "public_id"))
        yield from pairs | set(product(ids["item_id"][:2], ids["file_id"]))
    elif len(places) == 2 and places[0] == "outcome_id":
        yield from product(ids["outcome_id"], ids[places[1]])
    else:
        yield from product(*(ids[place] for place in places))


def ask(client: Client, method: str, url: str) -> Answer:
    """Ask once; what a POST changes is rolled back."""
    if method == "GET":
        return _answer(method, url, client.get(url))
    with transaction.atomic():
        response = client.post(url, {"csrfmiddlewaretoken": "token"})
        transaction.set_rollback(True)
    return _answer(method, url, response)


def _answer(method: str, url: str, response: HttpResponseBase) -> Answer:
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    head = [f"{name}: {value}" for name, value in response.items()]
    head += [morsel.OutputString() for name, morsel in response.cookies.items() if name != "sessionid"]
    return Answer(method, url, response.status_code, "\n".join(head), content.decode(errors="replace"))


def fetch_everything(client: Client, *, admin: bool = False) -> list[Answer]:
    """Fetch every address and follow every link, from the home page on, that none of them has led to yet."""
    addresses = every_address()
    waiting = ["/", *addresses]
    if admin:
        waiting += ADMIN_LISTS
    seen = set(waiting)
    answers = []
    while waiting:
        url = waiting.pop()
        answers.append(ask(client, "GET", url))
        if addresses.get(url) in POSTED:
            answers.append(ask(client, "POST", url))
        if url.startswith("/admin/"):
            continue
        for link in A_LINK.findall(answers[-1].body):
            target = (url.partition("?")[0] + link if link.startswith("?") else link).replace("&amp;", "&")
            if target not in seen and not target.startswith(("/static/", "/admin/")):
                seen.add(target)
                waiting.append(target)
    return answers
