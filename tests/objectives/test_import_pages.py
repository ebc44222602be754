"""Bringing in a plan as a lead does it: choose, answer some, answer the rest, look, confirm."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from objectives.imports.models import PlanImport
from objectives.models import ImprovementAction
from objectives.months import Month
from tests.leaks.walk import sign_in
from tests.world import World

from . import built

pytestmark = pytest.mark.django_db
PLAN = (
    "Outcome,Objective,Action,Owner,Date\n"
    '4.1,Board listens,"• Meet each network\n• Write it up",Chair,\n'
    "4.2,Managers learn,A course,HR <b>team</b>,March 2027\n"
)


@pytest.fixture
def lead(world: World) -> Client:
    return sign_in(world, "lead")


def test_from_the_file_to_the_plan(world: World, lead: Client) -> None:
    address = f"/assessments/{world.assessment.public_id}/plan/import/"
    empty = lead.post(address)
    assert (empty.status_code, "Choose the plan’s file" in empty.content.decode()) == (422, True)
    page = lead.post(address, {"file": built.csv(PLAN)}, follow=True)
    look = page.redirect_chain[-1][0]
    words = page.content.decode()
    assert "2 of 2 questions are open" in words
    assert "Bring this plan in" not in words
    assert "HR &lt;b&gt;team&lt;/b&gt;" in words

    kept = lead.post(look, {"q0": "typed", "q0_month": "March 2027"}, follow=True).content.decode()
    assert "Your answers are kept. 1 is open." in kept
    wrong = lead.post(look, {"q1": "typed"})
    assert wrong.status_code == 422
    assert "Enter the month, or say that it is not known" in wrong.content.decode()
    unread = lead.post(look, {"q1": "typed", "q1_month": "soon"})
    assert unread.status_code == 422
    assert "such as January 2027" in unread.content.decode()
    ready = lead.post(look, {"q1": "unknown"}, follow=True).content.decode()
    assert re.search(r"Every question is answered", ready)
    assert "Bring this plan in" in ready
    assert not ImprovementAction.objects.exists()

    done = lead.post(f"{look}confirm/", follow=True)
    assert "The plan is brought in: 2 objectives and 3 actions." in done.content.decode()
    assert list(ImprovementAction.objects.order_by("pk").values_list("text", "due")) == [
        ("Meet each network", Month(2027, 3)),
        ("Write it up", None),
        ("A course", Month(2027, 3)),
    ]
    assert lead.get(look).status_code == 404


def test_it_is_thrown_away(world: World, lead: Client) -> None:
    address = f"/assessments/{world.assessment.public_id}/plan/import/"
    page = lead.post(address, {"file": built.csv(PLAN)}, follow=True)
    assert "Go on with plan.csv" in lead.get(address).content.decode()
    lead.post(f"{page.redirect_chain[-1][0]}throw-away/")
    assert not PlanImport.objects.exists()


def test_pictures_are_shown_and_not_kept(world: World, lead: Client) -> None:
    rows = [["Outcome", "Objective", "Action", "Owner", "Date"], ["4.1", "One", "Do it", "Chair", "May 2027"]]
    address = f"/assessments/{world.assessment.public_id}/plan/import/"
    page = lead.post(address, {"file": built.docx([rows], picture=built.png())}, follow=True)
    assert 'src="data:image/png;base64,' in page.content.decode()
    lead.post(f"{page.redirect_chain[-1][0]}confirm/")
    assert PlanImport.objects.get().pictures == []


def test_another_assessments_import_is_not_found(world: World, lead: Client) -> None:
    page = lead.post(f"/assessments/{world.assessment.public_id}/plan/import/", {"file": built.csv(PLAN)}, follow=True)
    assert sign_in(world, "outsider").get(page.redirect_chain[-1][0]).status_code == 404
