"""What the database itself refuses of grades, on both engines (R1). Each check is one SQL condition that both read alike.

Under READ COMMITTED a trigger does not see a concurrent row, so on PostgreSQL each check locks the outcome first.
"""

from __future__ import annotations

from dataclasses import replace

from eds.history.triggers import PREFIX, Trigger, declare, refusal

OUTCOME = "assessments_assessedoutcome"
LOCK = f"PERFORM 1 FROM {OUTCOME} WHERE id = NEW.assessed_outcome_id FOR UPDATE;"
LATEST_PANEL_GRADE = (
    "(SELECT MAX(p.id) FROM grading_panelgrade p WHERE p.assessed_outcome_id = NEW.assessed_outcome_id)"
)
EVERY_PANEL_HAS_SPOKEN = (
    "A panel whose remit covers the outcome has no grade yet.",
    "EXISTS (SELECT 1 FROM assessments_panelremit r WHERE r.assessed_outcome_id = NEW.assessed_outcome_id AND "
    "NOT EXISTS (SELECT 1 FROM grading_panelgrade p WHERE p.panel_id = r.panel_id "
    "AND p.assessed_outcome_id = r.assessed_outcome_id))",
)


def _current(alias: str) -> str:
    """SQL: the panel grades of the outcome that no later grade of the same panel replaces."""
    return (
        f"grading_panelgrade {alias} WHERE {alias}.assessed_outcome_id = NEW.assessed_outcome_id "
        f"AND NOT EXISTS (SELECT 1 FROM grading_panelgrade later WHERE later.panel_id = {alias}.panel_id "
        f"AND later.assessed_outcome_id = {alias}.assessed_outcome_id AND later.seq > {alias}.seq)"
    )


def _checks(name: str, table: str, checks: list[tuple[str, str]], reads: tuple[str, ...], lock: str = LOCK) -> Trigger:
    return Trigger(
        name=f"{PREFIX}{name}",
        table=table,
        when="BEFORE INSERT",
        postgresql=" ".join([lock, *(refusal(words, sql, "postgresql") for words, sql in checks)]),
        sqlite=" ".join(refusal(words, sql, "sqlite") for words, sql in checks),
        reads=(OUTCOME, *reads),
    )


def _of_the_edition(table: str) -> Trigger:
    condition = (
        "NEW.grade_id IS NOT NULL AND NOT EXISTS ("
        f"SELECT 1 FROM {OUTCOME} o JOIN assessments_assessment a ON a.id = o.assessment_id "
        "JOIN frameworks_grade g ON g.revision_id = a.revision_id "
        "WHERE o.id = NEW.assessed_outcome_id AND g.id = NEW.grade_id)"
    )
    return _checks(
        f"{table}_grade_of_the_edition",
        table,
        [("The grade belongs to another edition.", condition)],
        ("assessments_assessment", "frameworks_grade"),
    )


