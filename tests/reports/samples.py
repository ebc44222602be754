"""Payloads to render: a small one, a big one and a nasty one. People and trusts are made up."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from reports.payload.schema import (
    SCHEMA_VERSION,
    TEMPLATES_VERSION,
    Agreed,
    ChangeSaid,
    Content,
    Evidence,
    GoalReport,
    GradeWord,
    LocalGrade,
    MovedBack,
    OrganisationReport,
    OutcomeReport,
    PanelReport,
    PanelsGrade,
    Proposal,
    Reason,
    RoundReport,
    Said,
    canonical,
    content_hash,
)

UNDEVELOPED = GradeWord("undeveloped", "Undeveloped", "red")
DEVELOPING = GradeWord("developing", "Developing", "amber")
ACHIEVING = GradeWord("achieving", "Achieving", "green")
EXCELLING = GradeWord("excelling", "Excelling", "purple")
GRADES = [UNDEVELOPED, DEVELOPING, ACHIEVING, EXCELLING]

HEALTHWATCH = "Healthwatch and patient groups"
STAFF_SIDE = "Staff side"
ORGANISATION_SAYS = "The board has its training, and each paper carries an equality question. We think it is Achieving."
PANEL_SAYS = "We asked eleven community groups. Two had ever met a board member. Papers are not people."

GOALS = {
    "1": ("Better health outcomes for all", 5),
    "2": ("Improved patient access and experience", 4),
    "3": ("Empowered, engaged and well-supported staff", 6),
    "4": ("Inclusive leadership at all levels", 3),
}
TEXTS = {
    "4.1": "Boards and senior leaders conduct and plan their business so that equality is advanced, and good relations "
    "fostered, within their organisations and beyond",
    "4.2": "Middle managers and other line managers support and motivate their staff to work in culturally competent "
    "ways within a work environment free from discrimination",
}
FACTORS = ["Outcome", "Engagement", "Mainstream processes", "Progression plans", "Disadvantaged groups"]
NOT_THIS_YEAR = "This year the trust and its local interests graded leadership only. Goals 1 to 3 follow next year."


def payload(content: Content, *, version: int = 1, reason: str = "") -> dict[str, Any]:
    """Put a content into its envelope, as publishing does."""
    mark = content_hash(canonical(content))
    envelope = {
        "version": version,
        "published_on": "2027-02-28",
        "reason": reason,
        "signed_by": "Board sponsor",
        "signed_on": "2027-02-19",
        "content_hash": mark,
    }
    return {"content": asdict(content), "envelope": envelope}


def small() -> dict[str, Any]:
    """Two outcomes graded and sixteen left out; on 4.1 the local interests prevailed."""
    return payload(small_content())


def small_content() -> Content:
    """The content of `small`."""
    return Content(
        schema_version=SCHEMA_VERSION,
        templates_version=TEMPLATES_VERSION,
        organisation=OrganisationReport(
            name="Larkmoor Community NHS Trust",
            integrated_care_system="Larkmoor and the Vale",
            contact_post="Equality team\nLarkmoor Community NHS Trust\n1 Mill Lane\nLarkmoor",
            contact_phone="01632 960 123",
            contact_email="equality@larkmoor.example",
        ),
        framework="Equality Delivery System (EDS)",
        framework_code="eds-2011",
        framework_year=2011,
        goal_word="goal",
        year="2026-27",
        local_interests_rule_is_official=True,
        grades=GRADES,
        rounds=[_round("Leadership", moved_back=[])],
        panels=[
            _panel(HEALTHWATCH, "Patients and communities", ["4.1", "4.2"], 2, 2),
            _panel(STAFF_SIDE, "Staff side", ["4.1", "4.2"], 1, 1),
        ],
        goals=[_goal(code, {"4.1": _prevailed(), "4.2": _from_the_start()}) for code in GOALS],
    )


def big() -> dict[str, Any]:
    """Eighteen outcomes with long texts, every basis, a second version."""
    outcomes = {
        f"{goal}.{number}": _long(f"{goal}.{number}", index)
        for index, (goal, number) in enumerate((g, n) for g, (_, many) in GOALS.items() for n in range(1, many + 1))
    }
    content = replace(
        small_content(),
        rounds=[
            _round("Patients and communities"),
            _round(
                "Workforce", moved_back=[MovedBack("reviewing", "2026-12-02", "One panel had not seen the survey.")]
            ),
        ],
        panels=[
            replace(
                _panel(HEALTHWATCH, "Patients and communities", [code for code in outcomes if code[0] in "124"], 9, 3),
                changes=[ChangeSaid("A reviewer left: another group sent somebody in their place.", "2026-12-03")],
            ),
            _panel(STAFF_SIDE, "Staff side", [code for code in outcomes if code[0] in "34"], 6, 3),
        ],
        goals=[_goal(code, outcomes) for code in GOALS],
    )
    return payload(content, version=2, reason="The period of one survey was printed wrongly under outcome 2.3.")


LONG_WORD = "Gleichstellungsbeauftragte" * 200
RTL = "قالت المجموعة إن الخدمة جيدة، لكن الترجمة الفورية تأخرت ثلاث مرات.\n\nنريد مترجمين في كل موعد."


def nasty() -> dict[str, Any]:
    """Markup, control characters, an endless word, right to left, empty optional fields, declined, not graded."""
    markup = "<script>alert(1)</script> </style><b>bold</b> {{ content }} {% now 'Y' %} &amp; &lt;"
    hostile = f"{markup} \x00\x07\x1b\x0c\ufffe \u202eeslaf\u202c end"
    declined = replace(
        _left_out("1A"),
        code="1A",
        service="Maternity & newborn <care>",
        text="Service users have required levels of access to the service",
        wording_confirmed=False,
        scope="in_scope",
        scope_reason="",
        panels=[PanelsGrade(STAFF_SIDE, None, False, "We saw <no> evidence.", "2027-01-20")],
        not_graded_reason="The only panel declined. " + hostile,
    )
    bare = replace(declined, service="Maternity, newborn (care)", panels=[], not_graded_reason="")
    full = replace(
        _prevailed(),
        code="1B",
        service="خدمات",
        summary=RTL,
        evidence=[
            Evidence(title=LONG_WORD, text=LONG_WORD, source="", period="", who_it_covers=""),
            Evidence(title=markup, text=hostile, source=LONG_WORD, period=hostile, who_it_covers=RTL),
        ],
        proposal=Proposal(
            ACHIEVING, DEVELOPING, [Reason(hostile, RTL), Reason("Empty", " ")], hostile, "", "2027-01-04"
        ),
        statements=[],
    )
    lack = replace(
        _prevailed(),
        code="1C",
        proposal=None,
        evidence=[],
        summary="",
        panels=[PanelsGrade(hostile, UNDEVELOPED, True, "", "2027-01-20")],
        local=LocalGrade(UNDEVELOPED, "the only panel that graded it"),
        statements=[Said("The organisation", hostile)],
    )
    content = replace(
        small_content(),
        organisation=OrganisationReport(f"Trust </title><img src=x> {LONG_WORD[:120]}\x01", "", "", "", ""),
        framework="Equality Delivery System 2022",
        framework_code="eds-2022",
        goal_word="domain",
        local_interests_rule_is_official=False,
        rounds=[
            replace(
                _round("Round <1>"),
                proposal_in_view=True,
                opened_on="",
                revealed_on="",
                agreed_on="",
                moved_back=[MovedBack("reviewing", "2027-01-01", hostile)],
                reviews_not_blind=1,
            )
        ],
        panels=[
            replace(
                _panel(LONG_WORD, hostile, [], 0, 1),
                changes=[ChangeSaid(hostile, "2026-12-03"), ChangeSaid(LONG_WORD, "2026-12-04")],
            )
        ],
        goals=[
            GoalReport("1", markup, "", [declined, bare, full, lack, _left_out("1D")]),
            GoalReport("2", "Workforce", RTL, [replace(_left_out("2A"), scope="not_applicable", scope_reason=hostile)]),
        ],
    )
    return payload(content, version=3, reason=hostile)


def _goal(code: str, graded: dict[str, OutcomeReport]) -> GoalReport:
    title, many = GOALS[code]
    codes = [f"{code}.{number}" for number in range(1, many + 1)]
    return GoalReport(code, title, "", [graded.get(each) or _left_out(each) for each in codes])


def _left_out(code: str) -> OutcomeReport:
    return OutcomeReport(
        code=code,
        service="",
        text=f"Sample wording of outcome {code}, which says in one sentence what people should be able to count on",
        wording_confirmed=True,
        round="",
        scope="left_out",
        scope_reason=NOT_THIS_YEAR,
        summary="",
        evidence=[],
        proposal=None,
        panels=[],
        local=None,
        agreed=None,
        statements=[],
        not_graded_reason="",
    )


def _prevailed() -> OutcomeReport:
    return replace(
        _left_out("4.1"),
        text=TEXTS["4.1"],
        round="Leadership",
        scope="in_scope",
        scope_reason="",
        summary="Board papers carry an equality question since April. Eleven community groups were asked.",
        evidence=[
            Evidence(
                "Equality question in board papers",
                "Of 64 papers of the year, 61 answered the question. 12 answers led to a change:\n\n"
                "- nine to the paper\n- three to the decision",
                "Board secretary's log",
                "April 2026 to January 2027",
                "All patients and staff",
            ),
            _survey(),
        ],
        proposal=Proposal(
            ACHIEVING,
            ACHIEVING,
            [
                Reason(factor, f"{factor}: the board asks for it, and gets an answer, in each of its meetings.")
                for factor in FACTORS
            ],
            "The outcome should be graded as Achieving.",
            "",
            "2026-11-30",
        ),
        panels=[
            PanelsGrade(HEALTHWATCH, DEVELOPING, False, "Leaders are seldom seen where people meet.", "2027-01-20"),
            PanelsGrade(STAFF_SIDE, ACHIEVING, False, "Staff networks meet the board twice a year.", "2027-01-21"),
        ],
        local=LocalGrade(DEVELOPING, "the lower of the panels' grades"),
        agreed=Agreed("Local interests prevail", True, "both sides gave their statement", "2027-01-28"),
        statements=[Said("The organisation", ORGANISATION_SAYS), Said(HEALTHWATCH, PANEL_SAYS)],
    )


def _from_the_start() -> OutcomeReport:
    return replace(
        _prevailed(),
        code="4.2",
        text=TEXTS["4.2"],
        summary="Two thirds of line managers took part in the course. Staff of one site say that little changed.",
        evidence=[_survey()],
        proposal=Proposal(DEVELOPING, DEVELOPING, [Reason("Outcome", "Two thirds is not all.")], "", "", "2026-11-30"),
        panels=[
            PanelsGrade(
                HEALTHWATCH, DEVELOPING, False, "The course is good, but a third has not had it.", "2027-01-20"
            ),
            PanelsGrade(STAFF_SIDE, DEVELOPING, False, "Night staff could not come.", "2027-01-21"),
        ],
        agreed=Agreed("Agreed from the start", False, "both sides gave the same grade", "2027-01-21"),
        statements=[],
    )


def _survey() -> Evidence:
    return Evidence(
        "Survey of staff",
        "Asked whether their manager treats people fairly, 71 in 100 said yes; of disabled staff 62 in 100.",
        "Trust staff survey, 1,204 answers",
        "Autumn 2026",
        "All staff; disabled staff",
    )


PARAGRAPH = (
    "People told us that letters came late, that nobody asked how they would like to be written to, and that the "
    "interpreter who had been booked was for another language. The ward kept a note of it for three months and then "
    "changed the form. Since then the number of such complaints fell by half, though not for people who use British "
    "Sign Language. "
)
_TURNS = [
    ("Agreed from the start", DEVELOPING, DEVELOPING, DEVELOPING),
    ("The organisation moved", ACHIEVING, DEVELOPING, DEVELOPING),
    ("The local interests moved", EXCELLING, EXCELLING, EXCELLING),
    ("Both moved", EXCELLING, ACHIEVING, ACHIEVING),
    ("Local interests prevail", ACHIEVING, ACHIEVING, UNDEVELOPED),
]


def _long(code: str, index: int) -> OutcomeReport:
    basis, opening, proposed, local = _TURNS[index % len(_TURNS)]
    prevailed = basis == "Local interests prevail"
    text = "\n\n".join([PARAGRAPH * 2] * 3) + "\n\n- first of two things\n- second of two things"
    return replace(
        _prevailed(),
        code=code,
        text=TEXTS.get(code, _left_out(code).text),
        round="Workforce" if code[0] == "3" else "Patients and communities",
        wording_confirmed=index % 4 != 2,
        summary=PARAGRAPH * 2,
        evidence=[
            Evidence(f"Survey {number} on outcome {code}", text, "Own survey", "2026", "All patients")
            for number in range(3)
        ],
        proposal=Proposal(
            proposed,
            opening,
            [Reason(factor, PARAGRAPH * 2) for factor in FACTORS],
            PARAGRAPH,
            PARAGRAPH if opening is not proposed else "",
            "2026-11-30",
        ),
        panels=[
            PanelsGrade(HEALTHWATCH, local, False, PARAGRAPH * 2, "2027-01-20"),
            PanelsGrade(STAFF_SIDE, local, False, PARAGRAPH, "2027-01-21"),
        ],
        local=LocalGrade(local, "the lower of the panels' grades"),
        agreed=Agreed(
            basis, prevailed, "the deadline passed" if prevailed else "both sides gave the same grade", "2027-01-28"
        ),
        statements=[Said(HEALTHWATCH, PARAGRAPH)] if prevailed else [],
    )


def _panel(name: str, kind: str, outcomes: list[str], took_part: int, quorum: int) -> PanelReport:
    rule = "Consensus: the chair records the panel's grade"
    return PanelReport(name, kind, quorum, rule, outcomes, took_part, [])


def _round(name: str, moved_back: list[MovedBack] | None = None) -> RoundReport:
    return RoundReport(
        name=name,
        proposal_in_view=False,
        differ_rule="The lower grade counts",
        opened_on="2026-12-01",
        revealed_on="2027-01-11",
        agreed_on="2027-01-29",
        moved_back=moved_back or [],
        reviews_not_blind=2 if moved_back else 0,
    )
