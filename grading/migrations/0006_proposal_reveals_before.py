"""A proposal says how many reveals came before the one that shows it; of old rows the recorded moves tell."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models


def reveals_before(apps: Any, row: Any) -> int:
    """Count for a proposal the reveals before the one that shows it: one written while agreeing is shown at once."""
    phase_change = apps.get_model("assessments", "PhaseChange")
    moves = phase_change._default_manager.filter(
        round__outcomes=row.assessed_outcome_id, recorded_at__lte=row.recorded_at
    ).order_by("seq")
    ways = list(moves.values_list("from_phase", "to_phase"))
    reveals = ways.count(("reviewing", "agreeing"))
    return reveals - (bool(ways) and ways[-1][1] == "agreeing")


def fill(apps: Any, schema_editor: Any) -> None:
    """Give the rows from after a first reveal their number."""
    proposals = models.QuerySet(apps.get_model("grading", "ProposedGrade"))
    for row in proposals.filter(after_reveal=True):
        proposals.filter(pk=row.pk).update(reveals_before=reveals_before(apps, row))


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0005_services_rules"),
        ("grading", "0005_step_aside"),
    ]

    operations = [
        migrations.AddField(
            model_name="proposedgrade",
            name="reveals_before",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
