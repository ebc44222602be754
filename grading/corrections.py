"""Evidence that was corrected after a round opened: who has submitted is told, and asked to confirm the grade (R13).

A confirmation is a review like any other: the same answer, submitted again, that holds the corrected versions among
those its author was shown. So nobody learns of it who does not learn of reviews.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from eds.assessments.models import AssessedOutcome, Assessment, Phase
from eds.history.prepared import prepared
from eds.people.models import User
from evidence.models import EvidenceVersion
from evidence.queries import Cited, cited_by_outcome

from .models import Review, StepAside


def versions_shown(cited: Sequence[Cited]) -> list[int]:
    """Give the primary keys of the versions that a reviewer is shown: those pinned, and their corrections."""
    return [each.version.pk for each in cited] + [each.correction.pk for each in cited if each.correction]


def unseen_corrections(cited: Sequence[Cited], review: Review) -> list[EvidenceVersion]:
    """Give the corrections that were written after a review was submitted."""
    seen = set(review.evidence_versions)
    return [each.correction for each in cited if each.correction and each.correction.pk not in seen]


@prepared
def _submitted(assessments: Sequence[Assessment], reviewer: User) -> QuerySet[Review]:
    newest = Review.objects.filter(
        assessed_outcome=OuterRef("assessed_outcome"), panel=OuterRef("panel"), reviewer=OuterRef("reviewer")
    ).order_by("-seq")
    aside = StepAside.objects.filter(
        assessed_outcome=OuterRef("assessed_outcome"),
        panel=OuterRef("panel"),
        reviewer=OuterRef("reviewer"),
        reviews_before__gte=OuterRef("seq"),
    )
    return Review.objects.filter(
        ~Exists(aside),
        reviewer=reviewer,
        assessed_outcome__assessment__in=assessments,
        assessed_outcome__round__phase=Phase.REVIEWING,
        pk=Subquery(newest.values("pk")[:1]),
    )


def to_confirm(assessments: Iterable[Assessment], reviewer: User) -> set[tuple[int, int]]:
    """Give by (outcome, panel) which of a reviewer's own grades wait to be confirmed (a fixed number of queries).

    Who has stepped aside since has no grade to confirm (R4).
    """
    reviews = list(_submitted(list(assessments), reviewer))
    outcomes = list(AssessedOutcome.objects.filter(pk__in={review.assessed_outcome_id for review in reviews}))
    cited = cited_by_outcome(outcomes, working=False) if outcomes else {}
    return {
        (review.assessed_outcome_id, review.panel_id)
        for review in reviews
        if unseen_corrections(cited[review.assessed_outcome_id], review)
    }
