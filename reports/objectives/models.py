"""Published versions of an organisation's equality objectives, their files, and what was closed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from eds.files.models import StoredFile
from eds.history.models import AppendOnly, seq_constraint
from eds.people.models import Organisation
from eds.ui.ids import public_id_field


class ObjectivesVersion(AppendOnly):
    """A version of an organisation's objectives. `content` is canonical JSON; `seq` stands in the address."""

    seq_within = ("organisation",)

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="objectives_versions")
    content = models.TextField()
    content_hash = models.CharField(max_length=64)
    envelope = models.JSONField()

    class Meta:
        constraints = [
            seq_constraint("objectivesversion", "organisation"),
            models.CheckConstraint(condition=~Q(reason=""), name="objectives_version_has_a_reason"),
        ]


class ObjectivesClosure(AppendOnly):
    """A version that disclosed what it must not: closed, with the reason that its page gives (R20)."""

    seq_within = ("version",)

    version = models.OneToOneField(ObjectivesVersion, on_delete=models.PROTECT, related_name="closure")

    class Meta:
        constraints = [
            seq_constraint("objectivesclosure", "version"),
            models.CheckConstraint(condition=~Q(reason=""), name="objectives_closure_has_a_reason"),
        ]


class ObjectivesRendition(models.Model):
    """One format of a version, made by a worker from its content alone."""

    append_only = True

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"

    version = models.ForeignKey(ObjectivesVersion, on_delete=models.PROTECT, related_name="renditions")
    format = models.CharField(max_length=20, choices=Format.choices)
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "format"], name="objectives_rendition_once_a_format")]
