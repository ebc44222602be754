"""The plan in a report, and what of last year's was done (R19, R25)."""

from __future__ import annotations

from eds.assessments.models import Assessment, State, StateChange
from objectives.plan.models import Status
from objectives.plan.queries import printed_plan
from objectives.plan.table import Line, PlanShown
from objectives.plan.years import plan_before

from . import schema


def plan_to_print(assessment: Assessment) -> PlanShown:
    """Give the plan as the report prints it: from sign-off on, as it stood when that began."""
    return printed_plan(assessment, upto=_sign_off(assessment))


def _sign_off(assessment: Assessment) -> StateChange | None:
    if assessment.state == State.OPEN:
        return None
    return StateChange.objects.filter(assessment=assessment, to_state=State.IN_SIGN_OFF).order_by("-seq").first()


def build_plan(plan: PlanShown) -> list[schema.PlannedAction]:
    """Give the lines of the plan, in its order."""
    return [
        schema.PlannedAction(
            domain=line.domain,
            code=line.code,
            service=line.service,
            objective=line.objective,
            serves=line.serves,
            action=line.action,
            owner=line.owners_in_words,
            due=line.due_in_words,
            due_on=line.due.last_day.isoformat() if line.due else "",
            status=line.state_words,
            measure=line.measure,
            carried_from=line.carried_from,
        )
        for line in plan.lines
    ]


def build_completed(assessment: Assessment, plan: PlanShown) -> list[schema.CompletedAction]:
    """Give what was done of last year's plan: in that plan, or after it was carried over into this one."""
    before = plan_before(assessment)
    lines = list(printed_plan(before, upto=_sign_off(assessment)).actions) if before else []
    lines += [line for line in plan.actions if line.carried_from]
    return [_completed(line) for line in lines if line.status == Status.DONE]


def _completed(line: Line) -> schema.CompletedAction:
    return schema.CompletedAction(
        code=line.code,
        service=line.service,
        action=line.action,
        objective=line.serves or line.objective,
        completed_on=line.said_on.isoformat() if line.said_on else "",
        felt=[schema.FeltSaid(said.panel, said.answer_words, said.words) for said in line.felt],
    )
