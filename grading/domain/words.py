"""What a panel says beside its grade: dissents of members, and what the chair of a small panel passes on (R5, R21)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from eds.assessments.models import AssessedOutcome, Panel, PanelRemit, Phase
from eds.history.errors import DomainError, Stale
from eds.people.models import User
from grading import rules
from grading.models import Dissent, DissentDecision, PanelSummary
from grading.queries import current_panel_grades, latest_summary, panel_reviews

from .locking import lock_outcome

NOT_AGREEING = "This is written while grades are being agreed."


def add_dissent(*, actor: User, assessed_outcome: AssessedOutcome, panel: Panel, text: str) -> Dissent:
    """Add a member's dissent to the panel's grade as it stands; it is printed without a name (R5).

    Raises DomainError outside agreeing, without a text, before the panel has a grade, for somebody who did not review
    the outcome on this panel, or for a second dissent to the same grade.
    """
    if not text.strip():
        raise DomainError("Write what you see differently.", field="text")
    with transaction.atomic():
        outcome = lock_outcome(assessed_outcome, {Phase.AGREEING}, NOT_AGREEING)
        recorded = current_panel_grades([outcome])[outcome.pk].get(panel.pk)
        if recorded is None:
            raise DomainError("The panel has no grade yet that you could see differently.")
        if actor.pk not in {review.reviewer_id for review in panel_reviews(outcome, panel)}:
            raise DomainError("A dissent is written by a member of the panel who reviewed this outcome.")
        earlier = Dissent.objects.filter(panel_grade=recorded, actor=actor).first()
        if earlier and earlier.reason == text:
            return earlier
        if earlier:
            raise DomainError("You have written a dissent to this grade already. It cannot be changed.")
        return Dissent.append(actor=actor, reason=text, panel_grade=recorded)


@dataclass(frozen=True)
class DissentAnswer:
    """What the chair decides of a dissent: passed on as it stands, or kept back with a reason."""

    passed: bool
    reason: str = ""


def pass_words(
    *,
    actor: User,
    assessed_outcome: AssessedOutcome,
    panel: Panel,
    summary: str,
    dissents: Mapping[str, DissentAnswer],
    expected_seq: int | None = None,
) -> PanelSummary | None:
    """Pass words of a panel on to the organisation and the public: the chair's summary, and dissents by public id (R21).

    Gives the summary that stands. Raises DomainError outside agreeing, for a dissent that is not to the panel's grade or
    that needs no passing, or one kept back without a reason; Stale where the summary was changed meanwhile.
    """
    with transaction.atomic():
        outcome = lock_outcome(assessed_outcome, {Phase.AGREEING}, NOT_AGREEING)
        if not PanelRemit.objects.filter(panel=panel, assessed_outcome=outcome).exists():
            raise DomainError("This outcome is not in the panel's remit.")
        recorded = current_panel_grades([outcome])[outcome.pk].get(panel.pk)
        known = {row.public_id: row for row in Dissent.objects.filter(panel_grade=recorded)} if recorded else {}
        if dissents and rules.may_show_spread(len(panel_reviews(outcome, panel))):
            raise DomainError("So many reviewed that dissents are shown as they stand.")
        for public_id, answer in dissents.items():
            if public_id not in known:
                raise DomainError("This dissent is not to the panel's present grade.")
            if not answer.passed and not answer.reason.strip():
                raise DomainError("Say why you keep the dissent back.", field=f"why_{public_id}")
            last = DissentDecision.objects.filter(dissent=known[public_id]).order_by("-seq").first()
            if last is None or (last.passed, last.reason) != (answer.passed, answer.reason):
                DissentDecision.append(
                    actor=actor, reason=answer.reason, dissent=known[public_id], passed=answer.passed
                )
        stands = latest_summary(outcome, panel)
        if expected_seq is not None and (stands.seq if stands else 0) != expected_seq:
            raise Stale("The summary was changed since you opened this page.")
        if summary == (stands.reason if stands else ""):
            return stands
        return PanelSummary.append(actor=actor, reason=summary, assessed_outcome=outcome, panel=panel)
