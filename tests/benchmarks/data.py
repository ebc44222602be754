"""The installation that is measured: made through the verbs where there is little, in bulk where there is much.

What is written in bulk passes every constraint and trigger of the database; it only leaves no history behind.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from itertools import count
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db.models import Model, QuerySet
from django.urls import reverse

from eds.assessments import domain as assessments
from eds.assessments.models import AssessedOutcome, Assessment, Panel, PanelKind, PanelMember, Phase
from eds.frameworks.models import FrameworkRevision, Grade
from eds.frameworks.queries import goals_of, latest_revision
from eds.history.models import today
from eds.people.belonging import belonging_changed
from eds.people.models import Membership, Organisation, User
from evidence import domain as evidence
from evidence.models import EvidenceItem, EvidenceVersion
from grading import domain as grading
from grading.domain import FactorReason
from grading.models import Review
from reports.views.public import report_url
from tests.world import World, member, organisation

EDITION = "eds-2011"
WORDS = "We asked people who use the service and people who work in it, and this is what they told us of it. "
LITTLE = ("4.1", "4.2")
PUBLISHED = 2026
"""The year of which the earlier years are copies."""
_numbers = count(1)


@dataclass(frozen=True)
class Scale:
    """How much of everything there is."""

    reviewers: int = 200
    panel: int = 30
    cited: int = 40
    library: int = 20_000
    outcomes: int = 18
    organisations: int = 250
    years: int = 15


@dataclass
class Trust:
    """An organisation with its lead, its sponsor and whoever reviews for it."""

    organisation: Organisation
    lead: User
    sponsor: User
    domain: str
    reviewers: list[User] = field(default_factory=list)

    def more_reviewers(self, number: int) -> list[User]:
        """Give so many people who may review, and make those who are not there yet."""
        missing = number - len(self.reviewers)
        made = [_user(f"reviewer{next(_numbers)}", self.domain) for _ in range(missing)]
        self.reviewers += User.objects.bulk_create(made)
        return self.reviewers[:number]


@dataclass(frozen=True)
class Built:
    """Where things stand in the installation that was made."""

    big: Trust
    small: Trust
    typical: Trust
    agreeing: Assessment
    agreeing_little: Assessment
    outcome: AssessedOutcome
    outcome_little: AssessedOutcome
    published: Assessment
    published_little: Assessment
    submitting: AssessedOutcome
    submitting_panel: Panel


def _user(name: str, domain: str) -> User:
    user = User(email=f"{name}@{domain}", name=name.capitalize())
    user.set_unusable_password()
    return user


def in_bulk(rows: Sequence[Model]) -> list[Any]:
    """Write rows of one model at once, also of one that keeps a history."""
    return QuerySet(type(rows[0])).bulk_create(rows, batch_size=2000) if rows else []


def trust(name: str, domain: str, admin: User) -> Trust:
    """Make an organisation with a lead and a board sponsor."""
    made = organisation(name, admin)
    lead, sponsor = User.objects.bulk_create([_user("lead", domain), _user("sponsor", domain)])
    member(lead, made, Membership.Role.EQUALITY_LEAD, admin)
    member(sponsor, made, Membership.Role.BOARD_SPONSOR, admin)
    return Trust(made, lead, sponsor, domain)


def items(of: Trust, number: int) -> list[EvidenceItem]:
    """Write so many items into an organisation's library."""
    made = in_bulk([EvidenceItem(organisation=of.organisation, created_by=of.lead, version=1) for _ in range(number)])
    in_bulk(
        [
            EvidenceVersion(
                item=item,
                seq=1,
                actor=of.lead,
                reason="First written",
                title=f"Survey {place} of the people who use our services",
                text=WORDS * 3,
                searched=(WORDS * 3).strip(),
                source=f"Department {place % 40}",
                period=str(2010 + place % 15),
            )
            for place, item in enumerate(made)
        ]
    )
    return made


def year_of(
    of: Trust, year: int, *, outcomes: Iterable[str] | None, reviewers: int, cited: Sequence[EvidenceItem], until: str
) -> World:
    """Make a year of an organisation, graded by one panel, as far as `until`: reviewing, agreeing or published.

    `outcomes` are the codes of those in scope, None for all; every item of `cited` is cited under each.
    """
    revision = latest_revision(EDITION)
    assessment = assessments.open_assessment(actor=of.lead, organisation=of.organisation, revision=revision, year=year)
    rows = list(assessment.outcomes.select_related("outcome").in_order())
    kept = {row.outcome.code: row for row in rows if outcomes is None or row.outcome.code in outcomes}
    if left := [row for row in rows if row.outcome.code not in kept]:
        assessments.leave_out(actor=of.lead, outcomes=left, reason="Not this year.")
    plan = assessments.RoundPlan(
        name="All",
        outcomes=list(kept.values()),
        review_by=today() + datetime.timedelta(days=14),
        agree_by=today() + datetime.timedelta(days=28),
    )
    round_ = assessments.plan_round(actor=of.lead, assessment=assessment, plan=plan)
    panel = assessments.add_panel(
        actor=of.lead,
        assessment=assessment,
        plan=assessments.PanelPlan(
            "Local people", PanelKind.objects.get(code="patients-and-communities"), list(kept.values()), quorum=1
        ),
    )
    people = of.more_reviewers(reviewers)
    assessments.add_panel_member(actor=of.lead, panel=panel, user=people[0], role=PanelMember.Role.CHAIR)
    in_bulk([PanelMember(panel=panel, user=user, version=1) for user in people[1:]])
    belonging_changed(of.organisation, assessment)
    world = World(
        trust=of.organisation,
        other_trust=of.organisation,
        people={"lead": of.lead, "sponsor": of.sponsor, "community_chair": people[0]},
        assessment=assessment,
        round=round_,
        outcomes=kept,
        community=panel,
        staff=panel,
        revision=revision,
    )
    _prepare(world, cited)
    world.move(Phase.REVIEWING)
    if until == "reviewing":
        return world
    _review(world, people)
    world.move(Phase.AGREEING)
    if until == "published":
        for code in kept:
            world.panel_grade("community_chair", code, "developing", WORDS)
        world.move(Phase.AGREED)
        world.sign()
        world.publish()
    return world