def _local_interests() -> Trigger:
    position = "(SELECT g.position FROM frameworks_grade g WHERE g.id = NEW.grade_id)"
    graded = f"(SELECT COUNT(*) FROM {_current('c')} AND c.kind = 'panel')"
    extreme = (
        "(SELECT {which}(g.position) FROM frameworks_grade g WHERE g.id IN "
        f"(SELECT c.grade_id FROM {_current('c')} AND c.kind = 'panel'))"
    )
    lowest, highest = extreme.format(which="MIN"), extreme.format(which="MAX")
    # Left open, so that each use adds what the round must say.
    round_says = (
        f"EXISTS (SELECT 1 FROM {OUTCOME} o JOIN assessments_round r ON r.id = o.round_id "
        "WHERE o.id = NEW.assessed_outcome_id"
    )
    checks = [
        (
            "The local interests grade is made by the newest panel grade of its outcome.",
            f"NEW.made_by_id <> COALESCE({LATEST_PANEL_GRADE}, -1)",
        ),
        EVERY_PANEL_HAS_SPOKEN,
        ("No panel graded the outcome.", f"{graded} = 0"),
        (
            "The rule that made the local interests grade is not the one that applies.",
            f"(NEW.rule = 'only_panel' AND {graded} <> 1) OR (NEW.rule <> 'only_panel' AND {graded} = 1)",
        ),
        (
            "The local interests grade is not what its rule makes of the panels grades.",
            f"NEW.rule IN ('only_panel', 'lower', 'lower_at_deadline') AND {position} <> {lowest}",
        ),
        (
            "No round allows this rule for the local interests grade.",
            "NEW.rule NOT IN ('only_panel', 'lower', 'named_panel', 'joint', 'lower_at_deadline') OR "
            f"(NEW.rule IN ('joint', 'lower_at_deadline') AND ({lowest} = {highest} OR NOT {round_says} "
            f"AND r.differ_rule = 'joint'))) OR (NEW.rule = 'named_panel' AND NOT {round_says} "
            "AND r.differ_rule = 'named_panel')) OR (NEW.rule = 'lower' AND ("
            f"{round_says} AND r.differ_rule = 'joint' AND {lowest} <> {highest}) OR {round_says} "
            f"AND r.differ_rule = 'named_panel' AND r.named_panel_id IN (SELECT c.panel_id FROM {_current('c')} "
            "AND c.kind = 'panel'))))",
        ),
        (
            "The lower grade takes the place of a joint one when the deadline has passed.",
            f"NEW.rule = 'lower_at_deadline' AND NOT {round_says} AND r.agree_by <= CURRENT_DATE)",
        ),
        (
            "A joint grade is the newest one, and the chairs of all other panels have confirmed it.",
            "NEW.rule = 'joint' AND NOT EXISTS (SELECT 1 FROM grading_jointgrade j WHERE j.id = NEW.joint_id "
            "AND j.assessed_outcome_id = NEW.assessed_outcome_id AND j.grade_id = NEW.grade_id "
            "AND j.based_on_id = NEW.made_by_id AND NOT EXISTS (SELECT 1 FROM grading_jointgrade newer "
            "WHERE newer.assessed_outcome_id = j.assessed_outcome_id AND newer.seq > j.seq) "
            f"AND NOT EXISTS (SELECT 1 FROM {_current('c')} AND c.kind = 'panel' AND c.panel_id <> j.panel_id "
            "AND NOT EXISTS (SELECT 1 FROM grading_jointanswer a WHERE a.joint_id = j.id AND a.panel_id = c.panel_id "
            "AND a.confirmed AND NOT EXISTS (SELECT 1 FROM grading_jointanswer last WHERE last.joint_id = a.joint_id "
            "AND last.panel_id = a.panel_id AND last.seq > a.seq))))",
        ),
        (
            "The local interests grade is not that of the named panel.",
            "NEW.rule = 'named_panel' AND NOT EXISTS (SELECT 1 FROM "
            f"{OUTCOME} o JOIN assessments_round r ON r.id = o.round_id JOIN grading_panelgrade c "
            "ON c.panel_id = r.named_panel_id AND c.assessed_outcome_id = o.id AND c.grade_id = NEW.grade_id "
            "WHERE o.id = NEW.assessed_outcome_id AND NOT EXISTS (SELECT 1 FROM grading_panelgrade later "
            "WHERE later.panel_id = c.panel_id AND later.assessed_outcome_id = c.assessed_outcome_id "
            "AND later.seq > c.seq))",
        ),
    ]
    return _checks(
        "local_interests_grade_follows_the_panels",
        "grading_localinterestsgrade",
        checks,
        (
            "grading_panelgrade",
            "grading_jointgrade",
            "grading_jointanswer",
            "assessments_panelremit",
            "assessments_round",
            "frameworks_grade",
        ),
    )


def _agreed() -> Trigger:
    latest = "SELECT MAX(x.seq) FROM {table} x WHERE x.assessed_outcome_id = NEW.assessed_outcome_id"
    differ = (
        "(SELECT l.grade_id FROM grading_localinterestsgrade l WHERE l.id = NEW.local_interests_grade_id) <> "
        "(SELECT p.grade_id FROM grading_proposedgrade p WHERE p.id = NEW.proposed_grade_id)"
    )
    spoke = (
        "EXISTS (SELECT 1 FROM grading_statement s WHERE s.local_interests_grade_id = NEW.local_interests_grade_id "
        "AND s.proposed_grade_id = NEW.proposed_grade_id AND s.side = '{side}')"
    )
    checks = [
        (
            "An agreed grade points to the latest local interests grade of its outcome.",
            "NOT EXISTS (SELECT 1 FROM grading_localinterestsgrade l WHERE l.id = NEW.local_interests_grade_id "
            f"AND l.assessed_outcome_id = NEW.assessed_outcome_id AND l.made_by_id = {LATEST_PANEL_GRADE} "
            f"AND l.seq = ({latest.format(table='grading_localinterestsgrade')}))",
        ),
        (
            "An agreed grade points to the latest proposal of its outcome.",
            "NOT EXISTS (SELECT 1 FROM grading_proposedgrade p WHERE p.id = NEW.proposed_grade_id "
            "AND p.assessed_outcome_id = NEW.assessed_outcome_id "
            f"AND p.seq = ({latest.format(table='grading_proposedgrade')}))",
        ),
        EVERY_PANEL_HAS_SPOKEN,
        (
            "Equal grades and how the outcome was closed contradict each other.",
            f"({differ}) = (NEW.closed_by = 'equal')",
        ),
        ("Where the grades differ the agreed grade says why.", f"({differ}) AND NEW.reason = ''"),
        (
            "Where the grades differ both sides speak first, or the deadline passes.",
            f"(NEW.closed_by = 'statements' AND NOT ({spoke.format(side='organisation')} "
            f"AND {spoke.format(side='local_interests')})) OR (NEW.closed_by = 'deadline' AND NOT EXISTS ("
            f"SELECT 1 FROM {OUTCOME} o JOIN assessments_round r ON r.id = o.round_id "
            "WHERE o.id = NEW.assessed_outcome_id AND r.agree_by <= CURRENT_DATE))",
        ),
    ]
    return _checks(
        "agreed_grade_follows_local_interests",
        "grading_agreedgrade",
        checks,
        (
            "grading_localinterestsgrade",
            "grading_panelgrade",
            "grading_proposedgrade",
            "grading_statement",
            "assessments_panelremit",
            "assessments_round",
        ),
    )


