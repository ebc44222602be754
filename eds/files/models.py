"""Files that are written once."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from eds.ui.ids import public_id_field

from .errors import WriteOnce


class StoredFile(models.Model):
    """A file's bytes, for good: its hash, size and place in the storage. `eds.files.domain.store` makes it.

    Who may read it is decided by the row that points here, never by this one.
    """

    append_only: ClassVar[bool] = True  # eds.history.triggers refuses UPDATE and DELETE in the database

    public_id = public_id_field()
    sha256 = models.CharField(max_length=64, editable=False)
    size = models.PositiveBigIntegerField(editable=False)
    content_type = models.CharField(max_length=100, editable=False)
    stored_name = models.CharField(max_length=200, unique=True, editable=False)
    kind = models.SlugField(max_length=30, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(stored_name="") & ~Q(content_type=""), name="file_has_name_and_type"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row. Raises WriteOnce where it is in the database already."""
        if self.pk is not None or not self._state.adding:
            raise WriteOnce("A stored file is never changed: store a new one.")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Always raises WriteOnce."""
        raise WriteOnce("A stored file is never deleted.")


class Destroyed(models.Model):
    """Bytes that were taken away for good, and why. Whoever decided it, and when, is kept by the row that decided."""

    append_only: ClassVar[bool] = True

    stored = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="destroyed")
    why = models.CharField(max_length=200)
    destroyed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name_plural = "destroyed"
        constraints = [models.CheckConstraint(condition=~Q(why=""), name="file_is_destroyed_for_a_reason")]

    def __str__(self) -> str:
        return f"{self.stored}: {self.why}"
