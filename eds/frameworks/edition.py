"""Reads an edition's file into plain values and says where it is wrong. Knows nothing of the database."""

import datetime
import hashlib
import json
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .models import Colour, GroupKind
from .table import EditionError, Table

GRADES_IN_AN_EDITION = 4
MONTH_AND_DAY = re.compile(r"(\d\d)-(\d\d)")


@dataclass
class Edition:
    """An edition as its file says it: for each model the values of its fields, children inside their parents."""

    framework: dict[str, Any]
    revision: dict[str, Any]
    content_hash: str
    goals: list[dict[str, Any]]
    grades: list[dict[str, Any]]
    bands: list[dict[str, Any]]
    factors: list[dict[str, Any]] = field(default_factory=list)
    characteristics: list[dict[str, Any]] = field(default_factory=list)
    groups: list[dict[str, Any]] = field(default_factory=list)


def read_edition(path: Path) -> Edition:
    """Read and check the file at `path`. Raises EditionError for whatever is wrong with it."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise EditionError(path.name, "the file", f"it cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise EditionError(path.name, "the file", "it is not text in UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise EditionError(path.name, "the file", f"it is not well-formed TOML: {error}.") from error
    return _edition(Table(path.name, "the file", data))


def content_hash(data: dict[str, Any]) -> str:
    """Give the SHA-256 of what a file says. Comments, layout and the order of keys do not count."""
    canonical = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def _edition(top: Table) -> Edition:
    framework = {
        "code": top.code(),
        "name": top.text("name", longest=200),
        "short_name": top.text("short_name", longest=40),
        "year": top.number("year"),
        "goal_word": top.one_of("goal_word", ["goal", "domain"]),
        "has_points": top.flag("has_points"),
        "position": top.number("position"),
    }
    provenance: dict[str, Any] = {}
    revision = _revision(top, provenance)
    grades = _grades(top, has_points=framework["has_points"])
    goals = _goals(top, grades, services=revision["services_number"])
    revision |= _total(top, provenance, goals)
    bands = _bands(top, grades, revision["total_maximum"])
    if framework["has_points"] != (revision["total_maximum"] is not None):
        raise top.error('"has_points" and the table [total] belong together: give both or neither.')
    edition = Edition(
        framework=framework,
        revision=revision | {"provenance": provenance, "crosswalk": _crosswalk(top, goals)},
        content_hash=content_hash(top.data),
        goals=goals,
        grades=grades,
        bands=bands,
        factors=_named(top, "factors", provenance),
        characteristics=_named(top, "characteristics", provenance, required=True),
        groups=_groups(top, provenance),
    )
    top.finish()
    return edition


def _fact(table: Table | None, key: str, provenance: dict[str, Any]) -> None:
    """Keep a fact's confidence, sources and note under its name, and end the reading of its table."""
    if table is None:
        return
    kept = {
        "confidence": table.confidence(default=""),
        "sources": table.texts("sources", []),
        "note": table.text("note", ""),
    }
    if any(kept.values()):
        provenance[key] = kept
    table.finish()


def _revision(top: Table, provenance: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "sources": top.texts("sources"),
        "note": top.text("note", ""),
        "retrieved_on": top.get("retrieved_on", datetime.date, "a date such as 2026-11-21", None),
        "publish_by_month": None,
        "publish_by_day": None,
    }
    dates = top.table("dates")
    values["dates"] = {key: dates.text(key) for key in dates.data if key != "sources"} if dates else {}
    _fact(dates, "dates", provenance)
    for name in ("key_question", "disagreement_rule"):
        table = top.table(name)
        values[name] = table.text("text") if table else ""
        values[f"{name}_confidence"] = table.confidence() if table else ""
        _fact(table, name, provenance)
    table = top.table("selective")
    values["selective"] = table.flag("allowed") if table else False
    _fact(table, "selective", provenance)
    table = top.table("services")
    values["services_number"] = table.number("number") if table else 0
    values["services_combine"] = table.text("combine", longest=40) if table else ""
    _fact(table, "services", provenance)
    table = top.table("goal_score")
    values["goal_score_rule"] = table.text("rule") if table else ""
    _fact(table, "goal_score", provenance)
    table = top.table("calendar")
    if table:
        values["publish_by_month"], values["publish_by_day"] = _month_and_day(table)
    _fact(table, "calendar", provenance)
    table = top.table("criteria")
    values["criteria_note"] = table.text("note") if table else ""
    if table:
        table.finish()
    _fact(top.table("colours"), "colours", provenance)
    return values


