"""The agreement board: distances, spreads to whom they belong, and a fixed number of queries."""

from __future__ import annotations

import pytest
from django.urls import reverse

from eds.access.decide import Access
from eds.assessments import domain as assessments
from eds.assessments.models import Phase
from grading.agreement.queries import agreement_board, answers_of
from grading.agreement.rules import Distance, distance
from grading.domain import submit_review
from grading.models import Review, Statement
from tests.counting import counted
from tests.leaks.walk import sign_in
from tests.ui.checks_of_pages import parse
from tests.world import A, D, E, U, World, person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("proposed", "panels", "missing", "expected"),
    [
        (2, [2, 2], False, Distance.SAME),
        (2, [1, 2], False, Distance.CLOSE),
        (2, [0, 2], False, Distance.APART),
        (1, [0, 2], False, Distance.APART),
        (3, [None, 1], False, Distance.APART),
        (3, [None, None], False, Distance.NOT_GRADED),
        (3, [3], True, Distance.MISSING),
        (None, [3], False, Distance.MISSING),
    ],
)
def test_the_widest_gap_counts(proposed: int | None, panels: list, missing: bool, expected: Distance) -> None:
    assert distance(proposed, panels, missing=missing) is expected


def _board(world: World, who: str) -> dict[str, object]:
    groups = agreement_board(world.refreshed(), Access(world.people[who]))
    return {row.outcome.outcome.code: row for group in groups for row in group.rows}


def _with_reviewers(world: World, number: int) -> World:
    """Open reviewing with as many reviewers of the community panel, chair and reviewer among them; all submit."""
    world.prepare()
    more = [person(f"Extra {each}") for each in range(number - 2)]
    for user in more:
        assessments.add_panel_member(actor=world.community_chair, panel=world.community, user=user)
    world.move(Phase.REVIEWING)
    for code in ("4.1", "4.2"):
        world.review("staff_chair", code, A)
        for user in [world.community_chair, world.reviewer, *more]:
            submit_review(
                actor=user,
                assessed_outcome=world.outcome(code),
                panel=world.community,
                grade=world.grade(U) if user in more else None,
                reason="Mine.",
            )
    world.move(Phase.AGREEING)
    return world


@pytest.mark.parametrize(("number", "lead_sees"), [(4, False), (5, True)])
def test_a_spread_is_its_panels_own_below_five(world: World, number: int, lead_sees: bool) -> None:
    _with_reviewers(world, number)
    for who in ("lead", "sponsor"):
        healthwatch, staff = _board(world, who)["4.1"].panels  # type: ignore[attr-defined]
        assert bool(healthwatch.spread) is lead_sees
        assert staff.spread is None
    healthwatch, staff = _board(world, "reviewer")["4.1"].panels  # type: ignore[attr-defined]
    assert healthwatch.spread.total == number
    assert healthwatch.spread.not_enough == 2
    assert healthwatch.spread.counts[0] == (world.grade(U), number - 2)
    assert healthwatch.spread.median == world.grade(U)
    assert staff.spread is None
    page = sign_in(world, "lead").get(reverse("agreement", args=[world.assessment.public_id])).content.decode()
    assert ("How 5 members graded" in page) is lead_sees


def test_before_the_reveal_it_is_empty(world: World) -> None:
    world.to_reviewing()
    for who in ("lead", "community_chair", "sponsor"):
        page = sign_in(world, who).get(reverse("agreement", args=[world.assessment.public_id])).content.decode()
        assert "There is nothing to agree yet." in page
        assert "Achieving" not in page


def test_the_board_groups_and_decides(world: World) -> None:
    world.to_agreeing()
    assert {row.distance for row in _board(world, "lead").values()} == {Distance.MISSING}  # type: ignore[attr-defined]
    board = reverse("agreement", args=[world.assessment.public_id])
    chair = sign_in(world, "community_chair")
    grade = reverse("panel-grade", args=[world.outcomes["4.1"].public_id, world.community.public_id])
    assert f"{grade}?back=agreement" in chair.get(board).content.decode()
    data = {"grade": D, "reason": "Ours.", "version": "0", "question_factors": "Nobody asked."}
    answered = chair.post(f"{grade}?back=agreement", data)
    assert answered["Location"] == f"{board}#outcome-{world.outcomes['4.1'].public_id}"
    world.panel_grade("staff_chair", "4.1", D)
    assert _board(world, "lead")["4.1"].distance is Distance.CLOSE  # type: ignore[attr-defined]
    world.propose("4.1", E, reason="A new figure")
    row = _board(world, "lead")["4.1"]
    assert row.distance is Distance.APART  # type: ignore[attr-defined]
    assert row.statement_form is not None  # type: ignore[attr-defined]
    said = reverse("statement", args=[world.outcomes["4.1"].public_id]) + "?back=agreement"
    lead = sign_in(world, "lead")
    [form] = parse(lead.get(board).content.decode()).xpath(f"//form[@action='{said}']")
    typed = {each.get("name"): each.get("value") for each in form.xpath(".//input[@type='hidden']")}
    assert lead.post(said, {**typed, "text": "We differ."}).status_code == 302
    assert Statement.objects.get().reason == "We differ."
    assert "We differ." in chair.get(board).content.decode()
    assert _board(world, "reviewer")["4.1"].statement_form is None  # type: ignore[attr-defined]


def test_answers_after_a_move_back_wait_for_the_next_reveal(world: World) -> None:
    world.to_agreeing()
    world.move(Phase.REVIEWING, "To read again.")
    world.review("reviewer", "4.1", E, "Now otherwise.")
    counts = answers_of([world.outcome("4.1")])[world.outcomes["4.1"].pk, world.community.pk]
    assert counts == {1: 2}


def test_as_many_queries_with_hundreds_of_reviews(world: World) -> None:
    world.to_agreeing()
    with counted() as few:
        _board(world, "lead")
    users = [person(f"R {number}") for number in range(200)]
    Review.objects.bulk_create(
        Review(
            seq=1, actor=user, reason="Mine.", assessed_outcome=row, panel=world.community, reviewer=user,
            grade=world.grade(D),
        )
        for user in users
        for row in world.outcomes.values()
    )  # fmt: skip
    with counted() as many:
        board = _board(world, "lead")
    assert board["4.1"].panels[0].spread.total == 202  # type: ignore[attr-defined]
    assert many.queries == few.queries
    assert few.queries - 5 <= 12  # beside the assessment itself and who the reader is
