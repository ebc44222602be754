"""Builds what is published of an organisation's objectives from the records, and names its small numbers."""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from eds.people.models import Organisation
from evidence.figures.shown import small_numbers
from objectives.equality.domain import counts_people
from objectives.equality.queries import Known, of_organisations
from objectives.equality.rules import SETTLED
from objectives.months import Month

from .schema import (
    SCHEMA_VERSION,
    TEMPLATES_VERSION,
    AnsweredCheck,
    CommentSaid,
    CommitmentSaid,
    Decided,
    ObjectiveSaid,
    ObjectivesContent,
    OutcomeNamed,
    Publisher,
)


@dataclass(frozen=True)
class SmallNumber:
    """A number of so few people that somebody might be recognised (R15)."""

    measure: str
    where: str
    value: str


def build(organisation: Organisation) -> dict[str, Any]:
    """Give what would be published now: what the board adopted, closed or did not adopt, the newest first."""
    settled = [each for each in of_organisations([organisation]) if each.stage in SETTLED]
    settled.sort(key=lambda each: (-each.objective.starts.number, each.objective.position))
    return asdict(
        ObjectivesContent(
            schema_version=SCHEMA_VERSION,
            templates_version=TEMPLATES_VERSION,
            organisation=Publisher(
                name=organisation.name,
                slug=organisation.slug,
                contact_post=organisation.contact_post,
                contact_phone=organisation.contact_phone,
                contact_email=organisation.contact_email,
            ),
            objectives=[_said(each) for each in settled],
        )
    )


def _said(found: Known) -> ObjectiveSaid:
    row = found.objective
    return ObjectiveSaid(
        key=row.public_id,
        headline=row.headline,
        stage=found.stage.value,
        stage_words=found.stage.words,
        stage_colour=found.stage.colour,
        theme=row.get_theme_display(),
        why=row.why,
        limbs=row.limbs,
        groups=[each.name for each in row.characteristics.all()],
        starts=str(row.starts),
        ends=str(row.ends),
        expected=_month(row.expected),
        lead_role=row.lead_role,
        outcomes=[
            OutcomeNamed(each.outcome.goal.revision.framework.short_name, each.outcome.code, each.outcome.text)
            for each in row.answers.all()
        ],
        commitments=[CommitmentSaid(each.text, _month(each.expected)) for each in found.commitments],
        measures=[each.shown for each in found.measures],
        comments=[
            CommentSaid(
                each.row.of, each.row.decided_on.isoformat(), each.row.reason, each.answer, _day(each.answered_on)
            )
            for each in found.comments
        ],
        history=[
            Decided(
                on=each.decided_on.isoformat(),
                kind=each.kind,
                words=str(each.get_kind_display()),
                comments_until=_day(each.comments_until),
                paper=each.paper,
                result=each.get_result_display(),
                reason=each.reason,
            )
            for each in found.decisions
        ],
        answered=[AnsweredCheck(each.sentence, words) for each, words in found.answered],
        follows=row.followed_from.headline if row.followed_from else "",
    )


def _month(month: Month | None) -> str:
    return str(month) if month else ""


def _day(day: datetime.date | None) -> str:
    return day.isoformat() if day else ""


def small_numbers_in(content: dict[str, Any]) -> list[SmallNumber]:
    """Name the numbers of people in a content that are small: values, starts and targets (R15)."""
    setting = small_numbers()
    found = []
    for objective in content["objectives"]:
        for measure in objective["measures"]:
            if not counts_people(measure["unit"]):
                continue
            numbers = [(str(row["year"]), row["number"]) for row in measure["rows"]]
            numbers += [("target", measure["target"])] if measure["target"] else []
            for where, number in numbers:
                if _is_small(Decimal(number), setting.threshold(measure["source"], ""), setting.hide_zeros):
                    found.append(SmallNumber(measure["name"], where, number))
    return found


def _is_small(number: Decimal, threshold: int, zeros: bool) -> bool:
    return (number == 0 and zeros) or 0 < number < threshold
