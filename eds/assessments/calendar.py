"""The dates of a year, counted back from the day of publication: plain values in, plain values out."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from eds.ui.text import uk_date

DAYS_TO_PUBLISH = 14
DAYS_TO_SIGN_OFF = 28
DAYS_TO_AGREE = 21
DAYS_TO_READ = 14
"""Panels get the evidence two weeks before they grade."""
_SATURDAY = 5
_HOLIDAYS = {(12, 25), (12, 26), (1, 1)}


@dataclass(frozen=True)
class Dates:
    """The dates of a round and of what follows it, in their order. Any may be unknown."""

    pack_by: datetime.date | None = None
    review_by: datetime.date | None = None
    agree_by: datetime.date | None = None
    sign_off_by: datetime.date | None = None
    publish_by: datetime.date | None = None


_WORDS = {
    "pack_by": "The evidence must be ready",
    "review_by": "Reviews must be in",
    "agree_by": "Grades must be agreed",
    "sign_off_by": "The report must be signed off",
    "publish_by": "The report must be published",
}


def working_day(day: datetime.date) -> datetime.date:
    """Give the day itself, or the last before it that is neither at a weekend nor Christmas, Boxing or New Year's Day."""
    while day.weekday() >= _SATURDAY or (day.month, day.day) in _HOLIDAYS:
        day -= datetime.timedelta(days=1)
    return day


def count_back(publish_by: datetime.date) -> Dates:
    """Suggest dates before a day of publication: two weeks to publish, four to sign off, three to agree, two to read.

    The day of publication stays as it is; the others fall on working days.
    """
    sign_off_by = _before(publish_by, DAYS_TO_PUBLISH)
    agree_by = _before(sign_off_by, DAYS_TO_SIGN_OFF)
    review_by = _before(agree_by, DAYS_TO_AGREE)
    return Dates(_before(review_by, DAYS_TO_READ), review_by, agree_by, sign_off_by, publish_by)


def _before(day: datetime.date, days: int) -> datetime.date:
    return working_day(day - datetime.timedelta(days=days))


def default_publish_by(year: int, month: int | None, day: int | None) -> datetime.date | None:
    """Give the edition's day of publication for an assessment that starts in `year`: in the year after, or None."""
    return None if month is None or day is None else datetime.date(year + 1, month, day)


def out_of_order(dates: Dates) -> dict[str, str]:
    """Say by name which dates come before an earlier step, each in a sentence; nothing where all are in order."""
    found: dict[str, str] = {}
    known = [(name, getattr(dates, name)) for name in _WORDS if getattr(dates, name) is not None]
    for number, (name, day) in enumerate(known):
        earlier = [(other, then) for other, then in known[:number] if then > day]
        if earlier:
            other, then = earlier[-1]
            found[name] = (
                f"{_WORDS[name]} by {uk_date(day)}. That is before {uk_date(then)}, when "
                f"{_WORDS[other][0].lower()}{_WORDS[other][1:]}."
            )
    return found
