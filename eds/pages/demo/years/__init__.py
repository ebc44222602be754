"""The demo's years as data: a folder a year, with `year.toml` and a file or more a goal. All of it is invented.

A day is a date, or a number of days before (-) or after the day on which the demo is loaded. The files are written for a
demo that is loaded while 2026-27 is under way. Loaded later, all but the year of long ago moves on by whole years.
"""

from __future__ import annotations

import datetime
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone

from evidence.domain import EvidenceText

FOLDER = Path(__file__).parent
WRITTEN_FOR = 2026
LONG_AGO = "2011-12"
_SEPTEMBER = 9
_YEAR = re.compile(r"\b20([12]\d)(?:-(\d\d))?\b")
_PAPER = re.compile(r"\b(2\d)(?=/\d{2,3}\b)")
Text = tuple[str, str]


def day(value: datetime.date | int) -> datetime.date:
    """Give the date that a file means."""
    if isinstance(value, datetime.date):
        return value
    return timezone.localdate() + datetime.timedelta(days=value)


def year_under_way() -> int:
    """Give the year that a demo loaded today has under way: EDS_DEMO_YEAR, else the one that its evidence ends in.

    The newest evidence is of August, so the year moves on in September.
    """
    if settings.EDS_DEMO_YEAR:
        return int(settings.EDS_DEMO_YEAR)
    now = timezone.localdate()
    return max(WRITTEN_FOR, now.year if now.month >= _SEPTEMBER else now.year - 1)


def moved(value: Any, years: int) -> Any:
    """Give a file's value with its dates, and the years in its words, moved on; days that are counted stay."""
    if isinstance(value, datetime.date):
        return value.replace(year=value.year + years)
    if isinstance(value, str):
        return _YEAR.sub(lambda found: _moved_year(found, years), value)
    if isinstance(value, list):
        return [moved(each, years) for each in value]
    if isinstance(value, dict):
        return {key: _moved_part(key, each, years) for key, each in value.items()}
    return value


def _moved_part(key: str, value: Any, years: int) -> Any:
    if key == "year":
        return value + years
    if key in {"paper", "minute"}:
        return _PAPER.sub(lambda found: f"{int(found[1]) + years:02d}", value)
    return moved(value, years)


def _moved_year(found: re.Match[str], years: int) -> str:
    then = f"-{int(found[2]) + years:02d}" if found[2] else ""
    return f"20{int(found[1]) + years:02d}{then}"


@dataclass(frozen=True)
class EvidenceData:
    """A piece of evidence, and who wrote it.

    A finding is the code of a characteristic or group, how people fare, and where there is more to say the category,
    a possible explanation, and what will test it. A row of a figure is a label, a value, and what it is compared with.
    A correction is a day, the text as it then reads, and the reason for it.
    """

    by: str
    content: EvidenceText
    findings: list[list[str]]
    figures: list[dict[str, Any]]
    correction: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, data: dict[str, Any]) -> EvidenceData:
        """Read it from a file's table."""
        return cls(
            data["by"],
            EvidenceText(
                title=data["title"],
                text=data["text"].strip(),
                source=data["source"],
                period=data["period"],
                who_it_covers=data["covers"],
            ),
            data.get("findings", []),
            data.get("figures", []),
            data.get("correction", {}),
        )


@dataclass(frozen=True)
class ProposalData:
    """A proposed grade. `reasons` are by factor, or under headings of their own; `why` says why it changed."""

    grade: str
    reasons: dict[str, str]
    conclusion: str
    why: str = ""

    @classmethod
    def read(cls, data: dict[str, Any]) -> ProposalData:
        """Read it from a file's table."""
        reasons = data["reasons"]
        return cls(
            grade=data["grade"],
            reasons={"reasons": reasons} if isinstance(reasons, str) else reasons,
            conclusion=data["conclusion"],
            why=data.get("why", ""),
        )


