"""What is worth knowing of a round's evidence before it opens. It warns, and never stops (R15, R17)."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from eds.assessments.models import AssessedOutcome, Round

from .coverage import CellState, coverage_from_many, settled_findings
from .queries import cited_by_outcome


@dataclass(frozen=True)
class Warned:
    """A sentence, and where to mend what it says."""

    sentence: str
    url: str


def evidence_warnings(round_: Round) -> list[Warned]:
    """Give the gaps in coverage by outcome, figures without source or period, and small numbers in prose."""
    outcomes = list(
        AssessedOutcome.objects.in_scope()
        .filter(round=round_)
        .select_related("assessment", "outcome", "service")
        .in_order()
    )
    cited = cited_by_outcome(outcomes, working=False)
    cells = coverage_from_many(outcomes, cited, settled_findings(outcomes))
    found: list[Warned] = []
    for outcome in outcomes:
        mine = cells[outcome.pk]
        gaps = [cell.characteristic.name.lower() for cell in mine if cell.state is CellState.NONE]
        if gaps:
            words = "any of the nine groups" if len(gaps) == len(mine) else ", ".join(gaps)
            found.append(Warned(f"{outcome}: no evidence about {words}.", reverse("outcome", args=[outcome.public_id])))
    told: set[int] = set()
    for rows in cited.values():
        for each in rows:
            if each.link.item_id in told:
                continue
            told.add(each.link.item_id)
            title = each.version.title
            url = reverse("evidence-item", args=[each.link.item.public_id])
            found += [
                Warned(f"“{title}”: the figure “{figure.title}” lacks its source or period.", url)
                for figure in each.figures
                if not figure.source or not figure.period
            ]
            if each.travel.warnings:
                words = ", ".join(f"“{small.excerpt}”" for small in each.travel.warnings)
                found.append(Warned(f"“{title}” names small numbers of people: {words}.", url))
    return found
