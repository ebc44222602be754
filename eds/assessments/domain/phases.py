"""Moving rounds through their phases, and assessments through their states (R18)."""

from __future__ import annotations

from django.db import transaction

from eds.assessments import contracts, rules
from eds.assessments.models import Assessment, Phase, PhaseChange, Round, State, StateChange
from eds.frameworks.criteria import latest_set
from eds.history.errors import DomainError
from eds.people.models import User


class ConditionsUnmet(DomainError):
    """A move's conditions are not met; `unmet` names them all."""

    def __init__(self, unmet: list[contracts.Unmet]) -> None:
        super().__init__("The round cannot move yet: " + " ".join(item.sentence for item in unmet))
        self.unmet = unmet


def move_phase(*, actor: User, round: Round, to_phase: str, reason: str = "", from_phase: str | None = None) -> Round:
    """Move a round one phase on or back, with the effects that every room registered.

    `from_phase` is the phase the person saw. Raises DomainError for a jump, for a move back without a reason, or where
    the round has moved meanwhile; ConditionsUnmet where a condition of the move is not met.
    """
    with transaction.atomic():
        assessment = Assessment.objects.select_for_update(of=("self",)).get(pk=round.assessment_id)
        locked = Round.objects.select_for_update(of=("self",)).select_related("assessment").get(pk=round.pk)
        target = Phase(to_phase)
        if from_phase is not None and locked.phase != from_phase:
            raise DomainError(f"The round has moved meanwhile: it is {locked.get_phase_display().lower()} now.")
        if assessment.state == State.PUBLISHED:
            raise DomainError("The report is published. Reopen the assessment for a correction first.")
        if target not in {rules.next_phase(locked.phase), rules.previous_phase(locked.phase)}:
            raise DomainError(
                f"A round moves one phase at a time; it is {locked.get_phase_display().lower()} now.", field="to_phase"
            )
        back = rules.is_move_back(locked.phase, target)
        if back and not reason.strip():
            raise DomainError("Say why the round goes back.", field="reason")
        if not back:
            unmet = contracts.unmet_conditions(locked, target)
            if unmet:
                raise ConditionsUnmet(unmet)
        opens = locked.phase == Phase.PREPARING and target == Phase.REVIEWING
        change = PhaseChange.append(
            actor=actor,
            reason=reason,
            round=locked,
            from_phase=locked.phase,
            to_phase=target.value,
            criteria=latest_set(assessment.revision) if opens else None,
        )
        locked.phase = target.value
        locked.reveals += target == Phase.AGREEING and not back
        locked.record(actor=actor, reason=reason or f"Moved to {target.label.lower()}")
        contracts.run_effects(locked, change)
        _follow(actor=actor, assessment=assessment)
    return locked


def _follow(*, actor: User, assessment: Assessment) -> None:
    """An assessment is in sign-off while all its rounds are agreed, and open otherwise."""
    phases = set(Round.objects.filter(assessment=assessment).values_list("phase", flat=True))
    wanted = State.IN_SIGN_OFF if phases == {Phase.AGREED.value} else State.OPEN
    if assessment.state != wanted:
        move_state(actor=actor, assessment=assessment, to_state=wanted, reason="Follows the rounds")


def move_state(*, actor: User, assessment: Assessment, to_state: str, reason: str) -> Assessment:
    """Move the whole assessment. The caller is in a transaction, holds its lock, and has asked the right."""
    StateChange.append(
        actor=actor, reason=reason, assessment=assessment, from_state=assessment.state, to_state=to_state
    )
    assessment.state = to_state
    assessment.record(actor=actor, reason=reason)
    return assessment
