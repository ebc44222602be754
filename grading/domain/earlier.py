"""Results of years that were not run here: brought in as they were published, and never agreed grades."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from eds.assessments.models import Assessment
from eds.frameworks.models import Framework, Grade
from eds.history.errors import DomainError
from eds.people.models import Organisation, User
from grading.models import PublishedElsewhere

FIRST_YEAR = 2011


@dataclass(frozen=True)
class PastResult:
    """What was published for an outcome, per service where there was one; `grade` None takes an entry back."""

    outcome_code: str
    grade: Grade | None
    service: str = ""


def bring_in_results(
    *, actor: User, assessment: Assessment, year: int, source: str, results: Sequence[PastResult], reason: str = ""
) -> list[PublishedElsewhere]:
    """Enter what was published for an earlier year of an assessment's organisation and edition, with where it stands.

    Only what differs from what is stored is added. Raises DomainError without a source, for a year that is not before
    the assessment's, for a grade of another edition, or where an entry is taken back without a reason.
    """
    if not source.strip():
        raise DomainError("Say where the results were published.", field="source")
    if not FIRST_YEAR <= year < assessment.year:
        raise DomainError(f"Enter a year from {FIRST_YEAR} to {assessment.year - 1}.", field="year")
    with transaction.atomic():
        organisation = Organisation.objects.select_for_update().get(pk=assessment.organisation_id)
        stored = _stored(organisation, assessment.framework, year)
        added = []
        for result in results:
            last = stored.get((result.outcome_code, result.service))
            if (last.grade_id if last else None) == (result.grade.pk if result.grade else None) and (
                last is None or last.grade_id is None or last.source == source.strip()
            ):
                continue
            if result.grade is None and not reason.strip():
                raise DomainError("Say why a result is taken back.", field="reason")
            if result.grade is not None and result.grade.revision.framework_id != assessment.framework_id:
                raise DomainError("This grade belongs to another edition.")
            added.append(
                PublishedElsewhere.append(
                    actor=actor,
                    reason=reason,
                    organisation=organisation,
                    framework=assessment.framework,
                    year=year,
                    outcome_code=result.outcome_code,
                    service=result.service,
                    grade=result.grade,
                    source=source.strip(),
                )
            )
    return added


def _stored(organisation: Organisation, framework: Framework, year: int) -> dict[tuple[str, str], PublishedElsewhere]:
    rows = PublishedElsewhere.objects.filter(organisation=organisation, framework=framework, year=year)
    return {(row.outcome_code, row.service): row for row in rows.order_by("seq")}
