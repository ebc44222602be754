"""Where the joint grade of differing panels stands (R5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import QuerySet

from eds.assessments.models import AssessedOutcome, Panel, PanelRemit, Round
from eds.history.prepared import prepared
from eds.history.reading import Reading, read
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
    return read(reading_joint_states(outcomes))(current)


@prepared
def _remits(outcomes: Sequence[AssessedOutcome]) -> QuerySet[PanelRemit, Any]:
    return PanelRemit.objects.filter(assessed_outcome__in=outcomes).values_list("assessed_outcome_id", "panel_id")


@prepared
def _written(outcomes: Sequence[AssessedOutcome]) -> QuerySet[JointGrade]:
    grades = JointGrade.objects.filter(assessed_outcome__in=outcomes)
    return grades.select_related("grade", "panel", "based_on").order_by("seq")


@prepared
def _given(outcomes: Sequence[AssessedOutcome]) -> QuerySet[JointAnswer]:
    answers = JointAnswer.objects.filter(joint__assessed_outcome__in=outcomes)
    return answers.select_related("panel").order_by("seq")


def reading_joint_states(
    outcomes: list[AssessedOutcome],
) -> Reading[Callable[[dict[int, dict[int, PanelGrade]]], dict[int, JointState]]]:
    """Give what makes joint_states() of the panels' current grades, so that both are read at once (one step)."""
    remits, grades, given = _remits(outcomes), _written(outcomes), _given(outcomes)
    yield [remits, grades, given]
    needed: dict[int, set[int]] = defaultdict(set)
    for outcome_pk, panel_pk in remits:
        needed[outcome_pk].add(panel_pk)
    written = {row.assessed_outcome_id: row for row in grades}
    answers: dict[int, dict[int, JointAnswer]] = defaultdict(dict)
    newest = {row.pk for row in written.values()}
    for answer in given:
        if answer.joint_id in newest:
            answers[answer.joint_id][answer.panel_id] = answer
    return partial(_states, outcomes, needed, written, answers)


def _states(
    outcomes: list[AssessedOutcome],
    needed: dict[int, set[int]],
    written: dict[int, JointGrade],
    answers: dict[int, dict[int, JointAnswer]],
    current: dict[int, dict[int, PanelGrade]],
) -> dict[int, JointState]:
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
