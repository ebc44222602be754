"""Reads of the plan: everything of an assessment's plan in a fixed number of queries, as one reader may see it."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from eds.access.decide import Access
from eds.access.table import BOARDROOM, PANEL, Deed, Role
from eds.assessments.models import AssessedOutcome, Assessment, State, StateChange
from eds.history.models import today
from eds.history.prepared import prepared
from eds.people.models import User
from evidence.models import EvidenceItem
from objectives.months import Month

from . import rules
from .models import ActionOwner, Felt, ImprovementAction, PlanObjective, PlanSettings, ProgressUpdate, Status
from .table import FeltShown, Line, OwnerShown, PlanShown

_OUTSIDE = PANEL | BOARDROOM | {Role.PANEL_ELSEWHERE}
_PLACES = (
    "assessed_outcome__assessment__organisation",
    "assessed_outcome__assessment__framework",
    "assessed_outcome__assessment__revision",
    "assessed_outcome__outcome__goal",
    "assessed_outcome__service",
    "assessed_outcome__round",
)


def outcomes_of(assessment: Assessment) -> list[AssessedOutcome]:
    """Give all outcomes of an assessment in order, with what the access table asks (one query)."""
    return list(
        AssessedOutcome.objects.with_scope()
        .filter(assessment=assessment)
        .select_related("assessment__organisation", "assessment__framework", "outcome__goal", "service", "round")
        .in_order()
    )


def standing_actions() -> QuerySet[ImprovementAction]:
    """Give the actions that stand in a plan, with their places."""
    return ImprovementAction.objects.filter(removed=False).select_related(*_PLACES, "plan_objective__serves")


def latest_updates(actions: Iterable[ImprovementAction]) -> dict[int, ProgressUpdate]:
    """Give the last word on each action (one query)."""
    return {row.action_id: row for row in _newest(list(actions))}


@prepared
def _newest(actions: Sequence[ImprovementAction]) -> QuerySet[ProgressUpdate]:
    newest = ProgressUpdate.objects.filter(action=OuterRef("action")).order_by("-seq")
    rows = ProgressUpdate.objects.filter(action__in=actions, pk=Subquery(newest.values("pk")[:1]))
    return rows.select_related("evidence")


def status_of(update: ProgressUpdate | None) -> Status:
    """Give what the last word says; without any, it is not started."""
    return Status(update.status) if update else Status.NOT_STARTED


def latest_felt(actions: Iterable[ImprovementAction], upto: datetime.datetime | None = None) -> dict[int, list[Felt]]:
    """Give each panel's last word on each action until a moment, by panel's name (one query)."""
    said = Felt.objects.filter(recorded_at__lte=upto) if upto else Felt.objects.all()
    newest = said.filter(action=OuterRef("action"), panel=OuterRef("panel")).order_by("-seq")
    rows = Felt.objects.filter(action__in=list(actions), pk=Subquery(newest.values("pk")[:1]))
    found: dict[int, list[Felt]] = defaultdict(list)
    for row in rows.select_related("panel").order_by("panel__name", "pk"):
        found[row.action_id].append(row)
    return found


def sees_names(access: Access, assessment: Assessment) -> bool:
    """Say whether somebody reads owners' names beside their roles: the lead and the board do."""
    return bool(access.may(Deed.FOLLOW_PLANS, assessment.organisation))


def owner_may_see(access: Access, action: ImprovementAction) -> bool:
    """Say whether an owner may see the action that they own.

    Somebody who is also on a panel or the board reads it from the reveal on, like everybody there (R3).
    """
    outcome = action.assessed_outcome
    roles = access.standing(outcome.assessment).to_outcome(outcome.pk)
    return not roles & _OUTSIDE or bool(access.may(Deed.SEE_ACTIONS, outcome))


def plan_of(assessment: Assessment, access: Access) -> PlanShown:
    """Give the plan as one reader may see it: nothing of outcomes whose actions are hidden from them (R3)."""
    outcomes = [each for each in outcomes_of(assessment) if access.may(Deed.SEE_ACTIONS, each)]
    return shown(assessment, outcomes, today(), sees_names(access, assessment), access)