def _panel_grade_is_the_newest() -> Trigger:
    """What is newest is found by id and seq, so a row that would slip in below them is refused.

    It runs after the insert, since SQLite gives the row its id only then.
    """
    trigger = _checks(
        "panel_grade_is_the_newest",
        "grading_panelgrade",
        [
            (
                "A new panel grade comes after all others of its outcome.",
                f"NEW.id <> {LATEST_PANEL_GRADE} OR EXISTS (SELECT 1 FROM grading_panelgrade p WHERE p.seq > NEW.seq "
                "AND p.panel_id = NEW.panel_id AND p.assessed_outcome_id = NEW.assessed_outcome_id)",
            ),
            (
                "A panel grades the outcomes of its remit only.",
                "NOT EXISTS (SELECT 1 FROM assessments_panelremit r WHERE r.panel_id = NEW.panel_id "
                "AND r.assessed_outcome_id = NEW.assessed_outcome_id)",
            ),
            (
                "For lack of evidence a panel records the lowest grade only.",
                "NEW.for_lack_of_evidence AND EXISTS (SELECT 1 FROM frameworks_grade g WHERE g.id = NEW.grade_id "
                "AND g.position <> 0)",
            ),
        ],
        ("assessments_panelremit", "frameworks_grade"),
    )
    return replace(trigger, when="AFTER INSERT")


def _is_chair(panel: str) -> str:
    """SQL: who writes the row chairs the panel."""
    return (
        f"EXISTS (SELECT 1 FROM assessments_panelmember m WHERE m.panel_id = {panel} AND m.user_id = NEW.actor_id "
        "AND m.role = 'chair' AND m.left_on IS NULL)"
    )


def _joint() -> list[Trigger]:
    """A joint grade, and each answer to it, is the deed of a chair whose panel graded (R5)."""
    of_joint = "(SELECT j.assessed_outcome_id FROM grading_jointgrade j WHERE j.id = NEW.joint_id)"
    latest = LATEST_PANEL_GRADE.replace("NEW.assessed_outcome_id", of_joint)
    return [
        _checks(
            "joint_grade_is_of_the_panels_present_grades",
            "grading_jointgrade",
            [
                (
                    "A joint grade is made of the panels newest grades.",
                    f"NEW.based_on_id <> COALESCE({LATEST_PANEL_GRADE}, -1)",
                ),
                EVERY_PANEL_HAS_SPOKEN,
                (
                    "A joint grade is written by the chair of a panel that graded.",
                    f"NOT {_is_chair('NEW.panel_id')} OR NOT EXISTS (SELECT 1 FROM {_current('c')} "
                    "AND c.kind = 'panel' AND c.panel_id = NEW.panel_id)",
                ),
            ],
            ("grading_panelgrade", "assessments_panelremit", "assessments_panelmember"),
        ),
        _checks(
            "joint_answer_is_another_chairs",
            "grading_jointanswer",
            [
                (
                    "A joint grade is answered while it stands, and before all have confirmed it.",
                    f"EXISTS (SELECT 1 FROM grading_jointgrade j WHERE j.id = NEW.joint_id AND (j.based_on_id <> {latest} "
                    "OR EXISTS (SELECT 1 FROM grading_jointgrade newer WHERE newer.seq > j.seq "
                    "AND newer.assessed_outcome_id = j.assessed_outcome_id) OR EXISTS (SELECT 1 FROM "
                    "grading_localinterestsgrade l WHERE l.joint_id = j.id)))",
                ),
                (
                    "A joint grade is answered by the chair of another panel that graded.",
                    f"NOT {_is_chair('NEW.panel_id')} OR EXISTS (SELECT 1 FROM grading_jointgrade j "
                    "WHERE j.id = NEW.joint_id AND j.panel_id = NEW.panel_id) OR NOT EXISTS (SELECT 1 FROM "
                    f"{_current('c').replace('NEW.assessed_outcome_id', of_joint)} AND c.kind = 'panel' "
                    "AND c.panel_id = NEW.panel_id)",
                ),
            ],
            ("grading_jointgrade", "grading_panelgrade", "grading_localinterestsgrade", "assessments_panelmember"),
            lock=f"PERFORM 1 FROM {OUTCOME} WHERE id = {of_joint} FOR UPDATE;",
        ),
    ]


