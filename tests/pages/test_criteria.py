"""Official criteria: loaded by the site administrator, shown beside the answers, fixed when a round opens (R9)."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from eds.assessments.criteria import criteria_of
from eds.assessments.models import Phase, PhaseChange
from eds.frameworks.criteria import load_criteria
from eds.frameworks.models import CriteriaSet, Criterion, Grade, Outcome
from eds.frameworks.queries import latest_revision
from eds.history.errors import DomainError, Stale
from tests.ui.checks_of_pages import assert_sound, parse, texts
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 3, 1)
ABOUT = {"source": "The official handbook", "source_dated": "1 March 2026"}


def client_of(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world.people[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def load(world: World, text: str, reason: str = "", code: str = "4.1") -> CriteriaSet:
    return load_criteria(
        actor=world.admin,
        revision=world.revision,
        cells={(code, "developing"): text},
        source="The official handbook",
        source_dated=DAY,
        reason=reason,
    )


def sent(world: World, content: str | bytes, **more: Any) -> HttpResponse:
    data = content.encode() if isinstance(content, str) else content
    upload = SimpleUploadedFile("criteria.csv", data, content_type="text/csv")
    return client_of(world, "admin").post(
        reverse("criteria-load", args=["eds-2011"]), {"file": upload, **ABOUT, **more}
    )


def test_a_file_is_shown_first_and_saved_only_when_confirmed(world: World) -> None:
    response = sent(world, "outcome,grade,criteria\n4.1,Developing,Some board members are trained.\n")
    assert response.status_code == 200
    assert not CriteriaSet.objects.exists()
    tree = parse(response.content.decode())
    assert_sound(tree)
    assert "New: 1. Changed: 0." in texts(tree, "//main")[0]
    form = {field.get("name"): field.get("value") or field.text or "" for field in tree.xpath("//main//form//*[@name]")}
    assert form["4.1_developing"].strip() == "Some board members are trained."
    confirmed = client_of(world, "admin").post(reverse("criteria-edit", args=["eds-2011"]), form)
    assert confirmed.status_code == 302
    loaded = CriteriaSet.objects.get()
    assert (loaded.source, loaded.source_dated, loaded.actor) == ("The official handbook", DAY, world.admin)
    assert [(each.outcome.code, each.grade.code, each.text) for each in loaded.criteria.all()] == [
        ("4.1", "developing", "Some board members are trained.")
    ]


def test_a_wrong_file_is_refused_with_every_sentence(world: World) -> None:
    response = sent(world, "outcome,grade,criteria\n9.9,Developing,x\n4.1,Great,\n")
    assert response.status_code == 422
    words = texts(parse(response.content.decode()), "//*[contains(@class, 'nhsuk-error-summary')]")[0]
    assert "Line 2, column outcome: “9.9” is not an outcome of this edition." in words
    assert "Line 3, column grade: “Great” is not a grade." in words
    assert "Line 3, column criteria: this is empty." in words
    assert not CriteriaSet.objects.exists()


def test_the_source_and_its_date_are_asked(world: World) -> None:
    response = sent(world, "outcome,grade,criteria\n4.1,Developing,x\n", source="", source_dated="1 March 2099")
    page = response.content.decode()
    assert response.status_code == 422
    assert "Enter where the criteria come from" in page
    assert "The date of the source must not be in the future" in page


def test_a_correction_is_a_new_set_with_its_reason(world: World) -> None:
    first = load(world, "Old words.")
    url = reverse("criteria-edit", args=["eds-2011"])
    data = {**ABOUT, "version": "1", "4.1_developing": "New words."}
    refused = client_of(world, "admin").post(url, data)
    assert refused.status_code == 422
    assert "Say why the criteria change" in refused.content.decode()
    assert client_of(world, "admin").post(url, {**data, "reason": "A misprint."}).status_code == 302
    assert [each.reason for each in CriteriaSet.objects.order_by("seq")] == ["", "A misprint."]
    assert first.criteria.get().text == "Old words."
    stale = client_of(world, "admin").post(url, {**data, "reason": "Again.", "4.1_developing": "Other words."})
    assert stale.status_code == 422
    assert "Somebody changed this since you opened it." in stale.content.decode()


def test_the_verb_says_no(world: World) -> None:
    load(world, "Words.")
    with pytest.raises(DomainError, match="Say why the criteria change"):
        load(world, "Other words.")
    with pytest.raises(DomainError, match="Nothing has changed"):
        load(world, "Words.", reason="Again")
    with pytest.raises(DomainError, match=r"has no outcome 9\.9"):
        load(world, "Words.", reason="More", code="9.9")
    with pytest.raises(Stale):
        load_criteria(
            actor=world.admin,
            revision=world.revision,
            cells={("4.1", "developing"): "x"},
            source="The official handbook",
            source_dated=DAY,
            reason="Late",
            expected_seq=0,
        )
    assert CriteriaSet.objects.count() == 1


def test_a_round_keeps_what_it_opened_with(world: World) -> None:
    first = load(world, "As reviewers saw it.")
    world.to_reviewing()
    load(world, "Corrected later.", reason="A misprint.")
    shown = criteria_of(world.outcome("4.1"))
    assert shown is not None
    assert [each.text for each in shown.criteria] == ["As reviewers saw it."]
    world.move(Phase.PREPARING, "Evidence is missing.")
    shown = criteria_of(world.outcome("4.1"))
    assert shown is not None
    assert [each.text for each in shown.criteria] == ["Corrected later."]
    world.move(Phase.REVIEWING)
    openings = PhaseChange.objects.filter(round=world.round, to_phase=Phase.REVIEWING).order_by("seq")
    assert [move.criteria_id for move in openings] == [first.pk, CriteriaSet.objects.get(seq=2).pk]


def test_the_database_refuses_criteria_of_another_edition_and_late_additions(world: World) -> None:
    loaded = load(world, "Words.")
    other = latest_revision("eds-2022")
    grade = Grade.objects.get(revision=world.revision, code="achieving")
    strange = Outcome.objects.filter(goal__revision=other)[0]
    with pytest.raises(IntegrityError, match="own revision"), transaction.atomic():
        Criterion(criteria_set=loaded, outcome=strange, grade=grade, text="x").save()
    world.to_reviewing()
    with pytest.raises(IntegrityError, match="are complete"), transaction.atomic():
        Criterion(criteria_set=loaded, outcome=world.outcomes["4.1"].outcome, grade=grade, text="x").save()


@pytest.mark.parametrize(
    ("stage", "who", "page"),
    [
        ("preparing", "lead", "propose"),
        ("reviewing", "reviewer", "review"),
        ("agreeing", "community_chair", "panel-grade"),
    ],
)
def test_criteria_stand_beside_the_answer(world: World, stage: str, who: str, page: str) -> None:
    outcome = world.outcomes["4.1"].public_id
    args = [outcome] if page == "propose" else [outcome, world.community.public_id]
    load(world, "Some board members are trained.")
    world.to(stage)
    tree = parse(client_of(world, who).get(reverse(page, args=args)).content.decode())
    assert_sound(tree)
    shown = texts(tree, "//details[contains(., 'What each grade asks for')]")[0]
    assert "The official handbook, 1 March 2026" in shown
    assert "DevelopingSome board members are trained." in shown


def test_their_absence_warns_before_opening_and_stops_nothing(world: World) -> None:
    world.prepare()
    url = reverse("round-move", args=[world.round.public_id])
    warning = "No official criteria are loaded"
    client = client_of(world, "lead")
    assert warning in client.get(url).content.decode()
    load(world, "Words.")
    assert warning not in client.get(url).content.decode()
    assert client.post(url, {"to_phase": "reviewing", "from_phase": "preparing"}).status_code == 302


def test_without_criteria_a_round_opens_and_says_so(world: World) -> None:
    world.to_reviewing()
    args = [world.outcomes["4.1"].public_id, world.community.public_id]
    page = client_of(world, "reviewer").get(reverse("review", args=args)).content.decode()
    assert "No official criteria are loaded for this outcome." in page


def test_pages_and_files_of_the_administrator(world: World) -> None:
    load(world, "Words to load again.")
    client = client_of(world, "admin")
    for page in ("criteria", "criteria-edit", "criteria-load"):
        assert_sound(parse(client.get(reverse(page, args=["eds-2011"])).content.decode()))
    assert_sound(parse(client.get(reverse("criteria-editions")).content.decode()))
    empty = client.get(reverse("criteria-template", args=["eds-2011"])).content.decode("utf-8-sig")
    assert empty.splitlines()[:2] == ["outcome,grade,criteria", "1.1,Undeveloped,"]
    full = client.get(reverse("criteria-download", args=["eds-2011"])).content.decode("utf-8-sig")
    assert "4.1,Developing,Words to load again." in full.splitlines()
    assert client.get(reverse("criteria", args=["eds-1999"])).status_code == 404
    assert client_of(world, "lead").get(reverse("criteria", args=["eds-2011"])).status_code == 403