def printed_plan(assessment: Assessment, *, upto: StateChange | None = None, reader: Access | None = None) -> PlanShown:
    """Give the plan as a report prints it: roles, with names only where the organisation prints them.

    With `reader` nothing is said of a newer plan that is hidden from them.

    With `upto` only what was said until that move of an assessment counts, and what is late is counted on its day: what
    a report says does not change between its sign-off and its publication because a month went by.
    """
    settings = PlanSettings.objects.filter(organisation=assessment.organisation_id).first()
    names = bool(settings and settings.prints_names)
    on = upto.decided_on if upto else today()
    return shown(assessment, outcomes_of(assessment), on, names, reader, upto.recorded_at if upto else None)


def shown(
    assessment: Assessment,
    outcomes: Sequence[AssessedOutcome],
    on: datetime.date,
    names: bool,
    access: Access | None,
    upto: datetime.datetime | None = None,
) -> PlanShown:
    """Give the plan of some outcomes as it stands on a day; with `access`, without what its reader may not see.

    `names` says whether owners' names stand beside their roles. With `upto` only what was said until then counts.
    """
    objectives: dict[int, list[PlanObjective]] = defaultdict(list)
    for objective in (
        PlanObjective.objects.filter(assessed_outcome__in=outcomes, removed=False)
        .select_related("serves")
        .prefetch_related("serves__characteristics")
        .order_by("position", "pk")
    ):
        objectives[objective.assessed_outcome_id].append(objective)
    actions: dict[int, list[ImprovementAction]] = defaultdict(list)
    rows = list(
        ImprovementAction.objects.filter(assessed_outcome__in=outcomes, removed=False)
        .select_related("carried_from__assessed_outcome__assessment__framework")
        .prefetch_related("characteristics")
        .order_by("position", "pk")
    )
    for row in rows:
        actions[row.assessed_outcome_id].append(row)
    facts = _Facts(
        updates=_updates(rows, upto),
        felt=latest_felt(rows, upto),
        owners=_owners(rows, names),
        carried=_carried(rows, access),
        on=on,
    )
    lines: list[Line] = []
    for outcome in outcomes:
        mine = actions[outcome.pk]
        by_objective: dict[int | None, list[ImprovementAction]] = defaultdict(list)
        for action in mine:
            by_objective[action.plan_objective_id].append(action)
        for objective in objectives[outcome.pk]:
            under = by_objective.pop(objective.pk, [])
            lines += [_line(outcome, objective, action, facts) for action in under] or [
                _objective_line(outcome, objective)
            ]
        for rest in by_objective.values():
            lines += [_line(outcome, None, action, facts) for action in rest]
    return PlanShown(
        organisation=assessment.organisation.name,
        title=str(assessment),
        goal_word=assessment.framework.goal_word,
        on=on,
        lines=tuple(lines),
    )


@dataclass(frozen=True)
class _Facts:
    updates: dict[int, ProgressUpdate]
    felt: dict[int, list[Felt]]
    owners: dict[int, list[OwnerShown]]
    carried: dict[int, tuple[str, str]]
    on: datetime.date


def _updates(rows: list[ImprovementAction], upto: datetime.datetime | None) -> dict[int, ProgressUpdate]:
    if upto is None:
        return latest_updates(rows)
    said = ProgressUpdate.objects.filter(action__in=rows, recorded_at__lte=upto).select_related("evidence")
    return {row.action_id: row for row in said.order_by("seq")}


def _owners(rows: list[ImprovementAction], names: bool) -> dict[int, list[OwnerShown]]:
    found: dict[int, list[OwnerShown]] = defaultdict(list)
    owners = ActionOwner.objects.filter(action__in=rows, ended_on__isnull=True).select_related("user").order_by("pk")
    for owner in owners:
        person = owner.user.name if names and owner.user else ""
        found[owner.action_id].append(OwnerShown(owner.kind, owner.name, person))
    return found


