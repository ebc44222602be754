"""What is worth knowing of the front of a report, its rating and its date."""

from __future__ import annotations

from collections.abc import Iterator

from eds.history.models import today
from eds.ui.text import uk_date

from .registry import Finding, Kind, check
from .subject import Subject


@check(
    "front.contact",
    Kind.KNOW,
    "Nobody is told how to get the report in another form",
    "The site administrator enters the organisation's post, phone and e-mail.",
)
def front_contact(subject: Subject) -> Iterator[Finding]:
    """Post, phone and e-mail for other formats."""
    organisation = subject.content.organisation
    ways = {
        "post": organisation.contact_post,
        "phone": organisation.contact_phone,
        "e-mail": organisation.contact_email,
    }
    missing = [name for name, value in ways.items() if not value.strip()]
    if missing:
        says = f"The front of the report names no {', no '.join(missing)}."
        yield Finding("contact", "The front of the report", subject.details_url, says, says)


@check("front.details", Kind.KNOW, "Report details that are empty", "Write them on the page of the report details.")
def front_details(subject: Subject) -> Iterator[Finding]:
    """What a reader may look for at the front."""
    details = subject.content.details
    parts = {
        "note on the method": details.method_note,
        "date on which the grading was completed": details.completed_on,
        "events with local people": subject.content.engagement or details.involvement,
        "approval route": subject.content.approval,
    }
    missing = [name for name, value in parts.items() if not value]
    if missing:
        says = f"The report has no {', no '.join(missing)}."
        yield Finding("details", "Report details", subject.details_url, says, says)


@check(
    "score.no-rating",
    Kind.KNOW,
    "The report has no overall rating",
    "It prints the points that there are, and of how many outcomes.",
)
def score_no_rating(subject: Subject) -> Iterator[Finding]:
    """Where anything is left out, not applicable or ungraded there is no rating (R9)."""
    overall = subject.content.overall
    if overall is not None and overall.rating is None:
        says = f"{overall.points} of {overall.maximum} points over {overall.graded} of {overall.outcomes} outcomes."
        yield Finding("rating", "Grades at a glance", subject.sign_off_url, says, says)


@check("publish.overdue", Kind.KNOW, "The report is overdue", "Panels see on the assessment's page that it is.")
def publish_overdue(subject: Subject) -> Iterator[Finding]:
    """The date by which it was to be published has passed (R18)."""
    if subject.publish_by and subject.publish_by < today():
        says = f"It was to be published by {uk_date(subject.publish_by)}."
        yield Finding("overdue", "The whole report", subject.sign_off_url, says, says)
