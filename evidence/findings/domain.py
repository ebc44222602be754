"""The lead settles one finding per outcome and characteristic (R7)."""

from __future__ import annotations

from django.db import transaction

from eds.assessments.models import AssessedOutcome, Phase, Round
from eds.frameworks.models import Characteristic
from eds.history.errors import DomainError
from eds.people.models import User

from .models import Fares, OutcomeFinding


def settle_finding(
    *, actor: User, assessed_outcome: AssessedOutcome, characteristic: Characteristic, fares: str, reason: str
) -> OutcomeFinding:
    """Set how people of a characteristic fare under an outcome, with the reason; the last one counts (R7).

    Raises DomainError without a reason, for an unknown answer or another edition's characteristic, while a round is in
    reviewing (what reviewers judge must not move), and once the grade is agreed.
    """
    if not reason.strip():
        raise DomainError("Say why you set this.", field="reason")
    if fares not in Fares.values:
        raise DomainError("Choose how these people fare.", field="fares")
    with transaction.atomic():
        outcome = (
            AssessedOutcome.objects.select_for_update(of=("self",))
            .select_related("assessment")
            .get(pk=assessed_outcome.pk)
        )
        if characteristic.revision_id != outcome.assessment.revision_id:
            raise DomainError("This characteristic belongs to another edition.")
        phase = Round.objects.values_list("phase", flat=True).filter(pk=outcome.round_id).first()
        if phase in {Phase.REVIEWING, Phase.AGREED}:
            raise DomainError("This is set while evidence is prepared or grades are being agreed.")
        return OutcomeFinding.append(
            actor=actor, reason=reason.strip(), assessed_outcome=outcome, about_code=characteristic.code, fares=fares
        )