def _carried(rows: list[ImprovementAction], access: Access | None) -> dict[int, tuple[str, str]]:
    """Give the year and the id of what an action was carried to, where the reader may see that or everybody can."""
    found = {}
    for row in standing_actions().filter(carried_from__in=rows):
        public = row.assessed_outcome.assessment.state == State.PUBLISHED
        if access is None or public or access.may(Deed.SEE_ACTIONS, row.assessed_outcome):
            assert row.carried_from_id is not None
            found[row.carried_from_id] = (row.assessed_outcome.assessment.year_words, row.public_id)
    return found


def _label(outcome: AssessedOutcome, all_services: bool) -> str:
    return f"{outcome.outcome.code}, all services" if all_services and outcome.service else str(outcome)


def _objective_line(outcome: AssessedOutcome, objective: PlanObjective) -> Line:
    serves = objective.serves
    return Line(
        domain=outcome.outcome.goal.code,
        domain_title=outcome.outcome.goal.title,
        outcome=_label(outcome, objective.all_services),
        outcome_text=outcome.outcome.text,
        outcome_id=outcome.public_id,
        code=outcome.outcome.code,
        service=outcome.service.name if outcome.service and not objective.all_services else "",
        objective=objective.text,
        objective_id=objective.public_id,
        serves=serves.headline if serves else "",
        characteristics=tuple((each.code, each.name) for each in serves.characteristics.all()) if serves else (),
        position=objective.position,
    )


def _line(outcome: AssessedOutcome, objective: PlanObjective | None, action: ImprovementAction, facts: _Facts) -> Line:
    update = facts.updates.get(action.pk)
    status = status_of(update)
    serves = objective.serves if objective else None
    groups = {each.code: each.name for each in serves.characteristics.all()} if serves else {}
    groups |= {each.code: each.name for each in action.characteristics.all()}
    year, carried_to = facts.carried.get(action.pk, ("", ""))
    source = action.carried_from
    return Line(
        domain=outcome.outcome.goal.code,
        domain_title=outcome.outcome.goal.title,
        outcome=_label(outcome, action.all_services),
        outcome_text=outcome.outcome.text,
        outcome_id=outcome.public_id,
        code=outcome.outcome.code,
        service=outcome.service.name if outcome.service and not action.all_services else "",
        objective=objective.text if objective else "",
        objective_id=objective.public_id if objective else "",
        serves=serves.headline if serves else "",
        action=action.text,
        action_id=action.public_id,
        measure=action.measure,
        owners=tuple(facts.owners[action.pk]),
        due=action.due,
        due_words=action.due_words,
        status=status.value,
        state=rules.state(status, action.due, facts.on),
        said=update.reason if update else "",
        said_on=update.decided_on if update else None,
        felt=tuple(
            FeltShown(row.panel.name, row.answer, row.get_answer_display(), row.reason, row.decided_on)
            for row in facts.felt.get(action.pk, [])
        ),
        proof="yes" if update and update.evidence_id else "",
        characteristics=tuple(sorted(groups.items(), key=lambda pair: pair[1])),
        carried_from=source.assessed_outcome.assessment.year_words if source else "",
        carried_to=year,
        carried_to_id=carried_to,
        position=action.position,
    )


@dataclass(frozen=True)
class Owned:
    """An action that somebody owns, with its last word."""

    action: ImprovementAction
    update: ProgressUpdate | None

    @property
    def status(self) -> Status:
        """Give what was said last."""
        return status_of(self.update)

    @property
    def state(self) -> str:
        """Give what is shown today: late where it is late."""
        return rules.state(self.status, self.action.due, today())

    @property
    def state_words(self) -> str:
        """Give that in words."""
        return rules.WORDS[self.state]

    @property
    def colour(self) -> str:
        """Give the colour of its tag."""
        return rules.COLOURS[self.state]

    @property
    def is_open(self) -> bool:
        """Say whether something is still to be done."""
        return rules.is_open(self.status)


def owned_by(access: Access) -> list[Owned]:
    """Give the actions that somebody owns and may see, late ones first, then by month (four queries at most).

    What was carried over stands once: in the newer plan.
    """
    if not isinstance(access.user, User):
        return []
    actions = list(_all_owned(access.user))
    access.remember({each.assessed_outcome.assessment for each in actions})
    actions = [each for each in actions if owner_may_see(access, each)]
    updates = latest_updates(actions)
    found = [Owned(each, updates.get(each.pk)) for each in actions]
    unknown = Month(2199, 12)
    return sorted(found, key=lambda each: (not each.is_open, each.action.due or unknown, each.action.pk))


