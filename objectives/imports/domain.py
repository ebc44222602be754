"""Bringing in a plan: read a file, keep answers, throw it away, or write it all at once (R25)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.core.files import File
from django.db import transaction
from django.utils import timezone

from eds.assessments.models import AssessedOutcome, Assessment
from eds.files.names import clean_name
from eds.history.errors import DomainError
from eds.people.models import User
from objectives.plan.models import ActionOwner, ImprovementAction, PlanObjective, ProgressUpdate, Source

from .models import PlanImport
from .questions import (
    Answers,
    NewAction,
    NewPlan,
    Question,
    is_answered,
    left_out,
    open_questions,
    plan_of,
    questions_of,
)
from .reading import read_file
from .rows import rows_of
from .stored import from_stored, to_stored

TAKEN = "This plan is brought in already."


@dataclass(frozen=True)
class Preview:
    """What a file would become: its questions, the plan so far, and what would not be written."""

    questions: list[Question]
    open: list[Question]
    plan: NewPlan
    left_out: list[str]
    unread: tuple[str, ...]
    known: frozenset[tuple[str, str]]
    """Outcome's code and text of each action that the plan has already: those are not written again."""


def begin(*, actor: User, assessment: Assessment, uploaded: File) -> PlanImport:
    """Read a plan's file and keep what was read. Nothing of the plan is written.

    Raises DomainError for a file that is no plan: another kind of file, too large, or without a table that has actions.
    """
    reading = read_file(uploaded)
    rows = rows_of(reading, _texts(assessment))
    if not rows.rows:
        raise DomainError(
            "No table with a column of actions or objectives was found. Its first row names the columns, such as "
            "Outcome, Objective, Action, Owner and Completion date.",
            field="file",
        )
    return PlanImport.objects.create(
        assessment=assessment,
        actor=actor,
        file_name=clean_name(str(uploaded.name)),
        rows=to_stored(rows),
        pictures=[[picture.name, picture.data] for picture in reading.pictures],
    )


def preview(plan_import: PlanImport) -> Preview:
    """Work out what the file would become with the answers so far."""
    rows = from_stored(plan_import.rows)
    answers: Answers = plan_import.answers
    questions = questions_of(rows, _texts(plan_import.assessment), answers)
    existing = ImprovementAction.objects.filter(
        assessed_outcome__assessment=plan_import.assessment, removed=False
    ).values_list("assessed_outcome__outcome__code", "text")
    return Preview(
        questions=questions,
        open=open_questions(questions, answers),
        plan=plan_of(rows, answers),
        left_out=left_out(rows, answers),
        unread=rows.unread,
        known=frozenset(existing),
    )


def keep_answers(*, plan_import: PlanImport, answers: Mapping[str, list[str]]) -> PlanImport:
    """Keep answers to its questions beside those given before. Raises DomainError for one that does not fit."""
    with transaction.atomic():
        kept = PlanImport.objects.select_for_update(of=("self",)).get(pk=plan_import.pk)
        _refuse_taken(kept)
        merged = {**kept.answers, **answers}
        rows = from_stored(kept.rows)
        asked = {question.key: question for question in questions_of(rows, _texts(kept.assessment), merged)}
        for key in answers:
            if key in asked and not is_answered(asked[key], merged):
                raise DomainError(f"{asked[key].place}: choose one of the answers.")
        kept.answers = {key: given for key, given in merged.items() if key in asked}
        kept.save(update_fields=["answers"])
        return kept


def throw_away(*, plan_import: PlanImport) -> None:
    """Forget what was read. Raises DomainError once it was written."""
    with transaction.atomic():
        kept = PlanImport.objects.select_for_update(of=("self",)).get(pk=plan_import.pk)
        _refuse_taken(kept)
        kept.delete()


