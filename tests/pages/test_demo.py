"""The demo is what it says it is: its years, grades, people and words. It is built once for all of this file."""

from __future__ import annotations

import dataclasses
import re
from calendar import month_name
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client, override_settings

from eds.assessments.models import AssessedOutcome, Assessment, PanelMember, Phase, State
from eds.frameworks.models import Grade
from eds.history.models import deciding_on, today
from eds.jobs.models import OutboxMail
from eds.pages.demo import build
from eds.pages.demo.notices import NOTICES
from eds.pages.demo.people import PEOPLE, TRUST
from eds.pages.demo.tour import TOUR
from eds.pages.demo.years import OutcomeData, YearData, day, read_years, year_under_way
from eds.people.invitations import open_invitations
from eds.people.models import Membership, User
from evidence.models import EvidenceVersion, Figure, Finding
from evidence.rules import word_count
from grading.corrections import to_confirm
from grading.models import Dissent, DissentDecision, PanelGrade, Review, ReviewDraft, StepAside
from grading.queries import OutcomeGrades, joint_states, outcome_grades
from grading.rules import Basis
from reports.domain import payload_of
from tests.seeds import report_2012

ROOT = Path(__file__).resolve().parent.parent.parent
YEARS = {year.name: year for year in read_years(2026)}
ACHIEVING_2012 = {"1.1", "3.5", "4.1"}
WORD = re.compile(r"[a-z0-9%]+")


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The demo in the database, taken back when this file's tests are done."""
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        try:
            with override_settings(EDS_DEMO_YEAR=2026):
                assert build.load()
            yield
        finally:
            transaction.set_rollback(True)
            outer.__exit__(None, None, None)


def _assessment(name: str) -> Assessment:
    return Assessment.objects.select_related("organisation", "framework").get(year=YEARS[name].plan["year"])


def _grades(name: str) -> dict[tuple[str, str], OutcomeGrades]:
    outcomes = _assessment(name).outcomes.select_related("outcome", "service", "round").in_order()
    found = outcome_grades(outcomes)
    return {(row.outcome.code, row.service.name if row.service else ""): found[row.pk] for row in outcomes}


def _agreed(found: OutcomeGrades) -> Grade:
    assert found.agreed
    return found.agreed.local_interests_grade.grade


def _proposed(found: OutcomeGrades) -> Grade:
    assert found.proposal
    return found.proposal.grade


# What was graded

pytestmark = pytest.mark.django_db


def test_2011_12_has_eighteen_outcomes_and_local_people_prevailed_on_one(demo: None) -> None:
    found = _grades("2011-12")
    codes = [f"{goal}.{number}" for goal, many in ((1, 5), (2, 4), (3, 6), (4, 3)) for number in range(1, many + 1)]
    assert [code for code, _ in found] == codes
    for (code, _), grades in found.items():
        assert _proposed(grades).code == ("achieving" if code in ACHIEVING_2012 else "developing"), code
    differing = {
        code: (_agreed(grades).code, len(grades.statements)) for (code, _), grades in found.items() if grades.differ
    }
    assert differing == {"1.5": ("undeveloped", 2)}
    assert Counter(grades.basis for grades in found.values()) == {Basis.FROM_THE_START: 17, Basis.PREVAILED: 1}
    assert _assessment("2011-12").state == State.PUBLISHED
    assert {panel.name for grades in found.values() for panel in grades.panels} == {"Hollin LINk", "Staff side"}


@pytest.mark.skipif(not report_2012.FILE.exists(), reason="The seeds are not beside this repository.")
def test_figures_of_2011_12_are_those_of_the_same_outcome_in_the_report() -> None:
    """Where the report gives numbers, so does the demo: most of them the same; single digits tell nothing."""
    number = re.compile(r"\d[\d,.]*\d")
    printed = {each.code: set(number.findall(" ".join(each.narrative))) for each in report_2012.read_outcomes()}
    same: dict[str, int] = {}
    given = 0
    for outcome in YEARS["2011-12"].outcomes:
        said = " ".join(
            [item.content.text for item in outcome.evidence]
            + [str(row) for item in outcome.evidence for figure in item.figures for row in figure["rows"]]
        )
        numbers = set(number.findall(said))
        given += len(numbers)
        same[outcome.code] = len(numbers & printed[outcome.code])
    assert sum(same.values()) >= 30
    assert sum(same.values()) > given / 2
    assert {code for code, times in same.items() if times} >= {"1.1", "2.1", "2.2", "2.3", "2.4", "3.1", "3.5", "4.1"}


