"""What the access table is made of: roles, deeds, and the rule of a row."""

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
    OWNER = "owner"
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
    SEE_OBJECTIVES = "see_objectives"
    SEE_DRAFT_OBJECTIVES = "see_draft_objectives"
    KEEP_OBJECTIVES = "keep_objectives"
    COMMENT_ON_OBJECTIVES = "comment_on_objectives"
    ADOPT_OBJECTIVES = "adopt_objectives"
    FOLLOW_PLANS = "follow_plans"
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
    SEE_PLAN = "see_plan"
    KEEP_PLAN = "keep_plan"
    SEE_ACTIONS = "see_actions"
    UPDATE_ACTION = "update_action"
    SAY_FELT = "say_felt"


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


def granted(roles: frozenset[Role] | set[Role], when: When) -> dict[Role, When]:
    """Give the same phases or states to several roles."""
    return dict.fromkeys(roles, when)


PANEL_NOT_OPEN = "Reviewing has not opened yet. The organisation is still preparing its evidence."
BOARD_NOT_YET = "Board members read from the moment that grades are being agreed."
REPORT_PUBLISHED = "The report is published. Reopen the assessment for a correction first."
PANELS_FIXED = "All grades are agreed; panels no longer change."
CLOSED = "The grade is agreed. Changes need the round to be moved back, with a reason."
