"""Deeds on a whole assessment or a panel's list: the assessment's state."""

from __future__ import annotations

from .deeds import (
    ALL_STATES,
    BOARDROOM,
    OPEN,
    PANEL,
    PANELS_FIXED,
    PUBLISHED,
    REPORT_PUBLISHED,
    SIGN_OFF,
    Deed,
    Hides,
    Role,
    Rule,
    granted,
)

ASSESSMENT: dict[Deed, Rule] = {
    # A whole assessment
    Deed.SEE_ASSESSMENT: Rule(
        who=granted(
            PANEL | BOARDROOM | {Role.LEAD, Role.CONTRIBUTOR, Role.CONTRIBUTOR_ELSEWHERE, Role.PANEL_ELSEWHERE},
            ALL_STATES,
        ),
        not_you="You have no part in this assessment.",
    ),
    Deed.SET_UP: Rule(
        who=granted({Role.LEAD}, frozenset({OPEN})),
        not_you="Only the equality lead or the deputy sets up the assessment.",
        not_now={
            SIGN_OFF: "All grades are agreed; the assessment can no longer be set up differently.",
            PUBLISHED: "The report is published; the assessment can no longer be set up differently.",
        },
    ),
    Deed.SEE_PEOPLE: Rule(
        who=granted({Role.LEAD}, ALL_STATES),
        not_you="Only the equality lead or the deputy manages the people of an assessment.",
    ),
    Deed.SEE_PANEL: Rule(
        who=granted({Role.LEAD} | PANEL, ALL_STATES),
        not_you="A panel's page is for the panel and the equality lead.",
    ),
    # Who is on a panel is seen by its chair and organiser, never by the employer or the board (R21).
    Deed.KEEP_PANEL_LIST: Rule(
        who=granted({Role.CHAIR, Role.ORGANISER}, frozenset({OPEN})),
        not_you="The list of a panel's people is kept by its chair and organiser.",
        not_now={SIGN_OFF: PANELS_FIXED, PUBLISHED: PANELS_FIXED},
    ),
    Deed.SEE_PANEL_LIST: Rule(
        who=granted({Role.CHAIR, Role.ORGANISER}, ALL_STATES),
        not_you="The list of a panel's people is seen by its chair and organiser.",
        hides=Hides.ALWAYS,
    ),
    Deed.APPOINT_TO_PANEL: Rule(
        who=granted({Role.LEAD}, frozenset({OPEN})),
        not_you="Only the equality lead or the deputy names who keeps a panel's list.",
        not_now={SIGN_OFF: PANELS_FIXED, PUBLISHED: PANELS_FIXED},
    ),
    Deed.REMIND: Rule(
        who=granted({Role.LEAD}, frozenset({OPEN})),
        not_you="Only the equality lead or the deputy sends reminders.",
        not_now={SIGN_OFF: "All grades are agreed; nobody waits.", PUBLISHED: "The report is published; nobody waits."},
    ),
    Deed.MOVE_PHASE: Rule(
        who=granted({Role.LEAD}, frozenset({OPEN, SIGN_OFF})),
        not_you="Only the equality lead or the deputy moves a round on.",
        not_now={PUBLISHED: REPORT_PUBLISHED},
    ),
    Deed.SEE_NUMBERS: Rule(
        who=granted({Role.LEAD}, ALL_STATES),
        not_you="Only the equality lead sees how many people of a panel have started and submitted.",
    ),
    # What stands on it each outcome's own deeds say.
    Deed.SEE_AGREEMENT: Rule(
        who=granted({Role.LEAD} | PANEL | BOARDROOM, ALL_STATES),
        not_you="How grades are agreed is followed by the panels, the equality lead and the board.",
    ),
    Deed.SEE_REPORT_DRAFT: Rule(
        who=granted({Role.LEAD} | BOARDROOM, frozenset({SIGN_OFF, PUBLISHED})),
        not_you="The draft report is read by the equality lead and the board.",
        not_now={OPEN: "The report can be read once every round is agreed."},
    ),
    Deed.KEEP_REPORT_DETAILS: Rule(
        who=granted({Role.LEAD}, frozenset({OPEN, SIGN_OFF})),
        not_you="Only the equality lead or the deputy writes the details of the report.",
        not_now={PUBLISHED: REPORT_PUBLISHED},
    ),
    Deed.KEEP_ENGAGEMENT: Rule(
        who=granted({Role.LEAD}, frozenset({OPEN})),
        not_you="Only the equality lead or the deputy writes down events with local people.",
        not_now={SIGN_OFF: "All grades are agreed, so the events before them are fixed.", PUBLISHED: REPORT_PUBLISHED},
    ),
    Deed.KEEP_EARLIER_GRADES: Rule(
        who=granted({Role.LEAD}, frozenset({OPEN, SIGN_OFF})),
        not_you="Only the equality lead or the deputy enters what was published for an earlier year.",
        not_now={PUBLISHED: REPORT_PUBLISHED},
    ),
    Deed.KEEP_APPROVAL_ROUTE: Rule(
        who=granted({Role.LEAD}, frozenset({SIGN_OFF})),
        not_you="Only the equality lead or the deputy keeps the approval route.",
        not_now={OPEN: "The approval route begins once every round is agreed.", PUBLISHED: REPORT_PUBLISHED},
    ),
    Deed.SEE_CHECKS: Rule(
        who=granted({Role.LEAD} | BOARDROOM, frozenset({SIGN_OFF})),
        not_you="The checks before publishing are read by the equality lead and the board.",
        not_now={OPEN: "The report can be checked once every round is agreed.", PUBLISHED: REPORT_PUBLISHED},
    ),
    Deed.ANSWER_CHECKS: Rule(
        who=granted({Role.LEAD}, frozenset({SIGN_OFF})),
        not_you="Only the equality lead or the deputy answers the checks.",
        not_now={OPEN: "The report can be checked once every round is agreed.", PUBLISHED: REPORT_PUBLISHED},
    ),
    Deed.CLOSE_VERSION: Rule(
        who=granted({Role.LEAD}, ALL_STATES),
        not_you="Only the equality lead or the deputy closes a published version.",
    ),
    Deed.SIGN_OFF: Rule(
        who=granted({Role.SPONSOR}, frozenset({SIGN_OFF})),
        not_you="Only the board sponsor signs off the report.",
        not_now={
            OPEN: "The report can be signed off once every round is agreed.",
            PUBLISHED: "The report is published already.",
        },
    ),
    Deed.PUBLISH: Rule(
        who=granted({Role.LEAD}, frozenset({SIGN_OFF})),
        not_you="Only the equality lead or the deputy publishes the report.",
        not_now={
            OPEN: "The report can be published once every round is agreed and the board sponsor has signed it off.",
            PUBLISHED: "The report is published already.",
        },
    ),
    Deed.SEE_PUBLISHING: Rule(
        who=granted({Role.LEAD} | BOARDROOM, frozenset({SIGN_OFF, PUBLISHED})),
        not_you="Publishing is followed by the equality lead and the board.",
        not_now={OPEN: "The report can be published once every round is agreed and signed off."},
    ),
    Deed.RETRY_RENDITION: Rule(
        who=granted({Role.LEAD}, ALL_STATES),
        not_you="Only the equality lead or the deputy has a format made again.",
    ),
    Deed.REOPEN: Rule(
        who=granted({Role.LEAD}, frozenset({PUBLISHED})),
        not_you="Only the equality lead or the deputy reopens a published assessment.",
        not_now={
            OPEN: "The assessment is open already.",
            SIGN_OFF: "The report is not published yet: move a round back instead.",
        },
    ),
    # The improvement plan (R25). What stands in it of an outcome, Deed.SEE_ACTIONS says.
    Deed.SEE_PLAN: Rule(
        who=granted(PANEL | BOARDROOM | {Role.LEAD, Role.CONTRIBUTOR}, ALL_STATES),
        not_you="The plan is read by the organisation, its board and its panels until it is published.",
    ),
    Deed.KEEP_PLAN: Rule(
        who=granted({Role.LEAD}, ALL_STATES),
        not_you="Only the equality lead or the deputy writes the plan.",
    ),
    Deed.UPDATE_ACTION: Rule(
        who=granted({Role.LEAD, Role.OWNER}, ALL_STATES),
        not_you="How an action goes is said by its owners and the equality lead.",
    ),
    Deed.SAY_FELT: Rule(
        who=granted({Role.CHAIR}, ALL_STATES),
        not_you="Whether a panel felt an action is said by the panel's chair.",
    ),
}
