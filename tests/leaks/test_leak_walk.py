"""The leak walk: everybody fetches everything, and sees exactly the words that the table allows."""

from __future__ import annotations

import logging
import re
import subprocess
from collections import defaultdict

import pytest

from reports.domain import payload_of
from reports.models import Publication
from reports.payload import canonical
from reports.rendering import render_pdf
from tests.matrix.scene import NO_SUCH, PHASES

from .planted.phases import to
from .planted.preparing import planted_world
from .planted.table import ROLES, WORDS, may_see
from .same import plain
from .walk import ask, fetch_everything, sign_in


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, logger="django")  # thousands of refusals, each with its traceback


@pytest.mark.django_db
@pytest.mark.parametrize("phase", PHASES)
def test_everybody_sees_what_they_may_and_nothing_else(phase: str) -> None:
    world = to(planted_world(), phase)
    allowed = may_see(phase)
    wrong = []
    for role, who in ROLES.items():
        if role in {"dep", "board"} and phase != "R":
            continue  # what the lead and the sponsor see, as the matrix and one walk show
        client = sign_in(world, who)
        nothing_there: dict[str, str] = {}
        places = defaultdict(list)
        for answer in fetch_everything(client, admin=role == "adm", strangers=phase == "R"):
            told = answer.all
            for label, word in WORDS.items():
                if word in told:
                    places[label].append(f"{answer.method} {answer.url}")
            first = answer.url.split("/")[1]
            if answer.status == 404 and first not in nothing_there:
                nothing_there[first] = plain(ask(client, "GET", f"/{first}/{NO_SUCH}/"))
            if answer.status == 404 and plain(answer) != nothing_there[first]:
                wrong.append(f"{role} can tell this 404 from one of what does not exist: {answer.method} {answer.url}")
            if answer.status >= 500 and answer.url != "/readyz":  # no worker runs here, and it says so
                wrong.append(f"{role}: {answer.status} {answer.method} {answer.url}")
        for label in WORDS:
            if places[label] and role not in allowed.get(label, set()):
                wrong.append(f"{role} must not see {label}: {', '.join(places[label][:4])}")
            if not places[label] and role in allowed.get(label, set()):
                wrong.append(f"{role} should see {label} and does not")
    assert not wrong, f"while {PHASES[phase]}, {len(wrong)} wrong:\n" + "\n".join(wrong)


@pytest.mark.django_db
def test_what_is_published_holds_what_a_stranger_may_see_and_nothing_else() -> None:
    world = to(planted_world(), "X")
    publication = world.made["publication"]
    assert isinstance(publication, Publication)
    public = {label for label, roles in may_see("X").items() if "anon" in roles} - {"objective-public"}  # no report's
    payload = publication.content + canonical(publication.envelope)
    assert {label for label, word in WORDS.items() if word in payload} == public
    pdf = render_pdf(payload_of(publication))
    text = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    unbroken = re.sub(r"[\s\u00ad\u2010-]", "", text)  # a narrow column breaks long words
    assert {label for label, word in WORDS.items() if word in unbroken} == public
    raw = subprocess.run(["qpdf", "--qdf", "--object-streams=disable", "-", "-"], input=pdf, capture_output=True)
    assert {label for label, word in WORDS.items() if word.encode() in raw.stdout} <= public
