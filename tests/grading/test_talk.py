"""Questions and panel discussion: who says what, when, and what nobody can tell from it (R3)."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from eds.access.decide import Access
from eds.assessments import domain as assessments
from eds.assessments.models import Phase
from evidence import domain as evidence
from evidence.models import EvidenceItem, Sharing
from grading.models import Answer, Question, Remark
from grading.talk import domain as talk
from grading.talk.queries import answers_to, discussion_of, open_questions_of, questions_of
from grading.talk.rules import grade_words_in
from tests.leaks.walk import sign_in
from tests.noes import no
from tests.world import World

pytestmark = pytest.mark.django_db
WORDS = ["Undeveloped", "Developing", "Achieving", "Excelling", "Excellent"]


@pytest.mark.parametrize(
    "text",
    [
        "Is this Developing?",
        "is this DEVELOPING",
        "Is this “excellent”?",
        "Is this Devel\u00adoping?",
        "Is this Exc\u200bellent?",
        "Ｄｅｖｅｌｏｐｉｎｇ",
        "Dévelopïng?",
        "under-developed, surely",
        "achieving/excelling",
    ],
)
def test_a_grade_word_is_found_however_it_is_written(text: str) -> None:
    assert grade_words_in(text, WORDS)


@pytest.mark.parametrize("text", ["How was it developed?", "What did people achieve?", "Redeveloping the ward", ""])
def test_words_that_only_look_alike_pass(text: str) -> None:
    assert grade_words_in(text, WORDS) == []


@given(st.text(max_size=40), st.sampled_from(WORDS), st.text(max_size=40))
def test_a_grade_word_between_spaces_is_always_found(before: str, word: str, after: str) -> None:
    assert word.casefold() in grade_words_in(f"{before} {word} {after}", WORDS)


def test_a_question_is_answered_and_shown_without_names(world: World) -> None:
    world.to_reviewing()
    outcome = world.outcome("4.1")
    question = world.ask("reviewer", "4.1", "How many carers were asked?")
    assert open_questions_of([world.assessment]) == {outcome.pk: 1}
    world.answer(question, "Forty.", who="contributor")
    assert open_questions_of([world.assessment]) == {}
    [mine] = questions_of(outcome, Access(world.reviewer))
    [theirs] = questions_of(outcome, Access(world.staff_chair))
    assert (mine.mine, theirs.mine) == (True, False)
    assert theirs.answers[0].text == "Forty."
    assert [each.reason for each in answers_to(world.reviewer, world.reviewer.date_joined)] == ["Forty."]
    assert answers_to(world.community_chair, world.reviewer.date_joined) == []


def test_the_same_question_or_answer_twice_is_one(world: World) -> None:
    world.to_reviewing()
    question = world.ask("reviewer", "4.1")
    assert world.ask("reviewer", "4.1") == question
    assert world.answer(question) == world.answer(question)
    assert world.answer(question, "More.").seq == 2


def test_grade_words_come_back(world: World) -> None:
    world.to_reviewing()
    with no("Say it without “developing”. Everybody grades independently", field="text"):
        world.ask("reviewer", "4.1", "Why is this not Developing?")
    question = world.ask("reviewer", "4.1")
    with no("Say it without “excellent”.", field="text"):
        world.answer(question, "It is excellent.")


def test_nobody_asks_before_opening_or_after_the_end(world: World) -> None:
    world.prepare()
    with no("Questions are asked and answered while people review"):
        world.ask("reviewer", "4.1")
    world.move(Phase.REVIEWING)
    question = world.ask("reviewer", "4.1")
    for who in ("community_chair", "reviewer", "staff_chair"):
        for code in ("4.1", "4.2"):
            world.review(who, code, "developing")
    world.move(Phase.AGREEING)
    world.settle()
    world.move(Phase.AGREED)
    with no("Questions are asked and answered while people review"):
        world.answer(question)


def test_who_left_the_panel_or_only_organises_it_does_not_ask(world: World) -> None:
    world.to_reviewing()
    with no("This is for the members of a panel"):
        world.ask("organiser", "4.1")
    place = world.community.members.get(user=world.reviewer)
    assessments.end_panel_member(actor=world.community_chair, member=place, reason="Moved away")
    with no("This is for the members of a panel"):
        world.ask("reviewer", "4.1")


def test_an_answer_points_to_what_panels_may_read(world: World) -> None:
    inside = evidence.write_and_cite(
        actor=world.contributor,
        assessed_outcome=world.outcome("4.1"),
        content=evidence.EvidenceText("Inside", "For us."),
        sharing=Sharing.ORGANISATION,
    )
    world.to_reviewing()
    question = world.ask("reviewer", "4.1")
    with no("Choose evidence that is cited for this outcome and that panels may read.", field="item"):
        world.answer(question, item_id=inside.public_id)
    assert isinstance(world.item, EvidenceItem)
    newer = _correct(world, Sharing.PUBLIC, 1)
    given = world.answer(question, item_id=world.item.public_id)
    assert given.evidence_version == newer
    # Later taken inside the organisation: the panel no longer reads it through the answer.
    _correct(world, Sharing.ORGANISATION, 2)
    for who, sees in (("reviewer", False), ("lead", True)):
        [shown] = questions_of(world.outcome("4.1"), Access(world.people[who]))
        assert bool(shown.answers[0].evidence) is sees


def _correct(world: World, sharing: str, seen: int):
    item = EvidenceItem.objects.get(pk=world.item.pk)  # type: ignore[union-attr]
    return evidence.correct_item(
        actor=world.contributor,
        item=item,
        content=evidence.EvidenceText("Board training", f"All were trained, {seen}."),
        sharing=sharing,
        reason="A late figure",
        expected_version=seen,
    )


def test_the_discussion_is_the_panels_own(world: World) -> None:
    world.to_reviewing()
    with no("A panel discusses while grades are being agreed."):
        world.remark("reviewer", "4.1")
    for code in ("4.1", "4.2"):
        world.review("reviewer", code, "developing")
    world.move(Phase.AGREEING)
    said = world.remark("reviewer", "4.1", "I read it otherwise.")
    assert world.remark("reviewer", "4.1", "I read it otherwise.") == said
    world.remark("community_chair", "4.1", "Why?")
    outcome = world.outcome("4.1")
    seen = discussion_of(outcome, world.community, world.reviewer.pk)
    assert [(each.who, each.text) for each in seen] == [("You", "I read it otherwise."), ("The chair", "Why?")]
    named = discussion_of(outcome, world.community, world.organiser.pk, names=True)
    assert [each.who for each in named] == ["Ravi Reviewer", "Hanna Healthwatch"]
    assert discussion_of(outcome, world.staff, world.staff_chair.pk) == []


def test_taking_back_leaves_a_mark(world: World) -> None:
    world.to_agreeing()
    said = world.remark("reviewer", "4.1", "I should not have said this.")
    with no("Only who wrote a remark takes it back."):
        talk.take_back(actor=world.community_chair, remark=said)
    assert talk.take_back(actor=world.reviewer, remark=said) == talk.take_back(actor=world.reviewer, remark=said)
    [seen] = discussion_of(world.outcome("4.1"), world.community, world.organiser.pk, names=True)
    assert (seen.taken_back, seen.text) == (True, "")
    assert Remark.objects.get().reason == "I should not have said this."


def test_the_pages(world: World, client: Client) -> None:
    world.to_reviewing()
    outcome = world.outcomes["4.1"].public_id
    reviewer = sign_in(world, "reviewer")
    asked = reverse("question-ask", args=[outcome])
    refused = reviewer.post(asked, {"text": "Is it Excelling?"})
    assert refused.status_code == 422
    assert "Say it without “excelling”" in refused.content.decode()
    assert "Is it Excelling?" in refused.content.decode()
    assert reviewer.post(asked, {"text": "How many?"}).status_code == 302
    question = Question.objects.get()
    page = reverse("question-answer", args=[outcome, question.public_id])
    lead = sign_in(world, "lead")
    assert lead.post(page, {"text": "Ten.", "item": world.item.public_id}).status_code == 302  # type: ignore[union-attr]
    assert Answer.objects.get().evidence_version is not None
    shown = sign_in(world, "staff_chair").get(reverse("outcome", args=[outcome])).content.decode()
    assert "How many?" in shown
    assert "Your question" not in shown
    assert "Your question" in reviewer.get(reverse("outcome", args=[outcome])).content.decode()


def test_the_lead_cannot_tell_which_panel_asked(world: World) -> None:
    """The same question from either panel gives the lead the very same pages."""
    from django.db import transaction

    from tests.leaks.same import plain
    from tests.leaks.walk import ask

    world.to_reviewing()
    pages = {}
    for who in ("reviewer", "staff_chair"):
        with transaction.atomic():
            world.ask(who, "4.1")
            Question.objects.get()
            for url in (
                "/",
                f"/assessments/{world.assessment.public_id}/",
                f"/outcomes/{world.outcomes['4.1'].public_id}/",
            ):
                text = plain(ask(sign_in(world, "lead"), "GET", url))
                text = text.replace(Question.objects.get().public_id, "ID")
                pages.setdefault(url, []).append(text)
            transaction.set_rollback(True)
    for url, (first, second) in pages.items():
        assert first == second, url
