"""Deeds on an outcome or a panel's part of it: the round's phase."""

from __future__ import annotations

from .deeds import (
    ALL_PHASES,
    BOARD_NOT_YET,
    BOARDROOM,
    CLOSED,
    OPENED,
    PANEL,
    PANEL_NOT_OPEN,
    REVEALED,
    A,
    D,
    Deed,
    Hides,
    P,
    R,
    Role,
    Rule,
    granted,
)

OUTCOME: dict[Deed, Rule] = {
    # An outcome or a panel: the round's phase
    Deed.SEE_OUTCOME: Rule(
        who={
            **granted({Role.LEAD, Role.CONTRIBUTOR, Role.CONTRIBUTOR_ELSEWHERE}, ALL_PHASES),
            **granted(PANEL, OPENED),
            **granted(BOARDROOM, REVEALED),
        },
        not_you="This outcome is graded by another panel.",
        not_now={P: PANEL_NOT_OPEN, R: BOARD_NOT_YET},
        stays=True,
    ),
    Deed.SEE_EVIDENCE: Rule(
        who={
            **granted({Role.LEAD, Role.CONTRIBUTOR, Role.CONTRIBUTOR_ELSEWHERE}, ALL_PHASES),
            **granted(PANEL, OPENED),
            **granted(BOARDROOM, REVEALED),
        },
        not_you="This outcome is graded by another panel.",
        not_now={P: PANEL_NOT_OPEN, R: BOARD_NOT_YET},
        stays=True,
    ),
    # Evidence whose sharing level is "organisation" stays with those who prepare it.
    Deed.SEE_WORKING_EVIDENCE: Rule(
        who={
            **granted({Role.LEAD, Role.CONTRIBUTOR, Role.CONTRIBUTOR_ELSEWHERE}, ALL_PHASES),
            **granted(BOARDROOM, REVEALED),
        },
        not_you="This evidence is shared inside the organisation only.",
        hides=Hides.ALWAYS,
        stays=True,
    ),
    Deed.WRITE_EVIDENCE: Rule(
        who=granted({Role.LEAD, Role.CONTRIBUTOR}, frozenset({P})),
        not_you="Evidence for this outcome is written by its contributors and the equality lead.",
        not_now=dict.fromkeys((R, A, D), "The round has opened, so what is cited for this outcome is fixed."),
    ),
    Deed.WRITE_SUMMARY: Rule(
        who=granted({Role.LEAD}, frozenset({P})),
        not_you="Only the equality lead or the deputy writes the summary.",
        not_now=dict.fromkeys((R, A, D), "The round has opened, so the summary is fixed."),
    ),
    # Where items disagree the lead sets one finding. It counts towards the indicated grade, so it is as hidden and as
    # frozen as the proposal (R3, R7).
    Deed.SETTLE_FINDING: Rule(
        who=granted({Role.LEAD}, frozenset({P, A})),
        not_you="Only the equality lead or the deputy sets how people fare where evidence disagrees.",
        not_now={R: "This is fixed while people review.", D: CLOSED},
        hides=Hides.FROM_OTHERS,
    ),
    Deed.WRITE_REPORT_WORDS: Rule(
        who=granted({Role.LEAD}, frozenset({P})),
        not_you="Only the equality lead or the deputy says how an older report printed an outcome.",
        not_now=dict.fromkeys((R, A, D), "The round has opened, so what is printed of the outcome is fixed."),
    ),
    Deed.PROPOSE_GRADE: Rule(
        who=granted({Role.LEAD}, frozenset({P, A})),
        not_you="Only the equality lead or the deputy proposes a grade.",
        not_now={R: "The proposal is frozen while people review.", D: CLOSED},
        hides=Hides.FROM_OTHERS,
    ),
    Deed.SEE_PROPOSAL: Rule(
        who={
            Role.LEAD: ALL_PHASES,
            **granted(PANEL | BOARDROOM | {Role.CONTRIBUTOR, Role.CONTRIBUTOR_ELSEWHERE}, REVEALED),
        },
        not_you="The proposal is not shown to you.",
        hides=Hides.ALWAYS,
        stays=True,
    ),
    # One that was written after a move back: what was revealed stays seen, this is not (R18).
    Deed.SEE_UNREVEALED_PROPOSAL: Rule(
        who=granted({Role.LEAD}, ALL_PHASES),
        not_you="The proposal is not shown to you.",
        hides=Hides.ALWAYS,
    ),
    Deed.REVIEW: Rule(
        who=granted({Role.CHAIR, Role.REVIEWER}, frozenset({R})),
        not_you="Reviews are written by the members of a panel that grades this outcome.",
        not_now={
            P: PANEL_NOT_OPEN,
            A: "Reviewing has closed: grades are being agreed now.",
            D: "Reviewing has closed: the grade is agreed.",
        },
    ),
    Deed.SEE_OWN_REVIEW: Rule(
        who=granted({Role.CHAIR, Role.REVIEWER}, OPENED),
        not_you="Reviews are seen by who wrote them.",
        not_now={P: PANEL_NOT_OPEN},
        hides=Hides.ALWAYS,
    ),
    Deed.SEE_PANEL_REVIEWS: Rule(
        who=granted(PANEL, REVEALED),
        not_you="Reviews are seen by their own panel.",
        hides=Hides.ALWAYS,
        stays=True,
    ),
    # How a panel's members graded, as numbers, where enough of them did (R3, R21).
    Deed.SEE_SPREAD: Rule(
        who=granted({Role.LEAD} | BOARDROOM, REVEALED),
        not_you="How a panel's members graded is seen by their panel.",
        hides=Hides.ALWAYS,
        stays=True,
    ),
    Deed.SEE_REVIEWER_NAMES: Rule(
        who=granted({Role.CHAIR, Role.ORGANISER}, REVEALED),
        not_you="Names of reviewers are seen by the panel's chair and organiser only.",
        hides=Hides.ALWAYS,
        stays=True,
    ),
    Deed.STEP_ASIDE: Rule(
        who=granted({Role.CHAIR, Role.REVIEWER}, frozenset({R})),
        not_you="Only a member of a panel that grades this outcome can step aside from it.",
        not_now={
            P: PANEL_NOT_OPEN,
            A: "Reviewing has closed: grades are being agreed now.",
            D: "Reviewing has closed: the grade is agreed.",
        },
    ),
    # Why somebody stepped aside can say as much of them as their name (R21).
    Deed.SEE_INTERESTS: Rule(
        who=granted({Role.CHAIR, Role.ORGANISER}, REVEALED),
        not_you="Declared interests are seen by the panel's chair and organiser only.",
        hides=Hides.ALWAYS,
        stays=True,
    ),
    Deed.RECORD_PANEL_GRADE: Rule(
        who=granted({Role.CHAIR}, frozenset({A})),
        not_you="The panel's grade is recorded by the panel's own chair.",
        not_now={
            P: PANEL_NOT_OPEN,
            R: "People are still reviewing. The panel's grade is recorded when grades are being agreed.",
            D: CLOSED,
        },
    ),
    Deed.SEE_PANEL_GRADES: Rule(
        who=granted(PANEL | BOARDROOM | {Role.LEAD, Role.CONTRIBUTOR, Role.CONTRIBUTOR_ELSEWHERE}, REVEALED),
        not_you="The panels' grades are not shown to you.",
        hides=Hides.ALWAYS,
        stays=True,
    ),
    Deed.DISSENT: Rule(
        who=granted({Role.CHAIR, Role.REVIEWER}, frozenset({A})),
        not_you="A dissent is written by a member of the panel.",
        not_now={
            P: PANEL_NOT_OPEN,
            R: "People are still reviewing. A dissent is written once the panel's grade is recorded.",
            D: CLOSED,
        },
    ),
    Deed.VOUCH: Rule(
        who=granted({Role.CHAIR}, frozenset({A})),
        not_you="Words of a panel are passed on by the panel's own chair.",
        not_now={
            P: PANEL_NOT_OPEN,
            R: "People are still reviewing. Words are passed on when grades are being agreed.",
            D: CLOSED,
        },
    ),
    # Writing it, and answering what another panel's chair wrote.
    Deed.WRITE_JOINT_GRADE: Rule(
        who=granted({Role.CHAIR}, frozenset({A})),
        not_you="A joint grade is written and confirmed by the chairs of the panels that graded this outcome.",
        not_now={
            P: PANEL_NOT_OPEN,
            R: "People are still reviewing. A joint grade is written when grades are being agreed.",
            D: CLOSED,
        },
    ),
    Deed.RECORD_NOT_GRADED: Rule(
        who=granted({Role.LEAD}, frozenset({A})),
        not_you="Only the equality lead or the deputy records that an outcome is not graded.",
        not_now={
            P: "This is recorded when grades are being agreed.",
            R: "This is recorded when grades are being agreed.",
            D: CLOSED,
        },
    ),
    Deed.STATE_FOR_ORGANISATION: Rule(
        who=granted({Role.LEAD}, frozenset({A})),
        not_you="Only the equality lead or the deputy gives the organisation's statement.",
        not_now={
            P: "Statements are given when grades are being agreed.",
            R: "Statements are given when grades are being agreed.",
            D: CLOSED,
        },
    ),
    Deed.STATE_FOR_LOCAL_INTERESTS: Rule(
        who=granted({Role.CHAIR}, frozenset({A})),
        not_you="The local interests' statement is given by the chair of a panel that graded this outcome.",
        not_now={
            P: PANEL_NOT_OPEN,
            R: "Statements are given when grades are being agreed.",
            D: CLOSED,
        },
    ),
    # Questions and answers: the panels of the outcome, the lead and who writes its evidence; without names (R3).
    Deed.SEE_QUESTIONS: Rule(
        who=granted(PANEL | {Role.LEAD, Role.CONTRIBUTOR}, OPENED),
        not_you="Questions are seen by the panels of this outcome and by those who answer them.",
        hides=Hides.ALWAYS,
        stays=True,
    ),
    Deed.ASK_QUESTION: Rule(
        who=granted({Role.CHAIR, Role.REVIEWER}, frozenset({R, A})),
        not_you="Questions are asked by the members of a panel that grades this outcome.",
        not_now={P: PANEL_NOT_OPEN, D: CLOSED},
    ),
    Deed.ANSWER_QUESTION: Rule(
        who=granted({Role.LEAD, Role.CONTRIBUTOR}, frozenset({R, A})),
        not_you="Questions are answered by the equality lead and the outcome's lead contacts.",
        not_now={P: "Questions are asked once reviewing has opened.", D: CLOSED},
    ),
    # What a panel says among itself after the reveal: never seen by the organisation (R3).
    Deed.DISCUSS: Rule(
        who=granted({Role.CHAIR, Role.REVIEWER}, frozenset({A})),
        not_you="A panel's discussion is for its members.",
        not_now={
            P: PANEL_NOT_OPEN,
            R: "Your panel discusses when grades are being agreed.",
            D: CLOSED,
        },
        hides=Hides.FROM_OTHERS,
    ),
    # What is planned for an outcome tells what its grade may be: panels and board read it from the reveal on (R3).
    Deed.SEE_ACTIONS: Rule(
        who={
            **granted({Role.LEAD, Role.CONTRIBUTOR, Role.CONTRIBUTOR_ELSEWHERE}, ALL_PHASES),
            **granted(PANEL | BOARDROOM | {Role.PANEL_ELSEWHERE}, REVEALED),
        },
        not_you="You have no part in this assessment.",
        hides=Hides.ALWAYS,
        stays=True,
    ),
}
