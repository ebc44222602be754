"""Grades and what leads to them. Everything that somebody decided is append-only; drafts are separate and mutable."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from eds.assessments.models import AssessedOutcome, Panel
from eds.frameworks.models import Framework, Grade
from eds.history.models import AppendOnly, seq_constraint
from eds.people.models import Organisation
from eds.ui.ids import public_id_field


class ProposedGrade(AppendOnly):
    """The organisation's proposal for an outcome.

    `reasons` is a list of {"factor": code or "", "heading": …, "text": …} (R6). `reason` says why an earlier proposal
    changed. `after_reveal` is True for what was proposed after the round first revealed the reviews (R1).
    `reveals_before` counts the reveals that came before the one that shows it: what is written while grades are being
    agreed is shown at once, what is written after a move back is hidden until the next reveal (R3, R18).
    """

    seq_within = ("assessed_outcome",)

    assessed_outcome = models.ForeignKey(AssessedOutcome, on_delete=models.PROTECT, related_name="proposals")
    grade = models.ForeignKey(Grade, on_delete=models.PROTECT, related_name="+")
    reasons = models.JSONField(default=list)
    conclusion = models.TextField(blank=True)
    after_reveal = models.BooleanField(default=False)
    reveals_before = models.PositiveSmallIntegerField(default=0)
    answers = models.JSONField(default=list)
    """What the grade was asked and answered: [{"question": code, "text": …, "answer": … or ""}] (R6)."""

    class Meta:
        constraints = [
            seq_constraint("proposedgrade", "assessed_outcome"),
            models.CheckConstraint(condition=Q(seq=1) | ~Q(reason=""), name="changed_proposal_has_a_reason"),
        ]


class ReviewDraft(models.Model):
    """One reviewer's unfinished answer. Mutable and without history: nobody else ever sees it."""

    assessed_outcome = models.ForeignKey(AssessedOutcome, on_delete=models.PROTECT, related_name="+")
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=40, blank=True)
    text = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessed_outcome", "panel", "reviewer"], name="one_draft_a_reviewer"),
        ]


class Review(AppendOnly):
    """One reviewer's own grade with reasons, or "not enough evidence to judge" (R4). The last one counts.

    `reason` is the reviewer's reasons; `actor` is who entered it. `evidence_versions` are the primary keys of the
    versions that the reviewer was shown. `reveals_before` counts how often the round had been revealed when it was
    written: above 0 it was not blind, and it is hidden until the next reveal (R18).

    The outcome has no index of its own: the one of `seq_within` begins with it, and where a panel has hundreds of
    reviews the database must not choose the shorter one to look for a single person's.
    """

    NOT_ENOUGH = "not_enough_evidence"

    seq_within = ("assessed_outcome", "panel", "reviewer")

    assessed_outcome = models.ForeignKey(
        AssessedOutcome, on_delete=models.PROTECT, db_index=False, related_name="reviews"
    )
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    grade = models.ForeignKey(Grade, on_delete=models.PROTECT, null=True, related_name="+")
    evidence_versions = models.JSONField(default=list)
    answers = models.JSONField(default=list)
    reveals_before = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            seq_constraint("review", "assessed_outcome", "panel", "reviewer"),
            models.CheckConstraint(condition=~Q(reason=""), name="review_has_a_reason"),
        ]


class StepAside(AppendOnly):
    """A reviewer does not judge an outcome because of an interest, which `reason` declares (R4).

    `reviews_before` is the seq of the reviewer's last review then, 0 for none: a later review takes this back, and of
    the two the later counts. Stepping aside is an answer that counts in no median, majority or quorum. The reason is
    for the panel's chair and organiser alone, after the reveal.
    """

    seq_within = ("assessed_outcome", "panel", "reviewer")

    assessed_outcome = models.ForeignKey(AssessedOutcome, on_delete=models.PROTECT, db_index=False, related_name="+")
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviews_before = models.PositiveIntegerField(default=0)
    reveals_before = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            seq_constraint("stepaside", "assessed_outcome", "panel", "reviewer"),
            models.CheckConstraint(condition=~Q(reason=""), name="step_aside_declares_an_interest"),
        ]


class NameOpening(AppendOnly):
    """Somebody opened the names behind a panel's reviews; each opening is kept (R21)."""

    seq_within = ("assessed_outcome", "panel")

    assessed_outcome = models.ForeignKey(AssessedOutcome, on_delete=models.PROTECT, related_name="+")
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [seq_constraint("nameopening", "assessed_outcome", "panel")]


