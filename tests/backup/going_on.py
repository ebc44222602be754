"""Works in a restored installation as its application would: `python -m tests.backup.going_on`."""

from __future__ import annotations

from itertools import product


def go_on() -> None:
    """Triggers refuse what they refused, every file opens, new rows come after the old ones, and pages are shown."""
    from django.apps import apps
    from django.db import IntegrityError, connection, models, transaction
    from django.test import Client

    from eds.files.domain import read_stored
    from eds.files.models import StoredFile
    from eds.history import triggers
    from eds.people.models import Organisation, User
    from evidence import domain as evidence
    from objectives.equality.models import EqualityObjective
    from reports.models import ObjectivesVersion, Publication
    from reports.payload import content_hash
    from tests.matrix.scene import keep_mail
    from tests.world import person

    assert triggers.present() == {trigger.name: trigger.table for trigger in triggers.expected()}
    refused = 0
    append_only = [model for model in apps.get_models() if getattr(model, "append_only", False)]
    for model, sql in product(append_only, ("UPDATE {} SET id = id", "DELETE FROM {}")):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql.format(connection.ops.quote_name(model._meta.db_table)))
        except IntegrityError as no:
            refused += "never changed" in str(no)
    assert refused == 2 * len(append_only)

    for stored in StoredFile.objects.filter(destroyed__isnull=True):
        assert len(read_stored(stored)) == stored.size
    for version in [*Publication.objects.all(), *ObjectivesVersion.objects.all()]:
        assert content_hash(version.content) == version.content_hash

    last = models.QuerySet(User).aggregate(last=models.Max("pk"))["last"]
    new = person("Nora New")
    assert new.pk > last
    keep_mail("after")
    trust = Organisation.objects.get(slug="hollin-vale-trust")
    contributor = User.objects.get(email="carla.contributor@example.org")
    item = evidence.write_item(
        actor=contributor, organisation=trust, content=evidence.EvidenceText("After", "The restoration.")
    )
    assert evidence.latest_version(item).seq == 1
    objective = EqualityObjective.objects.all()[0]
    objective.record(actor=contributor, reason="Goes on")

    client = Client()
    client.force_login(User.objects.get(email="lena.lead@example.org"))
    assessment = Publication.objects.all()[0].assessment
    outcome = assessment.outcomes.get(outcome__code="4.1")
    for page in ("/", f"/assessments/{assessment.public_id}/", f"/outcomes/{outcome.public_id}/"):
        shown = client.get(page, follow=True)
        assert shown.status_code == 200, (page, shown.status_code)


if __name__ == "__main__":
    import django

    django.setup()
    from django.test.utils import setup_test_environment

    setup_test_environment()
    go_on()