@prepared
def _all_owned(user: User) -> QuerySet[ImprovementAction]:
    return _owned_actions(user)


def _owned_actions(user: User) -> QuerySet[ImprovementAction]:
    mine = ActionOwner.objects.filter(action=OuterRef("pk"), user=user, ended_on__isnull=True)
    newer = ImprovementAction.objects.filter(carried_from=OuterRef("pk"), removed=False)
    return standing_actions().filter(Exists(mine), ~Exists(newer))


def owns_something_open(user: User) -> bool:
    """Say whether somebody owns an action that is not ended, so that they may come in by a mailed link (R22)."""
    return any(is_open(status) for status in _last_statuses(user))


def is_open(status: str) -> bool:
    """Say whether a stored status ("" for none) is one of work to be done."""
    return rules.is_open(status or Status.NOT_STARTED)


def _last_statuses(user: User) -> list[str]:
    newest = ProgressUpdate.objects.filter(action=OuterRef("pk")).order_by("-seq")
    rows = _owned_actions(user).annotate(last=Subquery(newest.values("status")[:1]))
    return [last or "" for last in rows.values_list("last", flat=True)]


@dataclass(frozen=True)
class Said:
    """Something that was said of an action, in this plan or an earlier one."""

    update: ProgressUpdate
    year: str

    @property
    def words(self) -> str:
        """Give the status in words."""
        return str(Status(self.update.status).label)


def history_of(action: ImprovementAction) -> list[Said]:
    """Give all that was said of an action and of those that it was carried over from, newest first (two a year)."""
    found = []
    current: ImprovementAction | None = action
    while current is not None:
        year = current.assessed_outcome.assessment.year_words
        rows = ProgressUpdate.objects.filter(action=current).select_related("evidence", "actor").order_by("-seq")
        found += [Said(row, year) for row in rows]
        current = standing_actions().filter(pk=current.carried_from_id).first() if current.carried_from_id else None
    return found


def proofs_of(outcomes: Iterable[int]) -> dict[int, list[EvidenceItem]]:
    """Offer source: give by assessed outcome the evidence that its actions are done (one query)."""
    found: dict[int, list[EvidenceItem]] = defaultdict(list)
    for row in _proving(list(outcomes)):
        assert row.evidence is not None
        found[row.action.assessed_outcome_id].append(row.evidence)
    return found


@prepared
def _proving(outcomes: Sequence[int]) -> QuerySet[ProgressUpdate]:
    rows = ProgressUpdate.objects.filter(
        action__assessed_outcome__in=outcomes, action__removed=False, evidence__isnull=False
    )
    return rows.select_related("action", "evidence").order_by("pk")


def owned_to_do(access: Access) -> list[Owned]:
    """Give what somebody owns that is late, or due this month or next."""
    day = today()
    return [
        each
        for each in owned_by(access)
        if rules.is_late(each.status, each.action.due, day) or rules.is_to_remind(each.status, each.action.due, day)
    ]


def progress_over_time(plan: PlanShown) -> list[rules.MonthEnd]:
    """Count where the actions of a plan stood at each month's end, from the first word on any of them (one query).

    An action counts as not started until its first word. What was carried over counts in the newer plan.
    """
    shown = {line.action_id: line for line in plan.actions if not line.carried_to}
    said: dict[str, list[tuple[datetime.date, Status]]] = {key: [] for key in shown}
    rows = ProgressUpdate.objects.filter(action__public_id__in=shown).order_by("decided_on", "seq")
    for key, on, status in rows.values_list("action__public_id", "decided_on", "status"):
        said[key].append((on, Status(status)))
    days = [on for each in said.values() for on, _ in each]
    if not shown:
        return []
    courses = [rules.Course(line.due, said[key]) for key, line in shown.items()]
    first = Month.of(min(days)) if days else Month.of(plan.on)
    return rules.over_time(courses, first, plan.on)
