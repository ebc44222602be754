"""What an assessment's set-up has and what it still needs, as a task list (a fixed number of queries)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q
from django.urls import reverse

from eds.access.invitations import PANEL
from eds.access.queries import LEADING
from eds.assessments.models import (
    AssessedOutcome,
    Assessment,
    Contributor,
    Panel,
    PanelMember,
    Round,
    ScopeDecision,
    TwoServicesRule,
)
from eds.frameworks.criteria import latest_set
from eds.history.errors import DomainError
from eds.pages.queries import outcomes_of
from eds.people.invitations import invite
from eds.people.models import Membership, User
from eds.ui.components import TaskItem
from eds.ui.text import uk_date

DONE, TO_DO, NOT_NEEDED = ("Done", "green"), ("To do", "blue"), ("Not needed", "grey")


def _item(title: str, state: tuple[str, str], url: str | None, hint: str) -> TaskItem:
    return TaskItem(title=title, url=url, hint=hint, status=state[0], colour=state[1])


def services_words(round_: Round) -> str:
    """Say what fewer services than the edition asks for mean for the score; "" where there are enough (R8)."""
    wanted = round_.assessment.revision.services_number
    if not wanted or not round_.outcomes.filter(outcome__goal__needs_services=True).exists():
        return ""
    return few_services(round_.assessment, round_.assessment.services.count())


def few_services(assessment: Assessment, number: int) -> str:
    """Say what `number` services mean where the edition asks for more."""
    wanted = assessment.revision.services_number
    if number >= wanted:
        return ""
    edition = assessment.framework.short_name
    if not number:
        return f"{edition} asks for {wanted} services. None is chosen. So the domain has one set of grades for all of them."
    if number == 1:
        return f"{edition} asks for {wanted} services. One is chosen. So its points alone are the score."
    rule = "the mean" if assessment.two_services_rule == TwoServicesRule.MEAN else "the lower"
    return f"{edition} asks for {wanted} services. {number} are chosen. So {rule} of the two is the score."


def set_up_tasks(assessment: Assessment) -> list[TaskItem]:
    """Give each part of the set-up with its state and where to change it."""
    outcomes = outcomes_of(assessment)
    in_scope = [each for each in outcomes if each.scope == ScopeDecision.Scope.IN_SCOPE]
    rounds = list(Round.objects.filter(assessment=assessment))
    return [
        _item("Edition and year", DONE, None, str(assessment)),
        _dates(assessment, rounds),
        _scope(assessment, len(in_scope), len(outcomes)),
        *_services(assessment),
        _rounds(assessment, rounds, in_scope),
        *_panels(assessment, in_scope),
        _contributors(assessment, in_scope),
        _criteria(assessment),
    ]


def places_named_by_leads(assessment: Assessment) -> list[PanelMember]:
    """Give the chairs and organisers whom a lead of the organisation named; of others a lead may not know (R21)."""
    leads = Membership.objects.filter(organisation=assessment.organisation_id, role__in=LEADING).values("user")
    first = PanelMember.history.filter(version=1, history_user__in=leads, panel__assessment=assessment)
    return list(
        PanelMember.objects.filter(
            pk__in=first.values("id"),
            role__in=[PanelMember.Role.CHAIR, PanelMember.Role.ORGANISER],
            left_on__isnull=True,
            user__is_active=True,
        )
        .select_related("user", "panel")
        .order_by("panel__name", "panel__pk", "role", "pk")
    )


def ask_again(*, actor: User, assessment: Assessment, places: Iterable[PanelMember]) -> None:
    """Invite those who held a place last year to the panel of the same name; the place comes when they accept (R19).

    Raises DomainError where this year has no such panel.
    """
    panels = {panel.name: panel for panel in Panel.objects.filter(assessment=assessment)}
    for place in places:
        if place.panel.name not in panels:
            raise DomainError(
                f"Keep the panel {place.panel} as well, or untick {place.user}.",
                field="people",
            )
        invite(
            actor=actor,
            kind=PANEL,
            subject=panels[place.panel.name].public_id,
            email=place.user.email,
            name=place.user.name,
            role=place.role,
            appointed=True,
        )


def _dates(assessment: Assessment, rounds: list[Round]) -> TaskItem:
    url = reverse("assessment-dates", args=[assessment.public_id])
    if assessment.publish_by is None:
        return _item("Dates", TO_DO, url, "Say when the report is due.")
    undated = [round_ for round_ in rounds if round_.agree_by is None]
    words = f"The report is due by {uk_date(assessment.publish_by)}."
    return _item("Dates", TO_DO if undated else DONE, url, words)


def _scope(assessment: Assessment, number: int, of: int) -> TaskItem:
    url = reverse("assessment-scope", args=[assessment.public_id])
    left = f" {of - number} left out, each with a reason." if of > number else ""
    return _item("Outcomes", DONE if number else TO_DO, url, f"{number} of {of} are graded this year.{left}")


def _services(assessment: Assessment) -> Iterable[TaskItem]:
    wanted = assessment.revision.services_number
    if not wanted:
        yield _item("Services", NOT_NEEDED, None, f"{assessment.framework.short_name} grades none by service.")
        return
    number = assessment.services.count()
    words = few_services(assessment, number) or f"{number} services, each with the reason why it was chosen."
    url = reverse("services", args=[assessment.public_id])
    yield _item("Services", DONE if number >= wanted else TO_DO, url, words)


def _rounds(assessment: Assessment, rounds: list[Round], in_scope: list[AssessedOutcome]) -> TaskItem:
    lost = [each for each in in_scope if each.round_id is None]
    if not rounds:
        url = reverse("round-new", args=[assessment.public_id])
        return _item("Rounds", TO_DO, url, "Plan which outcomes are graded together, and when.")
    words = f"{len(lost)} outcomes are in no round yet." if lost else "Each outcome is in a round."
    url = reverse("assessment-scope", args=[assessment.public_id])
    return _item("Rounds", TO_DO if lost else DONE, url, words)


def _panels(assessment: Assessment, in_scope: list[AssessedOutcome]) -> Iterable[TaskItem]:
    sitting = Q(members__left_on__isnull=True)
    panels = list(
        Panel.objects.filter(assessment=assessment)
        .select_related("kind")
        .annotate(
            reviewers=Count("members", filter=sitting & ~Q(members__role=PanelMember.Role.ORGANISER), distinct=True),
            chairs=Count("members", filter=sitting & Q(members__role=PanelMember.Role.CHAIR), distinct=True),
            organisers=Count("members", filter=sitting & Q(members__role=PanelMember.Role.ORGANISER), distinct=True),
            outcomes=Count("remit", distinct=True),
        )
    )
    people = reverse("assessment-people", args=[assessment.public_id])
    if not panels:
        yield _item("Panels", TO_DO, people, "Add the first panel. Without one no grade can be agreed.")
    for panel in panels:
        lacks = []
        if not panel.outcomes:
            lacks.append("It grades no outcome yet.")
        if not panel.chairs:
            lacks.append("It has no chair.")
        if panel.reviewers < panel.quorum:
            people_words = "1 person" if panel.reviewers == 1 else f"{panel.reviewers} people"
            lacks.append(f"It has {people_words}. At least {panel.quorum} must grade.")
        kept = "An organiser keeps its list." if panel.organisers else "Its chair keeps its list."
        outcomes = "1 outcome" if panel.outcomes == 1 else f"{panel.outcomes} outcomes"
        about = f"{panel.kind}. {outcomes}. Quorum {panel.quorum}. {panel.get_rule_display()}. {kept}"
        url = reverse("panel", args=[panel.public_id])
        yield _item(f"Panel: {panel}", TO_DO if lacks else DONE, url, " ".join(lacks) or about)
    graded = set(
        AssessedOutcome.objects.filter(assessment=assessment, remits__isnull=False).values_list("pk", flat=True)
    )
    without = [each for each in in_scope if each.pk not in graded]
    if panels and without:
        names = ", ".join(str(each) for each in without)
        yield _item("Outcomes without a panel", TO_DO, people, f"No panel grades {names}.")


def _contributors(assessment: Assessment, in_scope: list[AssessedOutcome]) -> TaskItem:
    rows = Contributor.objects.filter(assessed_outcome__assessment=assessment, ended_on__isnull=True)
    found = dict.fromkeys(rows.values_list("assessed_outcome_id", flat=True))
    unspecified = rows.filter(for_what="").count()
    lacking = [each for each in in_scope if each.pk not in found]
    words = f"{len(lacking)} outcomes have no lead contact yet." if lacking else "Each outcome has one."
    if unspecified:
        words += f" For {unspecified} it is not said for what."
    url = reverse("assessment-people", args=[assessment.public_id])
    return _item("Lead contacts", TO_DO if lacking else DONE, url, words)


def _criteria(assessment: Assessment) -> TaskItem:
    found = latest_set(assessment.revision)
    if found is None:
        words = "None are loaded. Ask the site administrator. A round can open without them."
        return _item("Official criteria", TO_DO, None, words)
    return _item("Official criteria", DONE, None, f"From {found.source}, {uk_date(found.source_dated)}.")
