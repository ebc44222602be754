"""Answers to what was found in texts, and what is known of people's stories. Decisions, so only ever added."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from eds.history.models import AppendOnly, seq_constraint

from .rules import Kind


class TextAnswer(AppendOnly):
    """What somebody answered about something found in an item's texts (R16). It stands until the words change.

    `key` is a fingerprint of what was found, never the words: they may be taken out of the evidence.
    """

    class Answer(models.TextChoices):
        NOT_A_PERSON = "not_a_person", "It is not about a person, or it is public already"
        AGREED = "agreed", "The person agrees that it is shown"
        TOO_GENERAL = "too_general", "Nobody can be recognised from it"
        WILL_REMOVE = "will_remove", "It has to go: I will write a new version without it"

    seq_within = ("item", "key")

    item = models.ForeignKey("evidence.EvidenceItem", on_delete=models.PROTECT, related_name="answers")
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in Kind])
    key = models.CharField(max_length=32)
    answer = models.CharField(max_length=20, choices=Answer.choices)

    class Meta:
        constraints = [
            seq_constraint("textanswer", "item", "key"),
            models.CheckConstraint(
                condition=Q(answer__in=["not_a_person", "agreed", "too_general", "will_remove"]),
                name="text_answer_known",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="text_answer_has_a_reason"),
        ]


class StoryMark(AppendOnly):
    """Whether an item tells somebody's story, and on what ground it may be shown (R16). The last one counts."""

    class Kind(models.TextChoices):
        NO_STORY = "no_story", "No, it tells nobody's story"
        NO_CONSENT = "no_consent", "Yes, and we have no consent yet"
        CONSENT = "consent", "Yes, and the person has consented"
        FICTIONALISED = "fictionalised", "Yes, and it is fictionalised: nobody can be recognised"

    class Scope(models.TextChoices):
        PANELS = "panels", "Review panels only"
        PUBLIC = "public", "Everybody"

    seq_within = ("item",)

    item = models.ForeignKey("evidence.EvidenceItem", on_delete=models.PROTECT, related_name="story_marks")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    scope = models.CharField(max_length=10, choices=Scope.choices, blank=True)
    consent_for = models.CharField(max_length=200, blank=True)
    consent_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            seq_constraint("storymark", "item"),
            models.CheckConstraint(
                condition=Q(kind__in=["no_story", "no_consent", "fictionalised"], scope="")
                | (Q(kind="consent", scope__in=["panels", "public"]) & ~Q(consent_for="")),
                name="story_consent_says_for_what",
            ),
        ]
