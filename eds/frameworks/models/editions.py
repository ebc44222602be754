"""The editions of the framework as data: what is asked (goals, outcomes) and how it is graded (grades, bands).

A row of a revision is never changed or deleted: an assessment pins the revision it was made with, and a correction is
a new revision. `position` counts from 0 everywhere.
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from eds.history.errors import AppendOnlyError
from eds.history.models import AppendOnlyQuerySet

CONFIRMED = "A"


class Confidence(models.TextChoices):
    """How sure we are of a text or a fact. Only A may be shown as official wording."""

    SEEN = "A", "Seen on a public page or in a public document"
    INFERRED = "B", "Inferred from pages seen"
    PARTLY_SEEN = "R+B", "From memory, partly confirmed by a page"
    FROM_MEMORY = "R", "From memory, not checked against the official document"


class Colour(models.TextChoices):
    """The four colours of the grades, always shown together with the word."""

    RED = "red", "Red"
    AMBER = "amber", "Amber"
    GREEN = "green", "Green"
    PURPLE = "purple", "Purple"


class GroupKind(models.TextChoices):
    """What an edition calls people who are not named by a protected characteristic."""

    INCLUSION_HEALTH = "inclusion health", "Inclusion health group"
    OTHER_DISADVANTAGED = "other disadvantaged", "Other disadvantaged group"


class Fixed(models.Model):
    """A text or rule of a revision, written once by the loader; the database's triggers hold for raw SQL as well."""

    append_only: ClassVar[bool] = True

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row. Raises AppendOnlyError where it is in the database already."""
        if self.pk is not None or not self._state.adding:
            raise AppendOnlyError(f"{type(self).__name__} rows are only ever added: load a corrected edition instead.")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Always raises AppendOnlyError."""
        raise AppendOnlyError(f"{type(self).__name__} rows are never deleted.")


def _confidence_field(*, blank: bool = False) -> models.CharField:
    return models.CharField(max_length=3, choices=Confidence.choices, blank=blank)


def _confidence_known(name: str, field: str = "confidence", *, blank: bool = False) -> models.CheckConstraint:
    allowed = [*Confidence.values, ""] if blank else Confidence.values
    return models.CheckConstraint(name=name, condition=Q(**{f"{field}__in": allowed}))


class Framework(models.Model):
    """An edition of the framework. Its texts belong to its revisions; these names follow the latest one."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=40, unique=True)
    year = models.PositiveSmallIntegerField()
    goal_word = models.CharField(max_length=20, choices=[("goal", "goal"), ("domain", "domain")])
    has_points = models.BooleanField()
    position = models.PositiveSmallIntegerField(unique=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(name="framework_goal_word_known", condition=Q(goal_word__in=["goal", "domain"])),
        ]

    def __str__(self) -> str:
        return self.short_name


class FrameworkRevision(Fixed):
    """One state of an edition's texts and rules. An erratum makes the next one; this one stays for who used it."""

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    content_hash = models.CharField(max_length=64)
    sources = models.JSONField(default=list)
    loaded_at = models.DateTimeField(db_default=Now(), editable=False)
    note = models.TextField(blank=True)
    retrieved_on = models.DateField(null=True, blank=True)
    dates = models.JSONField(default=dict)
    """Official dates by name, such as "published"; a value may be a day, a month or a year."""

    key_question = models.TextField(blank=True)
    key_question_confidence = _confidence_field(blank=True)
    disagreement_rule = models.TextField(blank=True)
    """Empty where the edition is silent: the rule (R1) is then the organisation's declared method."""
    disagreement_rule_confidence = _confidence_field(blank=True)
    selective = models.BooleanField(default=False)
    """True where the edition lets an organisation choose outcomes and services each year."""

    services_number = models.PositiveSmallIntegerField(default=0)
    services_combine = models.CharField(max_length=40, blank=True)
    goal_score_rule = models.TextField(blank=True)
    total_rule = models.TextField(blank=True)
    total_maximum = models.PositiveSmallIntegerField(null=True, blank=True)
    publish_by_month = models.PositiveSmallIntegerField(null=True, blank=True)
    publish_by_day = models.PositiveSmallIntegerField(null=True, blank=True)
    criteria_note = models.TextField(blank=True)
    """Why no official criteria per outcome and grade come with the edition (R9)."""
    crosswalk = models.JSONField(default=dict)
    """Not official: {"note": …, "earlier": {code of an earlier edition: {outcome here: [outcomes there]}}}."""
    provenance = models.JSONField(default=dict)
    """By fact ("services", "total", "calendar", …): its confidence, sources and a note."""

    class Meta:
        ordering = ["framework__position", "number"]
        constraints = [
            models.UniqueConstraint(name="revision_number_once", fields=["framework", "number"]),
            models.UniqueConstraint(name="revision_content_once", fields=["framework", "content_hash"]),
            models.CheckConstraint(name="revision_number_from_1", condition=Q(number__gte=1)),
            models.CheckConstraint(
                name="revision_publish_by_whole",
                condition=Q(publish_by_month__isnull=True, publish_by_day__isnull=True)
                | Q(
                    # A comparison with NULL is not false to a check, so each half must say that it is there.
                    publish_by_month__isnull=False,
                    publish_by_month__range=(1, 12),
                    publish_by_day__isnull=False,
                    publish_by_day__range=(1, 31),
                ),
            ),
            _confidence_known("revision_question_confidence", "key_question_confidence", blank=True),
            _confidence_known("revision_rule_confidence", "disagreement_rule_confidence", blank=True),
        ]

    def __str__(self) -> str:
        return f"{self.framework.short_name}, revision {self.number}"

    @property
    def publish_by(self) -> str:
        """Give the yearly day of publication as "02-28" (month, day), or "" where the edition names none."""
        if self.publish_by_month is None or self.publish_by_day is None:
            return ""
        return f"{self.publish_by_month:02d}-{self.publish_by_day:02d}"

    @property
    def disagreement_rule_is_official(self) -> bool:
        """Tell whether the edition itself says that the local interests prevail (R1)."""
        return self.disagreement_rule_confidence == CONFIRMED


