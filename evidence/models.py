"""Evidence: items with versions and files, citations under outcomes, and the summary of an outcome's evidence."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from eds.assessments.models import AssessedOutcome
from eds.files.models import StoredFile
from eds.history.models import AppendOnly, Tracked, seq_constraint
from eds.people.models import Organisation
from eds.ui import richtext
from eds.ui.ids import public_id_field

from .figures.models import Comparison, Figure, FigureRow, RateKind, Unit
from .findings.models import Fares, Finding, OutcomeFinding
from .last_year.models import OfferDecision
from .privacy.models import StoryMark, TextAnswer

__all__ = [
    "SUMMARY_WORDS",
    "Comparison",
    "EvidenceFile",
    "EvidenceItem",
    "EvidenceLink",
    "EvidenceVersion",
    "Fares",
    "Figure",
    "FigureRow",
    "Finding",
    "OfferDecision",
    "OutcomeFinding",
    "RateKind",
    "Sharing",
    "StoryMark",
    "Summary",
    "TextAnswer",
    "Unit",
]

SUMMARY_WORDS = 150


class Format(models.TextChoices):
    """How a text is kept. Plain texts are those from before there was rich text; they are shown as they were."""

    PLAIN = "plain", "Plain text"
    HTML = "html", "Rich text"


class Sharing(models.TextChoices):
    """How far an item travels (R13)."""

    ORGANISATION = "organisation", "Inside the organisation only"
    PANELS = "panels", "Review panels as well"
    PUBLIC = "public", "Everybody: it may stand in the published report"


class HasRichText(models.Model):
    """What a text with a format can be asked for. `html` is for the editor and the page, `words` for every check."""

    text: str
    format: str

    class Meta:
        abstract = True

    @property
    def html(self) -> str:
        """Give the text as HTML in its stored form, whatever its format."""
        return self.text if self.format == Format.HTML else richtext.from_plain(self.text)

    @property
    def words(self) -> str:
        """Give the text as plain text, whatever its format."""
        return richtext.to_text(self.text) if self.format == Format.HTML else self.text


class EvidenceItem(Tracked):
    """One piece of evidence of an organisation. Its text is in its versions; it can serve many outcomes and years (R13)."""

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="evidence")
    sharing = models.CharField(max_length=20, choices=Sharing.choices, default=Sharing.PUBLIC)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(sharing__in=Sharing.values), name="evidence_sharing_known")]


class EvidenceVersion(HasRichText, AppendOnly):
    """What an item says at one time. `actor` wrote it; a correction is the next version, with its reason (R13)."""

    seq_within = ("item",)

    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="versions")
    title = models.CharField(max_length=200)
    text = models.TextField()
    format = models.CharField(max_length=10, choices=Format.choices, default=Format.PLAIN)
    source = models.CharField(max_length=200, blank=True)
    period = models.CharField(max_length=100, blank=True)
    who_it_covers = models.CharField(max_length=200, blank=True)
    searched = models.TextField(default="", editable=False)
    """The text's words without markup, on one line, for the search alone. Filled when it is written."""

    class Meta:
        constraints = [
            seq_constraint("evidenceversion", "item"),
            models.CheckConstraint(condition=~Q(title="") & ~Q(text=""), name="evidence_says_something"),
            models.CheckConstraint(condition=Q(format__in=Format.values), name="evidence_format_known"),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row with the words that the search reads. Raises AppendOnlyError where it is stored already."""
        self.searched = " ".join(self.words.split())
        super().save(*args, **kwargs)


class EvidenceFile(models.Model):
    """A file of a version. Written with its version and never changed.

    `found` is what was found in it when it was uploaded, as `evidence.privacy.files` keeps it (R16).
    """

    append_only = True

    public_id = public_id_field()
    version = models.ForeignKey(EvidenceVersion, on_delete=models.PROTECT, related_name="files")
    stored = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=150)
    position = models.PositiveSmallIntegerField()
    found = models.JSONField(default=list, blank=True, editable=False)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="evidence_file_position_unique"),
        ]

    def __str__(self) -> str:
        return self.name


class EvidenceLink(Tracked):
    """A citation of an item under an outcome, in the lead's order. Opening a round pins the version it shows."""

    public_id = public_id_field()
    assessed_outcome = models.ForeignKey(AssessedOutcome, on_delete=models.PROTECT, related_name="citations")
    item = models.ForeignKey(EvidenceItem, on_delete=models.PROTECT, related_name="citations")
    pinned_version = models.ForeignKey(
        EvidenceVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    position = models.PositiveSmallIntegerField()
    removed_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessed_outcome", "item"],
                condition=Q(removed_on__isnull=True),
                name="cited_once_an_outcome",
            ),
        ]


class Summary(HasRichText, Tracked):
    """The lead's summary of an outcome's evidence, at most 150 words."""

    assessed_outcome = models.OneToOneField(AssessedOutcome, on_delete=models.PROTECT, related_name="summary")
    text = models.TextField(blank=True)
    format = models.CharField(max_length=10, choices=Format.choices, default=Format.PLAIN)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(format__in=Format.values), name="summary_format_known")]
