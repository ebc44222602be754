"""What the database itself checks of official criteria: outcome and grade are those of the set's own revision."""

from eds.history.triggers import PREFIX, Trigger, declare, refusal

_SET, _GOAL, _OUTCOME, _GRADE = (f"frameworks_{name}" for name in ("criteriaset", "goal", "outcome", "grade"))
_REVISION = f"(SELECT s.revision_id FROM {_SET} s WHERE s.id = NEW.criteria_set_id)"
_CONDITION = (
    f"{_REVISION} <> (SELECT g.revision_id FROM {_OUTCOME} o JOIN {_GOAL} g ON g.id = o.goal_id "
    f"WHERE o.id = NEW.outcome_id) OR {_REVISION} <> (SELECT g.revision_id FROM {_GRADE} g WHERE g.id = NEW.grade_id)"
)
_WORDS = "A criterion belongs to an outcome and a grade of its own revision."


def declare_all() -> None:
    """Declare this floor's triggers. Called once, at start."""
    declare(
        Trigger(
            name=f"{PREFIX}frameworks_criterion_revision_on_insert",
            table="frameworks_criterion",
            when="BEFORE INSERT",
            postgresql=refusal(_WORDS, _CONDITION, "postgresql"),
            sqlite=refusal(_WORDS, _CONDITION, "sqlite"),
            reads=(_SET, _GOAL, _OUTCOME, _GRADE),
        )
    )
