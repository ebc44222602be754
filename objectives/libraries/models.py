"""Which objective or action answers what a national plan asks for (R26)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from eds.history.models import Tracked
from objectives.equality.models import EqualityObjective
from objectives.plan.models import ImprovementAction


class NationalLink(Tracked):
    """An objective or an action answers an item of a library. Removed, never deleted."""

    item = models.CharField(max_length=120, help_text="The library's and the item's code.")
    objective = models.ForeignKey(
        EqualityObjective, null=True, blank=True, on_delete=models.PROTECT, related_name="national_links"
    )
    action = models.ForeignKey(
        ImprovementAction, null=True, blank=True, on_delete=models.PROTECT, related_name="national_links"
    )
    removed = models.BooleanField(default=False)

    class Meta:
        ordering = ["item", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(objective__isnull=False, action__isnull=True)
                | Q(objective__isnull=True, action__isnull=False),
                name="national_link_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["item", "objective"], condition=Q(objective__isnull=False), name="objective_answers_item_once"
            ),
            models.UniqueConstraint(
                fields=["item", "action"], condition=Q(action__isnull=False), name="action_answers_item_once"
            ),
        ]

    def __str__(self) -> str:
        return self.item
