"""Bad input gets a sentence and 422; nothing typed is lost, and nothing is half written."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.apps import apps
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from eds.assessments import domain as assessments
from eds.assessments.models import Panel, PanelMember, Phase, Round
from eds.frameworks.queries import latest_revision
from evidence import domain as evidence
from evidence.models import EvidenceItem, Summary
from grading.models import PanelGrade, ProposedGrade, Review, ReviewDraft
from tests.ui.checks_of_pages import parse, texts
from tests.world import A, D, World

pytestmark = pytest.mark.django_db
TYPED = "I typed this with some care, and it must not be lost."


def client_of(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world.people[who], backend="django.contrib.auth.backends.ModelBackend")
    return client


def rows() -> dict[str, int]:
    """How many rows each of our tables has."""
    ours = {"assessments", "evidence", "grading", "reports", "files", "jobs"}
    return {m._meta.label: m._default_manager.count() for m in apps.get_models() if m._meta.app_label in ours}


def review_url(world: World, code: str = "4.1", panel: Panel | None = None) -> str:
    return reverse("review", args=[world.outcomes[code].public_id, (panel or world.community).public_id])


def sends(client: Client, url: str, data: dict[str, Any]) -> HttpResponse:
    before = rows()
    response = client.post(url, data)
    assert response.status_code == 422
    assert rows() == before
    return response


def assert_says(response: HttpResponse, sentence: str, kept: str = TYPED) -> None:
    tree = parse(response.content.decode())
    assert sentence in texts(tree, "//main")[0]
    typed = [*tree.xpath("//main//textarea/text()"), *tree.xpath("//main//input/@value")]
    assert any(kept in each for each in typed)


def test_empty_review(world: World) -> None:
    world.to_reviewing()
    response = sends(client_of(world, "reviewer"), review_url(world), {"version": "0.0", "reason": ""})
    tree = parse(response.content.decode())
    summary = tree.xpath("//*[contains(@class, 'nhsuk-error-summary')]//a")
    assert [link.text_content().strip() for link in summary] == [
        "Choose a grade, or say that there is not enough evidence to judge",
        "Give your reasons",
    ]
    for link in summary:
        assert tree.xpath(f"//*[@id='{link.get('href')[1:]}']")
    assert len(tree.xpath("//*[contains(@class, 'nhsuk-error-message')]")) == 2


def test_a_grade_that_the_edition_does_not_have(world: World) -> None:
    world.to_reviewing()
    data = {"version": "0.0", "grade": "excellent", "reason": TYPED}
    assert_says(sends(client_of(world, "reviewer"), review_url(world), data), "choose one of the answers on the page")


def test_review_after_reviewing_closed(world: World) -> None:
    world.to_agreeing()
    response = sends(client_of(world, "reviewer"), review_url(world), {"grade": A, "reason": TYPED})
    assert_says(response, "Reviewing has closed: grades are being agreed now.")


def test_review_for_a_panel_one_is_not_on(world: World) -> None:
    world.to_reviewing()
    response = sends(client_of(world, "reviewer"), review_url(world, panel=world.staff), {"grade": A, "reason": TYPED})
    assert_says(response, "Reviews are written by the members of a panel that grades this outcome.")


def test_chair_of_another_panel(world: World) -> None:
    world.to_agreeing()
    url = reverse("panel-grade", args=[world.outcomes["4.1"].public_id, world.community.public_id])
    response = sends(client_of(world, "staff_chair"), url, {"grade": D, "reason": TYPED, "version": "0"})
    # The panel's own grades are seen by others, so the page may say why.
    assert_says(response, "The panel's grade is recorded by the panel's own chair.")


def test_reviewer_who_wrote_the_evidence(world: World) -> None:
    world.prepare()
    evidence.correct_item(
        actor=world.reviewer,
        item=EvidenceItem.objects.get(pk=world.item.pk),  # type: ignore[union-attr]
        content=evidence.EvidenceText("Board training", "Ten were trained."),
        sharing="public",
        reason="A late figure",
        expected_version=1,
    )
    world.move(Phase.REVIEWING)
    response = sends(client_of(world, "reviewer"), review_url(world), {"grade": A, "reason": TYPED})
    assert_says(response, "You wrote evidence for this outcome, so you cannot review it.")


def test_stale_proposal_says_what_changed(world: World) -> None:
    world.prepare()
    url = reverse("propose", args=[world.outcomes["4.1"].public_id])
    client = client_of(world, "lead")
    data = {"version": "1", "grade": D, "factor_outcome": "Other words", "conclusion": TYPED, "reason": "A new figure"}
    data["question_factors"] = "There was nothing to say."
    world.propose("4.1", "excelling", text="The deputy was quicker.", reason="Read it again")
    response = sends(client, url, data)
    assert_says(response, "Somebody changed this since you opened it.")
    again = client.post(url, {**data, "version": "2"})
    assert again.status_code == 302
    assert ProposedGrade.objects.order_by("-seq")[0].conclusion == TYPED


def test_stale_summary_shows_both_texts(world: World) -> None:
    world.prepare()
    outcome = world.outcome("4.1")
    seen = Summary.objects.get(assessed_outcome=outcome).version
    evidence.write_summary(actor=world.deputy, assessed_outcome=outcome, text="What the deputy wrote meanwhile.")
    url = reverse("summary", args=[outcome.public_id])
    response = sends(client_of(world, "lead"), url, {"version": str(seen), "text": TYPED})
    page = response.content.decode()
    assert TYPED in page
    assert "What the deputy wrote meanwhile." in page


def test_summary_of_too_many_words(world: World) -> None:
    world.prepare()
    url = reverse("summary", args=[world.outcomes["4.1"].public_id])
    version = Summary.objects.get(assessed_outcome=world.outcomes["4.1"]).version
    response = sends(client_of(world, "lead"), url, {"version": str(version), "text": "word " * 151})
    assert_says(response, "The summary has 151 words. Shorten it to 150 words or fewer.", kept="word word word")


@pytest.mark.parametrize("page", ["review", "panel-grade"])
def test_a_double_click_is_one_row(world: World, page: str) -> None:
    (world.to_reviewing if page == "review" else world.to_agreeing)()
    args = [world.outcomes["4.1"].public_id, world.community.public_id]
    client = client_of(world, "community_chair")
    data = {"version": "0.0" if page == "review" else "0", "grade": D, "reason": TYPED}
    data["question_factors"] = "There was nothing to say."
    model = Review if page == "review" else PanelGrade
    mine = model.objects.filter(actor=world.community_chair, reason=TYPED)
    answers = [client.post(reverse(page, args=args), data).status_code for _ in range(2)]
    assert answers == [302, 302]
    assert mine.count() == 1


def test_draft_may_be_unfinished_and_is_only_a_draft(world: World) -> None:
    world.to_reviewing()
    client = client_of(world, "reviewer")
    response = client.post(review_url(world), {"version": "0.0", "reason": TYPED, "draft": "1"})
    assert response.status_code == 302
    assert ReviewDraft.objects.get().text == TYPED
    assert not Review.objects.exists()
    assert TYPED in client.get(review_url(world)).content.decode()


def test_evidence_with_a_refused_file_writes_nothing(world: World) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    url = reverse("evidence-new", args=[world.outcomes["4.1"].public_id])
    data = {
        "title": "A programme",
        "text": TYPED,
        "sharing": "public",
        "uploads": SimpleUploadedFile("figures.pdf", b"MZ\x90\x00 not a PDF"),
    }
    response = sends(client_of(world, "contributor"), url, data)
    assert_says(response, "The file is a program. Programs cannot be uploaded.")


def test_dates_in_the_wrong_order(world: World) -> None:
    admin = world.lead
    fresh = assessments.open_assessment(actor=admin, organisation=world.trust, revision=world.revision, year=2030)
    outcome = fresh.outcomes.select_related("outcome").in_order()[0]
    url = reverse("round-new", args=[fresh.public_id])
    data = {
        "name": TYPED[:60],
        "outcomes": outcome.public_id,
        "review_by": "1 March 2030",
        "agree_by": "1 February 2030",
        "differ_rule": Round.DifferRule.LOWER,
        "proposal_in_view": "no",
        "version": "0",
    }
    response = sends(client_of(world, "lead"), url, data)
    assert_says(response, "The date for agreeing must not be before the date for reviews.", kept=TYPED[:60])


def test_the_same_year_twice(world: World) -> None:
    url = reverse("assessment-new", args=[world.trust.public_id])
    response = sends(client_of(world, "lead"), url, {"edition": "eds-2011", "year": "2026"})
    assert_says(response, "already has an assessment of EDS 2011 for 2026.", kept="2026")


def test_an_address_that_is_none(world: World) -> None:
    url = reverse("panel-member-add", args=[world.community.public_id])
    response = sends(client_of(world, "lead"), url, {"email": "hanna at home", "role": PanelMember.Role.CHAIR})
    assert_says(response, "E-mail address must be an e-mail address, like name@example.org", kept="hanna at home")


def test_signing_what_was_not_read(world: World) -> None:
    world.to_agreed()
    url = reverse("sign-off", args=[world.assessment.public_id])
    data = {"decision": "signed", "seen_hash": "0" * 64, "reason": TYPED}
    response = sends(client_of(world, "sponsor"), url, data)
    assert_says(response, "The report has changed since you opened it.")


BIG = ("A sentence of which there are far too many. " * 50_000)[:2_000_000]


@pytest.mark.parametrize(
    ("page", "who", "field", "sentence"),
    [
        ("review", "reviewer", "reason", "Your reasons must be 50000 characters or fewer. It has 2000000 now"),
        ("propose", "lead", "conclusion", "must be 50000 characters or fewer. It has 2000000 now"),
        ("panel-grade", "community_chair", "reason", "The panel's reasons must be 50000 characters or fewer."),
        ("local-statement", "community_chair", "text", "Statement must be 50000 characters or fewer."),
        ("question-ask", "reviewer", "text", "characters or fewer. It has 2000000 now"),
        ("summary", "lead", "text", "Summary is too long, or was copied from a program that hides too much in it."),
        ("evidence-new", "contributor", "text", "What the evidence says is too long, or was copied from a program"),
    ],
)
def test_two_megabytes_of_text_are_refused_in_a_sentence_and_given_back(
    world: World, page: str, who: str, field: str, sentence: str
) -> None:
    {"review": world.to_reviewing, "question-ask": world.to_reviewing}.get(
        page, world.prepare if page in {"propose", "summary", "evidence-new"} else world.to_agreeing
    )()
    outcome, panel = world.outcomes["4.1"].public_id, world.community.public_id
    of_a_panel = {"review", "panel-grade", "local-statement"}
    url = reverse(page, args=[outcome, panel] if page in of_a_panel else [outcome])
    data = {field: BIG, "version": "0", "grade": D, "title": "A title", "sharing": "public"}
    assert_says(sends(client_of(world, who), url, data), sentence, kept=BIG[:1_900_000].strip())


def test_what_the_editor_sent_comes_back_in_words_where_it_cannot_be_read(world: World) -> None:
    world.prepare()
    url = reverse("summary", args=[world.outcomes["4.1"].public_id])
    pasted = "<p>First &amp; last.</p><script>alert(1)</script>" + "<div>" * 100_000 + TYPED
    response = sends(client_of(world, "lead"), url, {"version": "1", "text": pasted, "text__format": "html"})
    assert_says(response, "Summary is too long, or was copied from a program that hides too much in it.")
    page = response.content.decode()
    assert "First &amp; last." in page
    assert "<script>alert(1)" not in page


def test_script_and_style_in_pasted_text_are_not_kept(world: World) -> None:
    world.prepare()
    summary = Summary.objects.get(assessed_outcome=world.outcomes["4.1"])
    pasted = (
        "<style>p{color:red}</style><script>alert(1)</script>"
        f"<p style='color:red' onclick='alert(2)'>{TYPED} <a href='javascript:alert(3)'>here</a></p>"
    )
    data = {"version": str(summary.version), "text": pasted, "text__format": "html"}
    url = reverse("summary", args=[world.outcomes["4.1"].public_id])
    assert client_of(world, "lead").post(url, data).status_code == 302
    stored = Summary.objects.get(pk=summary.pk).text
    assert TYPED in stored
    for word in ("alert", "color", "script", "style", "onclick"):
        assert word not in stored


def test_a_panel_smaller_than_its_quorum_does_not_open(world: World) -> None:
    world.prepare()
    plan = assessments.PanelPlan(
        "Healthwatch", world.community.kind, [world.outcome("4.1"), world.outcome("4.2")], quorum=40
    )
    panel = Panel.objects.get(pk=world.community.pk)
    assessments.change_panel(actor=world.lead, panel=panel, plan=plan, expected_version=None, reason="Many will come.")
    client = client_of(world, "lead")
    url = reverse("round-move", args=[world.round.public_id])
    page = client.get(url).content.decode()
    assert "Healthwatch has 2 people who review, fewer than its quorum of 40." in page
    assert reverse("panel", args=[panel.public_id]) in page
    assert client.post(url, {"to_phase": "reviewing", "version": "1"}).status_code == 422
    assert Round.objects.get(pk=world.round.pk).phase == Phase.PREPARING


def test_a_service_too_few_is_said_before_a_round_opens(world: World) -> None:
    revision = latest_revision("eds-2022")
    fresh = assessments.open_assessment(actor=world.lead, organisation=world.trust, revision=revision, year=2030)
    assessments.add_service(
        actor=world.lead, assessment=fresh, plan=assessments.ServicePlan("Maternity", "Complaints rose.")
    )
    mine = [row for row in fresh.outcomes.select_related("outcome", "service").in_order() if row.service_id]
    round_ = assessments.plan_round(
        actor=world.lead,
        assessment=fresh,
        plan=assessments.RoundPlan("Services", mine, agree_by=datetime.date(2030, 9, 1)),
    )
    page = client_of(world, "lead").get(reverse("round-move", args=[round_.public_id])).content.decode()
    assert "EDS 2022 asks for 3 services. One is chosen. So its points alone are the score." in page
