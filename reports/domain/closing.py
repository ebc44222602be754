"""Closing a published version that discloses what it must not (R20)."""

from __future__ import annotations

from django.db import transaction

from eds.assessments.models import Assessment
from eds.files.domain import destroy
from eds.history.errors import DomainError
from eds.people.models import User
from reports.models import Publication, VersionClosure


def close_version(*, actor: User, publication: Publication, reason: str) -> VersionClosure:
    """Close a published version: its page says when and why, its record and hash stay, its files go.

    Raises DomainError without a reason, or where the version is closed already.
    """
    if not reason.strip():
        raise DomainError("Say why the version is closed. Do not repeat what it must not disclose.", field="reason")
    with transaction.atomic():
        Assessment.objects.select_for_update(of=("self",)).get(pk=publication.assessment_id)
        if VersionClosure.objects.filter(publication=publication).exists():
            raise DomainError("This version is closed already.")
        closure = VersionClosure.append(actor=actor, reason=reason.strip(), publication=publication)
        for rendition in publication.renditions.select_related("stored"):
            destroy(rendition.stored, why="The version is closed.")
    return closure


def is_closed(publication: Publication) -> bool:
    """Say whether a version is closed."""
    return VersionClosure.objects.filter(publication=publication).exists()
