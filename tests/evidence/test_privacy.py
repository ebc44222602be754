"""Personal data and small numbers in texts are asked about; stories need consent (R15, R16)."""

from __future__ import annotations

import datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from eds.assessments import contracts
from eds.assessments.domain.phases import ConditionsUnmet
from eds.assessments.models import Phase
from eds.history.models import today
from evidence import domain
from evidence.models import EvidenceItem, Sharing, StoryMark, TextAnswer
from evidence.privacy.domain import answer_question, mark_story
from evidence.privacy.rules import Kind, is_nhs_number, look_through
from evidence.privacy.sharing import found_in
from evidence.queries import cited_by_outcome
from reports.payload import build_content, canonical
from tests.files.built import ooxml, pdf
from tests.world import World, build_world

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
NHS_NUMBER = "943 476 5919"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Her number is {NHS_NUMBER}.", [(Kind.NHS_NUMBER, NHS_NUMBER)]),
        ("Ring 943 476 5910.", []),
        ("Ring 01632 960 123.", []),
        ("Born 3 May 1961 in Hull.", [(Kind.BIRTH_DATE, "3 May 1961")]),
        ("DOB: 03/05/1961", [(Kind.BIRTH_DATE, "03/05/1961")]),
        ("The meeting was on 3 May 2026.", []),
        ("She lives at LS1 4AP.", [(Kind.POSTCODE, "LS1 4AP")]),
        ("Outcome 1A and EDS2 2013", []),
        ("Write to ann@example.org.", [(Kind.EMAIL, "ann@example.org")]),
        ("Of those, 4 patients waited.", [(Kind.SMALL_NUMBER, "4 patients")]),
        ("Three disabled staff left.", [(Kind.SMALL_NUMBER, "Three disabled staff")]),
        ("We asked 412 people; 62 in 100 staff said yes.", []),
        ("1,204 staff, 0 complaints, 10 patients", []),
        ("Every 3 patients", []),
        (
            "<p>4 <b>patients</b> &amp; x@example.org</p>",
            [(Kind.EMAIL, "x@example.org"), (Kind.SMALL_NUMBER, "4 patients")],
        ),
    ],
)
def test_what_is_found(text: str, expected: list[tuple[Kind, str]]) -> None:
    assert [(found.kind, " ".join(found.excerpt.split())) for found in look_through([text])] == expected


@given(st.integers(0, 999_999_999))
def test_an_nhs_number_has_exactly_one_check_digit_at_most(nine: int) -> None:
    right = [last for last in range(10) if is_nhs_number(f"{nine:09d}{last}")]
    assert len(right) <= 1
    if right:
        other = f"{nine:09d}{(right[0] + 1) % 10}"
        assert look_through([other]) == []
        assert look_through([f"{nine:09d}{right[0]}"])[0].kind is Kind.NHS_NUMBER


def test_the_same_words_are_asked_about_once_whatever_their_spaces() -> None:
    assert len(look_through([NHS_NUMBER, NHS_NUMBER.replace(" ", "")])) == 1


@pytest.fixture
def world() -> World:
    return build_world().prepare()


def write(world: World, text: str) -> EvidenceItem:
    return domain.write_and_cite(
        actor=world.contributor,
        assessed_outcome=world.outcome("4.1"),
        content=domain.EvidenceText("A letter", text),
    )


def titles(world: World, working: bool = False) -> list[str]:
    outcome = world.outcome("4.1")
    return [cited.version.title for cited in cited_by_outcome([outcome], working=working)[outcome.pk]]


def answer(world: World, item: EvidenceItem, said: str) -> TextAnswer:
    [found] = found_in(domain.latest_version(item))
    return answer_question(actor=world.contributor, item=item, found=found, answer=said, reason="I looked.")


@pytest.mark.django_db
def test_what_was_found_keeps_evidence_inside_until_it_is_answered(world: World) -> None:
    item = write(world, f"Her number is {NHS_NUMBER}.")
    assert titles(world) == ["Board training"]
    assert titles(world, working=True) == ["Board training", "A letter"]
    assert NHS_NUMBER not in canonical(build_content(world.refreshed()))
    with pytest.raises(ConditionsUnmet, match="“A letter” has a question about people’s privacy"):
        world.move(Phase.REVIEWING)
    answer(world, item, TextAnswer.Answer.WILL_REMOVE)
    assert titles(world) == ["Board training"]
    answer(world, item, TextAnswer.Answer.NOT_A_PERSON)
    assert titles(world) == ["Board training", "A letter"]
    assert contracts.unmet_conditions(world.round, Phase.REVIEWING) == []
    world.move(Phase.REVIEWING)
    assert [row.answer for row in TextAnswer.objects.order_by("seq")] == ["will_remove", "not_a_person"]


