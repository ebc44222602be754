"""The verbs of reports: sign off, publish, render, reopen for a correction."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from eds.assessments.contracts import run_publish_effects
from eds.assessments.domain import move_state
from eds.assessments.models import Assessment, State
from eds.files.domain import destroy, store
from eds.history.errors import DomainError
from eds.history.models import today
from eds.jobs.domain import enqueue
from eds.jobs.errors import JobFailed
from eds.jobs.models import Job
from eds.jobs.registry import Finish
from eds.jobs.running import RunningJob
from eds.people.models import User
from reports.models import Publication, Rendition, SignOff
from reports.payload import build_content, canonical, content_hash, read
from reports.rendering import render_pdf

from .checking import require_ready
from .closing import is_closed

RENDER = "reports.render"


class ContentChanged(DomainError):
    """The report is not the one that was read or signed."""


def decide_sign_off(*, actor: User, assessment: Assessment, decision: str, seen_hash: str, reason: str = "") -> SignOff:
    """Sign the report off, or refuse with a reason. It changes no grade (R18).

    `seen_hash` is the hash of the content that the sponsor read. Raises ContentChanged where the records say something
    else by now, DomainError in another state or for a refusal without a reason.
    """
    if decision == SignOff.Decision.REFUSED and not reason.strip():
        raise DomainError("Say why the report is not signed off.", field="reason")
    with transaction.atomic():
        locked = _lock(assessment)
        if locked.state != State.IN_SIGN_OFF:
            raise DomainError("The report can be signed off once every round is agreed, and until it is published.")
        if content_hash(canonical(build_content(locked))) != seen_hash:
            raise ContentChanged("The report has changed since you opened it. Read it again before you sign.")
        last = latest_sign_off(locked)
        if last and (last.decision, last.content_hash, last.reason) == (decision, seen_hash, reason):
            return last
        return SignOff.append(actor=actor, reason=reason, assessment=locked, decision=decision, content_hash=seen_hash)


def latest_sign_off(assessment: Assessment) -> SignOff | None:
    """Give the sponsor's latest decision."""
    return assessment.sign_offs.order_by("-seq").first()


def publish(*, actor: User, assessment: Assessment, reason: str = "") -> Publication:
    """Publish a version: rebuild the content, refuse if its hash is not the signed one, store it, and queue its formats.

    Raises ContentChanged where the records differ from what was signed; DomainError in another state, without a
    signature, or for a correction (any version after the first) without a reason; ChecksOpen where a check stops the
    report or waits for an answer.
    """
    with transaction.atomic():
        locked = _lock(assessment)
        if locked.state != State.IN_SIGN_OFF:
            raise DomainError("The report can be published once every round is agreed, and once a version.")
        signed = latest_sign_off(locked)
        if signed is None or signed.decision != SignOff.Decision.SIGNED:
            raise DomainError("The board sponsor has not signed off the report.")
        content = build_content(locked)
        text = canonical(content)
        if content_hash(text) != signed.content_hash:
            raise ContentChanged("The report has changed since it was signed off. It needs a new sign-off.")
        version = locked.publications.count() + 1
        if version > 1 and not reason.strip():
            raise DomainError("Say what this version corrects.", field="reason")
        require_ready(locked, content)
        publication = Publication.append(
            actor=actor,
            reason=reason,
            assessment=locked,
            sign_off=signed,
            content=text,
            content_hash=signed.content_hash,
            envelope={
                "version": version,
                "published_on": today().isoformat(),
                "reason": reason,
                "signed_by": "Board sponsor",
                "signed_on": signed.decided_on.isoformat(),
                "content_hash": signed.content_hash,
            },
        )
        move_state(actor=actor, assessment=locked, to_state=State.PUBLISHED, reason=reason or "Published")
        for rendition in Rendition.Format:
            enqueue(
                kind=RENDER,
                subject=publication.public_id,
                key=f"render:{publication.public_id}:{rendition.value}",
                args={"publication": publication.public_id, "format": rendition.value},
                created_by=actor,
            )
        run_publish_effects(locked, version)
    return publication


def reopen(*, actor: User, assessment: Assessment, reason: str) -> Assessment:
    """Take a published assessment back to sign-off for a correction; the published version stays (R20)."""
    if not reason.strip():
        raise DomainError("Say why the published report needs a correction.", field="reason")
    with transaction.atomic():
        locked = _lock(assessment)
        if locked.state != State.PUBLISHED:
            raise DomainError("Only a published assessment can be reopened.")
        return move_state(actor=actor, assessment=locked, to_state=State.IN_SIGN_OFF, reason=reason)


def render(running: RunningJob) -> Finish:
    """Job handler: make one format of a publication from its stored payload alone.

    Raises JobFailed where the file cannot be stored, or the version has been closed.
    """
    publication = Publication.objects.get(public_id=running.args["publication"])
    if is_closed(publication):
        raise JobFailed("This version is closed, so no file of it is made.", final=True)
    running.progress(0, 2, "Laying out the pages")
    pdf = render_pdf(payload_of(publication))
    running.progress(1, 2, "Storing the file")
    try:
        stored = store(pdf, content_type="application/pdf", kind="rendition")
    except OSError as error:
        raise JobFailed(
            "The PDF was made but could not be stored: the place for files is full or out of reach. "
            "Tell the person who runs this service, then try again."
        ) from error

    def finish() -> None:
        Publication.objects.select_for_update(of=("self",)).get(pk=publication.pk)
        if is_closed(publication):  # while it was being made
            destroy(stored, why="The version was closed while this was made.")
            return
        Rendition.objects.create(publication=publication, format=running.args["format"], stored=stored)

    return finish


def read_content(text: str) -> dict[str, Any]:
    """Give a canonical JSON content as the dictionary that templates and renderers read, also one of an earlier release."""
    return read(text)


def payload_of(publication: Publication) -> dict[str, Any]:
    """Give a publication's payload: {"content": …, "envelope": …}."""
    return {"content": read_content(publication.content), "envelope": publication.envelope}


def renditions_of(publication: Publication) -> dict[str, Rendition]:
    """Give a publication's finished formats by name."""
    return {row.format: row for row in publication.renditions.select_related("stored")}


def jobs_of(publication: Publication) -> list[Job]:
    """Give the jobs that make a publication's formats."""
    return list(Job.objects.filter(kind=RENDER, subject=publication.public_id).order_by("key"))


def _lock(assessment: Assessment) -> Assessment:
    return (
        Assessment.objects.select_for_update(of=("self",))
        .select_related("organisation", "framework", "revision__framework")
        .get(pk=assessment.pk)
    )
