"""When the whole assessment is signed off and published."""

from __future__ import annotations

import datetime

from django.db import transaction

from eds.assessments.calendar import Dates, out_of_order
from eds.assessments.models import Assessment, Round, State
from eds.history.errors import DomainError
from eds.people.models import User


def set_dates(
    *,
    actor: User,
    assessment: Assessment,
    sign_off_by: datetime.date | None,
    publish_by: datetime.date | None,
    expected_version: int | None = None,
) -> Assessment:
    """Set by when the report is signed off and published.

    Raises DomainError where a date comes before that of an earlier step of any round, or where the report is published
    already; Stale where somebody else changed the assessment.
    """
    with transaction.atomic():
        locked = Assessment.objects.select_for_update(of=("self",)).get(pk=assessment.pk)
        if locked.state == State.PUBLISHED:
            raise DomainError("The report is published, so its dates stay.")
        for round_ in [None, *Round.objects.filter(assessment=locked)]:
            require_in_order(
                Dates(
                    pack_by=round_.pack_by if round_ else None,
                    review_by=round_.review_by if round_ else None,
                    agree_by=round_.agree_by if round_ else None,
                    sign_off_by=sign_off_by,
                    publish_by=publish_by,
                )
            )
        locked.sign_off_by, locked.publish_by = sign_off_by, publish_by
        return locked.record(actor=actor, reason="Set the dates", expected_version=expected_version)


def require_in_order(dates: Dates) -> None:
    """Raise DomainError at the first date that comes before an earlier step."""
    for field, sentence in out_of_order(dates).items():
        raise DomainError(sentence, field=field)
