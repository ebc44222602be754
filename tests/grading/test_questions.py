"""What a grade still has to answer for is asked once, the answer is kept, and no grade is stopped (R6)."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from eds.assessments.models import Phase
from grading import domain as grading
from grading.models import PanelGrade, ProposedGrade, Review
from grading.questions import CONDITIONS, kept, questions_about, unanswered
from tests.noes import no
from tests.world import A, D, E, U, World

FACTORS = ["outcome", "engagement", "mainstream-processes", "progression-plans", "disadvantaged-groups"]


@given(
    st.one_of(st.none(), st.integers(0, 3)),
    st.integers(0, 2),
    st.sets(st.sampled_from(FACTORS)),
    st.booleans(),
)
def test_which_questions_are_asked(position: int | None, cited: int, missing: set[str], has_factors: bool) -> None:
    asked = questions_about(
        position, cited=cited, missing_factors=dict.fromkeys(missing, "A factor"), has_factors=has_factors
    )
    codes = [question.code for question in asked]
    assert len(codes) == len(set(codes))
    if position is None:
        assert codes == []
        return
    assert ("evidence" in codes) == (cited == 0 and position > 0)
    assert set(CONDITIONS) & set(codes) == (set(CONDITIONS) if has_factors and position == 3 else set())
    assert [question.text.count("“") for question in asked if question.code == "factors"] == (
        [len(missing)] if missing else []
    )
    assert unanswered(asked, dict.fromkeys(codes, " ")) == asked
    assert unanswered(asked, dict.fromkeys(codes, "We do not know.")) == []
    assert [each["answer"] for each in kept(asked, {})] == [""] * len(asked)


@pytest.mark.django_db
class TestVerbs:
    def test_who_was_asked_answers(self, world: World) -> None:
        world.to_agreeing()
        values = {
            "actor": world.community_chair,
            "assessed_outcome": world.outcome("4.1"),
            "panel": world.community,
            "grade": world.grade(E),
            "reason": "Ours.",
            "why_not_median": "We weighed it again.",
        }
        with no("What shows it?", "question_full_engagement"):
            grading.record_panel_grade(**values, answers={})
        asked = grading.questions_for(world.outcome("4.1"), world.grade(E), given_factors=set(FACTORS))
        assert [question.code for question in asked] == list(CONDITIONS)
        answers = dict.fromkeys([*CONDITIONS, "factors"], "We do not know.")
        row = grading.record_panel_grade(**values, answers=answers)
        assert {each["answer"] for each in row.answers} == {"We do not know."}
        assert {each["question"] for each in row.answers} == {*CONDITIONS, "factors"}

    def test_where_nobody_could_be_asked_the_question_stays_open(self, world: World) -> None:
        world.to_agreeing()
        row = world.panel_grade("community_chair", "4.1", E)
        assert {each["answer"] for each in row.answers} == {""}
        assert row.grade.code == E

    def test_a_reviewer_learns_nothing_of_what_the_hidden_proposal_leaves_out(self, world: World) -> None:
        """The proposal gives a reason under one factor of five; a question about the others would tell."""
        world.to_reviewing()
        assert grading.questions_for(world.outcome("4.1"), world.grade(A)) == []
        assert world.review("reviewer", "4.1", A).answers == []

    def test_undeveloped_for_lack_of_evidence_raises_none(self, world: World) -> None:
        world.to_reviewing()
        for who in ("community_chair", "reviewer"):
            world.review(who, "4.1", None)
        world.move(Phase.AGREEING)
        row = grading.record_panel_grade(
            actor=world.community_chair,
            assessed_outcome=world.outcome("4.1"),
            panel=world.community,
            grade=world.grade(U),
            reason="Nobody could tell.",
            for_lack_of_evidence=True,
            answers={},
        )
        assert row.answers == []


@pytest.mark.django_db
class TestScreens:
    def as_(self, world: World, who: str) -> Client:
        client = Client()
        client.force_login(world.people[who], backend="django.contrib.auth.backends.ModelBackend")
        return client

    def test_the_reviewers_form_comes_back_once(self, world: World) -> None:
        world.to_reviewing()
        client = self.as_(world, "reviewer")
        url = f"/outcomes/{world.outcomes['4.1'].public_id}/panels/{world.community.public_id}/review/"
        data = {"version": "0.0", "grade": E, "reason": "It is excellent."}
        page = client.post(url, data)
        assert page.status_code == 422
        text = page.content.decode()
        for code in CONDITIONS:
            assert f'name="question_{code}"' in text
        assert "It is excellent." in text
        assert client.post(url, {**data, "draft": "1"}).status_code == 302, "a draft is asked nothing"
        data["version"] = "0.1"
        answers = {f"question_{code}": "We do not know." for code in CONDITIONS}
        assert client.post(url, {**data, **answers}).status_code == 302
        assert [each["answer"] for each in Review.objects.get().answers] == ["We do not know."] * 3
        assert "We do not know." in client.get(url).content.decode(), "the answers stand in the form again"

    def test_the_leads_form_asks_about_factors(self, world: World) -> None:
        client = self.as_(world, "lead")
        url = f"/outcomes/{world.outcomes['4.1'].public_id}/proposal/"
        data = {"version": "0", "grade": D, "factor_outcome": "Because.", "conclusion": ""}
        page = client.post(url, data)
        assert page.status_code == 422
        text = page.content.decode()
        names = ["question_evidence", "question_factors"]
        assert all(f'name="{name}"' in text for name in names)
        assert "Nothing is said under “Engagement”, “Mainstream processes”," in text
        assert client.post(url, {**data, **dict.fromkeys(names, "We are looking.")}).status_code == 302
        assert len(ProposedGrade.objects.get().answers) == 2
        page = client.get(f"/outcomes/{world.outcomes['4.1'].public_id}/")
        assert "We are looking." in page.content.decode()

    def test_the_chairs_form_and_the_page_with_the_answer(self, world: World) -> None:
        world.to_agreeing()
        client = self.as_(world, "community_chair")
        base = f"/outcomes/{world.outcomes['4.1'].public_id}"
        url = f"{base}/panels/{world.community.public_id}/grade/"
        data = {"version": "0", "grade": D, "reason": "Ours."}
        assert client.post(url, data).status_code == 422
        answers = {"question_factors": "The quagga knows."}
        assert client.post(url, {**data, **answers}).status_code == 302
        assert PanelGrade.objects.get().grade.code == D
        assert "The quagga knows." in self.as_(world, "lead").get(f"{base}/").content.decode()
