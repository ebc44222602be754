"""An early review prompted by evidence: what is new, who reads of it, and that panels and the public do not (R24, R3)."""

from __future__ import annotations

import datetime

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from eds.assessments.models import Phase
from eds.history.models import deciding_on, today
from objectives.equality import domain as goals
from objectives.equality.rules import Moment, NewWorse, Version, new_inequalities
from tests.counting import counted
from tests.matrix.scene import publish_objectives
from tests.objectives.conftest import As
from tests.objectives.test_equality_pages import page, saved, words
from tests.world import World

RACE, RELIGION = ("race", "Race", "", "worse"), ("religion", "Religion or belief", "", "worse")
NURSES = ("race", "Race", "Nurses", "worse", "Few are asked to lead.")
NEWS = "New evidence says that people fare worse"

groups = st.frozensets(st.sampled_from([("race", ""), ("race", "nurses"), ("sex", ""), ("", "carers")]))
days = st.integers(1, 9)
histories = st.lists(st.lists(st.tuples(days, groups), min_size=1, max_size=4).map(sorted), max_size=3)


def moment(day: int) -> Moment:
    return datetime.date(2026, 5, day), datetime.datetime(2026, 5, day, 12, tzinfo=datetime.UTC)


def versions(made: list[list[tuple[int, frozenset[tuple[str, str]]]]]) -> list[Version]:
    return [
        Version(item, 10 * item + seq, moment(day), worse)
        for item, rows in enumerate(made)
        for seq, (day, worse) in enumerate(rows)
    ]


@given(histories, st.none() | days)
def test_what_is_new_is_said_now_and_was_not_said_then(
    made: list[list[tuple[int, frozenset[tuple[str, str]]]]], day: int | None
) -> None:
    rows = versions(made)
    looked_at = moment(day) if day else None
    found = new_inequalities(rows, looked_at)
    said_then: set[tuple[str, str]] = set()
    for each in made:
        before = [worse for on, worse in each if day is not None and on <= day]
        said_then |= before[-1] if before else frozenset()
    expected = {(item, group) for item, each in enumerate(made) for group in each[-1][1] - said_then}
    assert {(each.item, each.group) for each in found} == expected
    assert len(found) == len(expected)
    by_key = {row.key: row for row in rows}
    for each in found:
        first = by_key[each.version]
        assert each.group in first.worse
        assert looked_at is None or first.at > looked_at, "it is dated after the last look"
        before = by_key.get(each.version - 1)
        assert before is None or each.group not in before.worse, "and it is the first that said so"
    assert new_inequalities(rows, moment(9)) == [], "after the last version nothing is new"


@pytest.mark.parametrize(
    ("made", "day", "expected"),
    [
        ([[(5, {"a"})]], 4, [(0, 0, "a")]),
        ([[(5, {"a"})]], 5, []),
        ([[(3, {"a"}), (5, {"a"})]], 4, []),  # an earlier version said the same
        ([[(3, {"a"})], [(5, {"a"})]], 4, []),  # another item said the same
        ([[(3, {"a"}), (5, {"a", "b"})]], 4, [(0, 1, "b")]),
        ([[(5, {"a"}), (6, {"a"}), (7, {"a"})]], 4, [(0, 0, "a")]),  # dated when it was first said
        ([[(5, {"a"}), (6, set())]], 4, []),  # a correction took it back
        ([[(2, {"a"}), (3, set()), (5, {"a"})]], 4, [(0, 2, "a")]),  # it was gone, and is back
        ([[(2, {"a"})]], None, [(0, 0, "a")]),
    ],
)
def test_what_counts_as_new(made: list, day: int | None, expected: list) -> None:
    rows = versions([[(on, frozenset((each, "") for each in worse)) for on, worse in rows] for rows in made])
    found = new_inequalities(rows, moment(day) if day else None)
    assert found == [NewWorse(item, 10 * item + seq, (group, "")) for item, seq, group in expected]


def _listed(world: World) -> str:
    return page("objectives", world.trust.public_id)