def confirm(*, actor: User, plan_import: PlanImport) -> NewPlan:
    """Write the plan, all or nothing; an action that the plan has already is not written again.

    Raises DomainError while a question is open, and where it was written before.
    """
    with transaction.atomic():
        assessment = Assessment.objects.select_for_update(of=("self",)).get(pk=plan_import.assessment_id)
        kept = PlanImport.objects.select_for_update(of=("self",)).get(pk=plan_import.pk)
        _refuse_taken(kept)
        found = preview(kept)
        if found.open:
            number = len(found.open)
            words = "1 question is" if number == 1 else f"{number} questions are"
            raise DomainError(f"{words} still open. Nothing is brought in before all are answered.")
        reason = f"Brought in from {kept.file_name}"
        outcomes = _anchors(assessment)
        for code, objectives in found.plan.objectives.items():
            outcome, everywhere = outcomes[code]
            made = _write_objectives(actor, outcome, everywhere, objectives, reason)
            for action in found.plan.actions.get(code, []):
                if (code, action.text) not in found.known:
                    _write_action(actor, outcome, everywhere, action, made.get(action.objective), reason)
        kept.pictures = []
        kept.confirmed_at = timezone.now()
        kept.save(update_fields=["pictures", "confirmed_at"])
        return found.plan


def _refuse_taken(kept: PlanImport) -> None:
    if kept.confirmed_at is not None:
        raise DomainError(TAKEN)


def _texts(assessment: Assessment) -> dict[str, str]:
    found = AssessedOutcome.objects.filter(assessment=assessment).order_by(
        "outcome__goal__position", "outcome__position", "pk"
    )
    return dict(found.values_list("outcome__code", "outcome__text"))


def _anchors(assessment: Assessment) -> dict[str, tuple[AssessedOutcome, bool]]:
    """Give for each outcome's code the row that its plan hangs on, and whether that stands for several services."""
    found: dict[str, list[AssessedOutcome]] = {}
    rows = AssessedOutcome.objects.filter(assessment=assessment).select_related("outcome").order_by("service", "pk")
    for outcome in rows:
        found.setdefault(outcome.outcome.code, []).append(outcome)
    return {code: (outcomes[0], len(outcomes) > 1) for code, outcomes in found.items()}


def _write_objectives(
    actor: User, outcome: AssessedOutcome, everywhere: bool, objectives: list[tuple[str, str]], reason: str
) -> dict[str, PlanObjective]:
    here = list(PlanObjective.objects.filter(assessed_outcome=outcome, removed=False))
    same = {objective.text: objective for objective in here}
    made: dict[str, PlanObjective] = {}
    for number, (key, text) in enumerate(objectives, start=len(here) + 1):
        made[key] = same.get(text) or PlanObjective(
            assessed_outcome=outcome, all_services=everywhere, position=number, text=text
        ).record(actor=actor, reason=reason)
        same[text] = made[key]
    return made


def _write_action(
    actor: User,
    outcome: AssessedOutcome,
    everywhere: bool,
    new: NewAction,
    objective: PlanObjective | None,
    reason: str,
) -> None:
    action = ImprovementAction(
        assessed_outcome=outcome,
        all_services=everywhere,
        plan_objective=objective,
        position=ImprovementAction.objects.filter(assessed_outcome=outcome).count() + 1,
        text=new.text,
        measure=new.measure,
        due=new.due,
        due_words=new.due_words[:100],
        source=Source.IMPORTED,
        source_words=reason,
    ).record(actor=actor, reason=reason)
    for kind, name in new.owners:
        ActionOwner(action=action, kind=kind, name=name[:200]).record(actor=actor, reason=reason)
    if new.status:
        ProgressUpdate.append(actor=actor, action=action, status=new.status, reason=f"In the file: {new.status_words}")


@dataclass(frozen=True)
class Line:
    """A line of the plan as it is shown before it is written: an objective, and one action for it, or either alone."""

    objective: str
    action: NewAction | None
    known: bool = False


def table(found: Preview) -> list[tuple[str, list[Line]]]:
    """Give the lines of a preview by outcome's code: each objective with its actions, then actions without one."""
    tables = []
    for code, objectives in found.plan.objectives.items():
        actions = found.plan.actions.get(code, [])
        lines: list[Line] = []
        for key, text in objectives:
            mine = [action for action in actions if action.objective == key]
            lines += [Line(text, action, (code, action.text) in found.known) for action in mine] or [Line(text, None)]
        lines += [Line("", action, (code, action.text) in found.known) for action in actions if not action.objective]
        tables.append((code, lines))
    return tables
