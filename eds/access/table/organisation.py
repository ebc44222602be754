"""Deeds on an organisation, an edition or the whole site, whatever the phase."""

from __future__ import annotations

from .deeds import ALL_STATES, Deed, Role, Rule, granted

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
        not_you="Only the equality lead or the deputy keeps the organisation's people.",
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