@pytest.mark.django_db
def test_the_lead_is_told_and_reviews_early(world: World, as_: As) -> None:
    world.finds("Known before", RACE, days_ago=50)
    made = world.adopt(world.objective())  # thirty days ago, about race, answering 4.1
    lead, url = as_("lead"), page("objective", made.public_id)
    assert NEWS not in words(lead.get(url)) + words(lead.get(_listed(world)))
    assert "early" not in words(lead.get(reverse("home")))
    assert 'value="early" checked' not in lead.get(page("objective-review", made.public_id)).content.decode()

    item = world.finds("Staff survey <2026>", NURSES, days_ago=3, code="")
    said = lead.get(url)
    assert NEWS in words(said)
    assert "Race (Nurses)" in words(said)
    assert "Known before" not in words(said)
    assert "Few are asked to lead." in words(said)
    html = said.content.decode()
    assert "Staff survey &lt;2026&gt;" in html
    assert page("evidence-item", item.public_id) in html
    assert page("objective-review", made.public_id) in html.partition('id="new-evidence"')[2].partition("</section>")[0]
    listed = words(lead.get(_listed(world)))
    assert f"{NEWS}. Review it early" in listed
    assert "Race (Nurses)" in listed
    assert "No objective is about this yet" not in listed
    assert "New evidence says that people fare worse: review early “Halve the gap" in words(lead.get(reverse("home")))

    review = page("objective-review", made.public_id)
    html = lead.get(review).content.decode()
    assert "Few are asked to lead." in html
    form = html.partition("<form method")[2]
    assert "Few are asked" not in form, "what is published is the lead's own words"
    chosen = [part for part in form.split("<input")[1:] if "checked" in part.partition(">")[0]]
    assert [('value="early"' in part) for part in chosen] == [True]
    saved(lead, review, {"kind": "early", "text": "We will ask nurses."})
    assert NEWS not in words(lead.get(url)) + words(lead.get(_listed(world))) + words(lead.get(reverse("home")))


@pytest.mark.django_db
@pytest.mark.parametrize("early", [True, False])
def test_any_review_looks_at_it_and_what_comes_later_is_new(world: World, as_: As, early: bool) -> None:
    made = world.adopt(world.objective())
    world.finds("First", RACE, days_ago=9)
    with deciding_on(today() - datetime.timedelta(days=5)):
        goals.review(actor=world.lead, objective=made, text="Seen.", early=early)
    url = page("objective", made.public_id)
    assert NEWS not in words(as_("lead").get(url))
    world.finds("Second", RACE, days_ago=2)
    assert NEWS not in words(as_("lead").get(url)), "the first said the same"
    world.finds("Third", NURSES, days_ago=1)
    assert "Third" in words(as_("lead").get(url))


@pytest.mark.django_db
def test_it_concerns_the_objectives_groups_and_the_outcomes_it_answers(world: World, as_: As) -> None:
    about_race = world.adopt(world.objective(outcomes=()))
    under_41 = world.adopt(world.objective("All letters in large print", characteristics=(("age", "Age"),)))
    world.finds("Faith survey", RELIGION, code="4.1")
    world.finds("Prayer room", ("religion", "Religion or belief", "Night staff", "worse"), code="4.2")
    world.finds("Fine", ("race", "Race", "", "better"), ("age", "Age", "", "mixed"))
    lead = as_("lead")
    assert NEWS not in words(lead.get(page("objective", about_race.public_id)))
    said = words(lead.get(page("objective", under_41.public_id)))
    assert "Faith survey" in said
    assert "Prayer room" not in said
    html = lead.get(_listed(world)).content.decode()
    nobodys = html.partition('id="new-evidence"')[2].partition("</section>")[0]
    assert "Prayer room" in nobodys
    assert "No objective is about this yet." in nobodys
    assert "Faith survey" not in nobodys
    world.objective("Rooms to pray in", characteristics=(("religion", "Religion or belief"),))
    listed = words(lead.get(_listed(world)))
    assert "An objective about this is not adopted yet." in listed
    assert "No objective is about this yet." not in listed
    assert "Prayer room" not in words(as_("sponsor").get(_listed(world))), "that is for the lead"


