"""Fills the database of a house with people and six years' assessments; printed at the end: what they are called.

    python -m tests.faults.cast FIFTY

In the year 2026 FIFTY people review, in 2025 grades are being agreed, in 2024 and 2022 the report is signed off (a long one,
and one of another organisation that is soon laid out), 2023 is being prepared. In 2021 a FEW review: its phases move
often, and each move writes to everybody. Everybody has the same password (PASSWORD), hashed once.
"""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from eds.people.models import Organisation
    from tests.world import World

FEW = 3
ELSEWHERE = "Quiet Moor Trust"
PASSWORD = "a long enough pass phrase"
TEXT = "\n\n".join(f"Paragraph {number} of what people told us about the ward." for number in range(25))


def build(many: int) -> dict[str, Any]:
    """Make it all, and give names and public ids."""
    from django.contrib.auth.hashers import make_password

    from eds.assessments import domain as assessments
    from eds.people.models import User
    from evidence import domain as evidence
    from tests.world import another_year, build_world, person

    now = build_world()
    for number in range(many):
        reviewer = now.people[f"reviewer_{number}"] = person(f"Reviewer Number{number}")
        assessments.add_panel_member(actor=now.lead, panel=now.community, user=reviewer)
    before = another_year(now.trust, now.other_trust, now.people, 2025)
    long_ago = another_year(now.trust, now.other_trust, now.people, 2024)
    for number in range(2):
        evidence.write_and_cite(
            actor=long_ago.contributor,
            assessed_outcome=long_ago.outcome("4.1"),
            content=evidence.EvidenceText(f"Long account {number}", TEXT),
        )
    begun = another_year(now.trust, now.other_trust, now.people, 2023)
    short = another_year(_elsewhere(now), now.other_trust, now.people, 2022)
    for each in (long_ago, short):
        each.to_agreed()
        each.sign()
        each.answer_checks()
    before.to_agreeing()
    now.to_reviewing()
    few = another_year(now.trust, now.other_trust, now.people, 2021)
    for number in range(FEW):
        assessments.add_panel_member(actor=few.lead, panel=few.community, user=now.people[f"reviewer_{number}"])
    few.to_reviewing()
    User.objects.update(password=make_password(PASSWORD))
    return {
        "people": {key: user.email for key, user in now.people.items()},
        "years": {
            str(each.assessment.year): {
                "assessment": each.assessment.public_id,
                "round": each.round.public_id,
                "community": each.community.public_id,
                "staff": each.staff.public_id,
                "outcomes": {code: row.public_id for code, row in each.outcomes.items()},
            }
            for each in (now, before, long_ago, begun, short, few)
        },
    }


def _elsewhere(now: World) -> Organisation:
    """Make an organisation of the same people: a report tells of the year before, which may not change under it."""
    from eds.people.models import Membership
    from tests.world import member, organisation

    made = organisation(ELSEWHERE, now.people["admin"])
    roles = {
        "lead": Membership.Role.EQUALITY_LEAD,
        "sponsor": Membership.Role.BOARD_SPONSOR,
        "contributor": Membership.Role.EMPLOYEE,
        "staff_chair": Membership.Role.EMPLOYEE,
    }
    for who, role in roles.items():
        member(now.people[who], made, role, now.people["admin"])
    return made


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "eds.project.settings")
    django.setup()
    print(json.dumps(build(int(sys.argv[1]))))
