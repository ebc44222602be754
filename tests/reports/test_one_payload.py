"""The public page comes first, the PDF after it, both from the stored payload: what changes later changes neither."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from eds.files.domain import read_stored
from eds.jobs.domain import run
from eds.jobs.models import Job
from eds.people.models import Organisation
from evidence import domain as evidence
from evidence.models import EvidenceItem
from reports.domain import RENDER, payload_of
from reports.models import Publication
from tests.reports.test_pdf import words_of
from tests.world import World

pytestmark = pytest.mark.django_db


def test_the_page_is_there_before_the_pdf_and_neither_follows_the_records(world: World) -> None:
    world.to_published()
    publication = Publication.objects.get()
    address = reverse("public-report", args=[world.trust.slug, world.assessment.year, "eds-2011", 1])
    first = Client().get(address).content.decode()
    assert "The PDF is being made. Until it is ready, this page holds the whole report." in first
    assert "Nine of ten board members were trained." in first
    payload = payload_of(publication)

    trust = Organisation.objects.get(pk=world.trust.pk)
    trust.name = "Renamed Trust"
    trust.record(actor=world.admin, reason="Two trusts became one")
    item = EvidenceItem.objects.get(pk=world.item.pk)  # type: ignore[union-attr]
    evidence.correct_item(
        actor=world.contributor,
        item=item,
        content=evidence.EvidenceText("Board training", "None of them was trained."),
        sharing="public",
        reason="We counted again",
        expected_version=1,
    )
    assert run(Job.objects.get(kind=RENDER).public_id)

    again = Client().get(address).content.decode()
    for now in (" ".join(again.split()), words_of(read_stored(publication.renditions.get().stored))):
        assert "Nine of ten board members were trained." in now
        assert "Hollin Vale Trust" in now
        assert "None of them was trained" not in now
        assert "Renamed Trust" not in now
    assert "Download this report as PDF" in again
    assert payload_of(Publication.objects.get()) == payload
