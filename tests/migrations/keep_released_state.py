"""Keeps a small but rich state of this release, for the tests of later ones: `python -m tests.migrations.keep_released_state NAME`.

It fills a new SQLite database as tests/backup does, and writes tests/migrations/released/NAME.jsonl.gz: the first line
names the migrations that were run and the columns of each table; each further line is a row.
"""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
RELEASED = Path(__file__).resolve().parent / "released"
LEFT_OUT = {"django_session", "django_migrations"}
STEPS = [
    ["manage.py", "migrate", "--verbosity=0"],
    ["manage.py", "load_frameworks"],
    ["-m", "tests.backup.populated"],
]


def dump(database: Path, target: Path) -> int:
    """Write what a SQLite database holds into `target`, and say how many rows that was."""
    session = sqlite3.connect(database)
    names = session.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    tables = sorted(name for (name,) in names if name not in LEFT_OUT)
    columns = {
        table: [row[1] for row in session.execute(f'PRAGMA table_info("{table}")')]  # noqa: S608 - its own tables
        for table in tables
    }
    migrations = sorted(session.execute("SELECT app, name FROM django_migrations"))
    number = 0
    # Without a time in its head the same state is the same file.
    with target.open("wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0) as packed:

        def say(what: object) -> None:
            packed.write(json.dumps(what, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")

        say({"migrations": migrations, "columns": columns})
        for table in tables:
            for row in session.execute(f'SELECT * FROM "{table}" ORDER BY id'):  # noqa: S608 - its own tables
                say([table, *row])
                number += 1
    session.close()
    return number


def main(name: str) -> None:
    """Make the state of what is checked out and keep it."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "db.sqlite3"
        settings = {
            "DJANGO_SETTINGS_MODULE": "eds.project.settings",
            "EDS_DATABASE_URL": f"sqlite:///{database}",
            "EDS_DATA_DIR": folder,
            "EDS_DEMO": "1",
        }
        for step in STEPS:
            subprocess.run([sys.executable, *step], cwd=ROOT, env={**os.environ, **settings}, check=True)
        target = RELEASED / f"{name}.jsonl.gz"
        print(f"{dump(database, target)} rows, {target.stat().st_size} bytes: {target.relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1])
