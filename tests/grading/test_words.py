"""The chair's grade beside the median, dissents, and what leaves a small panel only in passed words (R5, R21)."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from eds.access.decide import Access
from eds.assessments import domain as assessments
from eds.assessments.models import Phase
from eds.frameworks.queries import grades_of
from eds.history.errors import Stale
from grading import domain as grading
from grading.domain import DissentAnswer
from grading.models import Dissent, DissentDecision, PanelGrade, PanelSummary
from grading.queries import PanelWords, current_panel_grades, panel_words
from tests.grading.attacks import PATHS
from tests.noes import counts, no
from tests.world import A, D, E, U, World, person

pytestmark = pytest.mark.django_db

KEYS = ["community_chair", "reviewer", "third", "fourth", "fifth"]


def agreeing(world: World, answers: list[str | None]) -> World:
    """To agreeing, with these answers on 4.1 of as many members of the community panel."""
    for key in KEYS[2:]:
        world.people[key] = person(f"Member {key}")
        assessments.add_panel_member(actor=world.community_chair, panel=world.community, user=world.people[key])
    world.to_reviewing()
    for who, answer in zip(KEYS, answers, strict=False):
        world.review(who, "4.1", answer, f"Comment of {who}.")
    world.review("staff_chair", "4.1", D)
    world.move(Phase.AGREEING)
    return world


def record(world: World, grade: str, **values: str) -> PanelGrade:
    return grading.record_panel_grade(
        actor=world.community_chair,
        assessed_outcome=world.outcome("4.1"),
        panel=world.community,
        grade=world.grade(grade),
        reason="Our reasons.",
        **values,
    )


def dissent(world: World, who: str = "reviewer", text: str = "I see it differently.") -> Dissent:
    return grading.add_dissent(
        actor=world.people[who], assessed_outcome=world.outcome("4.1"), panel=world.community, text=text
    )


def pass_on(
    world: World, summary: str = "", dissents: dict[str, DissentAnswer] | None = None, expected_seq: int | None = None
) -> PanelSummary | None:
    return grading.pass_words(
        actor=world.community_chair,
        assessed_outcome=world.outcome("4.1"),
        panel=world.community,
        summary=summary,
        dissents=dissents or {},
        expected_seq=expected_seq,
    )


def words(world: World, who: str | None) -> PanelWords | None:
    found = panel_words([world.outcome("4.1")], grades_of(world.revision), Access(world.people[who]) if who else None)
    return found.get((world.outcomes["4.1"].pk, world.community.pk))


class TestMedian:
    def test_another_grade_says_why(self, world: World) -> None:
        agreeing(world, [U, D, A])
        for grade in (U, A, E):
            with no("differs from the median", "why_not_median"):
                record(world, grade, why_not_median=" ")
        assert record(world, D).median == world.grade(D)
        row = record(world, A, why_not_median="The evidence on access convinced all of us.")
        assert (row.median.code, row.why_not_median) == (D, "The evidence on access convinced all of us.")

    def test_what_is_said_of_the_median_itself_is_not_kept(self, world: World) -> None:
        agreeing(world, [D, D])
        assert record(world, D, why_not_median="Nothing to say.").why_not_median == ""

    @pytest.mark.engine
    def test_the_database_asks_for_it_as_well(self, world: World) -> None:
        agreeing(world, [D, D])
        values = {
            "actor": world.lead,
            "reason": "x",
            "assessed_outcome": world.outcome("4.1"),
            "panel": world.community,
            "kind": "panel",
            "grade": world.grade(A),
            "median": world.grade(D),
        }
        for insert in PATHS.values():
            with pytest.raises(IntegrityError), transaction.atomic():
                insert(PanelGrade, **values)
            with pytest.raises(IntegrityError, match="lowest grade only"), transaction.atomic():
                insert(PanelGrade, **{**values, "median": None, "for_lack_of_evidence": True})
            with transaction.atomic():
                insert(PanelGrade, **values, why_not_median="We weighed it again.")
                transaction.set_rollback(True)

    def test_the_form_comes_back_for_the_reason(self, world: World) -> None:
        agreeing(world, [D, D])
        client = Client()
        client.force_login(world.community_chair, backend="django.contrib.auth.backends.ModelBackend")
        url = f"/outcomes/{world.outcomes['4.1'].public_id}/panels/{world.community.public_id}/grade/"
        data = {"version": "0", "grade": A, "reason": "Our reasons.", "question_factors": "We do not know."}
        page = client.post(url, data)
        assert page.status_code == 422
        assert "Say why the panel&#x27;s grade differs from the median" in page.content.decode()
        assert client.post(url, {**data, "why_not_median": "We weighed it."}).status_code == 302
        assert client.post(url, {**data, "why_not_median": "We weighed it."}).status_code == 302
        assert PanelGrade.objects.count() == 1


class TestDissent:
    def test_the_noes(self, world: World) -> None:
        agreeing(world, [D, D, D])
        with no("no grade yet"):
            dissent(world)
        record(world, D)
        with no("see differently", "text"):
            dissent(world, text=" ")
        for who in ("organiser", "staff_chair", "lead", "fifth"):
            with no("member of the panel who reviewed"):
                dissent(world, who)
        first = dissent(world)
        before = counts()
        assert dissent(world) == first
        assert counts() == before
        with no("already"):
            dissent(world, text="Other words.")
        record(world, A, why_not_median="We thought again.")
        assert dissent(world, text="Other words.").panel_grade.grade.code == A
        world.move(Phase.REVIEWING, "Once more.")
        with no("while grades are being agreed"):
            dissent(world, "third")

    def test_in_a_small_panel_it_stays_until_the_chair_passes_it(self, world: World) -> None:
        agreeing(world, [D, D, D, D])
        record(world, D)
        row = dissent(world)
        for who in ("reviewer", "community_chair", "organiser"):
            assert words(world, who).dissents == [row]  # type: ignore[union-attr]
        outside = (None, "lead", "sponsor", "staff_chair", "contributor")
        for who in outside:
            assert words(world, who).dissents == []  # type: ignore[union-attr]
        with no("Say why you keep", f"why_{row.public_id}"):
            pass_on(world, dissents={row.public_id: DissentAnswer(False)})
        pass_on(world, dissents={row.public_id: DissentAnswer(False, "It names a ward.")})
        assert all(words(world, who).dissents == [] for who in outside)  # type: ignore[union-attr]
        pass_on(world, dissents={row.public_id: DissentAnswer(True)})
        assert all(words(world, who).dissents == [row] for who in outside)  # type: ignore[union-attr]
        assert DissentDecision.objects.count() == 2

    def test_of_five_it_is_shown_as_it_stands(self, world: World) -> None:
        agreeing(world, [D] * 5)
        record(world, D)
        row = dissent(world)
        assert words(world, None).dissents == [row]  # type: ignore[union-attr]
        with no("shown as they stand"):
            pass_on(world, dissents={row.public_id: DissentAnswer(True)})

    def test_a_newer_grade_leaves_it_behind(self, world: World) -> None:
        agreeing(world, [D] * 5)
        record(world, D)
        row = dissent(world)
        record(world, A, why_not_median="We thought again.")
        assert words(world, None).dissents == []  # type: ignore[union-attr]
        with no("shown as they stand"):
            pass_on(world, dissents={row.public_id: DissentAnswer(True)})

    @pytest.mark.engine
    def test_the_database_refuses_what_the_verbs_never_do(self, world: World) -> None:
        agreeing(world, [D, D])
        old = record(world, D)
        row = dissent(world)
        newest = record(world, A, why_not_median="We thought again.")
        attacks = [
            (Dissent, "newest grade", {"actor": world.community_chair, "panel_grade": old}),
            (Dissent, "who reviewed", {"actor": world.lead, "panel_grade": newest}),
            (DissentDecision, "its own chair", {"actor": world.lead, "dissent": row, "passed": True}),
            (DissentDecision, "its own chair", {"actor": world.reviewer, "dissent": row, "passed": True}),
            (
                PanelSummary,
                "its own chair",
                {"actor": world.staff_chair, "assessed_outcome": world.outcome("4.1"), "panel": world.community},
            ),
        ]
        for model, sentence, values in attacks:
            for insert in PATHS.values():
                with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
                    insert(model, reason="x", **values)
        for insert in PATHS.values():
            with transaction.atomic():
                insert(Dissent, actor=world.reviewer, reason="x", panel_grade=newest)
                transaction.set_rollback(True)
        dissent(world)
        with pytest.raises(IntegrityError), transaction.atomic():
            PATHS["sql"](Dissent, actor=world.reviewer, reason="Another one", panel_grade=newest)

    def test_on_screen(self, world: World) -> None:
        agreeing(world, [D, D])
        record(world, D)
        client = Client()
        base = f"/outcomes/{world.outcomes['4.1'].public_id}"
        panel = f"{base}/panels/{world.community.public_id}"

        def as_(who: str) -> Client:
            client.force_login(world.people[who], backend="django.contrib.auth.backends.ModelBackend")
            return client

        assert as_("reviewer").post(f"{panel}/dissent/", {"text": "The quagga is missing."}).status_code == 302
        assert "quagga" in client.get(f"{base}/").content.decode()
        assert "quagga" not in as_("lead").get(f"{base}/").content.decode()
        row = Dissent.objects.get()
        page = as_("community_chair").get(f"{panel}/words/").content.decode()
        assert "quagga" in page
        assert "Ravi Reviewer" not in page.partition("<main")[2]
        data = {"version": "0", "summary": "Two of us spoke of the okapi.", f"pass_{row.public_id}": "pass"}
        assert client.post(f"{panel}/words/", data).status_code == 302
        page = as_("lead").get(f"{base}/").content.decode()
        assert "quagga" in page
        assert "okapi" in page
        assert "Ravi" not in page.partition("<main")[2]
        assert "Ravi Reviewer" in as_("organiser").post(f"{panel}/reviews/names/").content.decode()


class TestSpreadAndComments:
    @pytest.mark.parametrize("number", [4, 5])
    def test_five_are_enough(self, world: World, number: int) -> None:
        agreeing(world, [D, D, A, None, D][:number])
        expected = [("undeveloped", 0), ("developing", 3), ("achieving", 1), ("excelling", 0)]
        for who in (None, "lead", "deputy", "sponsor", "board"):
            seen = words(world, who)
            assert seen is not None
            if number == 5:
                assert [(grade.code, each) for grade, each in seen.spread] == expected
                assert seen.not_enough == 1
                assert [each.reason for each in seen.comments] == sorted(f"Comment of {key}." for key in KEYS)
            else:
                assert not seen.anything
        for who in ("contributor", "staff_chair", "reviewer"):
            assert not words(world, who).spread  # type: ignore[union-attr]

    def test_a_step_aside_is_none_of_the_five(self, world: World) -> None:
        agreeing(world, [D] * 5)
        world.move(Phase.REVIEWING, "Once more.")
        world.step_aside("fifth", "4.1")
        assert words(world, "lead").spread, "what was revealed stays so until the next reveal"  # type: ignore[union-attr]
        world.move(Phase.AGREEING)
        assert not words(world, "lead").anything  # type: ignore[union-attr]

    def test_nothing_before_the_reveal(self, world: World) -> None:
        world.to_reviewing()
        for who in world.people:
            assert words(world, who) is None
        assert not words(world, None).anything  # type: ignore[union-attr]

    def test_the_chairs_summary_reaches_everybody(self, world: World) -> None:
        agreeing(world, [D, D])
        first = pass_on(world, "They spoke of access.", expected_seq=0)
        with no("changed since", kind=Stale):
            pass_on(world, "Other words.", expected_seq=0)
        assert pass_on(world, "They spoke of access.") == first
        for who in (None, "lead", "board", "contributor", "staff_chair", "reviewer"):
            assert words(world, who).summary == "They spoke of access."  # type: ignore[union-attr]
        pass_on(world, "")
        assert not words(world, "lead").anything  # type: ignore[union-attr]
        assert current_panel_grades([world.outcome("4.1")])[world.outcomes["4.1"].pk] == {}
