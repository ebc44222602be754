"""Where the joint grade of differing panels stands (R5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from eds.assessments.models import AssessedOutcome, Panel, PanelRemit, Round
from grading.models import JointAnswer, JointGrade, PanelGrade

from .panel_grades import current_panel_grades


@dataclass(frozen=True)
class JointState:
    """An outcome whose panels differ in a round whose chairs write a joint grade.

    `panels` are those that graded; `written` is the newest joint grade and `answers` each panel's last answer to it.
    """

    based_on: PanelGrade
    panels: list[Panel]
    written: JointGrade | None
    answers: dict[int, JointAnswer]

    @property
    def stands(self) -> bool:
        """Say whether the joint grade was written of the panels' present grades."""
        return self.written is not None and self.written.based_on_id == self.based_on.pk

    @property
    def waits_for(self) -> list[Panel]:
        """Give the panels whose chairs have not confirmed the joint grade that stands."""
        if not self.stands or self.written is None:
            return []
        return [
            panel
            for panel in self.panels
            if panel.pk != self.written.panel_id and not (panel.pk in self.answers and self.answers[panel.pk].confirmed)
        ]

    @property
    def confirmed_by_all(self) -> bool:
        """Say whether the chairs of all other panels have confirmed it."""
        return self.stands and not self.waits_for

    @property
    def declined(self) -> list[JointAnswer]:
        """Give the answers of chairs who do not confirm it."""
        return [answer for answer in self.answers.values() if not answer.confirmed] if self.stands else []

    def unanswered_by(self, panel_pk: int) -> bool:
        """Say whether this panel's chair is still asked."""
        return any(panel.pk == panel_pk for panel in self.waits_for) and panel_pk not in self.answers


def joint_states(
    outcomes: Iterable[AssessedOutcome], by_panel: dict[int, dict[int, PanelGrade]] | None = None
) -> dict[int, JointState]:
    """Give by assessed outcome where its joint grade stands, for those that need one (a fixed number of queries).

    An outcome needs one where its round says so, every panel has graded or declined, and the grades differ. `by_panel`
    are the panels' current grades where they were read already.
    """
    outcomes = list(outcomes)
    current = current_panel_grades(outcomes) if by_panel is None else by_panel
    needed: dict[int, set[int]] = defaultdict(set)
    for outcome_pk, panel_pk in PanelRemit.objects.filter(assessed_outcome__in=outcomes).values_list(
        "assessed_outcome_id", "panel_id"
    ):
        needed[outcome_pk].add(panel_pk)
    written: dict[int, JointGrade] = {}
    rows = JointGrade.objects.filter(assessed_outcome__in=outcomes).select_related("grade", "panel", "based_on")
    for row in rows.order_by("seq"):
        written[row.assessed_outcome_id] = row
    answers: dict[int, dict[int, JointAnswer]] = defaultdict(dict)
    newest = {row.pk for row in written.values()}
    for answer in (
        JointAnswer.objects.filter(joint__assessed_outcome__in=outcomes).select_related("panel").order_by("seq")
    ):
        if answer.joint_id in newest:
            answers[answer.joint_id][answer.panel_id] = answer
    found = {}
    for outcome in outcomes:
        grades = current[outcome.pk]
        graded = [row for row in grades.values() if row.grade_id]
        by_joint = outcome.round is not None and outcome.round.differ_rule == Round.DifferRule.JOINT
        if not by_joint or needed[outcome.pk] - grades.keys() or len({row.grade_id for row in graded}) < 2:
            continue
        last = written.get(outcome.pk)
        found[outcome.pk] = JointState(
            based_on=max(grades.values(), key=lambda row: row.pk),
            panels=[row.panel for row in graded],
            written=last,
            answers=answers[last.pk] if last else {},
        )
    return found
