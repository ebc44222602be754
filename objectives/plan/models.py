"""The improvement plan: objectives for the year, actions with owners and a month, their progress, and who felt it (R25)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from eds.assessments.models import AssessedOutcome, Panel
from eds.history.models import AppendOnly, Tracked, seq_constraint
from eds.people.models import Organisation
from eds.ui.ids import public_id_field
from evidence.models import EvidenceItem
from objectives.equality.models import EqualityObjective
from objectives.months import MonthField


class PlanObjective(Tracked):
    """What is to change under an outcome this year; it may serve an equality objective."""

    public_id = public_id_field()
    assessed_outcome = models.ForeignKey(AssessedOutcome, on_delete=models.PROTECT, related_name="plan_objectives")
    all_services = models.BooleanField(default=False)
    """It is for every service of the outcome, of which `assessed_outcome` is the first."""
    position = models.PositiveSmallIntegerField(default=1)
    text = models.TextField()
    serves = models.ForeignKey(
        EqualityObjective, null=True, blank=True, on_delete=models.PROTECT, related_name="plan_objectives"
    )
    removed = models.BooleanField(default=False)

    class Meta:
        ordering = ["assessed_outcome", "position", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="plan_objective_has_words")]

    def __str__(self) -> str:
        return self.text


class Source(models.TextChoices):
    """Where the idea of an action came from."""

    OWN = "own", "Written for the plan"
    CRITERIA = "criteria", "What the next grade asks for"
    GAP = "gap", "A group that no evidence speaks of"
    COMMENT = "comment", "What a panel said"
    PROMISE = "promise", "A promise in the text"
    CARRIED = "carried", "Carried over from last year"
    IMPORTED = "imported", "Brought in from a file"


class ImprovementAction(Tracked):
    """What is done under an outcome, until when; who owns it and how it goes are rows of their own."""

    public_id = public_id_field()
    assessed_outcome = models.ForeignKey(AssessedOutcome, on_delete=models.PROTECT, related_name="actions")
    plan_objective = models.ForeignKey(
        PlanObjective, null=True, blank=True, on_delete=models.PROTECT, related_name="actions"
    )
    all_services = models.BooleanField(default=False)
    """It is for every service of the outcome, of which `assessed_outcome` is the first."""
    position = models.PositiveSmallIntegerField(default=1)
    text = models.TextField()
    measure = models.TextField(blank=True, help_text="How people will see that it worked.")
    due = MonthField("to be completed in", null=True, blank=True)
    due_words = models.CharField(max_length=100, blank=True, help_text="As a plan said it, such as “ongoing”.")
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.OWN)
    source_words = models.TextField(blank=True)
    carried_from = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="carried_to"
    )
    removed = models.BooleanField(default=False)

    class Meta:
        ordering = ["assessed_outcome", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="action_has_words"),
            models.CheckConstraint(condition=Q(source__in=Source.values), name="action_source_known"),
            models.CheckConstraint(
                condition=Q(source="carried", carried_from__isnull=False)
                | (~Q(source="carried") & Q(carried_from__isnull=True)),
                name="action_carried_from_another",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class ActionCharacteristic(models.Model):
    """A protected characteristic that an action is about, by code and name as objectives hold it."""

    action = models.ForeignKey(ImprovementAction, on_delete=models.PROTECT, related_name="characteristics")
    code = models.SlugField(max_length=60)
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["action", "code"], name="action_names_a_group_once")]

    def __str__(self) -> str:
        return self.name


class ActionOwner(Tracked):
    """Who does it: a person with a log-in, or a role, group or network by name. Ended, never deleted."""

    class Kind(models.TextChoices):
        PERSON = "person", "A person with a log-in"
        ROLE = "role", "A role"
        GROUP = "group", "A group"
        NETWORK = "network", "A staff network"

    action = models.ForeignKey(ImprovementAction, on_delete=models.PROTECT, related_name="owners")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=200, help_text="The role or group as it is printed; never a person's name.")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="owned_actions"
    )
    ended_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["action", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="person", user__isnull=False) | Q(kind__in=["role", "group", "network"]),
                name="action_owner_person_has_a_log_in",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="action_owner_has_a_name"),
            models.UniqueConstraint(
                fields=["action", "name"], condition=Q(ended_on__isnull=True), name="action_owner_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Status(models.TextChoices):
    """What an owner says of an action. "Late" is never said: it is computed."""

    NOT_STARTED = "not_started", "Not started"
    ON_TRACK = "on_track", "On track"
    AT_RISK = "at_risk", "At risk"
    DONE = "done", "Done"
    STOPPED = "stopped", "Stopped"


class ProgressUpdate(AppendOnly):
    """How an action goes, in its owner's words; the last one counts. Stopping it takes a reason."""

    seq_within = ("action",)

    action = models.ForeignKey(ImprovementAction, on_delete=models.PROTECT, related_name="updates")
    status = models.CharField(max_length=12, choices=Status.choices)
    evidence = models.ForeignKey(
        EvidenceItem, null=True, blank=True, on_delete=models.PROTECT, related_name="completed_actions"
    )
    by_link = models.BooleanField(default=False)

    class Meta:
        constraints = [
            seq_constraint("progressupdate", "action"),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="progress_status_known"),
            models.CheckConstraint(condition=~Q(status="stopped") | ~Q(reason=""), name="action_stops_with_a_reason"),
        ]

    def __str__(self) -> str:
        return self.get_status_display()


class Felt(AppendOnly):
    """Whether a panel felt what an action was to change, with a sentence in `reason`; the last one counts (R25)."""

    class Answer(models.TextChoices):
        DONE = "done", "Done, and felt"
        PARTLY = "partly", "Partly felt"
        NOT_FELT = "not_felt", "Not felt"

    seq_within = ("action", "panel")

    action = models.ForeignKey(ImprovementAction, on_delete=models.PROTECT, related_name="felt")
    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="felt")
    answer = models.CharField(max_length=10, choices=Answer.choices)

    class Meta:
        constraints = [
            seq_constraint("felt", "action", "panel"),
            models.CheckConstraint(condition=Q(answer__in=["done", "partly", "not_felt"]), name="felt_answer_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="felt_has_a_sentence"),
        ]

    def __str__(self) -> str:
        return self.get_answer_display()


class PlanSettings(Tracked):
    """How an organisation follows its plan: the digest, whom it tells of what is late, and whether names are printed."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="plan_settings")
    digest = models.BooleanField("send the lead a digest each month", default=True)
    escalate_after = models.PositiveSmallIntegerField("months late before the sponsor is told", null=True, blank=True)
    prints_names = models.BooleanField("print names of owners, not roles alone", default=False)

    def __str__(self) -> str:
        return f"How {self.organisation} follows its plan"


class ProgressLink(models.Model):
    """A mailed link to say how one action goes: one action, one person, once, until it runs out. Only its hash is kept."""

    append_only: ClassVar[bool] = False

    token_hash = models.CharField(max_length=64, unique=True)
    action = models.ForeignKey(ImprovementAction, on_delete=models.PROTECT, related_name="links")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Link {self.pk}"


class CalendarAddress(models.Model):
    """A person's secret address of their calendar of actions; a new one ends the old. Only its hash is kept."""

    append_only: ClassVar[bool] = False

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"Calendar address {self.pk}"
