"""The facts of the three editions, counted by hand, as they stand in the database after loading."""

import hashlib

import pytest

from eds.frameworks.loader import load_all
from eds.frameworks.models import Framework, Outcome
from eds.frameworks.queries import goals_of, grade_called, grades_of, latest_revision

pytestmark = pytest.mark.django_db

CODES_OF_FOUR_GOALS = [
    *("1.1", "1.2", "1.3", "1.4", "1.5"),
    *("2.1", "2.2", "2.3", "2.4"),
    *("3.1", "3.2", "3.3", "3.4", "3.5", "3.6"),
    *("4.1", "4.2", "4.3"),
]
CODES_OF_THREE_DOMAINS = ["1A", "1B", "1C", "1D", "2A", "2B", "2C", "2D", "3A", "3B", "3C"]


@pytest.fixture(autouse=True)
def _loaded(db: None) -> None:
    load_all()


def outcomes(code: str) -> list[Outcome]:
    return [outcome for goal in goals_of(latest_revision(code)) for outcome in goal.outcomes.all()]


def test_three_editions_in_the_order_of_their_years() -> None:
    rows = Framework.objects.values_list("code", "short_name", "year", "goal_word", "has_points")
    assert list(rows) == [
        ("eds-2011", "EDS 2011", 2011, "goal", False),
        ("eds2-2013", "EDS2", 2013, "goal", False),
        ("eds-2022", "EDS 2022", 2022, "domain", True),
    ]


@pytest.mark.parametrize(
    ("code", "codes", "digest"),
    [
        ("eds-2011", CODES_OF_FOUR_GOALS, "aa75aaab71177774cb3dbfda67e75025b362509665f6fe550b412c469ed6951a"),
        ("eds2-2013", CODES_OF_FOUR_GOALS, "612749bfbc2112a2c78fa94a584333674fd6c7e23c67ef189354884de635f486"),
        ("eds-2022", CODES_OF_THREE_DOMAINS, "6581a30623b58d8802cc90fd3ff92e4b438b7dde637b75f33d83c1f1d7452a1a"),
    ],
)
def test_outcomes_have_the_codes_and_exactly_the_texts_of_the_edition(code: str, codes: list[str], digest: str) -> None:
    found = outcomes(code)
    assert [outcome.code for outcome in found] == codes
    texts = "\n".join(f"{outcome.code} {outcome.text}" for outcome in found)
    assert hashlib.sha256(texts.encode()).hexdigest() == digest


@pytest.mark.parametrize(
    ("code", "titles"),
    [
        (
            "eds-2011",
            [
                "Better health outcomes for all",
                "Improved patient access and experience",
                "Empowered, engaged and well-supported staff",
                "Inclusive leadership at all levels",
            ],
        ),
        (
            "eds2-2013",
            [
                "Better health outcomes",
                "Improved patient access and experience",
                "A representative and supported workforce",
                "Inclusive leadership",
            ],
        ),
        (
            "eds-2022",
            ["Commissioned or provided services", "Workforce health and well-being", "Inclusive leadership"],
        ),
    ],
)
def test_goal_titles(code: str, titles: list[str]) -> None:
    assert [goal.title for goal in goals_of(latest_revision(code))] == titles


def test_only_2011_has_a_sentence_under_each_goal() -> None:
    with_statement = {
        code: [goal.code for goal in goals_of(latest_revision(code)) if hasattr(goal, "statement")]
        for code in ("eds-2011", "eds2-2013", "eds-2022")
    }
    assert with_statement == {"eds-2011": ["1", "2", "3", "4"], "eds2-2013": [], "eds-2022": []}
    fourth = latest_revision("eds-2011").goals.get(code="4").statement
    assert fourth.text.startswith("NHS organisations should ensure that equality is everyone's business, and everyone")
    assert fourth.wording_confirmed


def test_which_wordings_are_not_confirmed() -> None:
    unconfirmed = {
        code: [outcome.code for outcome in outcomes(code) if not outcome.wording_confirmed]
        for code in ("eds-2011", "eds2-2013", "eds-2022")
    }
    confirmed_in_eds2 = {"2.1", "2.2", "2.3", "2.4"}
    assert unconfirmed == {
        "eds-2011": [],
        "eds2-2013": [code for code in CODES_OF_FOUR_GOALS if code not in confirmed_in_eds2],
        "eds-2022": [],
    }


@pytest.mark.parametrize(
    ("code", "points", "labels"),
    [
        ("eds-2011", [None] * 4, ["Undeveloped", "Developing", "Achieving", "Excelling"]),
        ("eds2-2013", [None] * 4, ["Undeveloped", "Developing", "Achieving", "Excelling"]),
        (
            "eds-2022",
            [0, 1, 2, 3],
            ["Undeveloped activity", "Developing activity", "Achieving activity", "Excelling activity"],
        ),
    ],
)
def test_grades_are_the_same_four_with_points_in_2022_only(
    code: str, points: list[int | None], labels: list[str]
) -> None:
    grades = grades_of(latest_revision(code))
    assert [grade.name for grade in grades] == ["Undeveloped", "Developing", "Achieving", "Excelling"]
    assert [grade.code for grade in grades] == ["undeveloped", "developing", "achieving", "excelling"]
    assert [grade.colour for grade in grades] == ["red", "amber", "green", "purple"]
    assert [grade.position for grade in grades] == [0, 1, 2, 3]
    assert [grade.points for grade in grades] == points
    assert [grade.label for grade in grades] == labels


