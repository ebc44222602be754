"""What of last year's plan goes on in a new year (R19): copied with its owners and its status, its history kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from eds.assessments.models import AssessedOutcome, Assessment
from eds.history.errors import DomainError
from eds.people.models import User
from objectives.plan import queries, rules
from objectives.plan.models import ImprovementAction, PlanObjective, ProgressUpdate, Source
from objectives.plan.years import followed_by, plan_before

from .keeping import ActionText, OwnerText, add_action, add_objective

CARRIED = "Carried over"


@dataclass(frozen=True)
class Offer:
    """An unfinished action of last year, its last word, and the outcome of this year that it belongs to, if one does."""

    action: ImprovementAction
    update: ProgressUpdate | None
    outcome: AssessedOutcome | None
    edition: str = ""
    """The edition's name, where last year's was another one."""

    @property
    def place(self) -> str:
        """Give the outcome of last year that it stands under."""
        return f"{self.edition} {self.action.assessed_outcome}".strip()


def offers(assessment: Assessment) -> list[Offer]:
    """Give last year's actions that are neither done, stopped nor carried over already (a fixed number of queries)."""
    before = plan_before(assessment)
    if before is None:
        return []
    rows = list(
        queries.standing_actions()
        .filter(assessed_outcome__assessment=before)
        .order_by(
            "assessed_outcome__outcome__goal__position",
            "assessed_outcome__outcome__position",
            "assessed_outcome__service__position",
            "position",
            "pk",
        )
    )
    carried = set(
        ImprovementAction.objects.filter(carried_from__in=rows, removed=False).values_list("carried_from", flat=True)
    )
    updates = queries.latest_updates(rows)
    edition = "" if before.framework_id == assessment.framework_id else before.framework.short_name
    follows = followed_by([row.assessed_outcome for row in rows], queries.outcomes_of(assessment))
    found = []
    for row in rows:
        if row.pk in carried or not rules.is_open(queries.status_of(updates.get(row.pk))):
            continue
        found.append(Offer(row, updates.get(row.pk), follows.get(row.assessed_outcome_id), edition))
    return found


def carry_over(
    *, actor: User, assessment: Assessment, chosen: Sequence[tuple[ImprovementAction, AssessedOutcome]]
) -> list[ImprovementAction]:
    """Carry unfinished actions into a year's plan, all or none: each with objective, owners, month and last status.

    Raises DomainError for what is not offered, or for an outcome of another assessment.
    """
    with transaction.atomic():
        Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
        offered = {each.action.pk: each for each in offers(assessment)}
        made = []
        for action, outcome in chosen:
            if action.pk not in offered:
                raise DomainError("Only what last year left unfinished can be carried over, and only once.")
            if outcome.assessment_id != assessment.pk:
                raise DomainError("This outcome is of another year.")
            made.append(_carry(actor, offered[action.pk], outcome))
    return made


def _carry(actor: User, offer: Offer, outcome: AssessedOutcome) -> ImprovementAction:
    old = offer.action
    year = old.assessed_outcome.assessment.year_words
    reason = f"{CARRIED} from {year}"
    taken_out = ImprovementAction.objects.filter(carried_from=old).first()
    if taken_out is not None:
        taken_out.removed = False
        new = taken_out.record(actor=actor, reason=reason)
    else:
        new = add_action(
            actor=actor,
            assessed_outcome=outcome,
            content=ActionText(
                text=old.text,
                measure=old.measure,
                due=old.due,
                due_words=old.due_words,
                all_services=old.all_services and outcome.service is not None,
                objective=_objective(actor, old.plan_objective, outcome, reason),
                characteristics=[(row.code, row.name) for row in old.characteristics.all()],
            ),
            owners=[
                OwnerText(owner.kind, owner.name, owner.user)
                for owner in old.owners.filter(ended_on__isnull=True).select_related("user").order_by("pk")
            ],
            source=Source.CARRIED,
            carried_from=old,
            reason=reason,
        )
    if offer.update is not None:
        ProgressUpdate.append(
            actor=actor, action=new, status=offer.update.status, reason=f"{reason}. {offer.update.reason}".strip()
        )
    return new


def _objective(actor: User, old: PlanObjective | None, outcome: AssessedOutcome, reason: str) -> PlanObjective | None:
    if old is None or old.removed:
        return None
    there = PlanObjective.objects.filter(assessed_outcome=outcome, text=old.text, removed=False).first()
    return there or add_objective(
        actor=actor,
        assessed_outcome=outcome,
        text=old.text,
        all_services=old.all_services and outcome.service is not None,
        serves=old.serves,
        reason=reason,
    )
