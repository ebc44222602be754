"""Measures of an objective and their yearly values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from eds.history.errors import DomainError
from eds.history.models import today
from eds.people.models import User
from objectives.equality.models import Direction, EqualityObjective, Measure, MeasureValue
from objectives.equality.rules import Step

from .locking import lock, reasoned
from .writing import why_changed

FIRST_YEAR = 1990
_PEOPLE = frozenset(
    [
        "people",
        "persons",
        "person",
        "staff",
        "employees",
        "patients",
        "members",
        "women",
        "men",
        "carers",
        "colleagues",
        "headcount",
        "users",
    ]
)


@dataclass(frozen=True)
class MeasureText:
    """What a measure says: its name and unit, where it is read, where it starts and where it is to go."""

    name: str
    unit: str
    source: str = ""
    baseline: Decimal | None = None
    baseline_year: int | None = None
    target: Decimal | None = None
    direction: str = ""


def counts_people(unit: str) -> bool:
    """Say whether a unit counts people, so that a small number could point to somebody (R15)."""
    return bool(_PEOPLE & set(unit.casefold().replace(",", " ").split()))


def keep_measure(
    *,
    actor: User,
    objective: EqualityObjective,
    text: MeasureText,
    measure: Measure | None = None,
    reason: str = "",
    expected_version: int | None = None,
) -> Measure:
    """Add a measure, or change one until the objective is adopted; after that others can still be added.

    Raises DomainError for a measure without name, unit, or target and direction, for values that cannot be, and for a
    change of what the board adopted.
    """
    _check(text)
    with transaction.atomic():
        found = lock(objective, Step.KEEP if measure is None else Step.WRITE)
        why = why_changed(found, reason)
        if measure is None:
            last = found.objective.measures.aggregate(last=Max("position"))["last"] or 0
            row = Measure(objective=found.objective, position=last + 1)
        else:
            row = Measure.objects.get(pk=measure.pk, objective=found.objective, removed=False)
        for name in MeasureText.__dataclass_fields__:
            value = getattr(text, name)
            setattr(row, name, value.strip() if isinstance(value, str) else value)
        return row.record(actor=actor, reason=why, expected_version=expected_version)


def _check(text: MeasureText) -> None:
    if not text.name.strip():
        raise DomainError("Enter what is measured.", field="name")
    if not text.unit.strip():
        raise DomainError("Enter the unit, such as %, people or days.", field="unit")
    if text.target is None and text.direction not in Direction.values:
        raise DomainError(
            "Enter a target, or choose whether the number is to be higher or lower each year.", field="target"
        )
    for field in ("baseline", "target"):
        value = getattr(text, field)
        if value is not None:
            _check_value(text.unit, value, field)
    if text.baseline_year is not None:
        _check_year(text.baseline_year, "baseline_year")


def _check_value(unit: str, value: Decimal, field: str) -> None:
    if unit.strip().casefold() in {"%", "per cent", "percent"} and not 0 <= value <= 100:
        raise DomainError("Per cent must be from 0 to 100.", field=field)
    if counts_people(unit) and (value < 0 or value != value.to_integral_value()):
        raise DomainError("A number of people must be whole, and not less than 0.", field=field)


def _check_year(year: int, field: str) -> None:
    if not FIRST_YEAR <= year <= today().year:
        raise DomainError(f"Enter a year from {FIRST_YEAR} to this year.", field=field)


def remove_measure(*, actor: User, measure: Measure, reason: str = "") -> Measure:
    """Take a measure out, until the objective is adopted. Raises DomainError after that."""
    with transaction.atomic():
        found = lock(measure.objective, Step.WRITE)
        row = Measure.objects.get(pk=measure.pk)
        row.removed = True
        return row.record(actor=actor, reason=why_changed(found, reason))


def record_value(*, actor: User, measure: Measure, year: int, value: Decimal, reason: str = "") -> MeasureValue:
    """Enter what a measure was in a year, or correct it with a reason; what stood there is kept.

    Raises DomainError for a year to come, a value that cannot be, a correction without a reason, or where nothing changes.
    """
    _check_year(year, "year")
    with transaction.atomic():
        found = lock(measure.objective, Step.RECORD_VALUE)
        row = Measure.objects.get(pk=measure.pk, objective=found.objective, removed=False)
        _check_value(row.unit, value, "value")
        last = row.values.filter(year=year).order_by("-seq").first()
        if last is not None:
            if last.value == value:
                raise DomainError(f"That is the value of {year} already.", field="value")
            reasoned(reason, f"There is a value for {year}. Say why it is corrected.")
        return MeasureValue.append(actor=actor, reason=reason.strip(), measure=row, year=year, value=value)
