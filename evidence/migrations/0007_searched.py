"""Versions keep their words without markup for the search; those of old versions are made here, once."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from eds.ui import richtext


def words_of(text: str, format: str) -> str:
    """Give the words of a text on one line, without markup."""
    return " ".join((richtext.to_text(text) if format == "html" else text).split())


def fill(apps: Any, schema_editor: Any) -> None:
    """Give the versions that are there their words. The triggers that keep versions fixed are dropped meanwhile."""
    versions = models.QuerySet(apps.get_model("evidence", "EvidenceVersion"), using=schema_editor.connection.alias)
    for pk, text, format in versions.values_list("pk", "text", "format").iterator():
        versions.filter(pk=pk).update(searched=words_of(text, format))


class Migration(migrations.Migration):
    dependencies = [("evidence", "0006_last_year")]

    operations = [
        migrations.AddField(
            model_name="evidenceversion",
            name="searched",
            field=models.TextField(default="", editable=False),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
