"""The verbs of published objectives: publish a version, make its PDF, close it."""

from __future__ import annotations

import json
from typing import Any

from django.db import transaction

from eds.files.domain import destroy, store
from eds.history.errors import DomainError, Stale
from eds.history.models import today
from eds.jobs.domain import enqueue
from eds.jobs.errors import JobFailed
from eds.jobs.models import Job
from eds.jobs.registry import Finish
from eds.jobs.running import RunningJob
from eds.people.models import Organisation, User
from reports.payload import canonical, content_hash

from .build import build, small_numbers_in
from .models import ObjectivesClosure, ObjectivesRendition, ObjectivesVersion
from .rendering import render_pdf

RENDER = "reports.render_objectives"


def publish(
    *, actor: User, organisation: Organisation, reason: str, seen_hash: str, small_checked: bool = False
) -> ObjectivesVersion:
    """Publish the next version of an organisation's objectives, and queue its formats.

    `seen_hash` is the hash of the content that the person read. Raises Stale where the records say something else by
    now; DomainError without a reason, with nothing to publish or nothing new, and where a small number of people was not
    looked at (R15).
    """
    if not reason.strip():
        raise DomainError("Say why you publish this version.", field="reason")
    with transaction.atomic():
        locked = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
        content = build(locked)
        text = canonical(content)
        mark = content_hash(text)
        if mark != seen_hash:
            raise Stale("The objectives have changed since you opened this page.")
        if not content["objectives"]:
            raise DomainError("There is nothing to publish yet: the board has decided on no objective.")
        last = newest(locked)
        if last is not None and last.content_hash == mark and not is_closed(last):
            raise DomainError(f"Nothing has changed since version {last.seq}.")
        if small_numbers_in(content) and not small_checked:
            raise DomainError(
                "Look at the small numbers first, and say that nobody can be recognised.", field="small_checked"
            )
        version = (last.seq if last else 0) + 1
        made = ObjectivesVersion.append(
            actor=actor,
            reason=reason.strip(),
            organisation=locked,
            content=text,
            content_hash=mark,
            envelope={
                "version": version,
                "published_on": today().isoformat(),
                "reason": reason.strip(),
                "content_hash": mark,
            },
        )
        for each in ObjectivesRendition.Format:
            enqueue(
                kind=RENDER,
                subject=made.public_id,
                key=f"render:{made.public_id}:{each.value}",
                args={"version": made.public_id, "format": each.value},
                created_by=actor,
            )
    return made


def newest(organisation: Organisation) -> ObjectivesVersion | None:
    """Give the newest version of an organisation's objectives."""
    return ObjectivesVersion.objects.filter(organisation=organisation).order_by("-seq").first()


def is_closed(version: ObjectivesVersion) -> bool:
    """Say whether a version is closed."""
    return ObjectivesClosure.objects.filter(version=version).exists()


def close_version(*, actor: User, version: ObjectivesVersion, reason: str) -> ObjectivesClosure:
    """Close a version that discloses what it must not: its page says when and why, its files go (R20).

    Raises DomainError without a reason, or where it is closed already.
    """
    if not reason.strip():
        raise DomainError("Say why the version is closed. Do not repeat what it must not disclose.", field="reason")
    with transaction.atomic():
        ObjectivesVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        if is_closed(version):
            raise DomainError("This version is closed already.")
        closure = ObjectivesClosure.append(actor=actor, reason=reason.strip(), version=version)
        for rendition in version.renditions.select_related("stored"):
            destroy(rendition.stored, why="The version is closed.")
    return closure


def payload_of(version: ObjectivesVersion) -> dict[str, Any]:
    """Give a version's payload: {"content": …, "envelope": …}."""
    return {"content": json.loads(version.content), "envelope": version.envelope}


def render(running: RunningJob) -> Finish:
    """Job handler: make one format of a version from its stored content alone.

    Raises JobFailed where the file cannot be stored, or the version has been closed.
    """
    version = ObjectivesVersion.objects.get(public_id=running.args["version"])
    if is_closed(version):
        raise JobFailed("This version is closed, so no file of it is made.", final=True)
    running.progress(0, 2, "Laying out the pages")
    pdf = render_pdf(payload_of(version))
    running.progress(1, 2, "Storing the file")
    try:
        stored = store(pdf, content_type="application/pdf", kind="rendition")
    except OSError as error:
        raise JobFailed(
            "The PDF was made but could not be stored: the place for files is full or out of reach. "
            "Tell the person who runs this service, then try again."
        ) from error

    def finish() -> None:
        ObjectivesVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        if is_closed(version):  # while it was being made
            destroy(stored, why="The version was closed while this was made.")
            return
        ObjectivesRendition.objects.create(version=version, format=running.args["format"], stored=stored)

    return finish


def jobs_of(version: ObjectivesVersion) -> list[Job]:
    """Give the jobs that make a version's formats."""
    return list(Job.objects.filter(kind=RENDER, subject=version.public_id).order_by("key"))
