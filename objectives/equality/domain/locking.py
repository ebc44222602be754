"""What every verb does first: lock the objective, and ask whether the step may follow."""

from __future__ import annotations

from typing import Any

from eds.history.errors import DomainError
from eds.history.models import today
from eds.people.models import User
from eds.ui.text import uk_date
from objectives.equality.models import EqualityObjective, ObjectiveDecision
from objectives.equality.queries import Known, objectives
from objectives.equality.rules import Step


def lock(objective: EqualityObjective, step: Step) -> Known:
    """Lock an objective for a step, in the caller's transaction, and give what is known of it.

    Raises DomainError where the step may not follow now.
    """
    EqualityObjective.objects.select_for_update(of=("self",)).only("pk").get(pk=objective.pk)
    found = Known(objectives().get(pk=objective.pk))
    if sentence := found.why_not(step):
        raise DomainError(sentence)
    return found


def append(found: Known, kind: str, *, actor: User, reason: str, **values: Any) -> ObjectiveDecision:
    """Add a decision. Raises DomainError where it would be dated before the last one."""
    if found.decisions and found.decisions[-1].decided_on > today():
        last = uk_date(found.decisions[-1].decided_on)
        raise DomainError(f"What was decided before is dated {last}. This cannot be earlier.")
    return ObjectiveDecision.append(actor=actor, reason=reason, objective=found.objective, kind=kind, **values)


def reasoned(reason: str, sentence: str, field: str = "reason") -> str:
    """Give the reason without space around it. Raises DomainError with the sentence where there is none."""
    if not reason.strip():
        raise DomainError(sentence, field=field)
    return reason.strip()
