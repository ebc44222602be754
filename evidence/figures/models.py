"""Figures: numbers of a version with where they come from and what they are compared with."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from eds.frameworks.models import Fixed
from eds.ui.ids import public_id_field


class Comparison(models.TextChoices):
    """What a figure is compared with (R14)."""

    NONE = "none", "Nothing"
    OVERALL = "overall", "People overall"
    WORKING_AGE = "working_age", "The working-age population"
    NATIONAL = "national", "The national average"
    LAST_YEAR = "last_year", "Last year"
    ANOTHER = "another", "Something else"


class Unit(models.TextChoices):
    """What the values of a figure are."""

    PEOPLE = "people", "A number of people"
    PERCENT = "percent", "Per cent of people"
    SCORE = "score", "A score, an amount, or something else that counts nobody"


class RateKind(models.TextChoices):
    """What the known rate of a figure is a rate of."""

    RESPONSE = "response", "Response rate"
    DECLARATION = "declaration", "Declaration rate"


class Figure(Fixed):
    """A figure of a version (R14). Written with its version and never changed, so what reviewers saw stays.

    `about_code` is the characteristic or group that the rows divide people by; the threshold of small numbers can
    depend on it (R15).
    """

    append_only: ClassVar[bool] = True

    public_id = public_id_field()
    version = models.ForeignKey("evidence.EvidenceVersion", on_delete=models.PROTECT, related_name="figures")
    title = models.CharField(max_length=200)
    source = models.CharField(max_length=200, blank=True)
    period = models.CharField(max_length=100, blank=True)
    about_code = models.SlugField(max_length=80, blank=True)
    about_name = models.CharField(max_length=200, blank=True)
    unit = models.CharField(max_length=10, choices=Unit.choices)
    base = models.PositiveIntegerField(null=True, blank=True)
    rate = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    rate_kind = models.CharField(max_length=12, choices=RateKind.choices, blank=True)
    comparison = models.CharField(max_length=12, choices=Comparison.choices, default=Comparison.NONE)
    comparison_words = models.CharField(max_length=120, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="figure_position_unique"),
            models.CheckConstraint(
                condition=~Q(title="") & Q(unit__in=Unit.values) & Q(comparison__in=Comparison.values),
                name="figure_says_what_it_is",
            ),
            models.CheckConstraint(
                condition=Q(rate__isnull=True, rate_kind="")
                | Q(rate__isnull=False, rate__gte=0, rate__lte=100, rate_kind__in=RateKind.values),
                name="figure_rate_is_of_something",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def compared_with(self) -> str:
        """Give what the figure is compared with in words, or "" for nothing."""
        if self.comparison == Comparison.NONE:
            return ""
        return self.comparison_words or self.get_comparison_display()


class FigureRow(Fixed):
    """A row of a figure: a group, its value, and the counts behind a rate."""

    append_only: ClassVar[bool] = True

    figure = models.ForeignKey(Figure, on_delete=models.PROTECT, related_name="rows")
    label = models.CharField(max_length=120)
    value = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    numerator = models.PositiveIntegerField(null=True, blank=True)
    base = models.PositiveIntegerField(null=True, blank=True)
    compared = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    is_total = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["figure", "position"], name="figure_row_position_unique"),
            models.CheckConstraint(condition=~Q(label=""), name="figure_row_has_a_label"),
            models.CheckConstraint(
                condition=Q(numerator__isnull=True) | Q(base__isnull=True) | Q(numerator__lte=models.F("base")),
                name="figure_row_numerator_within_base",
            ),
        ]

    def __str__(self) -> str:
        return self.label
