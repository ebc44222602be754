"""Official criteria: what a grade asks for on an outcome, as the site administrator loaded it from a named source (R9).

They come with no edition and are never invented. A load or a correction is a whole new set; a set that was written is
never changed, so what a round showed can always be read again.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from eds.history.models import AppendOnly, seq_constraint

from .editions import Fixed, FrameworkRevision, Grade, Outcome


class CriteriaSet(AppendOnly):
    """All criteria of a revision at one time: where they come from, and who loaded or corrected them, when and why."""

    seq_within = ("revision",)

    revision = models.ForeignKey(FrameworkRevision, on_delete=models.PROTECT, related_name="criteria_sets")
    source = models.CharField(max_length=300)
    source_dated = models.DateField()

    class Meta:
        ordering = ["revision", "-seq"]
        constraints = [
            seq_constraint("criteriaset", "revision"),
            models.CheckConstraint(name="criteriaset_names_its_source", condition=~Q(source="")),
            models.CheckConstraint(name="criteria_correction_has_a_reason", condition=Q(seq=1) | ~Q(reason="")),
        ]

    def __str__(self) -> str:
        return self.source


class Criterion(Fixed):
    """What one grade asks for on one outcome, in the source's words."""

    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="criteria")
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="+")
    grade = models.ForeignKey(Grade, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()

    class Meta:
        ordering = ["criteria_set", "outcome__goal__position", "outcome__position", "grade__position"]
        constraints = [
            models.UniqueConstraint(name="criterion_once", fields=["criteria_set", "outcome", "grade"]),
            models.CheckConstraint(name="criterion_has_words", condition=~Q(text="")),
        ]

    def __str__(self) -> str:
        return self.text
