"""Runs every check over a report, and puts each answer that still counts beside its finding."""

from __future__ import annotations

from dataclasses import dataclass

from eds.assessments.models import Assessment
from reports.models import CheckAnswer
from reports.payload import schema

from .registry import Check, Finding, Kind, all_checks
from .subject import Subject, subject_of


@dataclass(frozen=True)
class Result:
    """A finding, the check that made it, and its answer where one counts."""

    check: Check
    finding: Finding
    answer: CheckAnswer | None = None

    @property
    def holds_up(self) -> bool:
        """Say whether the report cannot be published while it stands so."""
        return self.check.kind is Kind.STOP or (self.check.kind is Kind.ASK and self.answer is None)


@dataclass(frozen=True)
class Checked:
    """What the checks came to."""

    results: list[Result]

    @property
    def stops(self) -> list[Result]:
        """Give what stops the report."""
        return [each for each in self.results if each.check.kind is Kind.STOP]

    @property
    def open(self) -> list[Result]:
        """Give what must be answered and is not."""
        return [each for each in self.results if each.check.kind is Kind.ASK and each.answer is None]

    @property
    def answered(self) -> list[Result]:
        """Give what was answered."""
        return [each for each in self.results if each.check.kind is Kind.ASK and each.answer is not None]

    @property
    def worth_knowing(self) -> list[Result]:
        """Give what changes nothing and is worth knowing."""
        return [each for each in self.results if each.check.kind is Kind.KNOW]

    @property
    def ready(self) -> bool:
        """Say whether nothing holds the report up."""
        return not any(each.holds_up for each in self.results)

    @property
    def words(self) -> str:
        """Say what holds the report up, as a sentence."""
        parts = []
        if self.stops:
            parts.append(f"{_things(len(self.stops))} {'stops' if len(self.stops) == 1 else 'stop'} the report")
        if self.open:
            parts.append(f"{_things(len(self.open))} must be answered")
        return (" and ".join(parts) + ".").capitalize() if parts else "Nothing holds the report up."

    def of(self, check_id: str) -> list[Result]:
        """Give the results of one check."""
        return [each for each in self.results if each.check.id == check_id]


def _things(number: int) -> str:
    return f"{number} thing{'' if number == 1 else 's'}"


def run_checks(assessment: Assessment, content: schema.Content | None = None) -> Checked:
    """Check the report of an assessment as it stands (a fixed number of queries)."""
    return results_of(subject_of(assessment, content), assessment)


def results_of(subject: Subject, assessment: Assessment) -> Checked:
    """Run every check over a subject; an answer counts only while what it was about is unchanged (one query)."""
    answers = {
        (row.check_id, row.about): row
        for row in CheckAnswer.objects.filter(assessment=assessment).select_related("actor").order_by("seq")
    }
    results = []
    for each in all_checks():
        for finding in each.find(subject):
            answer = answers.get((each.id, finding.key))
            counts = answer is not None and answer.fingerprint == finding.fingerprint
            results.append(Result(each, finding, answer if counts else None))
    return Checked(results)
