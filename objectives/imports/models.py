"""A plan's file that somebody is bringing in: read and asked about, not written yet."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from eds.assessments.models import Assessment
from eds.ui.ids import public_id_field


class PlanImport(models.Model):
    """What was read in a file and what was answered; a draft until it is confirmed, and a record afterwards.

    The file itself is not kept. Its pictures are, until the import is confirmed or thrown away.
    """

    public_id = public_id_field()
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="plan_imports")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    rows = models.JSONField()
    pictures = models.JSONField(default=list)
    answers = models.JSONField(default=dict)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(pictures=[]), name="plan_import_keeps_no_pictures"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name