@pytest.mark.django_db
def test_words_taken_out_need_no_answer_and_new_ones_do(world: World) -> None:
    item = write(world, "Write to ann@example.org.")
    answer(world, item, TextAnswer.Answer.AGREED)
    for text, waits in (("Write to us.", False), ("Write to bob@example.org.", True), ("To ann@example.org", False)):
        domain.correct_item(
            actor=world.contributor,
            item=item,
            content=domain.EvidenceText("A letter", text),
            sharing=Sharing.PUBLIC,
            reason="Words",
            expected_version=domain.latest_version(item).seq,
        )
        assert ("A letter" not in titles(world)) is waits


@pytest.mark.django_db
def test_a_story_without_consent_stays_inside(world: World) -> None:
    item = write(world, "A patient told us.")
    panels, public = StoryMark.Scope.PANELS, StoryMark.Scope.PUBLIC
    yesterday = today() - datetime.timedelta(days=1)
    steps = [
        ({"kind": "no_consent"}, False, False),
        ({"kind": "consent", "scope": panels, "consent_for": "Reading it"}, True, False),
        ({"kind": "consent", "scope": public, "consent_for": "Printing it", "consent_until": today()}, True, True),
        ({"kind": "consent", "scope": public, "consent_for": "It", "consent_until": yesterday}, False, False),
        ({"kind": "fictionalised"}, True, True),
    ]
    for mark, for_panels, for_all in steps:
        mark_story(actor=world.contributor, item=item, **mark)  # type: ignore[arg-type]
        assert ("A letter" in titles(world)) is for_panels
        assert ("A patient told us." in canonical(build_content(world.refreshed()))) is for_all


