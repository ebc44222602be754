"""What is read of an assessment's set-up."""

from __future__ import annotations

from django.db.models import Q

from eds.assessments.models import Assessment, GroundsChange, Panel


def changes_of_panel(panel: Panel) -> list[GroundsChange]:
    """Give what changed of a panel and of its rounds after one had opened, in order (one query; R12)."""
    rows = GroundsChange.objects.filter(
        Q(panel=panel) | Q(round__outcomes__remits__panel=panel), assessment=panel.assessment_id
    )
    return list(rows.distinct().order_by("seq"))


def changes_after_opening(assessment: Assessment) -> list[GroundsChange]:
    """Give all that changed of panels and rounds after opening, in order, for the report (one query; R12)."""
    return list(assessment.grounds_changes.select_related("panel", "round").order_by("seq"))
