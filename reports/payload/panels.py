"""What a report says of panels and rounds: grades and how they were made, without a name (R5, R12, R21)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eds.assessments.models import (
    AssessedOutcome,
    Assessment,
    GroundsChange,
    Panel,
    PanelChange,
    Phase,
    PhaseChange,
    Round,
)
from eds.frameworks.models import Grade
from grading import rules
from grading.models import JointAnswer, JointGrade, LocalInterestsGrade, PanelGrade, Review
from grading.queries import OutcomeGrades, PanelWords, panel_words, stepped_aside_numbers

from . import schema

BY_THE_CHAIR = "The panel's chair recorded it."
FOR_LACK = "It stands for a lack of evidence to judge by, and not for what the evidence says."
MAJORITY = "More than half of those who gave a grade gave this one."
NO_MAJORITY = "No grade had more than half, so the panel's chair recorded it."
MAJORITY_OR_CHAIR = "The panel goes by majority; where no grade has more than half, its chair records the grade."
ONLINE = "online"
MEDIAN = "It is the median of the members' grades, the lower of two middle ones."


@dataclass(frozen=True)
class PanelsSaid:
    """What is printed of one outcome's panels: each one's grade, and the local interests' grade of all."""

    grades: list[schema.PanelsGrade]
    local: schema.LocalGrade | None


def grade_word(grade: Grade) -> schema.GradeWord:
    """Give a grade as it is printed."""
    return schema.GradeWord(code=grade.code, name=grade.name, colour=grade.colour)


def asked(answers: Sequence[Mapping[str, str]]) -> list[schema.Asked]:
    """Give what a grade was asked and answered; a question that nobody could be asked is open (R6)."""
    return [schema.Asked(each["text"], each["answer"].strip()) for each in answers]


def panels_said(
    outcomes: Sequence[AssessedOutcome], grades: Mapping[int, OutcomeGrades], of_edition: Sequence[Grade]
) -> dict[int, PanelsSaid]:
    """Give by assessed outcome what is printed of its panels (a fixed number of queries).

    Spread, median, step-asides, comments and dissents are as anybody may read them: of a small panel only what its chair
    passed.
    """
    words = panel_words(outcomes, of_edition)
    aside = stepped_aside_numbers(outcomes)
    joint = _joint_grades([found.local for found in grades.values() if found.local])
    return {
        outcome.pk: PanelsSaid(
            grades=[
                # A panel may have graded what has left its remit since: its grade is printed, and nothing of its members.
                _panels_grade(
                    row,
                    words.get((outcome.pk, row.panel_id), PanelWords(row.panel)),
                    aside.get((outcome.pk, row.panel_id), 0),
                )
                for row in grades[outcome.pk].panel_grades
            ],
            local=_local(grades[outcome.pk], joint),
        )
        for outcome in outcomes
    }


def _panels_grade(row: PanelGrade, words: PanelWords, aside: int) -> schema.PanelsGrade:
    enough = bool(words.spread)
    return schema.PanelsGrade(
        panel=row.panel.name,
        grade=grade_word(row.grade) if row.grade else None,
        for_lack_of_evidence=row.for_lack_of_evidence,
        reason=row.reason,
        decided_on=row.decided_on.isoformat(),
        how=_how(row, words),
        median=grade_word(row.median) if row.median and enough else None,
        why_not_median=row.why_not_median,
        spread=[schema.SpreadCount(grade_word(grade), number) for grade, number in words.spread],
        not_enough=words.not_enough,
        stepped_aside=aside,
        summary=words.summary,
        dissents=[dissent.reason for dissent in words.dissents],
        questions=asked(row.answers),
        comments=[
            schema.CommentSaid(grade_word(review.grade) if review.grade else None, review.reason)
            for review in words.comments
        ],
    )


def _how(row: PanelGrade, words: PanelWords) -> list[str]:
    """Say how the panel's rule made the grade; of a small panel nothing that tells how its members stood (R21)."""
    enough = bool(words.spread)
    if row.for_lack_of_evidence or row.grade is None:
        answers = [grade.position for grade, number in words.spread for _ in range(number)]
        numbers = rules.why_evidence_lacks([*answers, *[None] * words.not_enough], row.panel.quorum) if enough else []
        return [*([FOR_LACK] if row.for_lack_of_evidence else []), *numbers]
    if row.panel.rule == Panel.Rule.MEDIAN and row.median is None:
        return [MEDIAN]
    if row.panel.rule == Panel.Rule.MAJORITY:
        return [(NO_MAJORITY if row.median else MAJORITY) if enough else MAJORITY_OR_CHAIR]
    return [BY_THE_CHAIR] if row.median else []


