"""Official criteria: read from a CSV file, written to one, loaded and corrected (R9)."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from eds.history.errors import DomainError, Stale
from eds.people.models import User

from .models import CriteriaSet, Criterion, FrameworkRevision, Grade, Outcome

COLUMNS = ("outcome", "grade", "criteria")
LARGEST = 1_000_000
LONGEST = 4000
MOST_PROBLEMS = 20
_FORMULA = ("=", "+", "-", "@")

Cells = dict[tuple[str, str], str]
"""What is asked, by the outcome's code and the grade's code."""


class CsvProblems(DomainError):
    """A file of criteria is wrong; `problems` are sentences that each name the line and the column."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(" ".join(problems), field="file")
        self.problems = list(problems)


@dataclass(frozen=True)
class Difference:
    """How cells differ from those loaded before: how many are new, changed, the same, and no longer there."""

    new: int
    changed: int
    same: int
    gone: int


def difference(before: Mapping[tuple[str, str], str], after: Mapping[tuple[str, str], str]) -> Difference:
    """Count what a load would change."""
    both = before.keys() & after.keys()
    same = sum(before[key] == after[key] for key in both)
    return Difference(new=len(after.keys() - both), changed=len(both) - same, same=same, gone=len(before.keys() - both))


def read_csv(data: bytes, *, outcomes: Sequence[str], grades: Mapping[str, str]) -> Cells:
    """Read a file of criteria: a line each for an outcome and a grade.

    `outcomes` are the edition's codes, `grades` its grades' names by code. Raises CsvProblems with all that is wrong.
    """
    rows = _rows(data)
    names = {spelling.casefold(): code for code, name in grades.items() for spelling in (code, name)}
    codes = {code.casefold(): code for code in outcomes}
    cells: Cells = {}
    lines: dict[tuple[str, str], int] = {}
    problems: list[str] = []
    for line, row in rows:
        if not any(each.strip() for each in row):
            continue
        if len(row) != len(COLUMNS):
            problems.append(f"Line {line}: there are {len(row)} columns. There must be 3: {_and(COLUMNS)}.")
            continue
        outcome, grade, text = (each.strip() for each in row)
        text = text[1:] if text[:1] == "'" and text[1:2] in _FORMULA else text
        known = codes.get(outcome.casefold()), names.get(grade.casefold())
        problems += _problems_of(line, (outcome, grade, text), known, grades)
        if known[0] is None or known[1] is None:
            continue
        key = (known[0], known[1])
        if key in lines:
            problems.append(
                f"Line {line}, columns outcome and grade: {key[0]} with {grades[key[1]]} is in line {lines[key]} too. "
                "Keep one of the two."
            )
            continue
        lines[key] = line
        cells[key] = text
    if not problems and not cells:
        problems.append("The file has no criteria. Add a line for each outcome and grade.")
    if problems:
        raise CsvProblems(_first(problems))
    return cells


def _rows(data: bytes) -> list[tuple[int, list[str]]]:
    if len(data) > LARGEST:
        raise CsvProblems(["The file is too large. It must be smaller than 1 MB."])
    if data[:2] == b"PK":
        raise CsvProblems(["This is a workbook, not a CSV file. Open it and save it as “CSV UTF-8”."])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise CsvProblems(
            [f"Line {line}: a letter is not in UTF-8. Save the file again and choose “CSV UTF-8”."]
        ) from error
    if "\0" in text:
        raise CsvProblems(["This is not a text file. Save it again and choose “CSV UTF-8”."])
    head = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[tuple[int, list[str]]] = []
    try:
        line = 1
        for row in reader:
            rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        raise CsvProblems([f"Line {line}: a quotation mark is missing or is one too many."]) from error
    found = [name.strip().casefold() for name in rows[0][1]] if rows else []
    if found != list(COLUMNS):
        shown = f"has {_and([f'“{name}”' for name in found])}" if any(found) else "is empty"
        raise CsvProblems([f"Line 1 must name the columns outcome, grade and criteria. It {shown}."])
    return rows[1:]


