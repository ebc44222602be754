"""Equality objectives with their commitments and measures, what was decided on them, and what people said (R24)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from eds.frameworks.models import Outcome
from eds.history.models import AppendOnly, Tracked, seq_constraint
from eds.people.models import Organisation
from eds.ui.ids import public_id_field
from objectives.months import MonthField

from .rules import LONGEST


class Theme(models.TextChoices):
    """What an objective is about."""

    WORKFORCE = "workforce", "Workforce"
    PATIENT_EXPERIENCE = "patient_experience", "Patient experience"
    PATIENT_SAFETY = "patient_safety", "Patient safety"
    LEADERSHIP = "leadership", "Leadership"
    OTHER = "other", "Other"


class EqualityObjective(Tracked):
    """What an organisation sets itself for up to four years; where it stands, its decisions say."""

    public_id = public_id_field()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="equality_objectives")
    position = models.PositiveSmallIntegerField(default=1)
    theme = models.CharField(max_length=20, choices=Theme.choices)
    headline = models.TextField()
    why = models.TextField(blank=True, help_text="What the evidence says that this objective answers.")
    eliminates = models.BooleanField("eliminates discrimination", default=False)
    advances = models.BooleanField("advances equality of opportunity", default=False)
    fosters = models.BooleanField("fosters good relations", default=False)
    starts = MonthField("the first month")
    ends = MonthField("the last month")
    expected = MonthField("expected completion", null=True, blank=True)
    lead_role = models.CharField(max_length=200, blank=True, help_text="Published, such as Chief people officer.")
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    followed_from = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="followed_by"
    )
    withdrawn = models.BooleanField(default=False)
    """Only a draft that was never put to anybody is withdrawn; everything else ends with a decision."""

    class Meta:
        ordering = ["organisation", "starts", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(theme__in=Theme.values), name="objective_theme_known"),
            models.CheckConstraint(condition=~Q(headline=""), name="objective_has_a_headline"),
            models.CheckConstraint(
                condition=Q(ends__gte=F("starts"), ends__lt=F("starts") + LONGEST), name="objective_at_most_four_years"
            ),
        ]

    def __str__(self) -> str:
        return self.headline

    @property
    def limbs(self) -> list[str]:
        """Give the limbs of the equality duty that it serves, in words."""
        named = {
            "Eliminate discrimination": self.eliminates,
            "Advance equality of opportunity": self.advances,
            "Foster good relations": self.fosters,
        }
        return [words for words, serves in named.items() if serves]


class ObjectiveCharacteristic(models.Model):
    """A protected characteristic that an objective is about. It outlives editions, so it holds the code and the name."""

    objective = models.ForeignKey(EqualityObjective, on_delete=models.PROTECT, related_name="characteristics")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["objective", "code"], name="objective_names_a_group_once")]

    def __str__(self) -> str:
        return self.name


class ObjectiveOutcome(models.Model):
    """An outcome of an edition that an objective answers."""

    objective = models.ForeignKey(EqualityObjective, on_delete=models.PROTECT, related_name="answers")
    outcome = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["objective", "outcome"], name="objective_answers_once")]

    def __str__(self) -> str:
        return str(self.outcome)


class Commitment(Tracked):
    """What an organisation promises to do under an objective."""

    public_id = public_id_field()
    objective = models.ForeignKey(EqualityObjective, on_delete=models.PROTECT, related_name="commitments")
    position = models.PositiveSmallIntegerField(default=1)
    text = models.TextField()
    expected = MonthField("expected completion", null=True, blank=True)
    removed = models.BooleanField(default=False)

    class Meta:
        ordering = ["objective", "position", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="commitment_has_words")]

    def __str__(self) -> str:
        return self.text


class Direction(models.TextChoices):
    """Where a measure without a target is to move."""

    UP = "up", "Higher each year"
    DOWN = "down", "Lower each year"


class Measure(Tracked):
    """How an objective is measured: from where, to where, in what, read from which source."""

    public_id = public_id_field()
    objective = models.ForeignKey(EqualityObjective, on_delete=models.PROTECT, related_name="measures")
    position = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=300)
    unit = models.CharField(max_length=60, help_text="For example %, people, days.")
    source = models.CharField(max_length=300, blank=True)
    baseline = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    baseline_year = models.PositiveSmallIntegerField(null=True, blank=True)
    target = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    direction = models.CharField(max_length=5, choices=Direction.choices, blank=True)
    removed = models.BooleanField(default=False)

    class Meta:
        ordering = ["objective", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(direction__in=["", *Direction.values]), name="measure_direction_known"),
            models.CheckConstraint(
                condition=Q(target__isnull=False) | ~Q(direction=""), name="measure_has_a_target_or_a_direction"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MeasureValue(AppendOnly):
    """What a measure was in a year; a later row of the same year corrects it, with the reason."""

    seq_within = ("measure", "year")

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="values")
    year = models.PositiveSmallIntegerField()
    value = models.DecimalField(max_digits=12, decimal_places=3)

    class Meta:
        constraints = [
            seq_constraint("measurevalue", "measure", "year"),
            models.CheckConstraint(condition=Q(seq=1) | ~Q(reason=""), name="measure_correction_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.measure}, {self.year}: {self.value.normalize():f} {self.measure.unit}"


class ObjectiveDecision(AppendOnly):
    """A step in an objective's life, with who decided, when and why. The last one says where it stands."""

    class Kind(models.TextChoices):
        CONSULTED = "consulted", "Put to local interests"
        ADOPTED = "adopted", "Adopted by the board"
        NOT_ADOPTED = "not_adopted", "Consulted on, not adopted"
        REVIEWED = "reviewed", "Yearly review"
        REVIEWED_EARLY = "reviewed_early", "Early review: data shows a new inequality"
        CLOSED = "closed", "Closed"

    class Result(models.TextChoices):
        ACHIEVED = "achieved", "Achieved"
        PARTLY = "partly", "Partly achieved"
        NOT_ACHIEVED = "not_achieved", "Not achieved"

    seq_within = ("objective",)

    objective = models.ForeignKey(EqualityObjective, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    comments_until = models.DateField(null=True, blank=True)
    paper = models.CharField("meeting and paper number", max_length=200, blank=True)
    result = models.CharField(max_length=20, choices=Result.choices, blank=True)

    class Meta:
        constraints = [
            seq_constraint("objectivedecision", "objective"),
            models.CheckConstraint(
                condition=Q(kind__in=["consulted", "adopted", "not_adopted", "reviewed", "reviewed_early", "closed"]),
                name="objective_decision_known",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["consulted", "adopted"]) | ~Q(reason=""), name="objective_decision_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(kind="closed", result__in=["achieved", "partly", "not_achieved"])
                | (~Q(kind="closed") & Q(result="")),
                name="objective_closes_with_a_result",
            ),
            models.CheckConstraint(
                condition=Q(kind="consulted", comments_until__isnull=False)
                | (~Q(kind="consulted") & Q(comments_until__isnull=True)),
                name="objective_consultation_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class ObjectiveComment(AppendOnly):
    """What a local interest says of an objective while it is put to them; `reason` holds the words."""

    seq_within = ("objective",)

    public_id = public_id_field()
    objective = models.ForeignKey(EqualityObjective, on_delete=models.PROTECT, related_name="comments")
    of = models.CharField(max_length=200, help_text="The local interest it comes from, by name; never a person.")

    class Meta:
        constraints = [
            seq_constraint("objectivecomment", "objective"),
            models.CheckConstraint(condition=~Q(reason=""), name="objective_comment_has_words"),
        ]

    def __str__(self) -> str:
        return f"{self.of}: {self.reason[:60]}"


class CommentAnswer(AppendOnly):
    """The organisation's answer to a comment, in `reason`; the last one counts."""

    seq_within = ("comment",)

    comment = models.ForeignKey(ObjectiveComment, on_delete=models.PROTECT, related_name="given_answers")

    class Meta:
        constraints = [
            seq_constraint("commentanswer", "comment"),
            models.CheckConstraint(condition=~Q(reason=""), name="comment_answer_has_words"),
        ]

    def __str__(self) -> str:
        return self.reason[:60]


class ObjectiveCheckAnswer(AppendOnly):
    """Why an objective may be adopted although a check asked something; the answer is in `reason`.

    It counts only while what the check saw is unchanged: `fingerprint` is the mark of that.
    """

    seq_within = ("objective", "check_id", "about")

    objective = models.ForeignKey(EqualityObjective, on_delete=models.PROTECT, related_name="check_answers")
    check_id = models.CharField(max_length=60)
    about = models.CharField(max_length=64, blank=True)
    asked = models.TextField()
    fingerprint = models.CharField(max_length=64)

    class Meta:
        constraints = [
            seq_constraint("objectivecheckanswer", "objective", "check_id", "about"),
            models.CheckConstraint(condition=~Q(reason=""), name="objective_check_answer_says_something"),
        ]

    def __str__(self) -> str:
        return self.asked
