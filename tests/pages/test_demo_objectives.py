"""The demo's equality objectives are what they are said to be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from eds.pages.demo import build
from eds.pages.demo.people import PEOPLE, TRUST
from eds.people.models import Organisation, User
from objectives.equality.queries import of_organisations
from objectives.equality.rules import Stage
from reports.objectives.models import ObjectivesVersion

pytestmark = pytest.mark.django_db
ASKED = {
    "lead": "Answer a comment on",
    "sponsor": "Record what the board decided on",
    "healthwatch_reviewer": "Comment on",
    "carer_reviewer": "",
}


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The demo in the database, taken back when this file's tests are done."""
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        try:
            assert build.load()
            yield
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


def test_one_is_closed_one_adopted_one_with_local_people_and_one_with_the_board(demo: None) -> None:
    found = of_organisations([Organisation.objects.get(name=TRUST)])
    assert [each.stage for each in found] == [Stage.CLOSED, Stage.ADOPTED, Stage.CONSULTING, Stage.DECIDING]
    closed, adopted, asked, waits = found
    assert [len(each.values) for each in adopted.measures] == [3, 3]
    assert [value.corrects for value in adopted.measures[1].values][1]
    assert (len(asked.comments), asked.unanswered) == (1, 1)
    assert asked.objective.followed_from == closed.objective
    assert (len(waits.comments), waits.unanswered) == (1, 0)
    assert [[each.id for each in row.open] for row in found] == [[], [], ["comment.unanswered"], []]
    for each in found:
        assert [row.decided_on for row in each.decisions] == sorted(row.decided_on for row in each.decisions)


def test_the_first_two_are_published_without_a_name(demo: None, client: Client) -> None:
    version = ObjectivesVersion.objects.get()
    assert [each["stage"] for each in json.loads(version.content)["objectives"]] == ["adopted", "closed"]
    page = client.get("/reports/hollin-vale/objectives/")
    assert page.status_code == 200
    for person in PEOPLE:
        assert person.name not in page.content.decode()


def test_the_lead_answers_panels_comment_and_the_sponsor_decides(demo: None, client: Client) -> None:
    for key, asked in ASKED.items():
        person = next(each for each in PEOPLE if each.key == key)
        client.force_login(User.objects.get(email=person.email), backend="django.contrib.auth.backends.ModelBackend")
        home = client.get("/").content.decode()
        assert asked in home
        assert ("Comment on" in home) is (asked == "Comment on")
