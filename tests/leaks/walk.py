"""Fetches everything as somebody: every route with every id that the database holds, and every link on the way."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from zipfile import ZipFile

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponseBase
from django.test import Client

from eds.assessments.models import (
    AssessedOutcome,
    Assessment,
    Contributor,
    EngagementEvent,
    Panel,
    PanelMember,
    PanelRemit,
    Round,
)
from eds.jobs.models import Job, KeptMail
from eds.people.models import Invitation, Organisation
from evidence.figures.models import Figure
from evidence.models import EvidenceFile, EvidenceItem, EvidenceLink
from grading.models import Question, Remark
from objectives.equality.models import Commitment, EqualityObjective, Measure, ObjectiveComment
from objectives.imports.models import PlanImport
from objectives.plan.models import ImprovementAction, PlanObjective
from reports.domain import RENDER
from reports.models import ApprovalStep
from reports.objectives import domain as objectives
from tests.matrix.routes import all_routes
from tests.world import World

A_LINK = re.compile(r"""(?:href|hx-get)=["'](/[^"'#]*|\?[^"'#]*)""")
PRODUCT = [route for route in all_routes() if not route.pattern.startswith(("admin/", "account/", "demo/<"))]
POSTED = {"review", "propose", "panel-grade", "summary", "evidence-edit", "question-answer", "objective-edit"}
"""Forms that show what is stored. They are sent empty as well, and what that does is rolled back."""
POST_ONLY = {"panel-names", "rendition-retry", "objectives-file-retry", "remind"}
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


def every_address(*, strangers: bool = False) -> dict[str, str]:
    """Give addresses of every product route for everything in the database, with the route's name.

    Where an address names two things, it is asked for every two that belong together; with `strangers`, also for each
    second thing with a first of another assessment.
    """
    found: dict[str, str] = {}
    ids = _ids_by_place()
    for route in PRODUCT:
        for values in _choices(route.places, ids, strangers):
            found[route.url(dict(zip(route.places, values, strict=True)))] = route.name
    return found


def _ids(rows: QuerySet, field: str = "public_id") -> list[str]:
    return list(rows.order_by("pk").values_list(field, flat=True))


def _ids_by_place() -> dict[str, list[str]]:
    graded = AssessedOutcome.objects.filter(remits__isnull=False).distinct()
    return {
        "organisation_id": _ids(Organisation.objects.all()),
        "assessment_id": _ids(Assessment.objects.all()),
        "round_id": _ids(Round.objects.all()),
        "outcome_id": _ids(graded),
        "panel_id": _ids(Panel.objects.all()),
        "objective_id": _ids(EqualityObjective.objects.all()),
        "item_id": _ids(EvidenceItem.objects.all()),
        "plan_objective_id": _ids(PlanObjective.objects.all()),
        "action_id": _ids(ImprovementAction.objects.all()),
        "edition": ["eds-2011"],
        "invitation_id": _ids(Invitation.objects.all()),
        "kind": ["objective", "action"],
        "mail_id": _ids(KeptMail.objects.all(), "outbox__public_id"),
    }


def _choices(places: tuple[str, ...], ids: dict[str, list[str]], strangers: bool) -> Iterator[tuple[object, ...]]:
    if places and places[0] == "organisation":
        rest = {"year": [2026], "edition": ["eds-2011"], "version": [1], "code": ["4.1"]}
        yield from product(_ids(Organisation.objects.all(), "slug"), *(rest[place] for place in places[1:]))
    elif len(places) == 3:
        yield from Remark.objects.values_list("assessed_outcome__public_id", "panel__public_id", "public_id")
    elif len(places) == 2:
        pairs = _PAIRS[places]()
        firsts = ids[places[0]]
        yield from pairs
        if strangers:
            mixed = {(firsts[-1] if first == firsts[0] else firsts[0], second) for first, second in pairs}
            yield from mixed - pairs
    else:
        yield from product(*(ids[place] for place in places))


def _pairs(rows: QuerySet, first: str, second: str = "public_id") -> set[tuple[str, str]]:
    return set(rows.values_list(first, second))


_PAIRS: dict[tuple[str, ...], Callable[[], set[tuple[str, str]]]] = {
    ("outcome_id", "panel_id"): lambda: _pairs(
        PanelRemit.objects.all(), "assessed_outcome__public_id", "panel__public_id"
    ),
    ("outcome_id", "link_id"): lambda: _pairs(EvidenceLink.objects.all(), "assessed_outcome__public_id"),
    ("outcome_id", "contributor_id"): lambda: _pairs(Contributor.objects.all(), "assessed_outcome__public_id"),
    ("outcome_id", "file_id"): lambda: _pairs(
        EvidenceFile.objects.filter(version__item__citations__isnull=False),
        "version__item__citations__assessed_outcome__public_id",
    ),
    ("outcome_id", "question_id"): lambda: _pairs(Question.objects.all(), "assessed_outcome__public_id"),
    ("outcome_id", "characteristic"): lambda: set(
        product(_ids(AssessedOutcome.objects.filter(remits__isnull=False).distinct()), ["age"])
    ),
    ("item_id", "figure_id"): lambda: _pairs(Figure.objects.all(), "version__item__public_id"),
    ("item_id", "file_id"): lambda: _pairs(EvidenceFile.objects.all(), "version__item__public_id"),
    ("action_id", "panel_id"): lambda: _pairs(
        ImprovementAction.objects.filter(assessed_outcome__remits__isnull=False),
        "public_id",
        "assessed_outcome__remits__panel__public_id",
    ),
    ("panel_id", "member_id"): lambda: _pairs(PanelMember.objects.all(), "panel__public_id"),
    ("assessment_id", "event_id"): lambda: _pairs(EngagementEvent.objects.all(), "assessment__public_id"),
    ("assessment_id", "step_id"): lambda: _pairs(ApprovalStep.objects.all(), "assessment__public_id"),
    ("assessment_id", "check_id"): lambda: set(product(_ids(Assessment.objects.all()), ["factor.missing"])),
    ("assessment_id", "import_id"): lambda: _pairs(PlanImport.objects.all(), "assessment__public_id"),
    ("kind", "subject_id"): lambda: {
        *(("objective", each) for each in _ids(EqualityObjective.objects.all())),
        *(("action", each) for each in _ids(ImprovementAction.objects.all())),
    },
    ("assessment_id", "version"): lambda: set(product(_ids(Assessment.objects.all()), [1])),
    ("objective_id", "commitment_id"): lambda: _pairs(Commitment.objects.all(), "objective__public_id"),
    ("objective_id", "measure_id"): lambda: _pairs(Measure.objects.all(), "objective__public_id"),
    ("objective_id", "comment_id"): lambda: _pairs(ObjectiveComment.objects.all(), "objective__public_id"),
    ("organisation_id", "version"): lambda: set(product(_ids(Organisation.objects.all()), [1])),
    ("organisation_id", "job_id"): lambda: set(
        product(_ids(Organisation.objects.all()), _ids(Job.objects.filter(kind=objectives.RENDER)))
    ),
    ("assessment_id", "job_id"): lambda: set(
        product(_ids(Assessment.objects.all()), _ids(Job.objects.filter(kind=RENDER)))
    ),
}


def ask(client: Client, method: str, url: str) -> Answer:
    """Ask once; what a POST changes is rolled back, and what it has to say is not kept for the next page."""
    if method == "GET":
        return _answer(method, url, client.get(url))
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    with transaction.atomic():
        response = client.post(url, {"csrfmiddlewaretoken": "token"})
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.load(cookies)
    return _answer(method, url, response)


def _answer(method: str, url: str, response: HttpResponseBase) -> Answer:
    content = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined]
    packed = content.startswith(b"PK\x03\x04")  # XLSX and DOCX: what is planted would hide in the packing
    head = [f"{name}: {value}" for name, value in response.items() if not (packed and name == "Content-Length")]
    head += [morsel.OutputString() for name, morsel in response.cookies.items() if name != "sessionid"]
    body = _unpacked(content) if packed else content.decode(errors="replace")
    return Answer(method, url, response.status_code, "\n".join(head), body)


def _unpacked(content: bytes) -> str:
    with ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(f"{name}\n{archive.read(name).decode(errors='replace')}" for name in archive.namelist())


def fetch_everything(client: Client, *, admin: bool = False, strangers: bool = False) -> list[Answer]:
    """Fetch every address and follow every link, from the home page on, that none of them has led to yet."""
    addresses = every_address(strangers=strangers)
    waiting = ["/", *addresses]
    if admin:
        waiting += ADMIN_LISTS
    seen = set(waiting)
    answers = []
    while waiting:
        url = waiting.pop()
        if addresses.get(url) not in POST_ONLY:
            answers.append(ask(client, "GET", url))
        if addresses.get(url) in POSTED | POST_ONLY:
            answers.append(ask(client, "POST", url))
        if url.startswith("/admin/"):
            continue
        for link in A_LINK.findall(answers[-1].body):
            target = (url.partition("?")[0] + link if link.startswith("?") else link).replace("&amp;", "&")
            if target not in seen and not target.startswith(("/static/", "/admin/")):
                seen.add(target)
                waiting.append(target)
    return answers
