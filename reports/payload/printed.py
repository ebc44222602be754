"""What stands beside an outcome's grades in print: another wording, lead contacts, last year's grade."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from eds.assessments.models import AssessedOutcome, Assessment, Contributor
from eds.frameworks.models import Grade
from evidence.coverage import Cell, coverage_of
from grading.indicated import indicated_from
from reports.models import OutcomeWords
from reports.queries import last_years_grades

from . import schema


@dataclass(frozen=True)
class Printed:
    """What is printed of one outcome beside its grades and evidence."""

    wording_then: str
    contacts: list[str]
    last_year: schema.LastYear | None
    groups: list[schema.GroupFares]
    indicated: schema.IndicatedGrade | None


def printed_by_outcome(
    assessment: Assessment, outcomes: Sequence[AssessedOutcome], of_edition: Sequence[Grade]
) -> dict[int, Printed]:
    """Give by assessed outcome what is printed beside it (a fixed number of queries); `of_edition` are its grades.

    Of a lead contact stands what they contribute, never a name: names only as the lead wrote them, by consent.
    """
    words = {row.assessed_outcome_id: row for row in OutcomeWords.objects.filter(assessed_outcome__in=outcomes)}
    roles: dict[int, list[str]] = defaultdict(list)
    contacts = Contributor.objects.filter(assessed_outcome__in=outcomes, ended_on__isnull=True).exclude(for_what="")
    for outcome_pk, for_what in contacts.order_by("pk").values_list("assessed_outcome_id", "for_what"):
        if for_what not in roles[outcome_pk]:
            roles[outcome_pk].append(for_what)
    earlier = last_years_grades(assessment)
    cells = coverage_of(outcomes, public=True)
    found = {}
    for outcome in outcomes:
        row = words.get(outcome.pk)
        last = earlier.get((outcome.outcome.code, outcome.service.name if outcome.service else ""))
        written = [line.strip() for line in row.contacts.splitlines() if line.strip()] if row else []
        found[outcome.pk] = Printed(
            wording_then=row.wording_then if row else "",
            contacts=written or roles[outcome.pk],
            last_year=schema.LastYear(last.year_words, schema.GradeWord(**last.grade), last.source) if last else None,
            groups=[
                schema.GroupFares(cell.characteristic.name, cell.state.value, cell.fares_words)
                for cell in cells[outcome.pk]
            ],
            indicated=_indicated(cells[outcome.pk], of_edition),
        )
    return found


def _indicated(cells: Sequence[Cell], of_edition: Sequence[Grade]) -> schema.IndicatedGrade | None:
    found = indicated_from(cells, of_edition)
    if found is None:
        return None
    word = schema.GradeWord(found.grade.code, found.grade.name, found.grade.colour)
    return schema.IndicatedGrade(word, found.faring_well, found.total)