@dataclass(frozen=True)
class OutcomeData:
    """What the demo says of one outcome, or of one outcome for one service. Answers are (grade, words) by person.

    `asides` are declared interests and `dissents` dissents, by person; `not_median` says by panel why its grade is not the
    median, and `passed` is what its chair passes on in words, with every dissent to its grade.
    """

    code: str
    service: str
    contact: str
    for_what: str
    summary: str
    proposal: ProposalData | None
    moved: ProposalData | None
    evidence: list[EvidenceData]
    reviews: dict[str, Text]
    drafts: dict[str, Text]
    panels: dict[str, Text]
    statements: dict[str, str]
    questions: list[dict[str, str]] = field(default_factory=list)
    remarks: dict[str, str] = field(default_factory=dict)
    asides: dict[str, str] = field(default_factory=dict)
    not_median: dict[str, str] = field(default_factory=dict)
    dissents: dict[str, str] = field(default_factory=dict)
    passed: dict[str, str] = field(default_factory=dict)
    joint: dict[str, str] = field(default_factory=dict)
    wording_then: str = ""
    printed_contacts: str = ""

    @classmethod
    def read(cls, data: dict[str, Any], service: str) -> OutcomeData:
        """Read it from a file's table."""
        return cls(
            code=data["code"],
            service=service,
            contact=data["contact"],
            for_what=data["for_what"],
            summary=" ".join(data.get("summary", "").split()),
            proposal=ProposalData.read(data) if "grade" in data else None,
            moved=ProposalData.read(data["moved"]) if "moved" in data else None,
            evidence=[EvidenceData.read(item) for item in data.get("evidence", [])],
            reviews={who: (grade, words) for who, (grade, words) in data.get("reviews", {}).items()},
            drafts={who: (grade, words) for who, (grade, words) in data.get("drafts", {}).items()},
            panels={panel: (grade, words) for panel, (grade, words) in data.get("panels", {}).items()},
            statements=data.get("statements", {}),
            questions=data.get("questions", []),
            remarks=data.get("remarks", {}),
            asides=data.get("asides", {}),
            not_median=data.get("not_median", {}),
            dissents=data.get("dissents", {}),
            passed=data.get("passed", {}),
            joint=data.get("joint", {}),
            wording_then=data.get("wording_then", ""),
            printed_contacts=data.get("printed_contacts", ""),
        )

    def texts(self) -> list[str]:
        """Give everything that it says, each text once."""
        proposals = [each for each in (self.proposal, self.moved) if each]
        contents = [item.content for item in self.evidence]
        said = [
            self.summary,
            *(content.title for content in contents),
            *(content.text for content in contents),
            *(words for each in proposals for words in (*each.reasons.values(), each.conclusion, each.why)),
            *(words for answers in (self.reviews, self.drafts, self.panels) for _, words in answers.values()),
            *(words for said in (self.asides, self.not_median, self.dissents, self.passed) for words in said.values()),
            *(item.correction["reason"] for item in self.evidence if item.correction),
            self.joint.get("words", ""),
            *self.statements.values(),
            *self.remarks.values(),
            *(words for each in self.questions for words in (each["text"], each.get("answer", ""))),
        ]
        return [words for words in said if words]


@dataclass(frozen=True)
class YearData:
    """An assessment: its plan as it stands in `year.toml`, and its outcomes in the order of the files."""

    name: str
    plan: dict[str, Any]
    outcomes: list[OutcomeData]
    actions: dict[str, Any] = field(default_factory=dict)
    """The improvement plan as it stands in `plan.toml`, where there is one."""

    def panel_of(self, person: str, code: str) -> str:
        """Give the key of the panel on which a person grades an outcome."""
        return next(
            panel["key"]
            for panel in self.plan["panels"]
            if code[0] in panel["goals"] and panel["members"].get(person) in {"chair", "reviewer"}
        )


def read_years(under_way: int) -> list[YearData]:
    """Give the years, the earliest first; `under_way` is the one that is being graded."""
    years = []
    for folder in sorted(path for path in FOLDER.iterdir() if (path / "year.toml").is_file()):
        later = 0 if folder.name == LONG_AGO else under_way - WRITTEN_FOR
        outcomes = []
        for path in sorted(folder.glob("*.toml")):
            data = _read(path, later)
            outcomes += [OutcomeData.read(item, data.get("service", "")) for item in data.get("outcomes", [])]
        plan = folder / "plan.toml"
        actions = _read(plan, later) if plan.is_file() else {}
        years.append(YearData(moved(folder.name, later), _read(folder / "year.toml", later), outcomes, actions))
    return years


def _read(path: Path, later: int) -> dict[str, Any]:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return moved(data, later) if later else data
