"""What the database itself checks of set-up and phases.

A round's phase, and an assessment's state, follow their last recorded move; and what grades rest on (which outcome a
row is, in which round, under which rule, graded by which panels) stays as it was when the round opened (R5, R12).
"""

from eds.history.triggers import PREFIX, Trigger, declare, refusal


def _follows(deed: str, table: str, column: str, moves: str, parent: str) -> Trigger:
    sentence = f"{column} follows the recorded moves only."
    last = f"SELECT m.to_{column} FROM {moves} m WHERE m.{parent}_id = NEW.id ORDER BY m.seq DESC LIMIT 1"
    first = {"phase": "preparing", "state": "open"}[column]
    condition = f"NEW.{column} <> COALESCE(({last}), '{first}')"
    return Trigger(
        name=f"{PREFIX}{table}_{column}_on_{deed.lower()}",
        table=table,
        when=f"BEFORE {deed}",
        postgresql=refusal(sentence, condition, "postgresql"),
        sqlite=refusal(sentence, condition, "sqlite"),
        reads=(moves,),
    )


def _stays(name: str, table: str, deed: str, sentence: str, condition: str, *reads: str) -> Trigger:
    return Trigger(
        name=f"{PREFIX}{table}_{name}_on_{deed.lower()}",
        table=table,
        when=f"BEFORE {deed}",
        postgresql=refusal(sentence, condition, "postgresql"),
        sqlite=refusal(sentence, condition, "sqlite"),
        reads=reads,
    )


def _differs(column: str) -> str:
    return f"COALESCE(NEW.{column}, -1) <> COALESCE(OLD.{column}, -1)"


def _grounds_of_grades() -> list[Trigger]:
    """What grades rest on and no verb changes once a round has opened."""
    outcome, round_, remit = "assessments_assessedoutcome", "assessments_round", "assessments_panelremit"
    opened = f"EXISTS (SELECT 1 FROM {round_} r WHERE r.phase <> 'preparing' AND r.id IN ({{rounds}}))"
    of_outcome = f"SELECT o.round_id FROM {outcome} o WHERE o.id = {{row}}.assessed_outcome_id"
    return [
        _stays(
            "identity",
            outcome,
            "UPDATE",
            "An assessed outcome stays the outcome that it is.",
            " OR ".join(_differs(column) for column in ("assessment_id", "outcome_id")),
        ),
        _stays(
            "service",
            outcome,
            "UPDATE",
            "An assessed outcome keeps its service, and gets one only while its round is being prepared.",
            f"{_differs('service_id')} AND (OLD.service_id IS NOT NULL OR {opened.format(rounds='OLD.round_id')})",
            round_,
        ),
        _stays(
            "round",
            outcome,
            "UPDATE",
            "An outcome stays in its round once the round has opened.",
            f"{_differs('round_id')} AND ({opened.format(rounds='OLD.round_id, NEW.round_id')} "
            f"OR EXISTS (SELECT 1 FROM {round_} r WHERE r.reveals > 0 AND r.id = OLD.round_id))",
            round_,
        ),
        _stays(
            "rule",
            round_,
            "UPDATE",
            "What makes the local interests grade is chosen before the round opens.",
            "OLD.phase <> 'preparing' AND (NEW.differ_rule <> OLD.differ_rule OR "
            f"{_differs('named_panel_id')} OR {_differs('assessment_id')})",
        ),
        _stays(
            "rule",
            "assessments_panel",
            "UPDATE",
            "How a panel grades is chosen before its round opens.",
            "(NEW.rule <> OLD.rule OR NEW.quorum <> OLD.quorum OR NEW.kind_id <> OLD.kind_id "
            f"OR {_differs('assessment_id')}) AND "
            + opened.format(
                rounds=f"SELECT o.round_id FROM {outcome} o JOIN {remit} p ON p.assessed_outcome_id = o.id "
                "WHERE p.panel_id = OLD.id"
            ),
            round_,
            outcome,
            remit,
        ),
        *(
            _stays(
                "opened",
                remit,
                deed,
                "A panels remit is fixed once a round of it has opened.",
                " OR ".join(opened.format(rounds=of_outcome.format(row=row)) for row in rows),
                round_,
                outcome,
            )
            for deed, rows in {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}.items()
        ),
    ]


def _shown_criteria() -> Trigger:
    """What reviewers saw beside their answers gets nothing added later (R9)."""
    moves = "assessments_phasechange"
    return _stays(
        "shown",
        "frameworks_criterion",
        "INSERT",
        "Criteria that a round has shown are complete.",
        f"EXISTS (SELECT 1 FROM {moves} m WHERE m.criteria_id = NEW.criteria_set_id)",
        moves,
    )


def declare_all() -> None:
    """Declare this floor's triggers. Called once, at start."""
    for trigger in [*_grounds_of_grades(), _shown_criteria()]:
        declare(trigger)
    for deed in ("INSERT", "UPDATE"):
        declare(_follows(deed, "assessments_round", "phase", "assessments_phasechange", "round"))
        declare(_follows(deed, "assessments_assessment", "state", "assessments_statechange", "assessment"))