def _prepare(world: World, cited: Sequence[EvidenceItem]) -> None:
    for code in world.outcomes:
        for item in cited:
            evidence.cite(actor=world.lead, assessed_outcome=world.outcome(code), item=item)
        evidence.write_summary(actor=world.lead, assessed_outcome=world.outcome(code), text=WORDS)
        grading.propose_grade(
            actor=world.lead,
            assessed_outcome=world.outcome(code),
            grade=world.grade("developing"),
            reasons=[FactorReason("outcome", "Outcome", WORDS * 3)],
        )


def _review(world: World, people: Sequence[User]) -> None:
    """Let everybody review every outcome, with all grades among the answers."""
    grades: list[Grade | None] = [*_grades(world.revision), None]
    in_bulk(
        [
            Review(
                seq=1,
                actor=user,
                reviewer=user,
                assessed_outcome=outcome,
                panel=world.community,
                grade=grades[(number + place) % len(grades)],
                reason=f"{number}: {WORDS}",
            )
            for place, outcome in enumerate(world.outcomes.values())
            for number, user in enumerate(people)
        ]
    )


def _grades(revision: FrameworkRevision) -> list[Grade]:
    return list(Grade.objects.filter(revision=revision).order_by("position"))


def build(scale: Scale) -> Built:
    """Make one organisation with much of everything, one with little, and the typical one that others are copies of."""
    admin = User.objects.create_superuser("admin@example.org", name="Admin")
    big, small, typical = (
        trust(name, f"{name.split()[0].lower()}.example.org", admin)
        for name in ("Big Trust", "Small Trust", "Typical Trust")
    )
    codes = _codes(scale.outcomes)
    library = items(big, max(scale.library, scale.cited))
    few = items(small, 5)
    agreeing = year_of(big, 2029, outcomes=codes, reviewers=scale.reviewers, cited=library[:1], until="agreeing")
    reviewed = year_of(
        big, 2028, outcomes=codes[:1], reviewers=scale.panel, cited=library[: scale.cited], until="agreeing"
    )
    submitting = year_of(big, 2027, outcomes=codes[:1], reviewers=scale.reviewers, cited=library[:1], until="reviewing")
    published = year_of(big, PUBLISHED, outcomes=codes, reviewers=3, cited=library[:2], until="published")
    little = year_of(small, 2029, outcomes=LITTLE, reviewers=3, cited=few[:1], until="agreeing")
    little_published = year_of(small, PUBLISHED, outcomes=LITTLE, reviewers=3, cited=few[:1], until="published")
    year_of(typical, PUBLISHED, outcomes=codes, reviewers=3, cited=items(typical, 10)[:1], until="published")
    return Built(
        big=big,
        small=small,
        typical=typical,
        agreeing=agreeing.assessment,
        agreeing_little=little.assessment,
        outcome=next(iter(reviewed.outcomes.values())),
        outcome_little=little.outcomes[LITTLE[0]],
        published=published.refreshed(),
        published_little=little_published.refreshed(),
        submitting=next(iter(submitting.outcomes.values())),
        submitting_panel=submitting.community,
    )


def _codes(number: int) -> list[str]:
    goals = goals_of(latest_revision(EDITION))
    return [outcome.code for goal in goals for outcome in goal.outcomes.all()][:number]


def pages_of(built: Built) -> dict[str, tuple[str, str, User | None, User | None]]:
    """Give the pages that are measured: the address with much and with little, and who asks for each."""
    lead, small = built.big.lead, built.small.lead
    return {
        "agreement board": (
            reverse("agreement", args=[built.agreeing.public_id]),
            reverse("agreement", args=[built.agreeing_little.public_id]),
            lead,
            small,
        ),
        "outcome page": (
            reverse("outcome", args=[built.outcome.public_id]),
            reverse("outcome", args=[built.outcome_little.public_id]),
            lead,
            small,
        ),
        "evidence list": (
            reverse("library", args=[built.big.organisation.public_id]),
            reverse("library", args=[built.small.organisation.public_id]),
            lead,
            small,
        ),
        "home": ("/", "/", lead, small),
        "public report": (report_url(built.published, 1), report_url(built.published_little, 1), None, None),
    }


def cookies_for(users: Iterable[User]) -> dict[int, str]:
    """Log people in, with their second factor, and give each one's cookies by primary key."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    found = {}
    for user in users:
        session = store()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session["account_authentication_methods"] = [{"method": "password"}, {"method": "mfa", "type": "totp"}]
        session["account_authentication_methods_user"] = str(user.pk)
        session.create()
        found[user.pk] = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={CSRF}"
    return found


CSRF = "b" * 32
"""What both the cookie and the forms carry; it is a secret of nobody's."""
