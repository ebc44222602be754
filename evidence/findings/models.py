"""Findings: how a group of people fares, said by a version of evidence or settled by the lead for an outcome."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from eds.frameworks.models import Fixed
from eds.history.models import AppendOnly, seq_constraint


class Fares(models.TextChoices):
    """How people of a group fare against people overall (R14)."""

    BETTER = "better", "Fare better"
    AS_WELL = "as_well", "Fare as well"
    WORSE = "worse", "Fare worse"
    MIXED = "mixed", "Mixed"
    NOT_KNOWN = "not_known", "Not known"


class Finding(Fixed):
    """What a version says of a group (R14). Written with its version and never changed, so what reviewers saw stays.

    `about_code` is a protected characteristic's code, a group's code, or "" for a group named in `category` only;
    `about_name` is its name as it was then. An item outlives editions, so neither points to one edition's list.
    """

    append_only: ClassVar[bool] = True

    version = models.ForeignKey("evidence.EvidenceVersion", on_delete=models.PROTECT, related_name="findings")
    about_code = models.SlugField(max_length=80, blank=True)
    about_name = models.CharField(max_length=200, blank=True)
    category = models.CharField(max_length=120, blank=True)
    fares = models.CharField(max_length=12, choices=Fares.choices)
    explanation = models.TextField(blank=True)
    test = models.TextField(blank=True)
    """What will show whether the explanation is right."""
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="finding_position_unique"),
            models.CheckConstraint(condition=Q(fares__in=Fares.values), name="finding_fares_known"),
            models.CheckConstraint(condition=~Q(about_name="") | ~Q(category=""), name="finding_names_a_group"),
        ]

    def __str__(self) -> str:
        return f"{self.group}: {self.get_fares_display().lower()}"

    @property
    def group(self) -> str:
        """Give the people in words: "Disability (disabled staff)", or the category alone."""
        if self.about_name and self.category:
            return f"{self.about_name} ({self.category})"
        return self.about_name or self.category


class OutcomeFinding(AppendOnly):
    """The one finding per outcome and characteristic that the lead sets where items disagree (R7). The last one counts."""

    seq_within = ("assessed_outcome", "about_code")

    assessed_outcome = models.ForeignKey(
        "assessments.AssessedOutcome", on_delete=models.PROTECT, related_name="findings"
    )
    about_code = models.SlugField(max_length=60)
    fares = models.CharField(max_length=12, choices=Fares.choices)

    class Meta:
        constraints = [
            seq_constraint("outcomefinding", "assessed_outcome", "about_code"),
            models.CheckConstraint(condition=Q(fares__in=Fares.values), name="outcome_finding_fares_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="outcome_finding_has_a_reason"),
        ]
