"""Scores and the overall rating of an edition with points (R8, R9), from the grades that are agreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eds.assessments.models import AssessedOutcome, Assessment, Service, ServicesRule, TwoServicesRule
from eds.frameworks.models import Band, Goal
from eds.frameworks.queries import grades_of
from grading import scoring
from grading.queries import OutcomeGrades

from . import schema


def build_scores(
    assessment: Assessment,
    goals: Sequence[Goal],
    outcomes: Sequence[AssessedOutcome],
    grades: Mapping[int, OutcomeGrades],
) -> tuple[list[schema.DomainScore], schema.Overall | None]:
    """Give the domains' scores and the total; nothing for an edition without points (one query)."""
    if not assessment.framework.has_points:
        return [], None
    scored = [(goal, [outcome for outcome in outcomes if outcome.outcome.goal_id == goal.pk]) for goal in goals]
    found = [(goal, mine, _score(assessment, goal, mine, grades)) for goal, mine in scored]
    bands = list(Band.objects.filter(revision=assessment.revision).select_related("grade"))
    total = scoring.rating(
        [score for _, _, score in found], [scoring.Band(band.grade.code, band.minimum) for band in bands]
    )
    words = {band.grade.code: schema.GradeWord(band.grade.code, band.grade.name, band.grade.colour) for band in bands}
    overall = schema.Overall(
        points=scoring.points_in_words(total.points),
        maximum=total.maximum,
        graded=total.graded,
        outcomes=total.outcomes,
        rating=words[total.band] if total.band else None,
    )
    return [_report(assessment, goal, mine, score, grades) for goal, mine, score in found], overall


def build_score_card(assessment: Assessment) -> schema.ScoreCard | None:
    """Give what the points of an edition mean; None for an edition without points (two queries)."""
    if not assessment.framework.has_points:
        return None
    words = {
        grade.pk: (schema.GradeWord(grade.code, grade.name, grade.colour), grade.points)
        for grade in grades_of(assessment.revision)
    }
    return schema.ScoreCard(
        points=[schema.ScorePoints(word, points) for word, points in words.values() if points is not None],
        bands=[
            schema.ScoreBand(words[band.grade_id][0], band.minimum, band.maximum)
            for band in Band.objects.filter(revision=assessment.revision).order_by("minimum")
        ],
    )


def _points(outcome: AssessedOutcome, grades: Mapping[int, OutcomeGrades]) -> int | None:
    agreed = grades[outcome.pk].agreed
    if outcome.scope != "in_scope" or agreed is None:
        return None
    return agreed.local_interests_grade.grade.points


def _by_service(outcomes: Sequence[AssessedOutcome]) -> dict[Service, list[AssessedOutcome]]:
    found: dict[Service, list[AssessedOutcome]] = {}
    for outcome in outcomes:
        if outcome.service is not None:
            found.setdefault(outcome.service, []).append(outcome)
    return dict(sorted(found.items(), key=lambda pair: pair[0].position))


def _score(
    assessment: Assessment, goal: Goal, outcomes: Sequence[AssessedOutcome], grades: Mapping[int, OutcomeGrades]
) -> scoring.DomainScore:
    services = _by_service(outcomes)
    if not services:
        return scoring.domain([_points(outcome, grades) for outcome in outcomes])
    return scoring.domain_of_services(
        {service.name: [_points(outcome, grades) for outcome in mine] for service, mine in services.items()},
        rule=scoring.ServicesRule(assessment.services_rule),
        two=scoring.TwoServicesRule(assessment.two_services_rule),
    )


def _report(
    assessment: Assessment,
    goal: Goal,
    outcomes: Sequence[AssessedOutcome],
    score: scoring.DomainScore,
    grades: Mapping[int, OutcomeGrades],
) -> schema.DomainScore:
    services = _by_service(outcomes)
    return schema.DomainScore(
        code=goal.code,
        points=scoring.points_in_words(score.points),
        maximum=score.maximum,
        graded=score.graded,
        outcomes=score.outcomes,
        outcome_codes=list(dict.fromkeys(outcome.outcome.code for outcome in outcomes)),
        services=[_service(service, mine, grades) for service, mine in services.items()],
        how=_how(assessment, len(services), complete=score.complete),
    )


def _service(
    service: Service, outcomes: Sequence[AssessedOutcome], grades: Mapping[int, OutcomeGrades]
) -> schema.ServiceScore:
    points = [_points(outcome, grades) for outcome in outcomes]
    total = scoring.service_total(points)
    return schema.ServiceScore(
        name=service.name,
        why_chosen=service.why_chosen,
        grades=["" if each is None else str(each) for each in points],
        total="" if total is None else str(total),
    )


def _how(assessment: Assessment, services: int, *, complete: bool) -> str:
    if not services:
        return ""
    if not complete:
        return "Only outcomes that were graded for every service count, each with its median."
    if services == 1:
        return "The total of the one service."
    if services == 2:
        return TwoServicesRule(assessment.two_services_rule).label
    return ServicesRule(assessment.services_rule).label