def _problems_of(
    line: int, row: tuple[str, str, str], known: tuple[str | None, str | None], grades: Mapping[str, str]
) -> list[str]:
    outcome, grade, text = row
    found = []
    if not outcome:
        found.append(f"Line {line}, column outcome: this is empty. Enter the code of an outcome.")
    elif known[0] is None:
        found.append(f"Line {line}, column outcome: “{outcome[:40]}” is not an outcome of this edition.")
    if not grade:
        found.append(f"Line {line}, column grade: this is empty. Enter a grade.")
    elif known[1] is None:
        found.append(
            f"Line {line}, column grade: “{grade[:40]}” is not a grade. The grades are {_and(list(grades.values()))}."
        )
    if not text:
        found.append(f"Line {line}, column criteria: this is empty. Enter the text, or remove the line.")
    elif len(text) > LONGEST:
        found.append(f"Line {line}, column criteria: the text has {len(text)} characters. At most {LONGEST} fit.")
    return found


def _first(problems: list[str]) -> list[str]:
    more = len(problems) - MOST_PROBLEMS
    return [*problems[:MOST_PROBLEMS], f"There are {more} more problems in the file."] if more > 0 else problems


def _and(words: Sequence[str]) -> str:
    return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)


def write_csv(revision: FrameworkRevision, cells: Mapping[tuple[str, str], str]) -> str:
    """Write a line for each outcome and grade, its criteria empty where `cells` has none. `read_csv` reads it back."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    grades = list(revision.grades.order_by("position"))
    for outcome in outcomes_of_revision(revision):
        for grade in grades:
            text = cells.get((outcome.code, grade.code), "")
            # A table program would run a cell that begins like this.
            writer.writerow([outcome.code, grade.name, f"'{text}" if text[:1] in _FORMULA and text else text])
    return "\ufeff" + out.getvalue()


def outcomes_of_revision(revision: FrameworkRevision) -> list[Outcome]:
    """Give the outcomes of a revision in their order (one query)."""
    return list(
        Outcome.objects.filter(goal__revision=revision).select_related("goal").order_by("goal__position", "position")
    )


def latest_set(revision: FrameworkRevision) -> CriteriaSet | None:
    """Give the criteria that stand for a revision now, or None where none are loaded (one query)."""
    return CriteriaSet.objects.filter(revision=revision).select_related("actor").order_by("-seq").first()


def cells_of(criteria_set: CriteriaSet | None) -> Cells:
    """Give a set's criteria by codes (one query)."""
    if criteria_set is None:
        return {}
    rows = Criterion.objects.filter(criteria_set=criteria_set).values_list("outcome__code", "grade__code", "text")
    return {(outcome, grade): text for outcome, grade, text in rows}


def load_criteria(
    *,
    actor: User,
    revision: FrameworkRevision,
    cells: Mapping[tuple[str, str], str],
    source: str,
    source_dated: datetime.date,
    reason: str = "",
    expected_seq: int | None = None,
) -> CriteriaSet:
    """Load criteria, or correct them: a new set with all of them. The caller has asked the right.

    `expected_seq` is the number of the set that the person saw, 0 for none. Raises Stale where another was loaded
    meanwhile; DomainError without source, text or, for a correction, reason, for an outcome or a grade that the edition
    does not have, and where nothing changes.
    """
    written = {key: text.strip() for key, text in cells.items() if text.strip()}
    if not source.strip():
        raise DomainError("Say where the criteria come from.", field="source")
    if not written:
        raise DomainError("Enter at least one of the criteria.")
    with transaction.atomic():
        FrameworkRevision.objects.select_for_update(of=("self",)).get(pk=revision.pk)
        last = latest_set(revision)
        if expected_seq is not None and expected_seq != (last.seq if last else 0):
            raise Stale("Somebody else changed this since you opened it.")
        if last and not reason.strip():
            raise DomainError("Say why the criteria change.", field="reason")
        if last and (last.source, last.source_dated) == (source, source_dated) and cells_of(last) == written:
            raise DomainError("Nothing has changed.")
        outcomes = {outcome.code: outcome for outcome in outcomes_of_revision(revision)}
        grades = {grade.code: grade for grade in Grade.objects.filter(revision=revision)}
        made = CriteriaSet.append(
            actor=actor, reason=reason, revision=revision, source=source.strip(), source_dated=source_dated
        )
        for (code, grade), text in written.items():
            if code not in outcomes or grade not in grades:
                raise DomainError(f"{revision.framework} has no outcome {code} with the grade {grade}.")
            Criterion(criteria_set=made, outcome=outcomes[code], grade=grades[grade], text=text).save()
    return made
