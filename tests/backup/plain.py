"""Reads all that an installation holds without the application: straight from the engine and the disk."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
import sqlite3
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg2

Rows = dict[str, list[dict[str, str]]]
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(\+\d\d(:\d\d)?)?")


def connected(url: str) -> Any:
    """Open a session of the engine's own. The caller closes it."""
    return sqlite3.connect(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else psycopg2.connect(url)


def rows(url: str) -> Rows:
    """Give every row of every table, as texts that are the same on each engine."""
    session = connected(url)
    names = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        if url.startswith("sqlite")
        else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
    )
    try:
        cursor = session.cursor()
        cursor.execute(names)
        return {name: _rows_of(cursor, name) for (name,) in sorted(cursor.fetchall())}
    finally:
        session.close()


def _rows_of(cursor: Any, table: str) -> list[dict[str, str]]:
    cursor.execute(f'SELECT * FROM "{table}"')
    columns = [each[0] for each in cursor.description]
    found = [dict(zip(columns, map(plain, row), strict=True)) for row in cursor.fetchall()]
    return sorted(found, key=lambda row: json.dumps(row, sort_keys=True))


def plain(value: Any) -> str:
    """Give a value as a text; SQLite has no booleans, moments, decimals and documents of its own."""
    if value is None:
        return "∅"
    if isinstance(value, bool | int | float | Decimal):
        return f"number {format(Decimal(str(int(value) if isinstance(value, bool) else value)).normalize(), 'f')}"
    if isinstance(value, datetime.datetime):
        moment = value.astimezone(datetime.UTC) if value.tzinfo else value.replace(tzinfo=datetime.UTC)
        return f"moment {moment.isoformat()}"
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, dict | list):
        return f"document {json.dumps(value, sort_keys=True)}"
    if _MOMENT.fullmatch(value):
        return plain(datetime.datetime.fromisoformat(value))
    if re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value):
        return value.replace("-", "")
    if value[:1] in {"{", "["}:
        try:
            return f"document {json.dumps(json.loads(value), sort_keys=True)}"
        except ValueError:
            return f"text {value}"
    return f"text {value}" if not re.fullmatch(r"[0-9a-f]{32}|\d{4}-\d\d-\d\d", value) else value


def triggers(url: str) -> set[str]:
    """Give the name of every trigger that somebody made."""
    session = connected(url)
    try:
        cursor = session.cursor()
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if url.startswith("sqlite")
            else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        )
        return {name for (name,) in cursor.fetchall()}
    finally:
        session.close()


def files(data: Path) -> dict[str, str]:
    """Give the hash of each file below a data folder, by name."""
    folder = data / "files"
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def published(url: str) -> list[tuple[str, str]]:
    """Give each published content as the table holds it, letter by letter, with the hash that was signed."""
    session = connected(url)
    try:
        cursor = session.cursor()
        found = []
        for table in ("reports_publication", "reports_objectivesversion"):
            cursor.execute(f"SELECT content, content_hash FROM {table} ORDER BY id")
            found += cursor.fetchall()
        return found
    finally:
        session.close()
