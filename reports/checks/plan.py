"""Checks that need the plan: low grades without an action, and actions without owner or date."""

from __future__ import annotations

from collections.abc import Iterator

from objectives.plan.promises import month_named
from objectives.plan.table import NO_MONTH, NO_OWNER
from reports.payload import schema

from .registry import Finding, Kind, check
from .subject import Subject, Text

_LOW = 2


def _key(line: schema.PlannedAction) -> tuple[str, str]:
    return line.code, line.service


@check(
    "low.action",
    Kind.ASK,
    "A low grade without an action in the plan",
    "Add an action under the outcome, or say why there is none.",
)
def low_action(subject: Subject) -> Iterator[Finding]:
    """The two lowest grades are answered by an action, of the service or of all services."""
    low = {grade.code for grade in subject.content.grades[:_LOW]}
    planned = {_key(line) for line in subject.content.plan if line.action}
    for _, outcome in subject.outcomes:
        grade = subject.printed_grade(outcome)
        if grade and grade.code in low and not {(outcome.code, outcome.service), (outcome.code, "")} & planned:
            label = f"{outcome.code} {outcome.service}".strip()
            says = f"It is {grade.name}, and the plan has no action for it."
            yield Finding(label, f"Outcome {label}, plan", subject.plan_url, says, f"{label} {grade.code}")


@check(
    "action.incomplete",
    Kind.ASK,
    "An action without owner or date",
    "Name an owner and a month in the plan, or say why they are not known yet.",
)
def action_incomplete(subject: Subject) -> Iterator[Finding]:
    """Each action says who does it and until when."""
    for line in subject.content.plan:
        if not line.action:
            continue
        missing = [
            words for words, lacks in (("owner", line.owner == NO_OWNER), ("date", line.due == NO_MONTH)) if lacks
        ]
        if missing:
            label = f"{line.code} {line.service}".strip()
            says = f"“{line.action}” has no {' and no '.join(missing)}."
            yield Finding(f"{label}\n{line.action}", f"Outcome {label}, plan", subject.plan_url, says, says)


def is_planned(subject: Subject, text: Text, promise: str) -> bool:
    """Say whether the plan has an action for a promise: one with its words, or under its outcome one due in its month."""
    month = month_named(promise)
    due = month.last_day.isoformat() if month else ""
    for line in subject.content.plan:
        label = f"{line.code} {line.service}".strip()
        here = text.of_details or text.about.startswith(f"{label} ")
        if line.action and here and (promise in line.action or (due and line.due_on == due)):
            return True
    return False