def _joint_grades(local: Sequence[LocalInterestsGrade]) -> dict[int, schema.JointSaid]:
    """Give the joint grades that made local interests' grades, by primary key (two queries)."""
    confirmed: dict[int, dict[str, bool]] = defaultdict(dict)
    wanted = [row.joint_id for row in local if row.joint_id is not None]
    for answer in JointAnswer.objects.filter(joint__in=wanted).select_related("panel").order_by("seq"):
        confirmed[answer.joint_id][answer.panel.name] = answer.confirmed
    return {
        row.pk: schema.JointSaid(
            written_by=row.panel.name,
            confirmed_by=sorted(name for name, yes in confirmed[row.pk].items() if yes),
            reason=row.reason,
            decided_on=row.decided_on.isoformat(),
        )
        for row in JointGrade.objects.filter(pk__in=wanted).select_related("panel")
    }


def _local(found: OutcomeGrades, joint: Mapping[int, schema.JointSaid]) -> schema.LocalGrade | None:
    if found.local is None:
        return None
    late = found.local.rule == LocalInterestsGrade.Rule.LOWER_AT_DEADLINE
    by = found.outcome.round.agree_by if late and found.outcome.round else None
    return schema.LocalGrade(
        grade=grade_word(found.local.grade),
        rule=found.local.get_rule_display(),
        joint=joint.get(found.local.joint_id) if found.local.joint_id else None,
        # The date may have been moved since; one that had not passed then was not what ended it.
        deadline=by.isoformat() if by and by < found.local.decided_on else "",
    )


def _said(change: PanelChange | GroundsChange) -> schema.ChangeSaid:
    return schema.ChangeSaid(words=change.words, on=change.decided_on.isoformat())


def build_rounds(assessment: Assessment, grounds: Sequence[GroundsChange]) -> list[schema.RoundReport]:
    """Give how each round was graded; `grounds` are the changes after opening (three queries)."""
    changes: dict[int, list[PhaseChange]] = defaultdict(list)
    for change in PhaseChange.objects.filter(round__assessment=assessment).order_by("seq"):
        changes[change.round_id].append(change)
    not_blind: dict[int, int] = defaultdict(int)
    late = Review.objects.filter(assessed_outcome__assessment=assessment, reveals_before__gt=0)
    for round_pk in late.values_list("assessed_outcome__round_id", flat=True):
        not_blind[round_pk] += 1
    return [
        schema.RoundReport(
            name=round_.name,
            proposal_in_view=round_.proposal_in_view,
            differ_rule=round_.get_differ_rule_display(),
            opened_on=_first(changes[round_.pk], Phase.REVIEWING),
            revealed_on=_first(changes[round_.pk], Phase.AGREEING),
            agreed_on=_last(changes[round_.pk], Phase.AGREED),
            moved_back=[
                schema.MovedBack(change.get_to_phase_display().lower(), change.decided_on.isoformat(), change.reason)
                for change in changes[round_.pk]
                if list(Phase).index(Phase(change.to_phase)) < list(Phase).index(Phase(change.from_phase))
            ],
            reviews_not_blind=not_blind[round_.pk],
            changes=[_said(row) for row in grounds if row.round_id == round_.pk],
        )
        for round_ in Round.objects.filter(assessment=assessment)
    ]


def _first(changes: list[PhaseChange], phase: Phase) -> str:
    return next((change.decided_on.isoformat() for change in changes if change.to_phase == phase), "")


def _last(changes: list[PhaseChange], phase: Phase) -> str:
    return _first(changes[::-1], phase)


def build_panels(assessment: Assessment, grounds: Sequence[GroundsChange]) -> list[schema.PanelReport]:
    """Give each panel as the method section names it; `grounds` are the changes after opening (four queries)."""
    panels = list(Panel.objects.filter(assessment=assessment).select_related("kind"))
    remits: dict[int, list[str]] = defaultdict(list)
    remit_rows = AssessedOutcome.objects.filter(remits__panel__in=panels).in_order()
    for panel, code, service in remit_rows.values_list("remits__panel_id", "outcome__code", "service__name"):
        remits[panel].append(f"{code} {service}" if service else code)
    took_part: dict[int, set[int]] = defaultdict(set)
    for panel, reviewer in Review.objects.filter(panel__in=panels).values_list("panel_id", "reviewer_id"):
        took_part[panel].add(reviewer)
    changes: dict[int, list[schema.ChangeSaid]] = defaultdict(list)
    for change in PanelChange.objects.filter(panel__in=panels, after_opening=True).select_related("member"):
        changes[change.panel_id].append(_said(change))
    for row in grounds:
        if row.panel_id is not None:
            changes[row.panel_id].append(_said(row))
    return [
        schema.PanelReport(
            name=panel.name,
            kind=panel.kind.name,
            quorum=panel.quorum,
            rule=panel.get_rule_display(),
            outcomes=remits[panel.pk],
            took_part=len(took_part[panel.pk]),
            changes=sorted(changes[panel.pk], key=lambda each: each.on),
            how=ONLINE if took_part[panel.pk] else "",
        )
        for panel in panels
    ]
