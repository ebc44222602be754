"""Payloads of the two later editions, made up: EDS2 with groups compared, EDS 2022 with services, points and a system."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reports.payload.schema import (
    Agreed,
    Approval,
    Asked,
    ChangeSaid,
    CommentSaid,
    Details,
    DomainScore,
    Engagement,
    GoalReport,
    GradeWord,
    GroupFares,
    IndicatedGrade,
    JointSaid,
    LastYear,
    LocalGrade,
    MovedBack,
    OutcomeReport,
    Overall,
    ScoreBand,
    ScoreCard,
    ScorePoints,
    ServiceScore,
    SpreadCount,
)

from . import samples
from .samples import ACHIEVING, DEVELOPING, EXCELLING, GRADES, HEALTHWATCH, STAFF_SIDE, UNDEVELOPED

CHARACTERISTICS = [
    "Age", "Disability", "Gender reassignment", "Marriage and civil partnership", "Pregnancy and maternity", "Race",
    "Religion or belief", "Sex", "Sexual orientation",
]  # fmt: skip
DETAILS = Details(
    level="An integrated care system",
    bodies=["Larkmoor Community NHS Trust", "Vale Acute NHS Trust", "Larkmoor Integrated Care Board"],
    lead="Equality and inclusion manager",
    sponsor="Dr Amira Holt, Medical director",
    method_note="Three services were graded in two meetings; people who could not come sent their grades by post.",
    involvement="Eleven community groups were asked before the questions were written.",
    good_practice="Interpreters are booked with the appointment, and not after it.",
    other_text="This report is for everybody who uses our services or works in them.",
    completed_on="2027-01-29",
    revise_on="2028-02-28",
)
ENGAGEMENT = [
    Engagement(
        "Open day at the library", "2026-06-12", "Deaf people's club, carers' group, mosque women's circle",
        "About 60 people", "Letters come in print too small to read.", "All letters are set in 14 point since August.",
    ),
    Engagement("Night staff round", "2026-10-03", "Night staff of two sites", "38 people", "", ""),
]  # fmt: skip
APPROVAL = [
    Approval("A committee or board saw it", "Quality and Equality Committee", "2027-02-03", "QEC 27/04", "QEC 27/04.2"),
    Approval("It was sent to NHS England", "NHS England, North region", "2027-02-26", "", ""),
]


def _outcome(code: str, grade: GradeWord, opening: GradeWord, basis: str, **values: Any) -> OutcomeReport:
    base = samples._from_the_start()
    assert base.proposal
    prevailed = basis == "Local interests prevail"
    proposed = opening if prevailed or basis == "Agreed from the start" else grade
    return replace(
        base,
        code=code,
        text=f"Sample wording of outcome {code}, which says what people should be able to count on",
        round="All domains",
        proposal=replace(base.proposal, grade=proposed, at_opening=opening),
        panels=[replace(base.panels[0], grade=grade, **_told(grade))],
        local=LocalGrade(grade, "the only panel that graded it"),
        first_local=grade,
        agreed=Agreed(basis, prevailed, "both sides gave their statement", "2027-01-28"),
        statements=samples._prevailed().statements if prevailed else [],
        **values,
    )


def _told(grade: GradeWord) -> dict[str, Any]:
    """What a panel of eight says of an Achieving outcome; nothing more of the others."""
    if grade != ACHIEVING:
        return {}
    return {
        "how": ["The panel's chair recorded it."],
        "median": DEVELOPING,
        "why_not_median": "Those who use the service most gave the higher grade, and the panel followed them.",
        "spread": [SpreadCount(UNDEVELOPED, 0), SpreadCount(DEVELOPING, 4), SpreadCount(ACHIEVING, 3)],
        "not_enough": 1,
        "stepped_aside": 2,
        "summary": "Several spoke of the new booking line. Two would like it to be open at weekends.",
        "dissents": ["The booking line is no use to anybody who cannot hear."],
        "comments": [
            CommentSaid(ACHIEVING, "I was rung back the same day."),
            CommentSaid(None, "The figures stop in spring."),
        ],
        "questions": [Asked("Nothing is said under “Engagement”. Why not?", "The meeting was cancelled by snow.")],
    }


START, MOVED, PREVAIL = "Agreed from the start", "The organisation moved", "Local interests prevail"


def eds_2022() -> dict[str, Any]:
    """EDS 2022: three services with totals 6, 7 and 8, domain 2 with 6, domain 3 with 5: 18 of 33, Developing."""
    services = {"Maternity": [1, 2, 2, 1], "Cardiology": [2, 2, 2, 1], "Mental health crisis team": [2, 2, 2, 2]}
    first = [
        _outcome(
            f"1{'ABCD'[index]}",
            GRADES[points],
            GRADES[points] if index else GRADES[points + 1],
            START if index else PREVAIL,
            service=name,
            contacts=["Head of patient experience"],
            last_year=LastYear("2025-26", DEVELOPING, "") if index == 1 else None,
        )
        for index in range(4)
        for name, all_points in services.items()
        for points in [all_points[index]]
    ]
    second = [
        _outcome(
            f"2{letter}", GRADES[points], EXCELLING, MOVED if points < 3 else START, contacts=["Head of workforce"]
        )
        for letter, points in zip("ABCD", (1, 2, 2, 1), strict=True)
    ]
    third = [
        _outcome(f"3{letter}", GRADES[points], GRADES[points], START)
        for letter, points in zip("ABC", (2, 2, 1), strict=True)
    ]
    goals = [
        GoalReport("1", "Commissioned or provided services", "", first),
        GoalReport("2", "Workforce health and well-being", "", second),
        GoalReport("3", "Inclusive leadership", "", third),
    ]
    panels = [
        samples._panel(HEALTHWATCH, "Patients and communities", [f"{o.code} {o.service}" for o in first], 11, 3),
        samples._panel(STAFF_SIDE, "Staff side", [o.code for o in second], 7, 3),
        samples._panel("Peer reviewers", "Independent or peer reviewers", [o.code for o in third], 3, 3),
    ]
    content = replace(
        samples.small_content(),
        framework="Equality Delivery System 2022",
        framework_code="eds-2022",
        framework_year=2022,
        goal_word="domain",
        local_interests_rule_is_official=False,
        rounds=[
            replace(
                samples._round("All domains", [MovedBack("preparing", "2026-12-05", "A union had not been asked.")]),
                changes=[ChangeSaid("What counts where panels differ was A and is B now: all chairs asked.", "2026-12-06")],
            )
        ],
        panels=panels,
        goals=goals,
        scores=[
            DomainScore(
                "1", "7", 12, 4, 4, ["1A", "1B", "1C", "1D"],
                [ServiceScore(name, f"{name}: people told us most about it.", [str(p) for p in points], str(sum(points)))
                 for name, points in services.items()],
                "The median of the services' totals",
            ),
            DomainScore("2", "6", 12, 4, 4, ["2A", "2B", "2C", "2D"], [], ""),
            DomainScore("3", "5", 9, 3, 3, ["3A", "3B", "3C"], [], ""),
        ],
        overall=Overall("18", 33, 11, 11, DEVELOPING),
        score_card=ScoreCard(
            [ScorePoints(grade, points) for points, grade in enumerate(GRADES)],
            [ScoreBand(UNDEVELOPED, 0, 7), ScoreBand(DEVELOPING, 8, 21), ScoreBand(ACHIEVING, 22, 32),
             ScoreBand(EXCELLING, 33, 33)],
        ),
        details=DETAILS,
        engagement=ENGAGEMENT,
        approval=APPROVAL,
    )  # fmt: skip
    return samples.payload(content)


def eds_2() -> dict[str, Any]:
    """EDS2: two outcomes with the nine groups compared, the rest left out."""
    fares = ["As well", "Worse", "", "", "As well", "Mixed", "", "As well", ""]
    states = ["evidence", "worse", "none", "none", "evidence", "evidence", "none", "evidence", "none"]
    groups = [GroupFares(*each) for each in zip(CHARACTERISTICS, states, fares, strict=True)]
    graded = {
        "4.1": replace(
            samples._prevailed(),
            groups=groups,
            contacts=["Company secretary"],
            indicated=IndicatedGrade(DEVELOPING, 3, 9),
            local=LocalGrade(
                DEVELOPING,
                "a joint grade of the panels' chairs",
                JointSaid(
                    HEALTHWATCH, [STAFF_SIDE], "We met twice, and this is what both panels can stand by.", "2027-01-25"
                ),
            ),
        ),
        "4.2": replace(
            samples._from_the_start(),
            groups=[GroupFares(name, "none", "") for name in CHARACTERISTICS],
            indicated=IndicatedGrade(UNDEVELOPED, 0, 9),
            last_year=LastYear("2025-26", UNDEVELOPED, "Equality report 2025, page 12"),
        ),
    }
    content = replace(
        samples.small_content(),
        framework="Equality Delivery System 2 (EDS2)",
        framework_code="eds2-2013",
        framework_year=2013,
        local_interests_rule_is_official=False,
        goals=[samples._goal(code, graded) for code in samples.GOALS],
        details=replace(DETAILS, level="One organisation", bodies=[]),
        engagement=ENGAGEMENT[:1],
        compares_groups=True,
    )
    return samples.payload(content)


def eds_2011() -> dict[str, Any]:
    """The 2011 edition as an older report is entered: another wording, lead contacts, approval route."""
    content = samples.small_content()
    goals = [
        replace(
            goal,
            outcomes=[
                replace(
                    each,
                    wording_then="Leaders show that equality matters to them",
                    contacts=["Company secretary", "Head of equality"],
                )
                if each.code == "4.1"
                else each
                for each in goal.outcomes
            ],
        )
        for goal in content.goals
    ]
    return samples.payload(replace(content, goals=goals, approval=APPROVAL))