@pytest.mark.django_db
def test_the_page_asks_and_keeps_the_answer(world: World) -> None:
    item = write(world, "Write to ann@example.org.")
    client = Client()
    client.force_login(world.contributor, backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("evidence-privacy", args=[item.public_id])
    assert "“ann@example.org” looks like an e-mail address" in client.get(url).content.decode()
    [found] = found_in(domain.latest_version(item))
    assert client.post(url, {f"answer_{found.key}": "agreed"}).status_code == 422
    sent = {f"answer_{found.key}": "agreed", f"reason_{found.key}": "She said so."}
    assert client.post(url, sent).status_code == 302
    assert "She said so." in client.get(url).content.decode()
    story = reverse("evidence-story", args=[item.public_id])
    assert client.post(story, {"kind": "consent"}).status_code == 422
    assert client.post(story, {"kind": "fictionalised"}).status_code == 302


@pytest.mark.django_db
def test_a_small_number_in_prose_warns_and_holds_nothing_back(world: World) -> None:
    item = write(world, "Of those, 4 patients waited.")
    assert "A letter" in titles(world)
    client = Client()
    client.force_login(world.lead, backend="django.contrib.auth.backends.ModelBackend")
    opening = reverse("round-move", args=[world.round.public_id])
    assert "“A letter” names small numbers of people: “4 patients”." in client.get(opening).content.decode()
    answer(world, item, TextAnswer.Answer.TOO_GENERAL)
    assert "small numbers" not in client.get(opening).content.decode()


@pytest.mark.django_db
def test_before_opening_the_gaps_are_listed_and_stop_nothing(world: World) -> None:
    client = Client()
    client.force_login(world.lead, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("round-move", args=[world.round.public_id])).content.decode()
    assert "4.1: no evidence about any of the nine groups." in page
    assert "Open reviewing" in page
    board = client.get(reverse("assessment", args=[world.assessment.public_id])).content.decode()
    assert "1 item, on 0 of 9 groups" in board
    world.move(Phase.REVIEWING)


# Files


def letter(comment: str = "", text: str = "The ward told us.", name: str = "letter.docx") -> SimpleUploadedFile:
    """A Word document with a text, and a comment beside it."""
    more: dict[str, bytes | str] = {
        "word/document.xml": f"<w:document {WORD}><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:document>"
    }
    if comment:
        more["word/comments.xml"] = (
            f"<w:comments {WORD}><w:comment><w:r><w:t>{comment}</w:t></w:r></w:comment></w:comments>"
        )
    return SimpleUploadedFile(name, ooxml("docx", more))


def write_file(world: World, *files: SimpleUploadedFile) -> EvidenceItem:
    return domain.write_and_cite(
        actor=world.contributor,
        assessed_outcome=world.outcome("4.1"),
        content=domain.EvidenceText("A letter", "See the file."),
        files=files,
    )


def waiting(item: EvidenceItem) -> list[str]:
    return [found.statement for found in found_in(domain.latest_version(item))]


@pytest.mark.django_db
def test_what_files_hold_waits_for_an_answer_too(world: World) -> None:
    item = write_file(world, letter("Ask Joan", f"Her number is {NHS_NUMBER}."))
    assert waiting(item) == [
        f"“{NHS_NUMBER}” in “letter.docx” looks like an NHS number",
        "“Ask Joan” in “letter.docx” is a comment that readers of the file can open",
    ]
    assert "A letter" not in titles(world)
    with pytest.raises(ConditionsUnmet, match="“A letter” has 2 questions about people’s privacy"):
        world.move(Phase.REVIEWING)
    for found in found_in(domain.latest_version(item)):
        answer_question(actor=world.contributor, item=item, found=found, answer="agreed", reason="She knows.")
    assert "A letter" in titles(world)
    world.move(Phase.REVIEWING)


@pytest.mark.django_db
def test_an_answer_about_a_comment_is_about_that_file_alone(world: World) -> None:
    item = write_file(world, letter("Ask Joan"))
    answer(world, item, TextAnswer.Answer.AGREED)
    assert "A letter" in titles(world)

    def correct(*files: SimpleUploadedFile) -> None:
        newest = domain.latest_version(item)
        domain.correct_item(
            actor=world.contributor,
            item=item,
            content=domain.EvidenceText("A letter", "See the files."),
            sharing=Sharing.PUBLIC,
            reason="Words",
            files=files,
            kept_files=list(newest.files.all()),
            expected_version=newest.seq,
        )

    correct()
    assert "A letter" in titles(world), "the same file is kept"
    correct(letter("Ask Joan", "Another letter."))
    assert "A letter" not in titles(world)
    assert len(waiting(item)) == 2


@pytest.mark.django_db
def test_names_of_files_are_looked_through_and_many_findings_are_few_questions(world: World) -> None:
    table = SimpleUploadedFile("list.csv", "".join(f"person{number}@example.org\n" for number in range(40)).encode())
    named = letter(name=f"{NHS_NUMBER}.docx")
    asked = waiting(write_file(world, table, named))
    assert len(asked) == 12
    assert f"“{NHS_NUMBER}” looks like an NHS number" in asked
    assert "“30 more” in “list.csv” looks like an e-mail address" in asked


@pytest.mark.django_db
def test_a_file_that_cannot_be_read_is_asked_about_and_numbers_in_files_are_not(world: World) -> None:
    asked = waiting(
        write_file(world, SimpleUploadedFile("scan.pdf", pdf()), letter(text="Of those, 4 patients waited."))
    )
    assert asked == [
        "“scan.pdf” could not be looked through, so look at it yourself: it has no words that can be read; it may be a scan"
    ]


@pytest.mark.django_db
def test_the_page_asks_about_files(world: World) -> None:
    item = write_file(world, letter("Ask Joan"))
    client = Client()
    client.force_login(world.contributor, backend="django.contrib.auth.backends.ModelBackend")
    words = "“Ask Joan” in “letter.docx” is a comment that readers of the file can open"
    for name in ("evidence-item", "evidence-privacy"):
        assert words in client.get(reverse(name, args=[item.public_id])).content.decode()
    [found] = found_in(domain.latest_version(item))
    sent = {f"answer_{found.key}": "agreed", f"reason_{found.key}": "Joan wrote it for everybody."}
    assert client.post(reverse("evidence-privacy", args=[item.public_id]), sent).status_code == 302
    assert "A letter" in titles(world)
