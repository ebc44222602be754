"""The demo's people. All are invented."""

from __future__ import annotations

from dataclasses import dataclass

from eds.people.models import Membership

TRUST = "Hollin Vale NHS Trust"
OTHER_TRUST = "Merrow Coast NHS Trust"


@dataclass(frozen=True)
class DemoPerson:
    """Somebody to log in as: key, name, address, role in words, what to try, and the place in their organisation."""

    key: str
    name: str
    email: str
    role: str
    try_this: str
    organisation: str = ""
    place: str = ""
    administers: bool = False


PEOPLE = [
    DemoPerson(
        "lead",
        "Amara Nwosu",
        "amara.nwosu@hollinvale.example",
        "Equality lead, Hollin Vale NHS Trust",
        "Runs the year alone, beside another job. Healthwatch differs from her on speech therapy: answer, or change the "
        "proposal.",
        TRUST,
        Membership.Role.EQUALITY_LEAD,
    ),
    DemoPerson(
        "deputy",
        "Priya Raman",
        "priya.raman@hollinvale.example",
        "Deputy equality lead, Hollin Vale NHS Trust",
        "Stands in for Amara. Open next year’s assessment, write a summary and propose a grade.",
        TRUST,
        Membership.Role.DEPUTY,
    ),
    DemoPerson(
        "contributor",
        "Tom Ashdown",
        "tom.ashdown@hollinvale.example",
        "Contributor, patient experience manager",
        "Collects what patients say. Look for “interpreters” in the evidence library, and at what he wrote for three services.",
        TRUST,
        Membership.Role.EMPLOYEE,
    ),
    DemoPerson(
        "workforce",
        "Joanne Petherick",
        "joanne.petherick@hollinvale.example",
        "Contributor, workforce information",
        "Knows the staff figures. Enter evidence for next year, and cite for it what stood there last year.",
        TRUST,
        Membership.Role.EMPLOYEE,
    ),
    DemoPerson(
        "healthwatch_chair",
        "Margaret Oyelaran",
        "margaret.oyelaran@healthwatch.example",
        "Chair of the Healthwatch panel",
        "A retired teacher. Outcome 1D of end-of-life nursing waits for her: read the reviews, then record the panel's grade.",
    ),
    DemoPerson(
        "organiser",
        "Elsie Brandreth",
        "elsie.brandreth@healthwatch.example",
        "Organiser of the Healthwatch panel",
        "Keeps the panel's list and grades nothing. See who is on it, and who has not yet answered her invitation.",
    ),
    DemoPerson(
        "healthwatch_reviewer",
        "Dev Chaudhuri",
        "dev.chaudhuri@healthwatch.example",
        "Reviewer on the Healthwatch panel",
        "Works nights and reads on the phone. On 1D of perinatal care he wrote a dissent, which stands beside the grade and "
        "bears no name.",
    ),
    DemoPerson(
        "carer_reviewer",
        "Joyce Tennant",
        "joyce.tennant@carers.example",
        "Reviewer on the Healthwatch panel, family carer",
        "Cared for her husband until last year. Her view on end-of-life nursing differed from Dev's: see how both stand "
        "in the spread.",
    ),
    DemoPerson(
        "circle_chair",
        "Bernice Afolabi",
        "bernice.afolabi@motherscircle.example",
        "Chair of Hollin Mothers' Circle, a panel of one",
        "Graded safety in perinatal care lower than Healthwatch did. Margaret wrote a joint grade: confirm it, or say why not.",
    ),
    DemoPerson(
        "staff_chair",
        "Siobhan Keane",
        "siobhan.keane@staffside.example",
        "Chair of the staff-side panel",
        "Speaks for five unions. Evidence on 3A was corrected after she had reviewed it: confirm the grade, or change it.",
        TRUST,
        Membership.Role.EMPLOYEE,
    ),
    DemoPerson(
        "staff_reviewer",
        "Marek Zielinski",
        "marek.zielinski@staffside.example",
        "Reviewer on the staff-side panel, disabled staff network",
        "Three outcomes on leadership wait for him. Grade one: no proposal and nobody else's view can be seen.",
        TRUST,
        Membership.Role.EMPLOYEE,
    ),
    DemoPerson(
        "peer",
        "Helen Marchbank",
        "helen.marchbank@merrowcoast.example",
        "Peer reviewer from Merrow Coast, a panel of one",
        "Comes from another trust to grade leadership here. Finish the draft for 3B.",
        OTHER_TRUST,
        Membership.Role.EMPLOYEE,
    ),
    DemoPerson(
        "sponsor",
        "Ruth Falkner",
        "ruth.falkner@hollinvale.example",
        "Board sponsor, Hollin Vale NHS Trust",
        "Signed the two published reports. See what she may read of this year: only what has been revealed.",
        TRUST,
        Membership.Role.BOARD_SPONSOR,
    ),
    DemoPerson(
        "board",
        "Iain Colquhoun",
        "iain.colquhoun@hollinvale.example",
        "Board member, Hollin Vale NHS Trust",
        "Has five minutes before a meeting. Where did staff side see it differently, and what did they say?",
        TRUST,
        Membership.Role.BOARD_MEMBER,
    ),
    DemoPerson(
        "site_admin",
        "Nadia Farouk",
        "nadia.farouk@eds.example",
        "Site administrator",
        "Sets up organisations and people in the admin pages, and reads no assessment by right of the role.",
        administers=True,
    ),
    DemoPerson(
        "outsider",
        "Owen Pryce",
        "owen.pryce@merrowcoast.example",
        "Equality lead of another trust, Merrow Coast",
        "Has an empty trust of his own. See that the unpublished work of Hollin Vale stays closed to him.",
        OTHER_TRUST,
        Membership.Role.EQUALITY_LEAD,
    ),
]
