"""The demo's people. All are invented."""

from __future__ import annotations

from dataclasses import dataclass

TRUST = "Hollin Vale NHS Trust"
OTHER_TRUST = "Merrow Coast NHS Trust"


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to log in as: key, name, address, role in words, and what to try."""

    key: str
    name: str
    email: str
    role: str
    try_this: str


PEOPLE = [
    DemoPerson(
        "lead",
        "Amara Nwosu",
        "amara.nwosu@hollinvale.example",
        "Equality lead, Hollin Vale NHS Trust",
        "Propose grades, open reviewing, and see where the local people decide.",
    ),
    DemoPerson(
        "contributor",
        "Tom Ashdown",
        "tom.ashdown@hollinvale.example",
        "Contributor, Hollin Vale NHS Trust",
        "Enter evidence for an outcome and cite it for another.",
    ),
    DemoPerson(
        "healthwatch_chair",
        "Margaret Oyelaran",
        "margaret.oyelaran@healthwatch.example",
        "Chair of the Healthwatch panel",
        "Review, then record the panel's grade.",
    ),
    DemoPerson(
        "healthwatch_reviewer",
        "Dev Chaudhuri",
        "dev.chaudhuri@healthwatch.example",
        "Reviewer on the Healthwatch panel",
        "Read the evidence and give your own grade.",
    ),
    DemoPerson(
        "staff_chair",
        "Siobhan Keane",
        "siobhan.keane@staffside.example",
        "Chair of the staff-side panel",
        "Grade for the staff, and say where you differ from the trust.",
    ),
    DemoPerson(
        "sponsor",
        "Ruth Falkner",
        "ruth.falkner@hollinvale.example",
        "Board sponsor, Hollin Vale NHS Trust",
        "Read the draft report and sign it off.",
    ),
    DemoPerson(
        "outsider",
        "Owen Pryce",
        "owen.pryce@merrowcoast.example",
        "Equality lead of another trust, Merrow Coast",
        "See that the first trust's unpublished work stays closed to you.",
    ),
]