def test_a_grade_is_known_by_the_words_that_published_reports_use() -> None:
    first, latest = latest_revision("eds-2011"), latest_revision("eds-2022")
    assert grade_called(first, "EXCELLENT") == grades_of(first)[3]
    assert grade_called(latest, " developing  activity ") == grades_of(latest)[1]
    assert grade_called(latest, "Excellent") is None
    assert grade_called(first, "good") is None


def test_eds2_indicates_a_grade_by_the_number_of_groups_that_fare_well() -> None:
    """R7: 0-2, 3-5, 6-8, 9; from memory, so never shown as official."""
    grades = grades_of(latest_revision("eds2-2013"))
    assert [(grade.fares_well_minimum, grade.fares_well_maximum) for grade in grades] == [
        (0, 2),
        (3, 5),
        (6, 8),
        (9, 9),
    ]
    assert {grade.fares_well_confidence for grade in grades} == {"R"}
    for code in ("eds-2011", "eds-2022"):
        assert {grade.fares_well_maximum for grade in grades_of(latest_revision(code))} == {None}


def test_maxima_bands_and_services_of_2022() -> None:
    """R8, R9."""
    revision = latest_revision("eds-2022")
    assert [(goal.maximum, goal.needs_services) for goal in goals_of(revision)] == [
        (12, True),
        (12, False),
        (9, False),
    ]
    assert revision.total_maximum == 33
    assert revision.services_number == 3
    assert revision.publish_by == "02-28"
    assert [(band.grade.code, band.minimum, band.maximum) for band in revision.bands.select_related("grade")] == [
        ("undeveloped", 0, 7),
        ("developing", 8, 21),
        ("achieving", 22, 32),
        ("excelling", 33, 33),
    ]
    assert [goal.usual_time for goal in goals_of(revision)] == [
        "summer / quarter 2",
        "spring / quarter 1",
        "autumn / quarter 3",
    ]


@pytest.mark.parametrize("code", ["eds-2011", "eds2-2013"])
def test_the_earlier_editions_have_no_score(code: str) -> None:
    revision = latest_revision(code)
    assert (revision.total_maximum, revision.services_number, revision.publish_by) == (None, 0, "")
    assert not revision.bands.exists()
    assert {(goal.maximum, goal.needs_services) for goal in goals_of(revision)} == {(None, False)}


@pytest.mark.parametrize("code", ["eds-2011", "eds2-2013", "eds-2022"])
def test_nine_protected_characteristics(code: str) -> None:
    assert list(latest_revision(code).characteristics.values_list("name", flat=True)) == [
        "Age",
        "Disability",
        "Gender reassignment",
        "Marriage and civil partnership",
        "Pregnancy and maternity",
        "Race",
        "Religion or belief",
        "Sex",
        "Sexual orientation",
    ]


@pytest.mark.parametrize(
    ("code", "own", "kinds"),
    [("eds-2011", 0, set()), ("eds2-2013", 7, {"other disadvantaged"}), ("eds-2022", 8, {"inclusion health"})],
)
def test_other_groups_are_the_editions_own_and_three_that_are_marked_as_added(
    code: str, own: int, kinds: set[str]
) -> None:
    groups = latest_revision(code).groups
    official = groups.filter(added_by_software=False)
    assert official.count() == own
    assert set(official.values_list("kind", flat=True)) == kinds
    added = groups.filter(added_by_software=True).values_list("name", "position")
    assert list(added) == [("Carers", own), ("Veterans", own + 1), ("Care leavers", own + 2)]


def test_reasons_have_their_five_headings_in_2011_only() -> None:
    """R6."""
    assert list(latest_revision("eds-2011").factors.values_list("name", flat=True)) == [
        "Outcome",
        "Engagement",
        "Mainstream processes",
        "Progression plans",
        "Disadvantaged groups",
    ]
    assert not latest_revision("eds2-2013").factors.exists()
    assert not latest_revision("eds-2022").factors.exists()


def test_only_the_2011_edition_itself_says_that_local_interests_prevail() -> None:
    """R1: in the others it is the organisation's declared method."""
    official = {
        code: latest_revision(code).disagreement_rule_is_official for code in ("eds-2011", "eds2-2013", "eds-2022")
    }
    assert official == {"eds-2011": True, "eds2-2013": False, "eds-2022": False}
    assert latest_revision("eds-2011").disagreement_rule == "view of local interests prevails"


def test_eds2_asks_its_key_question_and_may_be_assessed_selectively() -> None:
    revision = latest_revision("eds2-2013")
    assert revision.key_question == "How well do people from protected groups fare compared with people overall?"
    assert revision.selective
    assert not latest_revision("eds-2022").selective


def test_facts_keep_their_confidence_and_sources() -> None:
    revision = latest_revision("eds-2022")
    assert revision.provenance["goal_score"]["confidence"] == "B"
    assert revision.provenance["total"]["sources"] == [
        "https://www.rdash.nhs.uk/documents/equality-delivery-system-eds-2022/"
    ]
    assert revision.goals.get(code="3").audience_confidence == "R"


def test_the_comparison_with_earlier_editions_is_a_suggestion() -> None:
    crosswalk = latest_revision("eds-2022").crosswalk
    assert crosswalk["earlier"]["eds2-2013"]["2D"] == ["3.6"]
    assert crosswalk["earlier"]["eds-2011"]["2D"] == []
    assert "not from any official document" in crosswalk["note"]
    assert latest_revision("eds2-2013").crosswalk["earlier"]["eds-2011"]["4.3"] == ["4.2"]


def test_goals_are_read_in_a_fixed_number_of_queries(django_assert_num_queries) -> None:
    for code in ("eds-2011", "eds-2022"):
        revision = latest_revision(code)
        with django_assert_num_queries(2):
            assert all(outcome.text for goal in goals_of(revision) for outcome in goal.outcomes.all())
