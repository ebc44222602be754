"""The checks before publishing: what each finds, and that an answer counts only while what it was about is unchanged."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from eds.history.errors import DomainError
from reports import domain as reports
from reports.checks import Finding, Kind, Subject, all_checks, run_checks
from reports.checks.words import grades_named
from reports.models import CheckAnswer, Publication
from reports.payload.schema import (
    CommentSaid,
    Content,
    Details,
    DomainScore,
    Evidence,
    GoalReport,
    Overall,
    Said,
    ScoreBand,
    ScoreCard,
    ScorePoints,
)
from tests.reports import samples
from tests.reports.samples import ACHIEVING, DEVELOPING, EXCELLING, UNDEVELOPED
from tests.world import World

SPELLINGS = {
    "undeveloped": ["Undeveloped"],
    "developing": ["Developing"],
    "achieving": ["Achieving"],
    "excelling": ["Excelling", "Excellent"],
}


def subject(content: Content | None = None, **values: Any) -> Subject:
    return Subject(content=content or samples.small_content(), year=2026, spellings=SPELLINGS, **values)


def found(check_id: str, about: Subject) -> list[Finding]:
    [check] = [each for each in all_checks() if each.id == check_id]
    return list(check.find(about))


def with_outcome(**values: Any) -> Content:
    """The sample with outcome 4.2 changed; it is Developing."""
    content = samples.small_content()
    goals = [
        replace(goal, outcomes=[replace(each, **values) if each.code == "4.2" else each for each in goal.outcomes])
        for goal in content.goals
    ]
    return replace(content, goals=goals)


def texts(check_id: str, text: str) -> list[str]:
    """What a check says of a text as the summary of 4.2."""
    return [
        each.says
        for each in found(check_id, subject(with_outcome(summary=text)))
        if "the summary" in each.about and each.about.startswith("4.2")
    ]


def test_every_check_has_words_and_an_id_of_its_own() -> None:
    checks = all_checks()
    assert len({each.id for each in checks}) == len(checks) >= 20
    assert all(each.title and each.mend.endswith(".") for each in checks)
    assert [each.kind for each in checks] == sorted((each.kind for each in checks), key=list(Kind).index)
    assert all(each.find.__doc__ for each in checks)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("The outcome should be graded as ‘developing’.", ["developing"]),
        ("We think it is DEVELOPING.", ["developing"]),
        ("It is graded achieving by both.", ["achieving"]),
        ("Some call it Excellent work.", ["excelling"]),
        ("Rated excellent in 2025.", ["excelling"]),
        ("The service was undeveloped.", ["undeveloped"]),
        ("We are developing a plan. Achieving that takes time.", []),
        ("An excellent service, achieving much.", []),
        ("Between Developing and Achieving, graded Developing.", ["developing", "achieving"]),
    ],
)
def test_which_words_mean_a_grade(text: str, codes: list[str]) -> None:
    assert sorted(grades_named(text, SPELLINGS)) == sorted(codes)


def test_a_text_that_names_another_grade_asks_once() -> None:
    assert texts("grade.named", "We think it is graded Developing.") == []
    [says] = texts("grade.named", "It should be graded as Achieving, if not as Excelling.")
    assert says == "It names “Achieving”, “Excelling” and stands under Developing."


def test_a_word_that_is_no_grade_of_the_edition_is_asked_even_where_it_means_the_grade() -> None:
    content = with_outcome(
        summary="Graded Excellent.",
        local=replace(samples._prevailed().local, grade=EXCELLING),  # type: ignore[type-var]
    )
    [finding] = [each for each in found("grade.named", subject(content)) if each.about.startswith("4.2 the summary")]
    assert finding.says == "It names “Excellent” and stands under Excelling."


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("We asked 4 patients.", "4 patients"),
        ("Nine disabled staff left.", "Nine disabled staff"),
        ("Only 3 trans people answered.", "3 trans people"),
    ],
)
def test_small_numbers_of_people_in_prose(text: str, says: str) -> None:
    assert texts("number.small", text) == [f"It says “{says}”. Numbers under 10 can show who is meant."]


@pytest.mark.parametrize("text", ["We asked 10 patients.", "About 1,204 staff.", "4 % of patients.", "In 2 years."])
def test_other_numbers_are_left_alone(text: str) -> None:
    assert texts("number.small", text) == []


def test_personal_data_in_reasons_and_comments_is_asked_about_and_in_evidence_was_asked_before() -> None:
    base = samples.small_content().goals[3].outcomes[1]
    assert base.code == "4.2"
    assert texts("person.data", "Nobody is meant.") == []
    panel = replace(base.panels[0], comments=[CommentSaid(None, "Ask ann@example.org.")])
    for values in (
        {"panels": [panel]},
        {"panels": [replace(base.panels[0], reason="She lives at LS1 4AP.")]},
        {"statements": [Said("Healthwatch", "Her number is 943 476 5919.")]},
    ):
        [finding] = found("person.data", subject(with_outcome(**values)))
        assert "looks like" in finding.says
    evidence = [replace(base.evidence[0], text="Write to ann@example.org.")]
    assert found("person.data", subject(with_outcome(evidence=evidence))) == []


def test_promises_with_a_date() -> None:
    assert texts("promise.dated", "We looked into it in March 2026.") == []
    assert texts("promise.dated", "Training will be given.") == []
    assert texts("promise.dated", "Interpreters will be booked by the end of March 2027.") == [
        "It says “will be booked by the end of March 2027”."
    ]


def test_last_years_sentence_and_an_old_year() -> None:
    sentence = "Letters came late, and nobody asked how people would like to be written to."
    earlier = dataclasses.asdict(with_outcome(summary=f"{sentence} Much else was said."))
    content = with_outcome(summary=f"This is new. {sentence}")
    about = [each for each in found("repeat.sentence", subject(content, earlier=earlier)) if "4.2 the s" in each.about]
    assert [each.says for each in about] == [f"“{sentence}” stood in the last report."]
    assert not [each for each in found("repeat.sentence", subject(content)) if "4.2" in each.about]
    assert texts("repeat.year", "In 2025 and 2026.") == []
    assert texts("repeat.year", "In 2019 and 2021.") == ["It speaks of 2019, 2021."]


def test_another_wording_is_asked_about() -> None:
    official = samples.TEXTS["4.2"]
    assert found("wording.other", subject(with_outcome(wording_then=official.upper() + "."))) == []
    [finding] = found("wording.other", subject(with_outcome(wording_then="Managers are good.")))
    assert (finding.place, finding.says) == ("Outcome 4.2", "It was published as “Managers are good.”.")


def test_evidence_without_source_or_period_asks_once_an_item() -> None:
    item = Evidence("Survey", "It says so.", "", "2026", "")
    content = with_outcome(evidence=[item])
    content = replace(
        content,
        goals=[
            replace(goal, outcomes=[replace(o, evidence=[item]) if o.code == "4.1" else o for o in goal.outcomes])
            for goal in content.goals
        ],
    )
    [finding] = found("evidence.source", subject(content))
    assert (finding.place, finding.says) == ("“Survey”, under 4.1, 4.2", "It has no source.")


def test_a_grade_without_evidence_and_a_missing_factor() -> None:
    [finding] = found("evidence.none", subject(with_outcome(evidence=[])))
    assert finding.says == "It is Developing, and the report shows no evidence for it."
    [finding] = found("factor.missing", subject(missing_factors={("4.2", ""): ["Engagement"]}))
    assert finding.says == "Nothing is said under Engagement."


def test_a_low_grade_without_reason() -> None:
    nothing = with_outcome(
        local=None, agreed=None, panels=[], proposal=replace(samples._from_the_start().proposal, reasons=[])
    )  # type: ignore[type-var]
    assert [each.about for each in found("low.reason", subject(nothing))] == ["4.2"]
    assert found("low.reason", subject()) == []


def test_the_regulator_is_asked_about_once() -> None:
    content = with_outcome(text="Patients can use services without discrimination")
    [finding] = found("concern.cqc", subject(content))
    assert "4.2 (Developing)" in finding.says


def test_a_grade_that_is_not_the_recorded_one_stops() -> None:
    same = {("4.1", ""): "developing", ("4.2", ""): "developing"}
    assert found("grade.recorded", subject(recorded=same)) == []
    [finding] = found("grade.recorded", subject(recorded={**same, ("4.1", ""): "achieving"}))
    assert finding.says == "The report says developing, the records say achieving."
    [finding] = found("grade.recorded", subject(recorded={**same, ("4.2", ""): None}))
    assert finding.says == "The report says developing, the records say not graded."


def scored() -> Content:
    """Two domains: 2 of 3 and 2 of 3 points, 4 of 6 in all."""
    outcome = replace(samples._from_the_start(), local=replace(samples._from_the_start().local, grade=ACHIEVING))  # type: ignore[type-var]
    goals = [GoalReport(code, f"Domain {code}", "", [replace(outcome, code=f"{code}A")]) for code in ("2", "3")]
    grades = [UNDEVELOPED, DEVELOPING, ACHIEVING, EXCELLING]
    bands = [
        ScoreBand(UNDEVELOPED, 0, 2),
        ScoreBand(DEVELOPING, 3, 4),
        ScoreBand(ACHIEVING, 5, 5),
        ScoreBand(EXCELLING, 6, 6),
    ]
    return replace(
        samples.small_content(),
        goals=goals,
        scores=[DomainScore(code, "2", 3, 1, 1, [f"{code}A"], [], "") for code in ("2", "3")],
        overall=Overall("4", 6, 2, 2, DEVELOPING),
        score_card=ScoreCard([ScorePoints(grade, points) for points, grade in enumerate(grades)], bands),
    )


def test_totals_and_bands_are_counted_again() -> None:
    content = scored()
    assert found("score.computed", subject(content)) == []
    assert content.overall
    wrong = {
        "the total": replace(content, overall=replace(content.overall, points="5")),
        "the overall rating": replace(content, overall=replace(content.overall, rating=ACHIEVING)),
        "2": replace(content, scores=[replace(content.scores[0], points="3"), content.scores[1]]),
    }
    for what, each in wrong.items():
        assert what in [finding.about for finding in found("score.computed", subject(each))]


def test_a_written_total_or_band_that_is_another_stops_at_the_front_and_asks_elsewhere() -> None:
    right = replace(scored(), details=Details(other_text="We have 4 of 6 points. From 3 to 4 points it is Developing."))
    assert found("score.written", subject(right)) == []
    wrong = replace(scored(), details=Details(other_text="We have 5 of 6 points. From 3 to 5 points it is Developing."))
    [finding] = found("score.written", subject(wrong))
    assert finding.says.startswith("It says “5 of 6”, “3 to 5”.")
    [goal, other] = scored().goals
    outcome = replace(goal.outcomes[0], summary="In all 3 of 6 points.")
    prose = replace(scored(), goals=[replace(goal, outcomes=[outcome]), other])
    assert [each.about for each in found("score.in-prose", subject(prose))] == ["2A the summary"]
    assert found("score.written", subject(prose)) == []


# Through the verbs


@pytest.mark.django_db
def test_unsigned_and_changed_reports_stop(world: World) -> None:
    world.to_agreed()
    assert [each.check.id for each in run_checks(world.refreshed()).stops] == ["signature.missing"]
    world.sign()
    assert run_checks(world.refreshed()).stops == []
    reports.keep_details(actor=world.lead, assessment=world.refreshed(), text=reports.DetailsText(other_text="More."))
    assert [each.check.id for each in run_checks(world.refreshed()).stops] == ["signature.changed"]


@pytest.mark.django_db
def test_nothing_is_published_before_every_question_is_answered(world: World) -> None:
    world.to_agreed()
    world.sign()
    open_ = run_checks(world.refreshed()).open
    assert open_
    with pytest.raises(reports.ChecksOpen, match=f"{len(open_)} things must be answered"):
        reports.publish(actor=world.lead, assessment=world.refreshed())
    assert not Publication.objects.exists()
    world.answer_checks()
    checked = run_checks(world.refreshed())
    assert (checked.open, len(checked.answered), checked.ready) == ([], len(open_), True)
    reports.publish(actor=world.lead, assessment=world.refreshed())


@pytest.mark.django_db
def test_an_answer_counts_only_while_what_it_is_about_is_unchanged(world: World) -> None:
    world.to_agreed()

    def write(text: str) -> None:
        reports.keep_details(
            actor=world.lead, assessment=world.refreshed(), text=reports.DetailsText(good_practice=text)
        )

    def small() -> list[bool]:
        return [
            each.answer is not None
            for each in run_checks(world.refreshed()).of("number.small")
            if "good practice" in each.finding.about
        ]

    write("We met 4 patients.")
    assert small() == [False]
    world.answer_checks("They agreed to be named.")
    assert small() == [True]
    write("We met 5 patients.")
    assert small() == [False]
    write("We met 4 patients.")
    assert small() == [True]
    kept = CheckAnswer.objects.filter(check_id="number.small", place__contains="good practice").get()
    assert (kept.actor, kept.reason) == (world.lead, "They agreed to be named.")


@pytest.mark.django_db
def test_answers_are_kept_for_good_and_refused_without_words(world: World) -> None:
    world.to_agreed()
    each = run_checks(world.refreshed()).open[0]
    seen = {each.finding.key: each.finding.fingerprint}
    refused: list[tuple[dict[str, Any], str]] = [
        ({"text": " "}, "Write your answer"),
        ({"seen": {}}, "Choose at least one"),
        ({"seen": {each.finding.key: "0" * 64}}, "Something has changed"),
        ({"check_id": "signature.missing"}, "it must be mended"),
    ]
    for change, words in refused:
        values = {"check_id": each.check.id, "seen": seen, "text": "Yes.", **change}
        with pytest.raises(DomainError, match=words):
            reports.answer_checks(actor=world.lead, assessment=world.refreshed(), **values)
    assert not CheckAnswer.objects.exists()
    reports.answer_checks(
        actor=world.lead, assessment=world.refreshed(), check_id=each.check.id, seen=seen, text="Yes."
    )
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE reports_checkanswer SET reason = 'No'")


@pytest.mark.django_db
def test_the_page_says_what_where_and_how_and_takes_an_answer(world: World) -> None:
    world.to_agreed()
    client = Client()
    client.force_login(world.lead, backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("checks", args=[world.assessment.public_id])
    checked = run_checks(world.refreshed())
    page = client.get(url).content.decode()
    for each in checked.results:
        assert each.check.title.replace("'", "&#x27;") in page
        assert each.check.id not in page.replace(f"/checks/{each.check.id}/", "")
    waiting = checked.of("factor.missing")
    assert [each.finding.about for each in waiting] == ["4.1", "4.2"]
    answer_url = reverse("check-answer", args=[world.assessment.public_id, "factor.missing"])
    both = [f"{each.finding.key}.{each.finding.fingerprint}" for each in waiting]
    assert client.post(answer_url, {"findings": both, "text": ""}).status_code == 422
    assert client.post(answer_url, {"findings": both, "text": "We meet again in May."}).status_code == 302
    assert "We meet again in May." in client.get(url).content.decode()
    assert [each.answer is not None for each in run_checks(world.refreshed()).of("factor.missing")] == [True, True]
