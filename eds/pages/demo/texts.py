"""The demo's texts and figures. All are invented."""

from __future__ import annotations

from dataclasses import dataclass, field

from evidence.domain import EvidenceText

LEFT_OUT = "This year the trust and its local interests look at leadership only; the rest was graded in 2024."
LEFT_OUT_ACCESS = (
    "Chosen with Healthwatch: this year looks at how people get to our services and what they say of them."
)
LEFT_OUT_2024 = "The three outcomes were chosen together with the panels; the others follow in later years."


@dataclass(frozen=True)
class OutcomeText:
    """What the demo says of one outcome."""

    summary: str
    proposed: str
    reasons: list[tuple[str, str, str]]
    conclusion: str
    evidence: list[EvidenceText] = field(default_factory=list)


BOARD_TRAINING = EvidenceText(
    title="Board learning on equality",
    text=(
        "Nine of the eleven board members took part in two half-days on equality duties.\n\n"
        "Each then named one thing to do differently:\n\n"
        "- six now ask for an equality analysis before a paper is agreed\n"
        "- two meet a staff network every quarter\n"
        "- one sponsors the work on accessible letters"
    ),
    source="Board secretary's register",
    period="April 2024 to January 2025",
    who_it_covers="Board members",
)

PUBLISHED = {
    "2.4": OutcomeText(
        summary=(
            "People complained 412 times. Most were answered within the agreed time. We know the age and ethnicity of "
            "just over half of those who complained, so we cannot tell whether some groups wait longer."
        ),
        proposed="developing",
        reasons=[
            ("outcome", "Outcome", "Most complaints are answered in time. We do not know enough about who complains."),
            ("engagement", "Engagement", "The complaints forum met four times, with advocates present."),
            ("progression-plans", "Progression plans", "A shorter form with monitoring questions starts in June."),
        ],
        conclusion="Processes are sound, but we cannot yet show that they work as well for everybody.",
        evidence=[
            EvidenceText(
                title="Complaints and how long they took",
                text=(
                    "Of 412 complaints, 338 (82%) were answered within the time agreed with the person.\n\n"
                    "Ethnicity was recorded for 221 people (54%) and disability for 96 (23%)."
                ),
                source="Complaints system",
                period="April 2023 to March 2024",
                who_it_covers="People who complained, and their carers",
            )
        ],
    ),
    "3.4": OutcomeText(
        summary=(
            "One in seven staff said that patients or the public had harassed them. The share is higher among Black and "
            "minority ethnic staff. Reporting has become easier and more people use it."
        ),
        proposed="developing",
        reasons=[
            ("outcome", "Outcome", "Harassment is falling slowly, and not for every group."),
            (
                "mainstream-processes",
                "Mainstream processes",
                "Each division reviews incidents monthly with staff side.",
            ),
        ],
        conclusion="There is progress, and it does not reach everybody yet.",
        evidence=[
            EvidenceText(
                title="Staff survey: harassment from patients and the public",
                text=(
                    "14% of staff said that they were harassed by patients or the public, against 17% the year before.\n\n"
                    "Among Black and minority ethnic staff it was 21%, against 22%."
                ),
                source="Staff survey",
                period="Autumn 2023",
                who_it_covers="2,904 staff who answered, 48% of all",
            ),
            BOARD_TRAINING,
        ],
    ),
    "4.1": OutcomeText(
        summary=(
            "Most board members took part in learning on equality and changed how they work. Board papers now carry an "
            "equality analysis in three cases of four."
        ),
        proposed="achieving",
        reasons=[
            ("outcome", "Outcome", "The board leads visibly: learning, sponsorship and questions at meetings."),
            ("engagement", "Engagement", "Board members met all four staff networks."),
            ("progression-plans", "Progression plans", "By March every board paper carries an equality analysis."),
        ],
        conclusion="The board does most of what this outcome asks, for most groups.",
        evidence=[
            BOARD_TRAINING,
            EvidenceText(
                title="Equality analysis in board papers",
                text="36 of 48 papers that the board decided on carried an equality analysis. A year earlier 19 of 51 did.",
                source="Board secretary's count",
                period="2024",
                who_it_covers="Papers for decision",
            ),
        ],
    ),
}