def _crosswalk(top: Table, goals: list[dict[str, Any]]) -> dict[str, Any]:
    """Give the suggestion which outcomes of earlier editions come closest; each key is an outcome of this edition."""
    table = top.table("crosswalk")
    if table is None:
        return {}
    codes = {outcome["code"] for goal in goals for outcome in goal["outcomes"]}
    result: dict[str, Any] = {"note": table.text("note"), "earlier": {}}
    for edition, data in table.get("earlier", dict, "a table").items():
        earlier = Table(top.file, f"[crosswalk.earlier.{edition}]", data)
        result["earlier"][edition] = {code: earlier.texts(code) for code in earlier.data if code in codes}
        earlier.finish()
    table.finish()
    return result


def _month_and_day(table: Table) -> tuple[int, int]:
    match = MONTH_AND_DAY.fullmatch(table.text("publish_by"))
    problem = '"publish_by" must be a month and a day such as "02-28".'
    if match is None:
        raise table.error(problem)
    month, day = int(match[1]), int(match[2])
    try:
        datetime.date(2001, month, day)  # not a leap year: 29 February does not come every year
    except ValueError as error:
        raise table.error(problem) from error
    return month, day


def _unique(tables: list[Table], rows: list[dict[str, Any]], key: str) -> None:
    seen: set[Any] = set()
    for table, row in zip(tables, rows, strict=True):
        if row[key] in seen:
            raise table.error(f'the {key} "{row[key]}" stands here a second time.')
        seen.add(row[key])


def _grades(top: Table, *, has_points: bool) -> list[dict[str, Any]]:
    tables = top.tables("grades", "grade")
    if len(tables) != GRADES_IN_AN_EDITION:
        raise EditionError(top.file, "[[grades]]", f"there must be exactly four grades; there are {len(tables)}.")
    rows = []
    for position, table in enumerate(tables):
        name = table.text("name", longest=40)
        row = {
            "code": table.code(),
            "name": name,
            "label": table.text("label", name, longest=60),
            "points": table.number("points", None),
            "colour": table.one_of("colour", Colour.values),
            "colour_confidence": table.confidence("colour_confidence"),
            "meaning": table.text("meaning", ""),
            "confidence": table.confidence(),
            "source": table.text("source", ""),
            "aliases": table.texts("aliases", []),
            "position": position,
            **_fares_well(table),
        }
        if row["points"] != (position if has_points else None):
            wanted = (
                f"{position}, counted from the lowest grade" if has_points else 'left out, since "has_points" is false'
            )
            raise table.error(f'"points" must be {wanted}.')
        table.finish()
        rows.append(row)
    for key in ("code", "name", "colour"):
        _unique(tables, rows, key)
    return rows


def _fares_well(grade: Table) -> dict[str, Any]:
    data = grade.get("fares_well", dict, "a table", None)
    if data is None:
        return {}
    table = Table(grade.file, f"{grade.place}, fares_well", data)
    values = {
        "fares_well_minimum": table.number("minimum"),
        "fares_well_maximum": table.number("maximum"),
        "fares_well_rule": table.text("rule"),
        "fares_well_confidence": table.confidence(),
    }
    if values["fares_well_minimum"] > values["fares_well_maximum"]:
        raise table.error('"minimum" must not be above "maximum".')
    table.finish()
    return values


def _goals(top: Table, grades: list[dict[str, Any]], *, services: int) -> list[dict[str, Any]]:
    tables = top.tables("goals", "goal")
    if not tables:
        raise EditionError(top.file, "[[goals]]", "there must be at least one goal.")
    all_outcomes: list[tuple[Table, dict[str, Any]]] = []
    rows = []
    for position, table in enumerate(tables):
        confidence = table.confidence()
        statement = table.text("statement", "")
        row = {
            "code": table.short_code(),
            "title": table.text("title", longest=200),
            "confidence": confidence,
            "statement": {"text": statement, "confidence": confidence} if statement else None,
            "audience": table.text("audience", ""),
            "audience_confidence": table.confidence("audience_confidence", confidence),
            "maximum": table.number("maximum", None),
            "needs_services": table.flag("needs_services", False),
            "usual_time": table.text("usual_time", "", longest=80),
            "position": position,
        }
        outcomes = _outcomes(table)
        row["outcomes"] = [outcome for _, outcome in outcomes]
        all_outcomes += outcomes
        points = grades[-1]["points"]
        maximum = None if points is None else points * len(outcomes)
        if row["maximum"] != maximum:
            wanted = (
                "left out" if maximum is None else f"{maximum}: {points} points for each of {len(outcomes)} outcomes"
            )
            raise table.error(f'"maximum" must be {wanted}.')
        if row["needs_services"] and not services:
            raise table.error('"needs_services" is true, but [services] does not say how many.')
        table.finish()
        rows.append(row)
    _unique(tables, rows, "code")
    _unique([table for table, _ in all_outcomes], [outcome for _, outcome in all_outcomes], "code")
    if services and not any(row["needs_services"] for row in rows):
        raise EditionError(top.file, "[services]", 'no goal says "needs_services = true".')
    return rows