@pytest.mark.skipif(not report_2012.FILE.exists(), reason="The seeds are not beside this repository.")
def test_the_proposals_of_2011_12_are_those_of_the_report(demo: None) -> None:
    proposed = {code: _proposed(grades).code for (code, _), grades in _grades("2011-12").items()}
    assert proposed == {each.code: each.grade for each in report_2012.read_outcomes()}


def test_2025_26_is_one_point_short_and_that_point_is_2b(demo: None) -> None:
    assessment = _assessment("2025-26")
    content = payload_of(assessment.publications.get())["content"]
    overall = content["overall"]
    assert (overall["points"], overall["maximum"], overall["graded"], overall["outcomes"]) == ("21", 33, 11, 11)
    assert overall["rating"]["code"] == "developing"
    first = content["scores"][0]
    assert [(service["name"], service["total"]) for service in first["services"]] == [
        ("Talking therapies", "8"),
        ("Diabetic foot care", "6"),
        ("Community learning disability team", "9"),
    ]
    assert [score["points"] for score in content["scores"]] == ["8", "7", "6"]
    differing = {key for key, grades in _grades("2025-26").items() if grades.differ}
    assert differing == {("2B", "")}
    prevailed = _grades("2025-26")["2B", ""]
    assert _proposed(prevailed).points == (_agreed(prevailed).points or 0) + 1
    bands = assessment.revision.bands.order_by("minimum")
    assert [band.minimum for band in bands][2] == 22


def test_2026_27_has_a_round_in_each_phase(demo: None) -> None:
    rounds = {round_.name: round_.phase for round_ in _assessment("2026-27").rounds.all()}
    assert rounds == {
        "Workforce health and well-being": Phase.AGREED,
        "Commissioned or provided services": Phase.AGREEING,
        "Inclusive leadership": Phase.REVIEWING,
    }
    found = _grades("2026-27")
    assert {code: found[code, ""].basis for code in ("2A", "2B", "2C", "2D")} == {
        "2A": Basis.FROM_THE_START,
        "2B": Basis.PREVAILED,
        "2C": Basis.ORGANISATION_MOVED,
        "2D": Basis.FROM_THE_START,
    }
    open_ones = {key: grades for key, grades in found.items() if key[0][0] == "1" and not grades.agreed}
    differing = ("1A", "Children's speech and language therapy")
    waiting = ("1D", "Community nursing at the end of life")
    joint = ("1C", "Perinatal mental health")
    assert set(open_ones) == {differing, waiting, joint}
    outcome = AssessedOutcome.objects.get(
        assessment=_assessment("2026-27"), outcome__code="1C", service__name="Perinatal mental health"
    )
    state = joint_states([outcome])[outcome.pk]
    assert state.written
    assert (state.written.panel.name, state.written.grade.code) == ("Healthwatch Hollin", "developing")
    assert state.stands
    assert not state.answers
    assert open_ones[differing].differ
    assert [statement.side for statement in open_ones[differing].statements] == ["local_interests"]
    assert [panel.name for panel in open_ones[waiting].missing_panels] == ["Healthwatch Hollin"]


def test_leadership_is_reviewed_by_some_so_far(demo: None) -> None:
    mine = {"assessed_outcome__assessment": _assessment("2026-27"), "assessed_outcome__outcome__goal__code": "3"}
    assert Counter(Review.objects.filter(**mine).values_list("grade__code", flat=True)) == {"achieving": 2, None: 1}
    assert ReviewDraft.objects.filter(**mine).count() == 3


def test_this_year_has_a_dissent_a_step_aside_a_correction_and_an_open_invitation(demo: None) -> None:
    here = {"assessed_outcome__assessment": _assessment("2026-27")}
    recorded = PanelGrade.objects.filter(**here).exclude(why_not_median="").get()
    assert recorded.grade
    assert recorded.median
    assert (recorded.grade.code, recorded.median.code) == ("achieving", "developing")
    assert DissentDecision.objects.get(dissent__panel_grade=recorded).passed
    aside = StepAside.objects.get(**here)
    assert not Review.objects.filter(assessed_outcome=aside.assessed_outcome, reviewer=aside.reviewer).exists()
    chair = User.objects.get(name="Siobhan Keane")
    assert len(to_confirm([_assessment("2026-27")], chair)) == 1
    invited = open_invitations().get()
    assert (invited.name, invited.role) == ("Agnieszka Wilk", "reviewer")


