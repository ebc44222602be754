"""The panels' current grades, which most other queries of grades build on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import OuterRef, QuerySet, Subquery

from eds.assessments.models import AssessedOutcome
from eds.history.prepared import prepared
from eds.history.reading import Reading, read
from grading.models import PanelGrade


def latest_rows(rows: QuerySet, *within: str) -> QuerySet:
    """Keep the row with the highest seq inside the named fields."""
    newest = rows.model._default_manager.filter(**{name: OuterRef(name) for name in within}).order_by("-seq")
    return rows.filter(pk=Subquery(newest.values("pk")[:1]))


@prepared
def _newest(outcomes: Sequence[AssessedOutcome]) -> QuerySet[PanelGrade]:
    rows = latest_rows(PanelGrade.objects.filter(assessed_outcome__in=outcomes), "assessed_outcome", "panel")
    return rows.select_related("grade", "median", "panel__kind").order_by("panel_id")


def current_panel_grades(outcomes: Iterable[AssessedOutcome]) -> dict[int, dict[int, PanelGrade]]:
    """Give by assessed outcome the latest grade of each panel (one query)."""
    return read(reading_panel_grades(list(outcomes)))


def reading_panel_grades(outcomes: list[AssessedOutcome]) -> Reading[dict[int, dict[int, PanelGrade]]]:
    """Give by assessed outcome the latest grade of each panel (one step)."""
    rows = _newest(outcomes)
    yield [rows]
    found: dict[int, dict[int, PanelGrade]] = {outcome.pk: {} for outcome in outcomes}
    for row in rows:
        found[row.assessed_outcome_id][row.panel_id] = row
    return found
