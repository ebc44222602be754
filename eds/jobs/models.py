"""Work for the worker, as rows: a broker may lose its messages, the database does not."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from eds.ui.ids import public_id_field


class Job(models.Model):
    """One piece of work that is done exactly once, however often its message arrives and its worker dies.

    A worker that takes the job writes a token and a lease into the row and beats the lease while it works; only who
    still holds the token may finish. `eds.jobs.domain` is the only place that changes rows.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "waiting"
        RUNNING = "running", "under way"
        DONE = "done", "done"
        FAILED = "failed", "failed"

    public_id = public_id_field()
    kind = models.CharField(max_length=50)
    subject = models.CharField(max_length=50, help_text="The public id of what the work is about.")
    key = models.CharField(max_length=200, unique=True, help_text="The same key is never queued twice.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    args = models.JSONField(default=dict, blank=True)
    request_id = models.CharField(
        max_length=32, blank=True, default="", db_default="", help_text="What the logs call the request that queued it."
    )

    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=3)
    token = models.UUIDField(null=True, blank=True, editable=False)
    lease_until = models.DateTimeField(null=True, blank=True, editable=False)
    not_before = models.DateTimeField(null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)

    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    progress_words = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True, help_text="Why it failed, in a sentence for people.")

    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)
    retried_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    retried_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "subject"], name="job_kind_subject"),
            models.Index(fields=["state", "lease_until"], name="job_state_lease"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running", "done", "failed"]), name="job_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="running", token__isnull=False, lease_until__isnull=False)
                | (~Q(state="running") & Q(token__isnull=True, lease_until__isnull=True)),
                name="job_running_has_token_and_lease",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "failed"], finished_at__isnull=False)
                | Q(state__in=["queued", "running"], finished_at__isnull=True),
                name="job_ended_has_time",
            ),
            models.CheckConstraint(
                condition=(Q(state="failed") & ~Q(error="")) | (~Q(state="failed") & Q(error="")),
                name="job_failed_has_words",
            ),
            models.CheckConstraint(
                condition=Q(max_attempts__gte=1, attempts__lte=models.F("max_attempts")),
                name="job_attempts_are_limited",
            ),
            models.CheckConstraint(
                condition=Q(progress_done__lte=models.F("progress_total")), name="job_progress_within_total"
            ),
            models.CheckConstraint(
                condition=Q(retried_at__isnull=True, retried_by__isnull=True)
                | Q(retried_at__isnull=False, retried_by__isnull=False),
                name="job_retry_has_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}: {self.state}"


class WorkerSeen(models.Model):
    """When a worker was last heard of, so that a page can say that no worker runs."""

    name = models.CharField(max_length=200, unique=True)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "workers seen"

    def __str__(self) -> str:
        return f"{self.name} at {self.seen_at}"


class OutboxMail(models.Model):
    """A mail that somebody is to get, written in the transaction of what happened; it holds no text and no address.

    A job sends it (`eds.jobs.outbox`): its kind is asked again whether the person may still have it, and the text is
    made only then. `to` is empty where the subject says whom it goes to (an invitation, a request for a link).
    """

    class State(models.TextChoices):
        QUEUED = "queued", "waiting to be sent"
        SENDING = "sending", "being sent"
        SENT = "sent", "sent"
        SKIPPED = "skipped", "not sent"
        FAILED = "failed", "could not be sent"

    public_id = public_id_field()
    kind = models.CharField(max_length=50)
    to = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=50, help_text="The public id of what the mail is about.")
    args = models.JSONField(default=dict, blank=True)
    key = models.CharField(max_length=200, unique=True, help_text="The same key is never sent twice.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    words = models.TextField(blank=True, help_text="Why it was not sent, in a sentence for people.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    sent_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["kind", "subject"], name="outbox_kind_subject")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sending", "sent", "skipped", "failed"]), name="outbox_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="outbox_sent_has_time",
            ),
            models.CheckConstraint(
                condition=(Q(state__in=["skipped", "failed"]) & ~Q(words=""))
                | (~Q(state__in=["skipped", "failed"]) & Q(words="")),
                name="outbox_not_sent_has_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}: {self.state}"


class KeptMail(models.Model):
    """What a mail said. Written in the demo only, where mails are kept and shown instead of sent."""

    outbox = models.OneToOneField(OutboxMail, on_delete=models.CASCADE, related_name="kept")
    to = models.EmailField()
    heading = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()

    def __str__(self) -> str:
        return self.heading
