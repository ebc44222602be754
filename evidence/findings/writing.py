"""Findings as plain values, and how they come into a version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eds.history.errors import DomainError

from .models import Fares, Finding

if TYPE_CHECKING:
    from evidence.models import EvidenceVersion

MOST_FINDINGS = 40


@dataclass(frozen=True)
class FindingText:
    """What evidence says of a group: the characteristic or group, a category in it, how people fare, why, what tests it."""

    about_code: str
    about_name: str
    category: str
    fares: str
    explanation: str = ""
    test: str = ""


def findings_of(version: EvidenceVersion) -> list[FindingText]:
    """Give a version's findings as plain values."""
    return [
        FindingText(row.about_code, row.about_name, row.category, row.fares, row.explanation, row.test)
        for row in version.findings.all()
    ]


def add_findings(version: EvidenceVersion, findings: Sequence[FindingText]) -> None:
    """Write a new version's findings. Raises DomainError for a finding without a group, an unknown answer, or too many."""
    if len(findings) > MOST_FINDINGS:
        raise DomainError(f"A piece of evidence has {MOST_FINDINGS} findings or fewer. Split it into two.")
    rows = []
    for position, each in enumerate(findings):
        if not each.about_name.strip() and not each.category.strip():
            raise DomainError("Each finding needs the people it is about.")
        if each.fares not in Fares.values:
            raise DomainError("Choose how these people fare.")
        rows.append(
            Finding(
                version=version,
                about_code=each.about_code,
                about_name=each.about_name.strip(),
                category=each.category.strip(),
                fares=each.fares,
                explanation=each.explanation.strip(),
                test=each.test.strip(),
                position=position,
            )
        )
    Finding.objects.bulk_create(rows)