class Goal(Fixed):
    """A goal, called domain in EDS 2022."""

    revision = models.ForeignKey(FrameworkRevision, on_delete=models.PROTECT, related_name="goals")
    code = models.CharField(max_length=8)
    title = models.CharField(max_length=200)
    confidence = _confidence_field()
    audience = models.TextField(blank=True)
    audience_confidence = _confidence_field()
    maximum = models.PositiveSmallIntegerField(null=True, blank=True)
    position = models.PositiveSmallIntegerField()
    needs_services = models.BooleanField(default=False)
    usual_time = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["revision", "position"]
        constraints = [
            models.UniqueConstraint(name="goal_code_once", fields=["revision", "code"]),
            models.UniqueConstraint(name="goal_position_once", fields=["revision", "position"]),
            models.CheckConstraint(name="goal_maximum_positive", condition=Q(maximum__isnull=True) | Q(maximum__gt=0)),
            _confidence_known("goal_confidence_known"),
            _confidence_known("goal_audience_confidence", "audience_confidence"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"

    @property
    def wording_confirmed(self) -> bool:
        """Tell whether the title was seen in a public text."""
        return self.confidence == CONFIRMED


class GoalStatement(Fixed):
    """The sentence under a goal's title, in editions that have one."""

    goal = models.OneToOneField(Goal, on_delete=models.PROTECT, related_name="statement")
    text = models.TextField()
    confidence = _confidence_field()

    class Meta:
        ordering = ["goal"]
        constraints = [_confidence_known("goalstatement_confidence_known")]

    def __str__(self) -> str:
        return self.text

    @property
    def wording_confirmed(self) -> bool:
        """Tell whether the sentence was seen in a public text."""
        return self.confidence == CONFIRMED


class Outcome(Fixed):
    """What is graded, in the edition's words."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="outcomes")
    code = models.CharField(max_length=8)
    text = models.TextField()
    confidence = _confidence_field()
    source = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField()
    audience = models.TextField(blank=True)
    """Empty: the goal's audience grades it."""

    class Meta:
        ordering = ["goal__revision", "goal__position", "position"]
        constraints = [
            models.UniqueConstraint(name="outcome_code_once", fields=["goal", "code"]),
            models.UniqueConstraint(name="outcome_position_once", fields=["goal", "position"]),
            _confidence_known("outcome_confidence_known"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    @property
    def wording_confirmed(self) -> bool:
        """Tell whether the wording was seen in a public text; if not, pages say "wording not confirmed"."""
        return self.confidence == CONFIRMED


class Grade(Fixed):
    """One of the four grades. `position` orders them in every edition; points exist in EDS 2022 only."""

    revision = models.ForeignKey(FrameworkRevision, on_delete=models.PROTECT, related_name="grades")
    code = models.SlugField(max_length=40)
    name = models.CharField(max_length=40)
    label = models.CharField(max_length=60)
    points = models.PositiveSmallIntegerField(null=True, blank=True)
    colour = models.CharField(max_length=10, choices=Colour.choices)
    colour_confidence = _confidence_field()
    meaning = models.TextField(blank=True)
    confidence = _confidence_field()
    source = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField()
    aliases = models.JSONField(default=list, blank=True)
    """Other words for this grade that published documents use."""
    fares_well_minimum = models.PositiveSmallIntegerField(null=True, blank=True)
    fares_well_maximum = models.PositiveSmallIntegerField(null=True, blank=True)
    """How many of the nine groups fare as well as people overall where this grade is indicated (R7)."""
    fares_well_rule = models.TextField(blank=True)
    fares_well_confidence = _confidence_field(blank=True)

    class Meta:
        ordering = ["revision", "position"]
        constraints = [
            models.UniqueConstraint(name="grade_code_once", fields=["revision", "code"]),
            models.UniqueConstraint(name="grade_name_once", fields=["revision", "name"]),
            models.UniqueConstraint(name="grade_position_once", fields=["revision", "position"]),
            models.UniqueConstraint(name="grade_points_once", fields=["revision", "points"]),
            models.CheckConstraint(name="grade_position_0_to_3", condition=Q(position__range=(0, 3))),
            models.CheckConstraint(
                name="grade_points_0_to_3", condition=Q(points__isnull=True) | Q(points__range=(0, 3))
            ),
            models.CheckConstraint(name="grade_colour_known", condition=Q(colour__in=Colour.values)),
            models.CheckConstraint(
                name="grade_fares_well_range",
                condition=Q(fares_well_minimum__isnull=True, fares_well_maximum__isnull=True)
                | Q(
                    fares_well_minimum__isnull=False,
                    fares_well_maximum__isnull=False,
                    fares_well_minimum__lte=F("fares_well_maximum"),
                ),
            ),
            _confidence_known("grade_confidence_known"),
            _confidence_known("grade_colour_confidence", "colour_confidence"),
            _confidence_known("grade_fares_well_confidence", "fares_well_confidence", blank=True),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def wording_confirmed(self) -> bool:
        """Tell whether the grade's meaning was seen in a public text."""
        return self.confidence == CONFIRMED


class Factor(Fixed):
    """A heading under which the reasons for a grade are given (R6)."""

    revision = models.ForeignKey(FrameworkRevision, on_delete=models.PROTECT, related_name="factors")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["revision", "position"]
        constraints = [
            models.UniqueConstraint(name="factor_code_once", fields=["revision", "code"]),
            models.UniqueConstraint(name="factor_position_once", fields=["revision", "position"]),
        ]

    def __str__(self) -> str:
        return self.name


class Band(Fixed):
    """The totals, both ends included, that make an overall rating (R8)."""

    revision = models.ForeignKey(FrameworkRevision, on_delete=models.PROTECT, related_name="bands")
    grade = models.OneToOneField(Grade, on_delete=models.PROTECT, related_name="band")
    minimum = models.PositiveSmallIntegerField()
    maximum = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["revision", "minimum"]
        constraints = [
            models.UniqueConstraint(name="band_minimum_once", fields=["revision", "minimum"]),
            models.UniqueConstraint(name="band_maximum_once", fields=["revision", "maximum"]),
            models.CheckConstraint(name="band_minimum_up_to_maximum", condition=Q(minimum__lte=F("maximum"))),
        ]

    def __str__(self) -> str:
        return f"{self.minimum} to {self.maximum}"


class Characteristic(Fixed):
    """A protected characteristic."""

    revision = models.ForeignKey(FrameworkRevision, on_delete=models.PROTECT, related_name="characteristics")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["revision", "position"]
        constraints = [
            models.UniqueConstraint(name="characteristic_code_once", fields=["revision", "code"]),
            models.UniqueConstraint(name="characteristic_position_once", fields=["revision", "position"]),
        ]

    def __str__(self) -> str:
        return self.name


class Group(Fixed):
    """A group of people beside the protected characteristics: the edition's own, and three that this software adds."""

    revision = models.ForeignKey(FrameworkRevision, on_delete=models.PROTECT, related_name="groups")
    code = models.SlugField(max_length=80)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=30, choices=GroupKind.choices)
    added_by_software = models.BooleanField(default=False)
    """True: the edition does not name this group, so no page may show it as the edition's."""
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["revision", "position"]
        constraints = [
            models.UniqueConstraint(name="group_code_once", fields=["revision", "code"]),
            models.UniqueConstraint(name="group_position_once", fields=["revision", "position"]),
            models.CheckConstraint(name="group_kind_known", condition=Q(kind__in=GroupKind.values)),
        ]

    def __str__(self) -> str:
        return self.name
