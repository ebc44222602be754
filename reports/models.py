"""Sign-offs, publications and their formats. All of it is append-only: a published version never changes (R20)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from eds.assessments.models import Assessment
from eds.files.models import StoredFile
from eds.history.models import AppendOnly, seq_constraint
from eds.ui.ids import public_id_field


class SignOff(AppendOnly):
    """The board sponsor's decision on a report, bound to the hash of the very content that was read."""

    class Decision(models.TextChoices):
        SIGNED = "signed", "Signed off"
        REFUSED = "refused", "Not signed off"

    seq_within = ("assessment",)

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="sign_offs")
    decision = models.CharField(max_length=20, choices=Decision.choices)
    content_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            seq_constraint("signoff", "assessment"),
            models.CheckConstraint(condition=Q(decision="signed") | ~Q(reason=""), name="refusal_has_a_reason"),
        ]


class Publication(AppendOnly):
    """A version of a report. `content` is canonical JSON, its hash the signed one; `envelope` is what surrounds it.

    `seq` is the version number that stands in the address.
    """

    seq_within = ("assessment",)

    public_id = public_id_field()
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="publications")
    sign_off = models.ForeignKey(SignOff, on_delete=models.PROTECT, related_name="+")
    content = models.TextField()
    content_hash = models.CharField(max_length=64)
    envelope = models.JSONField()

    class Meta:
        constraints = [
            seq_constraint("publication", "assessment"),
            models.CheckConstraint(condition=Q(seq=1) | ~Q(reason=""), name="correction_has_a_reason"),
        ]


class Rendition(models.Model):
    """One format of a publication, made by a worker from the payload alone."""

    append_only = True

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"

    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="renditions")
    format = models.CharField(max_length=20, choices=Format.choices)
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["publication", "format"], name="rendition_once_a_format")]