def test_a_dissent_of_2025_26_was_passed_on_and_bears_no_name(demo: None, client: Client) -> None:
    dissent = Dissent.objects.get(panel_grade__assessed_outcome__assessment=_assessment("2025-26"))
    assert dissent.panel_grade.why_not_median
    client.force_login(User.objects.get(name="Iain Colquhoun"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/outcomes/{dissent.panel_grade.assessed_outcome.public_id}/").content.decode()
    assert dissent.reason in page
    assert dissent.actor.name not in page


def test_evidence_has_one_version_but_where_it_was_corrected(demo: None) -> None:
    corrections = EvidenceVersion.objects.filter(seq__gt=1)
    assert [version.item.citations.get().assessed_outcome.outcome.code for version in corrections] == ["3A"]
    assert Finding.objects.filter(version__seq=1).exists()
    assert Figure.objects.filter(version__seq=1).exists()


def test_mails_wait_of_this_years_moves_of_plans_and_of_the_objective_with_local_people(demo: None) -> None:
    kinds = Counter(OutboxMail.objects.values_list("kind", flat=True))
    assert kinds == {
        "pages.reviewing": 3,
        "pages.agreeing": 8,
        "people.invitation": 1,
        "objectives.consulted": 8,
        "objectives.answered": 1,
        "plan.digest": 4,
        "plan.due": 3,
    }


# When it was decided, and when it was recorded


def test_decisions_have_the_days_of_their_years_and_are_recorded_now(demo: None) -> None:
    for name, published in (("2011-12", date(2012, 3, 29)), ("2025-26", date(2026, 2, 24))):
        publication = _assessment(name).publications.get()
        assert publication.decided_on == min(published, today())
        assert publication.recorded_at.date() >= publication.decided_on
        assert payload_of(publication)["envelope"]["published_on"] == publication.decided_on.isoformat()
    for round_ in Assessment.objects.get(year=2026).rounds.exclude(phase=Phase.AGREED):
        assert round_.agree_by is not None
        assert round_.agree_by > today()


@pytest.mark.parametrize(
    ("day", "year"),
    [(date(2026, 1, 2), 2026), (date(2027, 8, 31), 2026), (date(2027, 9, 1), 2027), (date(2031, 3, 1), 2030)],
)
def test_the_years_move_on_in_september(day: date, year: int) -> None:
    with time_machine.travel(day, tick=False):
        assert year_under_way() == year


def test_loaded_years_later_it_is_of_that_time_in_all_its_words() -> None:
    later = read_years(2029)
    assert [year.name for year in later] == ["2011-12", "2028-29", "2029-30", "2030-31"]
    assert [year.plan["year"] for year in later] == [2011, 2028, 2029, 2030]
    assert later[0] == YEARS["2011-12"]
    assert later[1].plan["published"] == date(2029, 2, 24)
    assert later[1].plan["approval"][0]["paper"] == "PCC 29/04"
    for now, then in zip(YEARS.values(), later, strict=True):
        for before, after in zip(_every_word(now), _every_word(then), strict=True):
            named = [int(year) for year in re.findall(r"\b20[123]\d\b", before)]
            moved_on = named if now.name == "2011-12" else [year + 3 for year in named]
            assert [int(year) for year in re.findall(r"\b20[123]\d\b", after)] == moved_on
            assert re.sub(r"\d", "", before) == re.sub(r"\d", "", after)


def _every_word(year: YearData) -> list[str]:
    """Every text of a year, with those around evidence and figures."""
    found: list[str] = []

    def read(value: Any) -> None:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict):
            for each in value.values():
                read(each)
        elif isinstance(value, list | tuple):
            for each in value:
                read(each)

    read(dataclasses.asdict(year)["outcomes"])
    read(year.plan)
    return found


def test_no_evidence_is_of_a_time_to_come_and_no_deadline_has_passed() -> None:
    """On the first and the last day of a year's loading, as the files say it."""
    for loaded in (date(2026, 9, 1), date(2027, 8, 31)):
        with time_machine.travel(loaded, tick=False):
            for year in YEARS.values():
                for outcome in year.outcomes:
                    for item in outcome.evidence:
                        last = _last_month(item.content.period)
                        assert last is None or last <= loaded, item.content.title
            for plan in YEARS["2026-27"].plan["rounds"]:
                assert plan["phase"] == "agreed" or day(plan["agree_by"]) > loaded
            assert day(YEARS["2026-27"].plan["publish_by"]) > loaded


def _last_month(period: str) -> date | None:
    """The first day of the last month that a period names."""
    months = "|".join(month_name[1:])
    found = re.findall(rf"({months})[^,;]*?(20\d\d)", period)
    return max((date(int(year), list(month_name).index(name), 1) for name, year in found), default=None)


def test_the_timeline_of_a_past_year_has_the_days_of_that_year(demo: None, client: Client) -> None:
    outcome = AssessedOutcome.objects.get(assessment=_assessment("2025-26"), outcome__code="2B")
    client.force_login(User.objects.get(name="Iain Colquhoun"), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(f"/outcomes/{outcome.public_id}/").content.decode()
    days = re.findall(r'eds-timeline__date">([^<]+)<', page)
    assert days[:2] == ["21 July 2025", "16 July 2025"]
    assert days[-1] == "12 May 2025"


def test_nothing_is_decided_on_a_day_to_come() -> None:
    with pytest.raises(ValueError, match="yet to come"), deciding_on(date(2999, 1, 1)):
        pass


# Who is in it


def test_everybody_has_the_place_that_the_page_gives_them(demo: None) -> None:
    users = User.objects.in_bulk([person.email for person in PEOPLE], field_name="email")
    assert len(users) == len(PEOPLE) >= 15
    assert {user.name for user in users.values() if user.is_superuser} == {"Nadia Farouk"}
    held = set(Membership.objects.values_list("user__email", "organisation__name", "role"))
    assert held == {(person.email, person.organisation, person.place) for person in PEOPLE if person.organisation}
    here = PanelMember.objects.filter(panel__assessment__year=2026)
    assert set(here.values_list("panel__name", "user__email", "role")) == {
        ("Healthwatch Hollin", "elsie.brandreth@healthwatch.example", "organiser"),
        ("Healthwatch Hollin", "margaret.oyelaran@healthwatch.example", "chair"),
        ("Healthwatch Hollin", "dev.chaudhuri@healthwatch.example", "reviewer"),
        ("Healthwatch Hollin", "joyce.tennant@carers.example", "reviewer"),
        ("Hollin Mothers' Circle", "bernice.afolabi@motherscircle.example", "chair"),
        ("Staff side", "siobhan.keane@staffside.example", "chair"),
        ("Staff side", "marek.zielinski@staffside.example", "reviewer"),
        ("Peer reviewer from Merrow Coast", "helen.marchbank@merrowcoast.example", "chair"),
    }


def test_every_step_of_the_tour_leads_to_its_page(demo: None, client: Client) -> None:
    front = client.get("/").content.decode()
    assert re.search(r'<a [^>]*href="/demo/"[^>]*>Take the short tour', front)
    page = client.get("/demo/").content.decode()
    users = User.objects.in_bulk([person.email for person in PEOPLE], field_name="email")
    by_key = {person.key: users[person.email] for person in PEOPLE}
    answers = {}
    for step in TOUR:
        assert f'name="next" value="{step.key}"' in page
        answers[step.key] = client.post(
            f"/demo/{by_key[step.person].public_id}/", {"next": step.key}, follow=True
        ).status_code
    assert answers == {step.key: 404 if step.key == "closed-door" else 200 for step in TOUR}


@pytest.mark.parametrize("target", ["https://example.org/", "/admin/", "//example.org", "closed-doors", ""])
def test_a_target_that_is_no_step_leads_home(demo: None, client: Client, target: str) -> None:
    lead = User.objects.get(email=PEOPLE[0].email)
    assert client.post(f"/demo/{lead.public_id}/", {"next": target}).headers["Location"] == "/"


def test_notices_in_nine_languages_stand_in_the_reports_and_say_that_nobody_checked_them(
    demo: None, client: Client
) -> None:
    names = {"Hindi", "Arabic", "Urdu", "Polish", "Somali", "Chinese", "Punjabi", "Gujarati", "Bengali"}
    assert {notice.name for notice in NOTICES} == names
    for address in ("/reports/hollin-vale/2011/eds-2011/v1/", "/reports/hollin-vale/2025/eds-2022/v1/"):
        page = client.get(address).content.decode()
        for notice in NOTICES:
            assert notice.text in page, notice.name
            assert f'lang="{notice.language}"' in page, notice.name
        assert page.count("ranslation not checked") == len(NOTICES)


# What is said in it

EVERY_OUTCOME = [
    pytest.param(year, outcome, id=f"{year.name} {outcome.code} {outcome.service}".strip())
    for year in YEARS.values()
    for outcome in year.outcomes
]


def _texts() -> list[str]:
    return [words for year in YEARS.values() for outcome in year.outcomes for words in outcome.texts()]


def test_no_two_texts_are_equal() -> None:
    assert [words for words, times in Counter(_texts()).items() if times > 1] == []


def test_no_sentence_stands_twice() -> None:
    sentences = Counter(sentence for words in _texts() for sentence in _sentences(words))
    assert [sentence for sentence, times in sentences.items() if times > 1] == []


@pytest.mark.parametrize(("year", "outcome"), EVERY_OUTCOME)
def test_texts_have_a_plausible_length_and_name_no_grade(year: YearData, outcome: OutcomeData) -> None:
    if outcome.proposal:
        assert 20 <= word_count(outcome.summary) <= 150
        assert outcome.proposal.reasons
        assert outcome.proposal.conclusion
        assert outcome.evidence
        assert outcome.panels or outcome.reviews or year.name == "2027-28"
    for item in outcome.evidence:
        content = item.content
        assert 20 <= word_count(content.text) <= 200, content.title
        assert all((content.source, content.period, content.who_it_covers)), content.title
    answers = [*outcome.reviews.values(), *outcome.panels.values(), *outcome.drafts.values()]
    assert all(5 <= word_count(words) <= 60 for _, words in answers)
    for words in outcome.texts():
        assert not re.search(r"undeveloped|developing|achieving|excel|lorem|ipsum|todo", words, re.IGNORECASE), words


def test_the_year_under_way_promises_nothing_by_a_month_of_the_calendar() -> None:
    """Its days move with the day on which the demo is loaded, so a month to come would be wrong on another."""
    months = "January|February|March|April|June|July|August|September|October|November|December|spring|summer|winter"
    promise = re.compile(rf"\b(?:from|by|until|due in|will)\b[^.]*\b(?:{months})\b", re.IGNORECASE)
    found = [words for outcome in YEARS["2026-27"].outcomes for words in outcome.texts() if promise.search(words)]
    assert found == []


@pytest.mark.parametrize(("year", "outcome"), EVERY_OUTCOME)
def test_no_count_of_people_is_small_enough_to_know_them_by(year: YearData, outcome: OutcomeData) -> None:
    """R15, as a reader would: a bare number under ten that counts people."""
    small = re.compile(r"(?<![\d.,:/–-])\b[1-9] (?:people|patients|women|men|children|staff|cases|complaints)\b")
    for item in outcome.evidence:
        assert not small.search(item.content.text), item.content.title


SEEDS = sorted(report_2012.FILE.parent.glob("*.txt"))


def _sentences(words: str) -> set[str]:
    """Give the sentences and list lines of six words or more, without case and marks."""
    parts = re.split(r"(?<=[.!?:;])\s+|\n", words)
    said = {" ".join(WORD.findall(part.lower())) for part in parts}
    return {each for each in said if len(each.split()) >= 6}


def _shingles(words: str) -> set[str]:
    found = WORD.findall(words.lower())
    return {" ".join(found[start : start + 8]) for start in range(len(found) - 7)}


@pytest.mark.skipif(not SEEDS, reason="The seeds are not beside this repository.")
def test_no_sentence_is_taken_from_the_documents_it_took_its_figures_from() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in SEEDS)
    flat = " ".join(WORD.findall(sources.lower()))
    taken, known = [], _shingles(sources)
    said = [*_texts(), *(f"{person.role}. {person.try_this}" for person in PEOPLE), *(step.words for step in TOUR)]
    for words in said:
        taken += [sentence for sentence in _sentences(words) if f" {sentence} " in f" {flat} "]
        taken += sorted(_shingles(words) & known)
    assert taken == []
    front = (ROOT / "README.md").read_text() + (ROOT / "docs" / "guide.md").read_text()
    assert _shingles(front) & known == set()


def test_the_trust_is_nobodys() -> None:
    assert TRUST == "Hollin Vale NHS Trust"
    assert all(person.email.endswith(".example") for person in PEOPLE)
