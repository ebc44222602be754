"""Deeds on an organisation, an edition or the whole site, whatever the phase."""

from __future__ import annotations

from .deeds import ALL_STATES, BOARDROOM, PANEL, Deed, Hides, Role, Rule, granted

ORGANISATION: dict[Deed, Rule] = {
    # An organisation, whatever the phase
    Deed.OPEN_ASSESSMENT: Rule(
        who=granted({Role.LEAD}, ALL_STATES),
        not_you="Only the equality lead or the deputy opens an assessment.",
    ),
    Deed.SEE_LIBRARY: Rule(
        who=granted({Role.LEAD, Role.CONTRIBUTOR}, ALL_STATES),
        not_you="The evidence library is for the equality lead and contributors.",
    ),
    Deed.KEEP_MEMBERS: Rule(
        who=granted({Role.LEAD}, ALL_STATES),
        not_you="Only the lead or the deputy keeps its people.",
    ),
    # Equality objectives (R24). Where one stands (draft, consultation, adopted) its own verbs ask.
    Deed.SEE_OBJECTIVES: Rule(
        who=granted(PANEL | BOARDROOM | {Role.LEAD, Role.CONTRIBUTOR}, ALL_STATES),
        not_you="You have no part in this organisation.",
    ),
    Deed.SEE_DRAFT_OBJECTIVES: Rule(
        who=granted(BOARDROOM | {Role.LEAD, Role.CONTRIBUTOR}, ALL_STATES),
        not_you="Drafts stay inside.",
        hides=Hides.ALWAYS,
    ),
    Deed.KEEP_OBJECTIVES: Rule(
        who=granted({Role.LEAD}, ALL_STATES),
        not_you="Only the lead or the deputy writes objectives.",
    ),
    Deed.COMMENT_ON_OBJECTIVES: Rule(
        who=granted(PANEL, ALL_STATES),
        not_you="Only people on its panels can comment.",
    ),
    Deed.ADOPT_OBJECTIVES: Rule(
        who=granted({Role.SPONSOR}, ALL_STATES),
        not_you="Only the board sponsor records what the board decided.",
    ),
    # Owners' work, across the plans of all years.
    Deed.FOLLOW_PLANS: Rule(
        who=granted(BOARDROOM | {Role.LEAD}, ALL_STATES),
        not_you="Only the lead and the board see all plans.",
    ),
    # An edition, whatever the phase
    Deed.LOAD_CRITERIA: Rule(
        who=granted({Role.SITE_ADMINISTRATOR}, ALL_STATES),
        not_you="Only the site administrator loads official criteria.",
    ),
    # The whole site. An address can tell who is on a panel, so leads see numbers only (R21).
    Deed.SEE_FAILED_MAILS: Rule(
        who=granted({Role.SITE_ADMINISTRATOR}, ALL_STATES),
        not_you="Only the site administrator sees which mails could not be sent.",
    ),
}
