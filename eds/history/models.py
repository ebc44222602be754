"""Two bases: rows that are only ever added, and rows that are edited in place with a history.

What somebody decided is an `AppendOnly` row (R10); behaviour reads those. What is edited in place is `Tracked`; its
history is for people who ask what a text used to say, and no rule ever reads it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar, Self, TypeVar

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models.functions import Now
from django.utils import timezone
from simple_history.models import HistoricalRecords

from .errors import AppendOnlyError, Stale

Row = TypeVar("Row", bound=models.Model, covariant=True)


_deciding_on: ContextVar[datetime.date | None] = ContextVar("deciding_on", default=None)


def today() -> datetime.date:
    """Give today's date in the installation's time zone, or the day of `deciding_on`."""
    return _deciding_on.get() or timezone.localdate()


def today_by_the_database() -> datetime.date:
    """Give today's date in the installation's time zone by the database's clock, which all machines share. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT CURRENT_TIMESTAMP")
        moment = cursor.fetchone()[0]
    if isinstance(moment, str):  # SQLite has no type for a moment; it is UTC
        moment = datetime.datetime.fromisoformat(moment).replace(tzinfo=datetime.UTC)
    return timezone.localdate(moment)


NEWS_DAYS = 14


def is_news() -> bool:
    """Say whether what is decided now is news. What was decided on a day long past is only being entered (`deciding_on`)."""
    return today() >= timezone.localdate() - datetime.timedelta(days=NEWS_DAYS)


@contextmanager
def deciding_on(day: datetime.date) -> Iterator[None]:
    """Let what is decided inside be dated `day`, for decisions that are entered later than they were made.

    `recorded_at` stays the database's own time: a row always says when it really came. Raises ValueError for a day to come.
    """
    if day > timezone.localdate():
        raise ValueError(f"Nothing can have been decided on {day}: that day is yet to come.")
    token = _deciding_on.set(day)
    try:
        yield
    finally:
        _deciding_on.reset(token)


class AppendOnlyQuerySet(models.QuerySet[Row]):
    """A query set that refuses what the database's triggers would refuse anyway, in words for the programmer."""

    def _refuse(self, *args: Any, **kwargs: Any) -> Any:
        raise AppendOnlyError(f"{self.model.__name__} rows are only ever added.")

    update = delete = bulk_update = update_or_create = _refuse


class AppendOnly(models.Model):
    """A decision: who, when it was recorded, the day it was decided, and why.

    Subclasses name in `seq_within` the fields inside which `seq` counts from 1, and carry the unique constraint for it.
    UPDATE and DELETE are refused by triggers on both engines (`eds.history.triggers`).
    """

    append_only: ClassVar[bool] = True
    seq_within: ClassVar[tuple[str, ...]] = ()

    seq = models.PositiveIntegerField(editable=False)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    decided_on = models.DateField(default=today)
    reason = models.TextField(blank=True)

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row. Raises AppendOnlyError where it is in the database already."""
        if self.pk is not None or not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} rows are only ever added.")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Always raises AppendOnlyError."""
        raise AppendOnlyError(f"{type(self).__name__} rows are never deleted.")

    @classmethod
    def append(cls, *, actor: Any, reason: str = "", decided_on: datetime.date | None = None, **values: Any) -> Self:
        """Add a row with the next number inside `seq_within`.

        The caller is in a transaction and has locked the parent; a race that slips through meets the unique constraint.
        """
        scope = {name: values[name] for name in cls.seq_within}
        last = cls._default_manager.filter(**scope).aggregate(last=models.Max("seq"))["last"] or 0
        row = cls(seq=last + 1, actor=actor, reason=reason, decided_on=decided_on or today(), **values)
        row.save()
        return row


def seq_constraint(name: str, *fields: str) -> models.UniqueConstraint:
    """Give the unique constraint that numbers rows inside `fields`."""
    return models.UniqueConstraint(fields=[*fields, "seq"], name=f"{name}_seq_unique")


class TrackedQuerySet(models.QuerySet[Row]):
    """A query set without the bulk changes that would leave no history."""

    def _refuse(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError(f"{self.model.__name__} keeps a history: change one object at a time with record().")

    update = bulk_update = bulk_create = update_or_create = get_or_create = _refuse


class Tracked(models.Model):
    """Something edited in place: every change has an actor and a reason, and `version` counts the changes."""

    version = models.PositiveIntegerField(default=0, editable=False)
    history = HistoricalRecords(inherit=True, history_change_reason_field=models.TextField(null=True))
    objects = TrackedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save from inside record() only: a change without actor and reason would be lost to its history."""
        if not getattr(self, "_recording", False):
            raise TypeError(f"Use {type(self).__name__}.record(actor=…, reason=…).")
        super().save(*args, **kwargs)

    def record(self, *, actor: Any, reason: str, expected_version: int | None = None) -> Self:
        """Save with a history row that names the actor and the reason.

        `expected_version` is the version the person's form was opened with. Raises Stale where the row has moved on.
        """
        with transaction.atomic():
            if self.pk is not None:
                stored = type(self)._default_manager.select_for_update().only("version").get(pk=self.pk).version
                if expected_version is not None and stored != expected_version:
                    raise Stale("Somebody else changed this since you opened it.")
                self.version = stored
            self.version += 1
            self._history_user = actor
            self._change_reason = reason
            self._recording = True
            try:
                self.save()
            finally:
                self._recording = False
        return self
