"""What was decided of an item that an outcome had last year, where it is not simply cited again."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from eds.history.models import AppendOnly, seq_constraint


class OfferDecision(AppendOnly):
    """A decision on an item that was cited for the same outcome last year (R19). The last one counts.

    Keeping it needs no row: then it is cited. `RENEW` waits for the item's next version and cites it then. `DROP` has
    its reason, and the item is not offered for this outcome again until `OFFER` takes that back.
    """

    class Choice(models.TextChoices):
        RENEW = "renew", "Renew"
        DROP = "drop", "Drop"
        OFFER = "offer", "Offer again"

    seq_within = ("assessed_outcome", "item")

    assessed_outcome = models.ForeignKey(
        "assessments.AssessedOutcome", on_delete=models.PROTECT, related_name="offer_decisions"
    )
    item = models.ForeignKey("evidence.EvidenceItem", on_delete=models.PROTECT, related_name="offer_decisions")
    choice = models.CharField(max_length=10, choices=Choice.choices)

    class Meta:
        constraints = [
            seq_constraint("offerdecision", "assessed_outcome", "item"),
            models.CheckConstraint(condition=Q(choice__in=["renew", "drop", "offer"]), name="offer_choice_known"),
            models.CheckConstraint(condition=~Q(choice="drop") | ~Q(reason=""), name="offer_dropped_with_a_reason"),
        ]
