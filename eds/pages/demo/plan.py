"""The demo's plans: what is written into them, how it goes, what panels felt, and what a new year carries over."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.utils import timezone

from eds.assessments.models import AssessedOutcome, Assessment, Panel
from eds.history.models import deciding_on
from eds.people.models import User
from objectives.libraries.domain import answer_items
from objectives.months import Month, read_month
from objectives.plan import domain
from objectives.plan.models import ImprovementAction

from .years import day

Outcomes = Mapping[tuple[str, str], AssessedOutcome]


@contextmanager
def _on(when: datetime.date | int) -> Iterator[None]:
    with deciding_on(min(day(when), timezone.localdate())):
        yield


def month(value: str | int) -> Month:
    """Give the month that a file means: in words, or so many months from the one in which the demo is loaded."""
    if isinstance(value, int):
        return Month.of(timezone.localdate()).later(value)
    found = read_month(value)
    if found is None:
        raise ValueError(f"No month: {value}")
    return found


def write_plan(
    data: Mapping[str, Any], people: Mapping[str, User], outcomes: Outcomes, groups: Mapping[str, str]
) -> dict[str, ImprovementAction]:
    """Write the objectives and actions of a year's file; gives the actions by their keys."""
    lead = people["lead"]
    actions: dict[str, ImprovementAction] = {}
    with _on(data["written"]):
        objectives = {
            each["key"]: domain.add_objective(
                actor=lead, assessed_outcome=outcomes[each["code"], each.get("service", "")], text=each["text"]
            )
            for each in data.get("objectives", [])
        }
        for each in data.get("actions", []):
            actions[each["key"]] = domain.add_action(
                actor=lead,
                assessed_outcome=outcomes[each["code"], each.get("service", "")],
                content=domain.ActionText(
                    text=each["text"],
                    measure=each.get("measure", ""),
                    due=month(each["due"]) if "due" in each else None,
                    due_words=each.get("due_words", ""),
                    objective=objectives.get(each.get("objective", "")),
                    characteristics=[(code, groups[code]) for code in each.get("about", [])],
                ),
                owners=[
                    domain.OwnerText(kind, name, people[who[0]] if who else None)
                    for kind, name, *who in each.get("owners", [])
                ],
            )
            answer_items(actor=lead, subject=actions[each["key"]], keys=each.get("answers", []))
    return actions


def carry_plan(data: Mapping[str, Any], people: Mapping[str, User], assessment: Assessment) -> None:
    """Carry over what last year left unfinished, where its outcome is found again, and say how that goes since."""
    with _on(data["carried_on"]):
        found = [each for each in domain.offers(assessment) if each.outcome is not None]
        carried = domain.carry_over(
            actor=people["lead"],
            assessment=assessment,
            chosen=[(each.action, each.outcome) for each in found if each.outcome is not None],
        )
    for each in data.get("carried", []):
        action = next(row for row in carried if row.text.startswith(each["starts"]))
        follow_plan({"actions": [{**each, "key": "it"}]}, people, {"it": action}, {})


def follow_plan(
    data: Mapping[str, Any],
    people: Mapping[str, User],
    actions: Mapping[str, ImprovementAction],
    panels: Mapping[str, tuple[Panel, User]],
) -> None:
    """Say how the actions of a year's file go, and whether panels felt them."""
    for each in data.get("actions", []):
        action = actions[each["key"]]
        for when, status, who, words in each.get("said", []):
            with _on(when):
                domain.say_progress(actor=people[who], action=action, status=status, words=words)
        for when, key, answer, words in each.get("felt", []):
            panel, chair = panels[key]
            with _on(when):
                domain.say_felt(actor=chair, action=action, panel=panel, answer=answer, words=words)
