"""What grades rest on, as words, and the record of what of it changed after a round had opened (R12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from eds.assessments.models import AssessedOutcome, GroundsChange, Panel, Phase, PhaseChange, Round
from eds.history.errors import DomainError
from eds.people.models import User
from eds.ui.text import uk_date


def have_opened(rounds: Iterable[Round]) -> bool:
    """Say whether any of these rounds has ever opened, also where it was moved back since."""
    return PhaseChange.objects.filter(to_phase=Phase.REVIEWING, round__in=list(rounds)).exists()


def panel_grounds(panel: Panel) -> dict[str, str]:
    """Give what a panel's grades rest on, by what it is called."""
    return {
        "The panel's name": panel.name,
        "The local interest": panel.kind.name,
        "The quorum": str(panel.quorum),
        "How reviews become the panel's grade": panel.get_rule_display(),
        "What the panel grades": _codes(AssessedOutcome.objects.filter(remits__panel=panel)),
    }


def round_grounds(round_: Round) -> dict[str, str]:
    """Give what a round's grades rest on, by what it is called."""
    named = f": {round_.named_panel}" if round_.named_panel else ""
    return {
        "What counts where panels differ": f"{round_.get_differ_rule_display()}{named}",
        "Whether reviewers see the proposal": "yes" if round_.proposal_in_view else "no",
        "The date by which grades are agreed": uk_date(round_.agree_by) if round_.agree_by else "none",
        "What the round grades": _codes(round_.outcomes.all()),
    }


def _codes(outcomes: Any) -> str:
    return ", ".join(str(each) for each in outcomes.select_related("outcome", "service").in_order())


def keep_changes(
    *,
    actor: User,
    reason: str,
    subject: Mapping[str, Any],
    before: Mapping[str, str],
    after: Mapping[str, str],
) -> list[GroundsChange]:
    """Keep each difference between two sets of grounds; `subject` is {"panel": …} or {"round": …}.

    The caller is in a transaction and holds the assessment's lock. Raises DomainError for a change without a reason.
    """
    changed = {what: words for what, words in after.items() if before.get(what, "") != words}
    if changed and not reason.strip():
        raise DomainError("The round has been opened before: say why this changes.", field="reason")
    whole = {"panel": None, "round": None, **subject}
    assessment = next(iter(subject.values())).assessment
    return [
        GroundsChange.append(
            actor=actor,
            reason=reason,
            assessment=assessment,
            what=what,
            before=before.get(what, ""),
            after=words,
            **whole,
        )
        for what, words in changed.items()
    ]