PUBLISHED_REVIEWS = [
    ("healthwatch_chair", "2.4", "developing", "The times are good. Half of the people are missing from the figures."),
    (
        "healthwatch_reviewer",
        "2.4",
        "developing",
        "I could not see whether people with a learning disability complain at all.",
    ),
    ("staff_chair", "2.4", "developing", "Staff who handle complaints say the same: we do not ask who people are."),
    ("healthwatch_chair", "3.4", "developing", "Lower for all, still much higher for some."),
    ("healthwatch_reviewer", "3.4", "developing", "The gap between groups has hardly moved."),
    ("staff_chair", "3.4", "developing", "Members tell us that reporting is easier, and that what follows is slow."),
    ("healthwatch_chair", "4.1", "developing", "Training is a start. We saw no patient group that met the board."),
    ("healthwatch_reviewer", "4.1", "achieving", "Three papers in four is a real change."),
    ("staff_chair", "4.1", "achieving", "Board members come to the networks and listen."),
]

PANEL_GRADES = [
    (
        "healthwatch_chair",
        "2.4",
        "developing",
        "Answers come in time, but half of those who complain are not in the figures.",
    ),
    ("staff_chair", "2.4", "developing", "A fair process that does not yet know whom it serves."),
    ("healthwatch_chair", "3.4", "developing", "Harassment has fallen, and the gap between groups has not."),
    ("staff_chair", "3.4", "developing", "Reporting is easier; what follows a report is still slow."),
    ("healthwatch_chair", "4.1", "developing", "No patient or community group met the board in the year."),
    ("staff_chair", "4.1", "achieving", "Board members meet the networks and act on what they hear."),
]

STATEMENTS = [
    (
        "lead",
        "4.1",
        "We hold that the board's learning, and three papers in four with an equality analysis, show that most of this "
        "outcome is met. We accept that the panels weigh the missing meetings with community groups more than we did.",
    ),
    (
        "healthwatch_chair",
        "4.1",
        "A board that advances equality meets the people it serves. Until it does, papers and training show intent "
        "rather than change. We would gladly help to set up the first meetings.",
    ),
]

REVIEWING = {
    "2.1": OutcomeText(
        summary=(
            "Waiting times are much the same for women and men. People who need an interpreter miss more appointments. "
            "A text message in the person's own language is being tried in two clinics."
        ),
        proposed="developing",
        reasons=[
            ("reasons", "Reasons", "Access is even for several groups. For people who need interpreters it is not.")
        ],
        conclusion="Some groups reach our services as easily as everybody else; others do not.",
        evidence=[
            EvidenceText(
                title="Missed appointments by need for an interpreter",
                text=(
                    "9% of all booked appointments were missed. Where an interpreter was needed it was 16%.\n\n"
                    "In the two clinics that send messages in the person's own language it fell to 11%."
                ),
                source="Appointment system",
                period="April 2024 to March 2025",
                who_it_covers="All outpatients",
            )
        ],
    ),
    "2.2": OutcomeText(
        summary=(
            "Two thirds of patients said they were as involved as they wished to be. Easy-read leaflets now cover the "
            "twelve most common treatments."
        ),
        proposed="achieving",
        reasons=[("reasons", "Reasons", "Involvement is as good for most groups as for people overall.")],
        conclusion="Most groups are as involved as people overall.",
        evidence=[
            EvidenceText(
                title="Patient survey: involved in decisions",
                text="66% felt as involved as they wanted to be: 67% of women, 65% of men, 58% of people under 35.",
                source="Patient survey",
                period="2024",
                who_it_covers="1,118 patients who answered, 41% of those asked",
            )
        ],
    ),
    "2.3": OutcomeText(
        summary="Nine in ten people would recommend us to friends and family. Comments from carers are less warm.",
        proposed="achieving",
        reasons=[("reasons", "Reasons", "Experience is good across groups, with carers as the exception.")],
        conclusion="Good for most groups.",
        evidence=[
            EvidenceText(
                title="Friends and Family Test",
                text="91% of 6,240 answers were good or very good. Of 410 answers from carers, 79% were.",
                source="Friends and Family Test",
                period="April 2024 to March 2025",
                who_it_covers="Patients and carers who answered",
            )
        ],
    ),
}

REVIEWS_UNDER_WAY = [
    ("healthwatch_reviewer", "2.1", "developing", "The pilot works, but it is two clinics of thirty."),
    ("staff_chair", "2.1", "developing", "Reception staff book interpreters by phone, often too late."),
]

CHECK_ANSWER = "We read it again with the people who wrote it, and it is meant as it stands."