def _outcomes(goal: Table) -> list[tuple[Table, dict[str, Any]]]:
    tables = goal.tables("outcomes", "outcome", [])
    if not tables:
        raise goal.error("it has no outcome.")
    result = []
    for position, table in enumerate(tables):
        row = {
            "code": table.short_code(),
            "text": table.text("text"),
            "confidence": table.confidence(),
            "source": table.text("source", ""),
            "audience": table.text("audience", ""),
            "position": position,
        }
        table.finish()
        result.append((table, row))
    return result


def _total(top: Table, provenance: dict[str, Any], goals: list[dict[str, Any]]) -> dict[str, Any]:
    table = top.table("total")
    if table is None:
        return {"total_rule": "", "total_maximum": None}
    values = {"total_rule": table.text("rule"), "total_maximum": table.number("maximum")}
    if any(goal["maximum"] is None for goal in goals):
        raise table.error("there can be a total only where every goal has a maximum.")
    expected = sum(goal["maximum"] for goal in goals)
    if values["total_maximum"] != expected:
        raise table.error(f'"maximum" must be {expected}, the sum of the maxima of the goals.')
    table.asked.add("bands")  # read by _bands
    _fact(table, "total", provenance)
    return values


def _bands(top: Table, grades: list[dict[str, Any]], maximum: int | None) -> list[dict[str, Any]]:
    """Give the bands, which cover 0 to `maximum` without gap or overlap, one for each grade in their order."""
    table = top.table("total")
    if table is None:
        return []
    rows = []
    start = 0
    bands = table.tables("bands", "band")
    if len(bands) != len(grades):
        raise table.error(f"there must be one band for each of the four grades; there are {len(bands)}.")
    for band, grade in zip(bands, grades, strict=True):
        row = {"grade": band.code("grade"), "minimum": band.number("minimum"), "maximum": band.number("maximum")}
        if row["grade"] != grade["code"]:
            raise band.error(f'its grade must be "{grade["code"]}": bands stand in the order of the grades.')
        if row["minimum"] != start:
            what = "a gap" if row["minimum"] > start else "an overlap"
            raise band.error(f'"minimum" is {row["minimum"]}, which leaves {what}; it must be {start}.')
        if row["maximum"] < row["minimum"]:
            raise band.error('"minimum" must not be above "maximum".')
        band.finish()
        start = row["maximum"] + 1
        rows.append(row)
    if rows[-1]["maximum"] != maximum:
        raise bands[-1].error(f'"maximum" must be {maximum}, the highest possible total.')
    return rows


def _named(
    top: Table, key: str, provenance: dict[str, Any], *, required: bool = False, finish: bool = True
) -> list[dict[str, Any]]:
    """Give the items (code and name) of a table such as [characteristics], in their order."""
    table = top.table(key, required=required)
    if table is None:
        return []
    items = table.tables("items", "item")
    rows = []
    for position, item in enumerate(items):
        rows.append({"code": item.code(), "name": item.text("name", longest=120), "position": position})
        item.finish()
    _unique(items, rows, "code")
    _unique(items, rows, "name")
    if finish:
        _fact(table, key, provenance)
    return rows


def _groups(top: Table, provenance: dict[str, Any]) -> list[dict[str, Any]]:
    """Give the edition's own groups, then those that this software adds."""
    rows: list[dict[str, Any]] = []
    for key, added in (("groups", False), ("added_groups", True)):
        table = top.table(key)
        if table is None:
            continue
        kind = table.one_of("kind", GroupKind.values)
        table.asked.add("items")
        for row in _named(top, key, provenance, finish=False):
            if any(row["code"] == other["code"] for other in rows):
                raise table.error(f'the code "{row["code"]}" stands here a second time.')
            rows.append(row | {"kind": kind, "added_by_software": added, "position": len(rows)})
        _fact(table, key, provenance)
    return rows
