"""What a round needs of its own set-up before it opens."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q
from django.urls import reverse

from eds.assessments.contracts import Unmet
from eds.assessments.models import AssessedOutcome, Panel, PanelMember, Phase, Round


def panels_are_ready(round_: Round, to_phase: Phase) -> Iterator[Unmet]:
    """Before reviewing: outcomes in scope, and panels with a chair and enough members for their quorum (R4, R5).

    Outcomes without any panel do not stop it, not even when there is no other: the lead closes them as "not graded by
    local interests" (R4). The page of the move names them.
    """
    if to_phase != Phase.REVIEWING or round_.phase != Phase.PREPARING:
        return
    if not AssessedOutcome.objects.in_scope().filter(round=round_).exists():
        yield Unmet("round.outcomes", "The round has no outcome in scope.", _url("assessment-scope", round_))
    panels = list(
        Panel.objects.filter(remit__assessed_outcome__round=round_)
        .distinct()
        .annotate(
            reviewers=Count(
                "members",
                filter=Q(members__left_on__isnull=True) & ~Q(members__role=PanelMember.Role.ORGANISER),
                distinct=True,
            ),
            chairs=Count(
                "members",
                filter=Q(members__left_on__isnull=True, members__role=PanelMember.Role.CHAIR),
                distinct=True,
            ),
        )
    )
    for panel in panels:
        url = reverse("panel", args=[panel.public_id])
        if not panel.chairs:
            yield Unmet("panel.chair", f"{panel} has no chair.", url)
        if panel.reviewers < panel.quorum:
            yield Unmet(
                "panel.quorum",
                f"{panel} has {panel.reviewers} people who review, fewer than its quorum of {panel.quorum}.",
                url,
            )


def every_outcome_has_a_round(round_: Round, to_phase: Phase) -> Iterator[Unmet]:
    """Before the last round is agreed: no outcome in scope is left without a round."""
    if to_phase != Phase.AGREED:
        return
    if Round.objects.filter(assessment=round_.assessment_id).exclude(pk=round_.pk).exclude(phase=Phase.AGREED).exists():
        return
    lost = AssessedOutcome.objects.in_scope().filter(assessment=round_.assessment_id, round__isnull=True).in_order()
    for outcome in lost.select_related("outcome", "service"):
        yield Unmet(
            "outcome.round",
            f"{outcome} is in scope but in no round: leave it out with a reason, or grade it in a round.",
            _url("assessment-scope", round_),
        )


def _url(name: str, round_: Round) -> str:
    return reverse(name, args=[round_.assessment.public_id])