class PanelGrade(AppendOnly):
    """A panel's grade for an outcome, or that it declined to grade, with the reason (R4, R5).

    `median` is the median of the answers that the chair saw, where the panel's rule leaves the grade to the chair; a
    grade other than that says in `why_not_median` why (R5).
    """

    class Kind(models.TextChoices):
        PANEL = "panel", "Graded"
        DECLINED = "declined", "Not graded"

    seq_within = ("assessed_outcome", "panel")

    assessed_outcome = models.ForeignKey(AssessedOutcome, on_delete=models.PROTECT, related_name="panel_grades")
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="grades")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    grade = models.ForeignKey(Grade, on_delete=models.PROTECT, null=True, related_name="+")
    for_lack_of_evidence = models.BooleanField(default=False)
    median = models.ForeignKey(Grade, on_delete=models.PROTECT, null=True, related_name="+")
    why_not_median = models.TextField(blank=True)
    answers = models.JSONField(default=list)

    class Meta:
        constraints = [
            seq_constraint("panelgrade", "assessed_outcome", "panel"),
            models.CheckConstraint(
                condition=Q(grade__isnull=True)
                | Q(median__isnull=True)
                | Q(grade=models.F("median"))
                | ~Q(why_not_median=""),
                name="panel_grade_other_than_the_median_says_why",
            ),
            models.CheckConstraint(
                condition=Q(for_lack_of_evidence=False) | Q(grade__isnull=False), name="lack_of_evidence_is_a_grade"
            ),
            models.CheckConstraint(
                condition=Q(kind="panel", grade__isnull=False) | Q(kind="declined", grade__isnull=True),
                name="panel_grade_or_declined",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="panel_grade_has_a_reason"),
        ]


class Dissent(AppendOnly):
    """What a member of a panel, who reviewed, has against the panel's grade; printed without name (R5).

    One a member and panel grade; `actor` is the member and `reason` the words.
    """

    seq_within = ("panel_grade",)

    public_id = public_id_field()
    panel_grade = models.ForeignKey(PanelGrade, on_delete=models.PROTECT, related_name="dissents")

    class Meta:
        constraints = [
            seq_constraint("dissent", "panel_grade"),
            models.UniqueConstraint(fields=["panel_grade", "actor"], name="one_dissent_a_member"),
            models.CheckConstraint(condition=~Q(reason=""), name="dissent_says_something"),
        ]


class DissentDecision(AppendOnly):
    """Whether the chair of a small panel passes a dissent on to the organisation and the public (R21). The last counts."""

    seq_within = ("dissent",)

    dissent = models.ForeignKey(Dissent, on_delete=models.PROTECT, related_name="decisions")
    passed = models.BooleanField()

    class Meta:
        constraints = [
            seq_constraint("dissentdecision", "dissent"),
            models.CheckConstraint(condition=Q(passed=True) | ~Q(reason=""), name="dissent_kept_back_says_why"),
        ]


class PanelSummary(AppendOnly):
    """What a panel's members said, in words that its chair passes to the organisation and the public (R21).

    `reason` is the text; an empty one takes an earlier one back.
    """

    seq_within = ("assessed_outcome", "panel")

    assessed_outcome = models.ForeignKey(AssessedOutcome, on_delete=models.PROTECT, related_name="+")
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [seq_constraint("panelsummary", "assessed_outcome", "panel")]


class JointGrade(AppendOnly):
    """A grade that the chair of one of several differing panels writes for all of them, with the reason (R5).

    It takes effect when the chairs of all other panels that graded have confirmed it. `based_on` is the outcome's
    newest panel grade then: a newer one, or a newer joint grade, leaves it and its confirmations behind.
    """

    seq_within = ("assessed_outcome",)

    assessed_outcome = models.ForeignKey(AssessedOutcome, on_delete=models.PROTECT, related_name="+")
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="+")
    grade = models.ForeignKey(Grade, on_delete=models.PROTECT, related_name="+")
    based_on = models.ForeignKey(PanelGrade, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            seq_constraint("jointgrade", "assessed_outcome"),
            models.CheckConstraint(condition=~Q(reason=""), name="joint_grade_has_a_reason"),
        ]


class JointAnswer(AppendOnly):
    """What another panel's chair says to a joint grade: confirmed, or declined with words. A chair's last one counts."""

    seq_within = ("joint", "panel")

    joint = models.ForeignKey(JointGrade, on_delete=models.PROTECT, related_name="answers")
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="+")
    confirmed = models.BooleanField()

    class Meta:
        constraints = [
            seq_constraint("jointanswer", "joint", "panel"),
            models.CheckConstraint(condition=Q(confirmed=True) | ~Q(reason=""), name="declined_joint_grade_says_why"),
        ]


class LocalInterestsGrade(AppendOnly):
    """The one grade of all panels of an outcome, with the rule that made it (R5).

    `made_by` is the panel grade that completed it. It is current only while that is the outcome's newest panel grade.
    A joint one points to what a chair wrote: `joint.actor` wrote it, and `joint.answers` holds who confirmed it.
    """

    class Rule(models.TextChoices):
        ONLY_PANEL = "only_panel", "the only panel that graded it"
        LOWER = "lower", "the lower of the panels' grades"
        NAMED_PANEL = "named_panel", "the panel named for this before opening"
        JOINT = "joint", "a joint grade of the panels' chairs"
        LOWER_AT_DEADLINE = (
            "lower_at_deadline",
            "the lower of the panels' grades, since their chairs agreed on no joint grade in time",
        )

    seq_within = ("assessed_outcome",)

    assessed_outcome = models.ForeignKey(
        AssessedOutcome, on_delete=models.PROTECT, related_name="local_interests_grades"
    )
    grade = models.ForeignKey(Grade, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=20, choices=Rule.choices)
    made_by = models.ForeignKey(PanelGrade, on_delete=models.PROTECT, related_name="+")
    joint = models.ForeignKey(JointGrade, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            seq_constraint("localinterestsgrade", "assessed_outcome"),
            models.CheckConstraint(
                condition=Q(rule="joint", joint__isnull=False) | (~Q(rule="joint") & Q(joint__isnull=True)),
                name="joint_rule_points_to_the_joint_grade",
            ),
        ]


