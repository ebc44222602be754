"""The parts of a report that the lead writes: its details, events with local people, the approval route."""

from __future__ import annotations

from eds.assessments.models import Assessment, EngagementEvent
from reports.models import ApprovalStep, ReportDetails

from . import schema

LEAD, SPONSOR = "Equality lead", "Board sponsor"


def build_details(assessment: Assessment) -> schema.Details:
    """Give the details of a report; those of one without a row are roles and the plain level (one query)."""
    row = ReportDetails.objects.filter(assessment=assessment).first() or ReportDetails(assessment=assessment)
    return schema.Details(
        level=row.get_level_display(),
        bodies=[line.strip() for line in row.bodies.splitlines() if line.strip()],
        lead=_person(row.lead_name, row.lead_role or LEAD, row.names_agreed),
        sponsor=_person(row.sponsor_name, row.sponsor_role or SPONSOR, row.names_agreed),
        method_note=row.method_note,
        involvement=row.involvement,
        good_practice=row.good_practice,
        other_text=row.other_text,
        completed_on=row.completed_on.isoformat() if row.completed_on else "",
        revise_on=row.revise_on.isoformat() if row.revise_on else "",
    )


def _person(name: str, role: str, agreed: bool) -> str:
    return f"{name}, {role}" if name and agreed else role


def build_engagement(assessment: Assessment) -> list[schema.Engagement]:
    """Give the meetings and events with local people, by date (one query)."""
    return [
        schema.Engagement(
            name=event.name,
            on=event.held_on.isoformat(),
            groups=event.groups,
            numbers=event.numbers,
            heard=event.heard,
            changed=event.changed,
        )
        for event in EngagementEvent.objects.filter(assessment=assessment, removed=False)
    ]


def build_approval(assessment: Assessment) -> list[schema.Approval]:
    """Give the approval route, by date (one query)."""
    return [
        schema.Approval(
            kind=step.get_kind_display(), body=step.body, on=step.on.isoformat(), paper=step.paper, minute=step.minute
        )
        for step in ApprovalStep.objects.filter(assessment=assessment, removed=False)
    ]
