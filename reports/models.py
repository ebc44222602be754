"""What belongs to a report: its details, checks answered, sign-offs, publications and their formats.

Details are edited in place until they are signed; decisions and publications are append-only: a published version never
changes (R20).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from eds.assessments.models import AssessedOutcome, Assessment
from eds.files.models import StoredFile
from eds.history.models import AppendOnly, Tracked, seq_constraint
from eds.ui.ids import public_id_field

from .objectives.models import ObjectivesClosure, ObjectivesRendition, ObjectivesVersion

__all__ = [
    "ApprovalStep",
    "CheckAnswer",
    "ObjectivesClosure",
    "ObjectivesRendition",
    "ObjectivesVersion",
    "OutcomeWords",
    "Publication",
    "Rendition",
    "ReportDetails",
    "SignOff",
    "VersionClosure",
]


class ReportDetails(Tracked):
    """What the lead says at the front of a report. Every field may be empty; the report leaves out what is."""

    class Level(models.TextChoices):
        ORGANISATION = "organisation", "One organisation"
        PARTNERSHIP = "partnership", "A partnership of two or more organisations"
        SYSTEM = "system", "An integrated care system"

    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="report_details")
    level = models.CharField(max_length=20, choices=Level.choices, default=Level.ORGANISATION)
    bodies = models.TextField(blank=True)
    """The bodies in a partnership or system, one a line."""
    lead_name = models.CharField(max_length=120, blank=True)
    lead_role = models.CharField(max_length=120, blank=True)
    sponsor_name = models.CharField(max_length=120, blank=True)
    sponsor_role = models.CharField(max_length=120, blank=True)
    names_agreed = models.BooleanField(default=False)
    """Who is named has agreed to it (R21); without that roles alone are printed, and the database refuses the names."""
    method_note = models.TextField(blank=True)
    involvement = models.TextField(blank=True)
    good_practice = models.TextField(blank=True)
    other_text = models.TextField(blank=True)
    completed_on = models.DateField(null=True, blank=True)
    revise_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=["organisation", "partnership", "system"]), name="report_level_known"
            ),
            models.CheckConstraint(
                condition=Q(names_agreed=True) | Q(lead_name="", sponsor_name=""), name="report_names_by_consent"
            ),
        ]


class OutcomeWords(Tracked):
    """How an older report printed an outcome: its wording where it is not the edition's, and its lead contacts.

    Without it the report prints the official text, and of each contact what they contribute, never a name.
    """

    assessed_outcome = models.OneToOneField(AssessedOutcome, on_delete=models.PROTECT, related_name="words")
    wording_then = models.TextField(blank=True)
    contacts = models.TextField(blank=True)


class ApprovalStep(Tracked):
    """A step on the way to publication: a committee that saw the report, or a body that it was sent to."""

    class Kind(models.TextChoices):
        COMMITTEE = "committee", "A committee or board saw it"
        NHS_ENGLAND = "nhs_england", "It was sent to NHS England"
        COMMISSIONER = "commissioner", "It was sent to the commissioner"

    public_id = public_id_field()
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="approval_steps")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    body = models.CharField(max_length=200)
    on = models.DateField()
    paper = models.CharField(max_length=80, blank=True)
    minute = models.CharField(max_length=80, blank=True)
    removed = models.BooleanField(default=False)

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(body=""), name="approval_names_a_body"),
            models.CheckConstraint(
                condition=Q(kind__in=["committee", "nhs_england", "commissioner"]), name="approval_kind_known"
            ),
        ]

    def __str__(self) -> str:
        return self.body


class CheckAnswer(AppendOnly):
    """The answer to a check that must be answered; `reason` is the answer, `actor` and `recorded_at` who and when.

    It counts only while what it was about is unchanged: `fingerprint` is the mark of that.
    """

    seq_within = ("assessment", "check_id", "about")

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="check_answers")
    check_id = models.CharField(max_length=60)
    about = models.CharField(max_length=64)
    place = models.CharField(max_length=300)
    fingerprint = models.CharField(max_length=64)

    class Meta:
        constraints = [
            seq_constraint("checkanswer", "assessment", "check_id", "about"),
            models.CheckConstraint(condition=~Q(reason=""), name="check_answer_says_something"),
        ]


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


class VersionClosure(AppendOnly):
    """A published version that disclosed what it must not: closed, with the reason that its page gives (R20)."""

    seq_within = ("publication",)

    publication = models.OneToOneField(Publication, on_delete=models.PROTECT, related_name="closure")

    class Meta:
        constraints = [
            seq_constraint("versionclosure", "publication"),
            models.CheckConstraint(condition=~Q(reason=""), name="closure_has_a_reason"),
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
