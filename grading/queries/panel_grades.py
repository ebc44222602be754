"""The panels' current grades, which most other queries of grades build on."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import OuterRef, QuerySet, Subquery

from eds.assessments.models import AssessedOutcome
from grading.models import PanelGrade


def latest_rows(rows: QuerySet, *within: str) -> QuerySet:
    """Keep the row with the highest seq inside the named fields."""
    newest = rows.model._default_manager.filter(**{name: OuterRef(name) for name in within}).order_by("-seq")
    return rows.filter(pk=Subquery(newest.values("pk")[:1]))


def current_panel_grades(outcomes: Iterable[AssessedOutcome]) -> dict[int, dict[int, PanelGrade]]:
    """Give by assessed outcome the latest grade of each panel (one query)."""
    outcomes = list(outcomes)
    rows = latest_rows(PanelGrade.objects.filter(assessed_outcome__in=outcomes), "assessed_outcome", "panel")
    found: dict[int, dict[int, PanelGrade]] = {outcome.pk: {} for outcome in outcomes}
    for row in rows.select_related("grade", "median", "panel__kind").order_by("panel_id"):
        found[row.assessed_outcome_id][row.panel_id] = row
    return found
