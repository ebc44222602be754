"""The kinds of panel to begin with; the list can be edited."""

from django.db import migrations

KINDS = [
    ("patients-and-communities", "Patients and communities", True),
    ("staff-side", "Staff side", False),
    ("peer-reviewers", "Independent or peer reviewers", False),
    ("other", "Another local interest", False),
]


def add_kinds(apps, schema_editor):
    kind = apps.get_model("assessments", "PanelKind")
    for position, (code, name, of_the_community) in enumerate(KINDS):
        kind.objects.get_or_create(
            code=code, defaults={"name": name, "of_the_community": of_the_community, "position": position}
        )


class Migration(migrations.Migration):
    dependencies = [("assessments", "0002_initial")]
    operations = [migrations.RunPython(add_kinds, migrations.RunPython.noop)]
