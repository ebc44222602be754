"""Months, which plans and objectives are dated by: the value, its column, and its field in a form."""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from eds.ui.text import MONTHS


@dataclass(frozen=True, order=True)
class Month:
    """A month of a year. Raises ValueError for a month that no calendar has."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not 1 <= self.month <= 12 or not 1900 <= self.year <= 2199:
            raise ValueError(f"There is no month {self.month} of {self.year}.")

    @classmethod
    def of(cls, day: datetime.date) -> Month:
        """Give the month of a day."""
        return cls(day.year, day.month)

    @classmethod
    def numbered(cls, number: int) -> Month:
        """Give the month with this number, counted from year 0 (the inverse of `number`)."""
        return cls(number // 12, number % 12 + 1)

    @property
    def number(self) -> int:
        """Months counted from year 0, so that they can be compared and subtracted."""
        return self.year * 12 + self.month - 1

    @property
    def first_day(self) -> datetime.date:
        """Give its first day."""
        return datetime.date(self.year, self.month, 1)

    @property
    def last_day(self) -> datetime.date:
        """Give its last day: what is due in a month is late when this day has passed."""
        return datetime.date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    def later(self, months: int) -> Month:
        """Give the month so many months later, or earlier where the number is negative."""
        return Month.numbered(self.number + months)

    def __str__(self) -> str:
        return f"{MONTHS[self.month - 1]} {self.year}"


def read_month(words: str) -> Month | None:
    """Read "January 2025", "Jan-25", "01/2025", "2025-01" or "31 January 2025"; None where it is no month."""
    text = " ".join(words.split())
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})", text):
        return _month(int(found[1]), int(found[2]))
    if found := re.fullmatch(r"(?:\d{1,2} ?[/.-] ?)?(\d{1,2}) ?[/.-] ?(\d{4})", text):
        return _month(int(found[2]), int(found[1]))
    spelt = re.fullmatch(
        r"(?:\d{1,2}(?:st|nd|rd|th)? (?:of )?)?([a-z]{3,9})\.?,?[ '’-]{0,2}(\d{4}|\d{2})", text, re.IGNORECASE
    )
    if not spelt:
        return None
    name, year = spelt[1].lower(), int(spelt[2])
    for number, month in enumerate(MONTHS, start=1):
        if month.lower().startswith(name) or (name == "sept" and number == 9):
            return _month(year if year > 99 else 2000 + year, number)
    return None


def _month(year: int, month: int) -> Month | None:
    try:
        return Month(year, month)
    except ValueError:
        return None


class MonthField(models.Field):
    """A column that holds a Month, as months counted from year 0."""

    def get_internal_type(self) -> str:
        """It is stored as a number that is never negative."""
        return "PositiveIntegerField"

    def from_db_value(self, value: int | None, expression: Any, connection: Any) -> Month | None:
        """Give the column's number as a Month."""
        return None if value is None else Month.numbered(value)

    def to_python(self, value: Any) -> Any:
        """Take a Month, or its number."""
        return Month.numbered(int(value)) if isinstance(value, int | str) and value != "" else value

    def get_prep_value(self, value: Any) -> Any:
        """Give the number that is stored."""
        return value.number if isinstance(value, Month) else super().get_prep_value(value)

    def formfield(self, **kwargs: Any) -> Any:
        """Give the field of a form."""
        return MonthInput(required=not self.blank, label=self.verbose_name, help_text=self.help_text)


class MonthInput(forms.CharField):
    """A month in one text box: "January 2025", "Jan-25" or "01/2025". What was typed is shown again."""

    default_error_messages = {"invalid": "Enter a month and a year, such as January 2027"}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", "For example, January 2027")
        kwargs.setdefault("widget", forms.TextInput(attrs={"class": "nhsuk-input--width-20", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Show a month in words; text as it was typed."""
        return str(value) if isinstance(value, Month) else value

    def clean(self, value: Any) -> Any:
        """Give the Month, or None where nothing was typed. Raises ValidationError for other text."""
        text = super().clean(value)
        if not text:
            return None
        month = read_month(text)
        if month is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return month
