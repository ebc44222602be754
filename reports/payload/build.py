"""Builds a report's content from the records, in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict

from eds.assessments.models import AssessedOutcome, Assessment, Panel, PanelChange, Phase, PhaseChange, Round
from eds.frameworks.models import Grade
from eds.frameworks.queries import goals_of, grades_of
from evidence.figures.shown import FigureShown, shown
from evidence.models import Format, HasRichText, Sharing, Summary
from evidence.queries import Cited, cited_by_outcome, summaries_of
from grading.models import AgreedGrade, Review
from grading.queries import OutcomeGrades, outcome_grades
from grading.rules import Basis

from . import schema
from .front import build_approval, build_details, build_engagement
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
    grades = outcome_grades(outcomes)
    cited = cited_by_outcome(outcomes, working=False)
    summaries = summaries_of(assessment)
    printed = printed_by_outcome(assessment, outcomes)
    by_goal: dict[int, list[schema.OutcomeReport]] = defaultdict(list)
    for outcome in outcomes:
        by_goal[outcome.outcome.goal_id].append(
            _outcome(outcome, grades[outcome.pk], cited[outcome.pk], summaries.get(outcome.pk), printed[outcome.pk])
        )
    organisation = assessment.organisation
    goals = list(goals_of(revision))
    grade_rows = grades_of(revision)
    scores, overall = build_scores(assessment, goals, outcomes, grades)
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
        grades=[_word(grade) for grade in grade_rows],
        rounds=_rounds(assessment),
        panels=_panels(assessment),
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
        compares_groups=any(grade.fares_well_minimum is not None for grade in grade_rows),
    )


def _word(grade: Grade) -> schema.GradeWord:
    return schema.GradeWord(code=grade.code, name=grade.name, colour=grade.colour)


def _outcome(
    outcome: AssessedOutcome, found: OutcomeGrades, cited: list[Cited], summary: Summary | None, printed: Printed
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
        panels=[
            schema.PanelsGrade(
                panel=row.panel.name,
                grade=_word(row.grade) if row.grade else None,
                for_lack_of_evidence=row.for_lack_of_evidence,
                reason=row.reason,
                decided_on=row.decided_on.isoformat(),
            )
            for row in found.panel_grades
        ],
        local=schema.LocalGrade(_word(found.local.grade), found.local.get_rule_display()) if found.local else None,
        agreed=_agreed(found),
        statements=[
            schema.Said(by=said.panel.name if said.panel else "The organisation", text=said.reason)
            for said in found.statements
        ],
        not_graded_reason=found.not_graded.reason if found.not_graded else "",
        wording_then=printed.wording_then,
        contacts=printed.contacts,
        first_local=_word(found.first_local.grade) if found.first_local and found.local else None,
        last_year=printed.last_year,
        groups=printed.groups if in_scope else [],
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
        grade=_word(found.proposal.grade),
        at_opening=_word(found.opening.grade),
        reasons=[schema.Reason(part["heading"], part["text"]) for part in found.proposal.reasons],
        conclusion=found.proposal.conclusion,
        why_changed=found.proposal.reason if found.proposal.after_reveal else "",
        decided_on=found.proposal.decided_on.isoformat(),
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


def _rounds(assessment: Assessment) -> list[schema.RoundReport]:
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
        )
        for round_ in Round.objects.filter(assessment=assessment)
    ]


def _first(changes: list[PhaseChange], phase: Phase) -> str:
    return next((change.decided_on.isoformat() for change in changes if change.to_phase == phase), "")


def _last(changes: list[PhaseChange], phase: Phase) -> str:
    return _first(changes[::-1], phase)


def _panels(assessment: Assessment) -> list[schema.PanelReport]:
    panels = list(Panel.objects.filter(assessment=assessment).select_related("kind"))
    remits: dict[int, list[str]] = defaultdict(list)
    remit_rows = AssessedOutcome.objects.filter(remits__panel__in=panels).in_order()
    for panel, code, service in remit_rows.values_list("remits__panel_id", "outcome__code", "service__name"):
        remits[panel].append(f"{code} {service}" if service else code)
    took_part: dict[int, set[int]] = defaultdict(set)
    for panel, reviewer in Review.objects.filter(panel__in=panels).values_list("panel_id", "reviewer_id"):
        took_part[panel].add(reviewer)
    changes: dict[int, list[str]] = defaultdict(list)
    for change in PanelChange.objects.filter(panel__in=panels, after_opening=True).select_related("member"):
        changes[change.panel_id].append(change.words)
    return [
        schema.PanelReport(
            name=panel.name,
            kind=panel.kind.name,
            quorum=panel.quorum,
            rule=panel.get_rule_display(),
            outcomes=remits[panel.pk],
            took_part=len(took_part[panel.pk]),
            changes=changes[panel.pk],
        )
        for panel in panels
    ]