class Statement(AppendOnly):
    """What one side says where the two grades differ (R1). It belongs to the very pair of grades; `reason` is its text."""

    class Side(models.TextChoices):
        ORGANISATION = "organisation", "The organisation"
        LOCAL_INTERESTS = "local_interests", "The local interests"

    seq_within = ("assessed_outcome",)

    assessed_outcome = models.ForeignKey(AssessedOutcome, on_delete=models.PROTECT, related_name="statements")
    side = models.CharField(max_length=20, choices=Side.choices)
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_grade = models.ForeignKey(ProposedGrade, on_delete=models.PROTECT, related_name="+")
    local_interests_grade = models.ForeignKey(LocalInterestsGrade, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            seq_constraint("statement", "assessed_outcome"),
            models.CheckConstraint(condition=~Q(reason=""), name="statement_says_something"),
            models.CheckConstraint(
                condition=Q(side="organisation", panel__isnull=True) | Q(side="local_interests", panel__isnull=False),
                name="statement_of_local_interests_names_its_panel",
            ),
        ]


class AgreedGrade(AppendOnly):
    """That an outcome's grade is agreed. It has no grade of its own: the local interests' grade is the grade (R1).

    It counts only while both rows that it points to are still the latest (`grading.queries.agreed_grades`).
    """

    class ClosedBy(models.TextChoices):
        EQUAL = "equal", "both sides gave the same grade"
        STATEMENTS = "statements", "both sides gave their statement"
        DEADLINE = "deadline", "the deadline passed"

    seq_within = ("assessed_outcome",)

    assessed_outcome = models.ForeignKey(AssessedOutcome, on_delete=models.PROTECT, related_name="agreed_grades")
    local_interests_grade = models.ForeignKey(LocalInterestsGrade, on_delete=models.PROTECT, related_name="+")
    proposed_grade = models.ForeignKey(ProposedGrade, on_delete=models.PROTECT, related_name="+")
    closed_by = models.CharField(max_length=20, choices=ClosedBy.choices)

    class Meta:
        constraints = [
            seq_constraint("agreedgrade", "assessed_outcome"),
            models.CheckConstraint(
                condition=Q(closed_by__in=["equal", "statements", "deadline"]), name="agreed_closed_by_known"
            ),
        ]


class NotGraded(AppendOnly):
    """The lead records "not graded by local interests" for an outcome that no panel covers (R2, R4)."""

    seq_within = ("assessed_outcome",)

    assessed_outcome = models.ForeignKey(AssessedOutcome, on_delete=models.PROTECT, related_name="not_graded")

    class Meta:
        constraints = [
            seq_constraint("notgraded", "assessed_outcome"),
            models.CheckConstraint(condition=~Q(reason=""), name="not_graded_has_a_reason"),
        ]


class PublishedElsewhere(AppendOnly):
    """A result of a year that was not run here, brought in to stand beside this year's. It is never an agreed grade.

    `grade` is None where an entry is taken back, with the reason. The last row for an outcome counts.
    """

    seq_within = ("organisation", "framework", "year", "outcome_code", "service")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="published_elsewhere")
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    outcome_code = models.CharField(max_length=8)
    service = models.CharField(max_length=200, blank=True)
    grade = models.ForeignKey(Grade, on_delete=models.PROTECT, null=True, related_name="+")
    source = models.CharField(max_length=300)

    class Meta:
        constraints = [
            seq_constraint("publishedelsewhere", "organisation", "framework", "year", "outcome_code", "service"),
            models.CheckConstraint(condition=~Q(source="") & ~Q(outcome_code=""), name="elsewhere_has_a_source"),
            models.CheckConstraint(condition=Q(year__gte=2011, year__lte=2100), name="elsewhere_year_plausible"),
            models.CheckConstraint(
                condition=Q(grade__isnull=False) | ~Q(reason=""), name="elsewhere_taken_back_has_a_reason"
            ),
        ]


from .talk.models import Answer, Question, Remark, RemarkTakenBack  # noqa: E402 - the app's models in a second file

__all__ = [
    "AgreedGrade",
    "Answer",
    "LocalInterestsGrade",
    "NameOpening",
    "NotGraded",
    "PanelGrade",
    "ProposedGrade",
    "PublishedElsewhere",
    "Question",
    "Remark",
    "RemarkTakenBack",
    "Review",
    "ReviewDraft",
    "Statement",
]
