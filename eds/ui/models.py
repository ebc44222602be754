"""What somebody typed and has not sent: for its author alone, mutable, without history."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class UnsavedText(models.Model):
    """What one person typed in one form and has not sent yet.

    A *draft* was kept by the person or by the page itself; a text typed when the log-in *ran out* is kept for one
    browser too, by the hash of a random cookie. `place` is the form's address. Nobody but its author is ever shown it:
    it stands in no export, no history and no log, and goes when the form is sent or when it is too old.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=300)
    browser = models.CharField(max_length=64, blank=True)
    fields = models.JSONField(default=dict)
    left_out_files = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "place", "browser"], name="one_unsaved_text_a_form"),
            models.CheckConstraint(condition=~Q(place=""), name="unsaved_text_has_a_place"),
        ]
        indexes = [models.Index(fields=["saved_at"], name="unsaved_text_by_age")]