@pytest.mark.django_db
def test_a_draft_and_a_closed_objective_are_not_reviewed(world: World, as_: As) -> None:
    draft = world.objective("Draft")
    closed = world.adopt(world.objective("Closed"))
    world.finds("Survey", RACE, days_ago=2)
    with deciding_on(today() - datetime.timedelta(days=1)):
        goals.close(actor=world.lead, objective=closed, result="partly", reason="It ended.")
    for each in (draft, closed):
        assert NEWS not in words(as_("lead").get(page("objective", each.public_id)))


@pytest.mark.django_db
def test_the_board_and_contributors_read_what_they_may_read(world: World, as_: As) -> None:
    made = world.adopt(world.objective())
    world.prepare()
    cited = world.finds("Under the outcome", RACE)
    world.finds("In the library only", NURSES, code="")
    url, evidence = page("objective", made.public_id), page("evidence-item", cited.public_id)
    contributor = as_("contributor").get(url)
    assert evidence in contributor.content.decode()
    assert "Review it early" not in words(contributor)
    for who in ("sponsor", "board"):
        assert NEWS not in words(as_(who).get(url)) + words(as_(who).get(_listed(world))), "not before the reveal"
    world.move(Phase.REVIEWING)
    for who in ("community_chair", "reviewer", "staff_chair"):
        for code in ("4.1", "4.2"):
            world.review(who, code, "developing")
    world.move(Phase.AGREEING)
    for who in ("sponsor", "board"):
        for address in (url, _listed(world)):
            said = as_(who).get(address)
            assert "Under the outcome" in words(said)
            assert "In the library only" not in words(said)
            assert evidence not in said.content.decode(), "the library is not theirs"
            assert "Review it early" not in words(said)


@pytest.mark.django_db
@pytest.mark.parametrize("stage", ["preparing", "reviewing", "agreeing"])
def test_panels_and_the_public_are_told_nothing(world: World, as_: As, stage: str) -> None:
    made = world.adopt(world.objective())
    world.finds("Secret inquiry", NURSES)
    world.finds("Quiet inquiry", RELIGION, code="")
    world.to(stage)
    version = publish_objectives(world)
    assert NEWS in words(as_("lead").get(page("objective", made.public_id))), "there is something to tell"
    assert "Secret" not in str(version.content)
    for who in ("reviewer", "community_chair", "organiser", "staff_chair", ""):
        client = as_(who)
        addresses = [page("objective", made.public_id), _listed(world), page("objective-review", made.public_id)]
        public = page("public-objectives", world.trust.slug)
        for address in [*addresses, public, reverse("home")]:
            answer = client.get(address)
            assert answer.status_code == 200 or address != public
            assert answer.status_code == 200 or not who or address == addresses[2]
            html = answer.content.decode()
            for told in (NEWS, "inquiry", "Nurses", "Few are asked", "new-evidence", "review early", "Review it early"):
                assert told not in html, f"{address} for {who or 'the public'}"


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["lead", "contributor", "sponsor", "reviewer"])
def test_the_pages_do_not_read_row_by_row(world: World, as_: As, who: str) -> None:
    world.to_agreeing()
    made = world.adopt(world.objective())
    client = as_(who)
    addresses = [page("objective", made.public_id), _listed(world), reverse("home")]
    addresses += [page("objective-review", made.public_id)] if who == "lead" else []

    def numbers() -> list[int]:
        found = []
        for address in addresses:
            with counted() as count:
                assert client.get(address).status_code == 200
            found.append(count.queries)
        return found

    numbers()
    none = numbers()
    for number in range(4):
        item = world.finds(f"Survey {number}", ("race", "Race", f"Group {number}", "worse"), RELIGION, code="")
        world.finds_now(item, ("race", "Race", f"Group {number}", "worse"))
        world.adopt(world.objective(f"Objective {number}"))
    assert numbers() == none
