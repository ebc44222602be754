"""The access table: who may do what, in which phase, and the sentence that explains each no.

It is data. `eds.access.decide` reads it; views, templates, exports, mails and tasks ask there and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, StrEnum

from eds.assessments.models import Phase, State

P, R, A, D = Phase.PREPARING, Phase.REVIEWING, Phase.AGREEING, Phase.AGREED
OPEN, SIGN_OFF, PUBLISHED = State.OPEN, State.IN_SIGN_OFF, State.PUBLISHED

ALL_PHASES = frozenset(Phase)
ALL_STATES = frozenset(State)
REVEALED = frozenset({A, D})
OPENED = frozenset({R, A, D})


class Role(StrEnum):
    """What somebody is to an outcome, a panel or an assessment. One person can be several."""

    LEAD = "lead"
    CONTRIBUTOR = "contributor"
    CONTRIBUTOR_ELSEWHERE = "contributor_elsewhere"
    CHAIR = "chair"
    REVIEWER = "reviewer"
    ORGANISER = "organiser"
    PANEL_ELSEWHERE = "panel_elsewhere"
    SPONSOR = "sponsor"
    BOARD = "board"
    EMPLOYEE = "employee"
    SITE_ADMINISTRATOR = "site_administrator"


PANEL = frozenset({Role.CHAIR, Role.REVIEWER, Role.ORGANISER})
BOARDROOM = frozenset({Role.SPONSOR, Role.BOARD})


class Deed(StrEnum):
    """Everything that somebody can do. Deeds on an outcome ask the round's phase, the others the assessment's state."""

    OPEN_ASSESSMENT = "open_assessment"
    SEE_LIBRARY = "see_library"
    LOAD_CRITERIA = "load_criteria"
    SEE_FAILED_MAILS = "see_failed_mails"
    KEEP_MEMBERS = "keep_members"
    SEE_ASSESSMENT = "see_assessment"
    SET_UP = "set_up"
    SEE_PEOPLE = "see_people"
    SEE_PANEL = "see_panel"
    SEE_PANEL_LIST = "see_panel_list"
    KEEP_PANEL_LIST = "keep_panel_list"
    APPOINT_TO_PANEL = "appoint_to_panel"
    REMIND = "remind"
    MOVE_PHASE = "move_phase"
    SEE_NUMBERS = "see_numbers"
    SEE_AGREEMENT = "see_agreement"
    SEE_OUTCOME = "see_outcome"
    SEE_EVIDENCE = "see_evidence"
    SEE_WORKING_EVIDENCE = "see_working_evidence"
    WRITE_EVIDENCE = "write_evidence"
    WRITE_SUMMARY = "write_summary"
    SETTLE_FINDING = "settle_finding"
    PROPOSE_GRADE = "propose_grade"
    SEE_PROPOSAL = "see_proposal"
    SEE_UNREVEALED_PROPOSAL = "see_unrevealed_proposal"
    REVIEW = "review"
    SEE_OWN_REVIEW = "see_own_review"
    SEE_PANEL_REVIEWS = "see_panel_reviews"
    SEE_SPREAD = "see_spread"
    SEE_REVIEWER_NAMES = "see_reviewer_names"
    STEP_ASIDE = "step_aside"
    SEE_INTERESTS = "see_interests"
    RECORD_PANEL_GRADE = "record_panel_grade"
    SEE_PANEL_GRADES = "see_panel_grades"
    DISSENT = "dissent"
    VOUCH = "vouch"
    WRITE_JOINT_GRADE = "write_joint_grade"
    RECORD_NOT_GRADED = "record_not_graded"
    SEE_QUESTIONS = "see_questions"
    ASK_QUESTION = "ask_question"
    ANSWER_QUESTION = "answer_question"
    DISCUSS = "discuss"
    STATE_FOR_ORGANISATION = "state_for_organisation"
    STATE_FOR_LOCAL_INTERESTS = "state_for_local_interests"
    KEEP_REPORT_DETAILS = "keep_report_details"
    KEEP_ENGAGEMENT = "keep_engagement"
    KEEP_EARLIER_GRADES = "keep_earlier_grades"
    KEEP_APPROVAL_ROUTE = "keep_approval_route"
    WRITE_REPORT_WORDS = "write_report_words"
    SEE_REPORT_DRAFT = "see_report_draft"
    SEE_CHECKS = "see_checks"
    ANSWER_CHECKS = "answer_checks"
    SIGN_OFF = "sign_off"
    PUBLISH = "publish"
    SEE_PUBLISHING = "see_publishing"
    RETRY_RENDITION = "retry_rendition"
    REOPEN = "reopen"
    CLOSE_VERSION = "close_version"


class Hides(Enum):
    """From whom a no hides that there is something."""

    NOTHING = "nothing"
    FROM_OTHERS = "from others"
    ALWAYS = "always"


When = frozenset[Phase] | frozenset[State]


@dataclass(frozen=True)
class Rule:
    """A row of the table: by role the phases (or states) in which the answer is yes, and the words of each no.

    `not_you` answers a role without the right; `not_now` answers by phase those who have it at another time. Where
    `hides` is set the very existence of the thing is hidden: from people without the right, or from everybody whose
    answer is no. Where `stays` is set, what a round once revealed stays revealed after it moves back (R18).
    """

    who: dict[Role, When]
    not_you: str
    not_now: dict[Phase | State, str] = field(default_factory=dict)
    hides: Hides = Hides.NOTHING
    stays: bool = False


def _for(roles: frozenset[Role] | set[Role], when: When) -> dict[Role, When]:
    return dict.fromkeys(roles, when)


PANEL_NOT_OPEN = "Reviewing has not opened yet. The organisation is still preparing its evidence."
BOARD_NOT_YET = "Board members read from the moment that grades are being agreed."
REPORT_PUBLISHED = "The report is published. Reopen the assessment for a correction first."
PANELS_FIXED = "All grades are agreed; panels no longer change."
CLOSED = "The grade is agreed. Changes need the round to be moved back, with a reason."

TABLE: dict[Deed, Rule] = {
    # An organisation, whatever the phase
    Deed.OPEN_ASSESSMENT: Rule(
        who=_for({Role.LEAD}, ALL_STATES),
        not_you="Only the equality lead or the deputy opens an assessment.",
    ),
    Deed.SEE_LIBRARY: Rule(
        who=_for({Role.LEAD, Role.CONTRIBUTOR}, ALL_STATES),
        not_you="The evidence library is for the equality lead and contributors.",
    ),
    Deed.KEEP_MEMBERS: Rule(
        who=_for({Role.LEAD}, ALL_STATES),
        not_you="Only the equality lead or the deputy keeps the organisation's people.",
    ),
    # An edition, whatever the phase
    Deed.LOAD_CRITERIA: Rule(
        who=_for({Role.SITE_ADMINISTRATOR}, ALL_STATES),
        not_you="Only the site administrator loads official criteria.",
    ),
    # The whole site. An address can tell who is on a panel, so leads see numbers only (R21).
    Deed.SEE_FAILED_MAILS: Rule(
        who=_for({Role.SITE_ADMINISTRATOR}, ALL_STATES),
        not_you="Only the site administrator sees which mails could not be sent.",
    ),
    # A whole assessment
    Deed.SEE_ASSESSMENT: Rule(
        who=_for(
            PANEL | BOARDROOM | {Role.LEAD, Role.CONTRIBUTOR, Role.CONTRIBUTOR_ELSEWHERE, Role.PANEL_ELSEWHERE},
            ALL_STATES,
        ),
        not_you="You have no part in this assessment.",
    ),
    Deed.SET_UP: Rule(
        who=_for({Role.LEAD}, frozenset({OPEN})),
        not_you="Only the equality lead or the deputy sets up the assessment.",
        not_now={
            SIGN_OFF: "All grades are agreed; the assessment can no longer be set up differently.",
            PUBLISHED: "The report is published; the assessment can no longer be set up differently.",
        },
    ),
    Deed.SEE_PEOPLE: Rule(
        who=_for({Role.LEAD}, ALL_STATES),
        not_you="Only the equality lead or the deputy manages the people of an assessment.",
    ),
    Deed.SEE_PANEL: Rule(
        who=_for({Role.LEAD} | PANEL, ALL_STATES),
        not_you="A panel's page is for the panel and the equality lead.",
    ),
    # Who is on a panel is seen by its chair and organiser, never by the employer or the board (R21).
    Deed.KEEP_PANEL_LIST: Rule(
        who=_for({Role.CHAIR, Role.ORGANISER}, frozenset({OPEN})),
        not_you="The list of a panel's people is kept by its chair and organiser.",
        not_now={SIGN_OFF: PANELS_FIXED, PUBLISHED: PANELS_FIXED},
    ),
    Deed.SEE_PANEL_LIST: Rule(
        who=_for({Role.CHAIR, Role.ORGANISER}, ALL_STATES),
        not_you="The list of a panel's people is seen by its chair and organiser.",
        hides=Hides.ALWAYS,
    ),
    Deed.APPOINT_TO_PANEL: Rule(
        who=_for({Role.LEAD}, frozenset({OPEN})),
        not_you="Only the equality lead or the deputy names who keeps a panel's list.",
        not_now={SIGN_OFF: PANELS_FIXED, PUBLISHED: PANELS_FIXED},
    ),
    Deed.REMIND: Rule(
        who=_for({Role.LEAD}, frozenset({OPEN})),
        not_you="Only the equality lead or the deputy sends reminders.",
        not_now={SIGN_OFF: "All grades are agreed; nobody waits.", PUBLISHED: "The report is published; nobody waits."},
    ),
    Deed.MOVE_PHASE: Rule(
        who=_for({Role.LEAD}, frozenset({OPEN, SIGN_OFF})),
        not_you="Only the equality lead or the deputy moves a round on.",
        not_now={PUBLISHED: REPORT_PUBLISHED},
    ),
    Deed.SEE_NUMBERS: Rule(
        who=_for({Role.LEAD}, ALL_STATES),
        not_you="Only the equality lead sees how many people of a panel have started and submitted.",
    ),
    # What stands on it each outcome's own deeds say.
    Deed.SEE_AGREEMENT: Rule(
        who=_for({Role.LEAD} | PANEL | BOARDROOM, ALL_STATES),
        not_you="How grades are agreed is followed by the panels, the equality lead and the board.",
    ),
    Deed.SEE_REPORT_DRAFT: Rule(
        who=_for({Role.LEAD} | BOARDROOM, frozenset({SIGN_OFF, PUBLISHED})),
        not_you="The draft report is read by the equality lead and the board.",
        not_now={OPEN: "The report can be read once every round is agreed."},
    ),
    Deed.KEEP_REPORT_DETAILS: Rule(
        who=_for({Role.LEAD}, frozenset({OPEN, SIGN_OFF})),
        not_you="Only the equality lead or the deputy writes the details of the report.",
        not_now={PUBLISHED: REPORT_PUBLISHED},
    ),
    Deed.KEEP_ENGAGEMENT: Rule(
        who=_for({Role.LEAD}, frozenset({OPEN})),
        not_you="Only the equality lead or the deputy writes down events with local people.",
        not_now={SIGN_OFF: "All grades are agreed, so the events before them are fixed.", PUBLISHED: REPORT_PUBLISHED},
    ),
    Deed.KEEP_EARLIER_GRADES: Rule(
        who=_for({Role.LEAD}, frozenset({OPEN, SIGN_OFF})),
        not_you="Only the equality lead or the deputy enters what was published for an earlier year.",
        not_now={PUBLISHED: REPORT_PUBLISHED},
    ),
    Deed.KEEP_APPROVAL_ROUTE: Rule(
        who=_for({Role.LEAD}, frozenset({SIGN_OFF})),
        not_you="Only the equality lead or the deputy keeps the approval route.",
        not_now={OPEN: "The approval route begins once every round is agreed.", PUBLISHED: REPORT_PUBLISHED},
    ),
    Deed.SEE_CHECKS: Rule(
        who=_for({Role.LEAD} | BOARDROOM, frozenset({SIGN_OFF})),
        not_you="The checks before publishing are read by the equality lead and the board.",
        not_now={OPEN: "The report can be checked once every round is agreed.", PUBLISHED: REPORT_PUBLISHED},
    ),
    Deed.ANSWER_CHECKS: Rule(
        who=_for({Role.LEAD}, frozenset({SIGN_OFF})),
        not_you="Only the equality lead or the deputy answers the checks.",
        not_now={OPEN: "The report can be checked once every round is agreed.", PUBLISHED: REPORT_PUBLISHED},
    ),
    Deed.CLOSE_VERSION: Rule(
        who=_for({Role.LEAD}, ALL_STATES),
        not_you="Only the equality lead or the deputy closes a published version.",
    ),
    Deed.SIGN_OFF: Rule(
        who=_for({Role.SPONSOR}, frozenset({SIGN_OFF})),
        not_you="Only the board sponsor signs off the report.",
        not_now={
            OPEN: "The report can be signed off once every round is agreed.",
            PUBLISHED: "The report is published already.",
        },
    ),
    Deed.PUBLISH: Rule(
        who=_for({Role.LEAD}, frozenset({SIGN_OFF})),
        not_you="Only the equality lead or the deputy publishes the report.",
        not_now={
            OPEN: "The report can be published once every round is agreed and the board sponsor has signed it off.",
            PUBLISHED: "The report is published already.",
        },
    ),
    Deed.SEE_PUBLISHING: Rule(
        who=_for({Role.LEAD} | BOARDROOM, frozenset({SIGN_OFF, PUBLISHED})),
        not_you="Publishing is followed by the equality lead and the board.",
        not_now={OPEN: "The report can be published once every round is agreed and signed off."},
    ),
    Deed.RETRY_RENDITION: Rule(
        who=_for({Role.LEAD}, ALL_STATES),
        not_you="Only the equality lead or the deputy has a format made again.",
    ),
    Deed.REOPEN: Rule(
        who=_for({Role.LEAD}, frozenset({PUBLISHED})),
        not_you="Only the equality lead or the deputy reopens a published assessment.",
        not_now={
            OPEN: "The assessment is open already.",
            SIGN_OFF: "The report is not published yet: move a round back instead.",
        },
    ),
    # An outcome or a panel: the round's phase
    Deed.SEE_OUTCOME: Rule(
        who={
            **_for({Role.LEAD, Role.CONTRIBUTOR, Role.CONTRIBUTOR_ELSEWHERE}, ALL_PHASES),
            **_for(PANEL, OPENED),
            **_for(BOARDROOM, REVEALED),
        },
        not_you="This outcome is graded by another panel.",
        not_now={P: PANEL_NOT_OPEN, R: BOARD_NOT_YET},
        stays=True,
    ),
    Deed.SEE_EVIDENCE: Rule(
        who={
            **_for({Role.LEAD, Role.CONTRIBUTOR, Role.CONTRIBUTOR_ELSEWHERE}, ALL_PHASES),
            **_for(PANEL, OPENED),
            **_for(BOARDROOM, REVEALED),
        },
        not_you="This outcome is graded by another panel.",
        not_now={P: PANEL_NOT_OPEN, R: BOARD_NOT_YET},
        stays=True,
    ),
    # Evidence whose sharing level is "organisation" stays with those who prepare it.
    Deed.SEE_WORKING_EVIDENCE: Rule(
        who={
            **_for({Role.LEAD, Role.CONTRIBUTOR, Role.CONTRIBUTOR_ELSEWHERE}, ALL_PHASES),
            **_for(BOARDROOM, REVEALED),
        },
        not_you="This evidence is shared inside the organisation only.",
        hides=Hides.ALWAYS,
        stays=True,
    ),
    Deed.WRITE_EVIDENCE: Rule(
        who=_for({Role.LEAD, Role.CONTRIBUTOR}, frozenset({P})),
        not_you="Evidence for this outcome is written by its contributors and the equality lead.",
        not_now=dict.fromkeys((R, A, D), "The round has opened, so what is cited for this outcome is fixed."),
    ),
    Deed.WRITE_SUMMARY: Rule(
        who=_for({Role.LEAD}, frozenset({P})),
        not_you="Only the equality lead or the deputy writes the summary.",
        not_now=dict.fromkeys((R, A, D), "The round has opened, so the summary is fixed."),
    ),
    # Where items disagree the lead sets one finding. It counts towards the indicated grade, so it is as hidden and as
    # frozen as the proposal (R3, R7).
    Deed.SETTLE_FINDING: Rule(
        who=_for({Role.LEAD}, frozenset({P, A})),
        not_you="Only the equality lead or the deputy sets how people fare where evidence disagrees.",
        not_now={R: "This is fixed while people review.", D: CLOSED},
        hides=Hides.FROM_OTHERS,
    ),
    Deed.WRITE_REPORT_WORDS: Rule(
        who=_for({Role.LEAD}, frozenset({P})),
        not_you="Only the equality lead or the deputy says how an older report printed an outcome.",
        not_now=dict.fromkeys((R, A, D), "The round has opened, so what is printed of the outcome is fixed."),
    ),
    Deed.PROPOSE_GRADE: Rule(
        who=_for({Role.LEAD}, frozenset({P, A})),
        not_you="Only the equality lead or the deputy proposes a grade.",
        not_now={R: "The proposal is frozen while people review.", D: CLOSED},
        hides=Hides.FROM_OTHERS,
    ),
    Deed.SEE_PROPOSAL: Rule(
        who={
            Role.LEAD: ALL_PHASES,
            **_for(PANEL | BOARDROOM | {Role.CONTRIBUTOR, Role.CONTRIBUTOR_ELSEWHERE}, REVEALED),
        },
        not_you="The proposal is not shown to you.",
        hides=Hides.ALWAYS,
        stays=True,
    ),
    # One that was written after a move back: what was revealed stays seen, this is not (R18).
    Deed.SEE_UNREVEALED_PROPOSAL: Rule(
        who=_for({Role.LEAD}, ALL_PHASES),
        not_you="The proposal is not shown to you.",
        hides=Hides.ALWAYS,
    ),
    Deed.REVIEW: Rule(
        who=_for({Role.CHAIR, Role.REVIEWER}, frozenset({R})),
        not_you="Reviews are written by the members of a panel that grades this outcome.",
        not_now={
            P: PANEL_NOT_OPEN,
            A: "Reviewing has closed: grades are being agreed now.",
            D: "Reviewing has closed: the grade is agreed.",
        },
    ),
    Deed.SEE_OWN_REVIEW: Rule(
        who=_for({Role.CHAIR, Role.REVIEWER}, OPENED),
        not_you="Reviews are seen by who wrote them.",
        not_now={P: PANEL_NOT_OPEN},
        hides=Hides.ALWAYS,
    ),
    Deed.SEE_PANEL_REVIEWS: Rule(
        who=_for(PANEL, REVEALED),
        not_you="Reviews are seen by their own panel.",
        hides=Hides.ALWAYS,
        stays=True,
    ),
    # How a panel's members graded, as numbers, where enough of them did (R3, R21).
    Deed.SEE_SPREAD: Rule(
        who=_for({Role.LEAD} | BOARDROOM, REVEALED),
        not_you="How a panel's members graded is seen by their panel.",
        hides=Hides.ALWAYS,
        stays=True,
    ),
    Deed.SEE_REVIEWER_NAMES: Rule(
        who=_for({Role.CHAIR, Role.ORGANISER}, REVEALED),
        not_you="Names of reviewers are seen by the panel's chair and organiser only.",
        hides=Hides.ALWAYS,
        stays=True,
    ),
    Deed.STEP_ASIDE: Rule(
        who=_for({Role.CHAIR, Role.REVIEWER}, frozenset({R})),
        not_you="Only a member of a panel that grades this outcome can step aside from it.",
        not_now={
            P: PANEL_NOT_OPEN,
            A: "Reviewing has closed: grades are being agreed now.",
            D: "Reviewing has closed: the grade is agreed.",
        },
    ),
    # Why somebody stepped aside can say as much of them as their name (R21).
    Deed.SEE_INTERESTS: Rule(
        who=_for({Role.CHAIR, Role.ORGANISER}, REVEALED),
        not_you="Declared interests are seen by the panel's chair and organiser only.",
        hides=Hides.ALWAYS,
        stays=True,
    ),
    Deed.RECORD_PANEL_GRADE: Rule(
        who=_for({Role.CHAIR}, frozenset({A})),
        not_you="The panel's grade is recorded by the panel's own chair.",
        not_now={
            P: PANEL_NOT_OPEN,
            R: "People are still reviewing. The panel's grade is recorded when grades are being agreed.",
            D: CLOSED,
        },
    ),
    Deed.SEE_PANEL_GRADES: Rule(
        who=_for(PANEL | BOARDROOM | {Role.LEAD, Role.CONTRIBUTOR, Role.CONTRIBUTOR_ELSEWHERE}, REVEALED),
        not_you="The panels' grades are not shown to you.",
        hides=Hides.ALWAYS,
        stays=True,
    ),
    Deed.DISSENT: Rule(
        who=_for({Role.CHAIR, Role.REVIEWER}, frozenset({A})),
        not_you="A dissent is written by a member of the panel.",
        not_now={
            P: PANEL_NOT_OPEN,
            R: "People are still reviewing. A dissent is written once the panel's grade is recorded.",
            D: CLOSED,
        },
    ),
    Deed.VOUCH: Rule(
        who=_for({Role.CHAIR}, frozenset({A})),
        not_you="Words of a panel are passed on by the panel's own chair.",
        not_now={
            P: PANEL_NOT_OPEN,
            R: "People are still reviewing. Words are passed on when grades are being agreed.",
            D: CLOSED,
        },
    ),
    # Writing it, and answering what another panel's chair wrote.
    Deed.WRITE_JOINT_GRADE: Rule(
        who=_for({Role.CHAIR}, frozenset({A})),
        not_you="A joint grade is written and confirmed by the chairs of the panels that graded this outcome.",
        not_now={
            P: PANEL_NOT_OPEN,
            R: "People are still reviewing. A joint grade is written when grades are being agreed.",
            D: CLOSED,
        },
    ),
    Deed.RECORD_NOT_GRADED: Rule(
        who=_for({Role.LEAD}, frozenset({A})),
        not_you="Only the equality lead or the deputy records that an outcome is not graded.",
        not_now={
            P: "This is recorded when grades are being agreed.",
            R: "This is recorded when grades are being agreed.",
            D: CLOSED,
        },
    ),
    Deed.STATE_FOR_ORGANISATION: Rule(
        who=_for({Role.LEAD}, frozenset({A})),
        not_you="Only the equality lead or the deputy gives the organisation's statement.",
        not_now={
            P: "Statements are given when grades are being agreed.",
            R: "Statements are given when grades are being agreed.",
            D: CLOSED,
        },
    ),
    Deed.STATE_FOR_LOCAL_INTERESTS: Rule(
        who=_for({Role.CHAIR}, frozenset({A})),
        not_you="The local interests' statement is given by the chair of a panel that graded this outcome.",
        not_now={
            P: PANEL_NOT_OPEN,
            R: "Statements are given when grades are being agreed.",
            D: CLOSED,
        },
    ),
    # Questions and answers: the panels of the outcome, the lead and who writes its evidence; without names (R3).
    Deed.SEE_QUESTIONS: Rule(
        who=_for(PANEL | {Role.LEAD, Role.CONTRIBUTOR}, OPENED),
        not_you="Questions are seen by the panels of this outcome and by those who answer them.",
        hides=Hides.ALWAYS,
        stays=True,
    ),
    Deed.ASK_QUESTION: Rule(
        who=_for({Role.CHAIR, Role.REVIEWER}, frozenset({R, A})),
        not_you="Questions are asked by the members of a panel that grades this outcome.",
        not_now={P: PANEL_NOT_OPEN, D: CLOSED},
    ),
    Deed.ANSWER_QUESTION: Rule(
        who=_for({Role.LEAD, Role.CONTRIBUTOR}, frozenset({R, A})),
        not_you="Questions are answered by the equality lead and the outcome's lead contacts.",
        not_now={P: "Questions are asked once reviewing has opened.", D: CLOSED},
    ),
    # What a panel says among itself after the reveal: never seen by the organisation (R3).
    Deed.DISCUSS: Rule(
        who=_for({Role.CHAIR, Role.REVIEWER}, frozenset({A})),
        not_you="A panel's discussion is for its members.",
        not_now={
            P: PANEL_NOT_OPEN,
            R: "Your panel discusses when grades are being agreed.",
            D: CLOSED,
        },
        hides=Hides.FROM_OTHERS,
    ),
}
