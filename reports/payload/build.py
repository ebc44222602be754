"""Builds a report's content from the records, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict

from eds.assessments.models import AssessedOutcome, Assessment
from eds.assessments.queries import changes_after_opening
from eds.frameworks.queries import goals_of, grades_of
from evidence.figures.shown import FigureShown, shown
from evidence.models import Format, HasRichText, Sharing, Summary
from evidence.queries import Cited, cited_by_outcome, summaries_of
from grading.models import AgreedGrade
from grading.queries import OutcomeGrades, outcome_grades
from grading.rules import Basis

from . import schema
from .front import build_approval, build_details, build_engagement
from .panels import PanelsSaid, asked, build_panels, build_rounds, grade_word, panels_said
from .plan import build_completed, build_plan, plan_to_print
from .printed import Printed, printed_by_outcome
from .scores import build_score_card, build_scores


def build_content(assessment: Assessment) -> schema.Content:
    """Build the content of an assessment's report as the records stand now."""
    revision = assessment.revision
    outcomes = list(
        AssessedOutcome.objects.with_scope()
        .filter(assessment=assessment)
        .select_related("assessment", "outcome__goal", "service", "round")
        .in_order()
    )
    grade_rows = list(grades_of(revision))
    grades = outcome_grades(outcomes)
    panels = panels_said(outcomes, grades, grade_rows)
    cited = cited_by_outcome(outcomes, working=False)
    summaries = summaries_of(assessment)
    printed = printed_by_outcome(assessment, outcomes, grade_rows)
    by_goal: dict[int, list[schema.OutcomeReport]] = defaultdict(list)
    for outcome in outcomes:
        by_goal[outcome.outcome.goal_id].append(
            _outcome(
                outcome,
                grades[outcome.pk],
                cited[outcome.pk],
                summaries.get(outcome.pk),
                printed[outcome.pk],
                panels[outcome.pk],
            )
        )
    organisation = assessment.organisation
    changes = changes_after_opening(assessment)
    goals = list(goals_of(revision))
    scores, overall = build_scores(assessment, goals, outcomes, grades)
    plan = plan_to_print(assessment)
    return schema.Content(
        schema_version=schema.SCHEMA_VERSION,
        templates_version=schema.TEMPLATES_VERSION,
        organisation=schema.OrganisationReport(
            name=organisation.name,
            integrated_care_system=organisation.integrated_care_system,
            contact_post=organisation.contact_post,
            contact_phone=organisation.contact_phone,
            contact_email=organisation.contact_email,
        ),
        framework=assessment.framework.name,
        framework_code=assessment.framework.code,
        framework_year=assessment.framework.year,
        goal_word=assessment.framework.goal_word,
        year=assessment.year_words,
        local_interests_rule_is_official=revision.disagreement_rule_is_official,
        grades=[grade_word(grade) for grade in grade_rows],
        rounds=build_rounds(assessment, changes),
        panels=build_panels(assessment, changes),
        goals=[
            schema.GoalReport(
                code=goal.code,
                title=goal.title,
                statement=goal.statement.text if hasattr(goal, "statement") else "",
                outcomes=by_goal[goal.pk],
            )
            for goal in goals
        ],
        scores=scores,
        overall=overall,
        notices=[
            schema.Notice(notice.language, notice.name, notice.text, notice.direction, notice.checked)
            for notice in organisation.notices.exclude(text="").order_by("language")
        ],
        details=build_details(assessment),
        engagement=build_engagement(assessment),
        approval=build_approval(assessment),
        score_card=build_score_card(assessment),
        plan=build_plan(plan),
        completed=build_completed(assessment, plan),
        compares_groups=any(grade.fares_well_minimum is not None for grade in grade_rows),
    )


def _outcome(
    outcome: AssessedOutcome,
    found: OutcomeGrades,
    cited: list[Cited],
    summary: Summary | None,
    printed: Printed,
    panels: PanelsSaid,
) -> schema.OutcomeReport:
    in_scope = outcome.scope == "in_scope"
    return schema.OutcomeReport(
        code=outcome.outcome.code,
        service=outcome.service.name if outcome.service else "",
        text=outcome.outcome.text,
        wording_confirmed=outcome.outcome.wording_confirmed,
        round=outcome.round.name if outcome.round else "",
        scope=outcome.scope,
        scope_reason=outcome.scope_reason if not in_scope else "",
        summary=summary.words if summary else "",
        summary_html=_html(summary) if summary else "",
        evidence=[
            schema.Evidence(
                title=item.version.title,
                text=item.version.words,
                html=_html(item.version),
                source=item.version.source,
                period=item.version.period,
                who_it_covers=item.version.who_it_covers,
                findings=[
                    schema.FindingSaid(said.group, said.get_fares_display(), said.explanation, said.test)
                    for said in item.findings
                ],
                figures=[_figure(figure) for figure in shown(item.figures, whole=False)],
            )
            for item in cited
            if item.level == Sharing.PUBLIC
        ],
        proposal=_proposal(found),
        panels=panels.grades,
        local=panels.local,
        agreed=_agreed(found),
        statements=[
            schema.Said(by=said.panel.name if said.panel else "The organisation", text=said.reason)
            for said in found.statements
        ],
        not_graded_reason=found.not_graded.reason if found.not_graded else "",
        wording_then=printed.wording_then,
        contacts=printed.contacts,
        first_local=grade_word(found.first_local.grade) if found.first_local and found.local else None,
        last_year=printed.last_year,
        groups=printed.groups if in_scope else [],
        indicated=printed.indicated if in_scope else None,
    )


def _figure(figure: FigureShown) -> schema.FigureReport:
    values = asdict(figure)
    return schema.FigureReport(**{**values, "rows": [schema.FigureRow(**row) for row in values["rows"]]})


def _html(written: HasRichText) -> str:
    return written.text if written.format == Format.HTML else ""


def _proposal(found: OutcomeGrades) -> schema.Proposal | None:
    if found.proposal is None or found.opening is None:
        return None
    return schema.Proposal(
        grade=grade_word(found.proposal.grade),
        at_opening=grade_word(found.opening.grade),
        reasons=[schema.Reason(part["heading"], part["text"]) for part in found.proposal.reasons],
        conclusion=found.proposal.conclusion,
        why_changed=found.proposal.reason if found.proposal.after_reveal else "",
        decided_on=found.proposal.decided_on.isoformat(),
        questions=asked(found.proposal.answers),
    )


def _agreed(found: OutcomeGrades) -> schema.Agreed | None:
    if found.agreed is None or found.basis is None:
        return None
    return schema.Agreed(
        basis=found.basis.value,
        prevailed=found.basis is Basis.PREVAILED,
        closed_by=AgreedGrade.ClosedBy(found.agreed.closed_by).label,
        decided_on=found.agreed.decided_on.isoformat(),
    )