def _dissent() -> Trigger:
    to = "FROM grading_panelgrade p WHERE p.id = NEW.panel_grade_id"
    return _checks(
        "dissent_is_a_reviewers_to_the_newest_grade",
        "grading_dissent",
        [
            (
                "A dissent is to the newest grade of its panel.",
                f"EXISTS (SELECT 1 FROM grading_panelgrade later WHERE EXISTS (SELECT 1 {to} "
                "AND later.panel_id = p.panel_id AND later.assessed_outcome_id = p.assessed_outcome_id "
                "AND later.seq > p.seq))",
            ),
            (
                "A dissent is written by a member of the panel who reviewed.",
                f"NOT EXISTS (SELECT 1 FROM grading_review r WHERE r.reviewer_id = NEW.actor_id AND EXISTS (SELECT 1 {to} "
                "AND r.panel_id = p.panel_id AND r.assessed_outcome_id = p.assessed_outcome_id))",
            ),
        ],
        ("grading_panelgrade", "grading_review"),
        lock=f"PERFORM 1 FROM {OUTCOME} WHERE id = (SELECT p.assessed_outcome_id {to}) FOR UPDATE;",
    )


def _chairs_words() -> list[Trigger]:
    """What leaves a panel in the chair's words, or by the chair's leave, is the chair's own deed (R21)."""
    of = "FROM grading_dissent d JOIN grading_panelgrade p ON p.id = d.panel_grade_id WHERE d.id = NEW.dissent_id"
    sentence = "What leaves a panel is passed by its own chair."
    return [
        _checks(
            "dissent_is_passed_by_the_chair",
            "grading_dissentdecision",
            [(sentence, f"NOT {_is_chair(f'(SELECT p.panel_id {of})')}")],
            ("grading_dissent", "grading_panelgrade", "assessments_panelmember"),
            lock=f"PERFORM 1 FROM {OUTCOME} WHERE id = (SELECT p.assessed_outcome_id {of}) FOR UPDATE;",
        ),
        _checks(
            "summary_is_passed_by_the_chair",
            "grading_panelsummary",
            [(sentence, f"NOT {_is_chair('NEW.panel_id')}")],
            ("assessments_panelmember",),
        ),
    ]


def _step_aside() -> Trigger:
    last_review = (
        "COALESCE((SELECT MAX(r.seq) FROM grading_review r WHERE r.assessed_outcome_id = NEW.assessed_outcome_id "
        "AND r.panel_id = NEW.panel_id AND r.reviewer_id = NEW.reviewer_id), 0)"
    )
    return _checks(
        "step_aside_comes_after_the_reviews",
        "grading_stepaside",
        [
            ("Stepping aside comes after the reviews that it replaces.", f"NEW.reviews_before <> {last_review}"),
            (
                "A panel grades the outcomes of its remit only.",
                "NOT EXISTS (SELECT 1 FROM assessments_panelremit r WHERE r.panel_id = NEW.panel_id "
                "AND r.assessed_outcome_id = NEW.assessed_outcome_id)",
            ),
        ],
        ("grading_review", "assessments_panelremit"),
    )


def declare_all() -> None:
    """Declare this room's triggers. Called once, at start."""
    graded = ("proposedgrade", "review", "panelgrade", "jointgrade", "localinterestsgrade")
    for table in (f"grading_{name}" for name in graded):
        declare(_of_the_edition(table))
    declare(_local_interests())
    declare(_agreed())
    declare(_panel_grade_is_the_newest())
    declare(_step_aside())
    declare(_dissent())
    for trigger in [*_joint(), *_chairs_words()]:
        declare(trigger)
