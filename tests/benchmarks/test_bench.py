"""The benchmark works, with a little of everything: what it writes, and never how long anything took."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

from tests.databases import ROOT, TEMPLATE, _copy, _drop, on_postgresql

LITTLE = {"reviewers": 4, "panel": 2, "cited": 2, "library": 8, "outcomes": 2, "organisations": 3, "years": 5}
PAGES = ["agreement board", "outcome page", "evidence list", "home", "public report"]


def _url(variable: str, name: str) -> str:
    return urlunsplit(urlsplit(os.environ[variable])._replace(path=f"/{name}"))


@pytest.mark.skipif(not on_postgresql(), reason="the benchmark is of PostgreSQL")
def test_a_small_run_measures_each_page_and_loses_no_review(tmp_path: Path) -> None:
    name = _copy(os.environ[TEMPLATE])
    written = tmp_path / "bench.json"
    sizes = [word for size, number in LITTLE.items() for word in (f"--{size}", str(number))]
    on = ["--on", _url("EDS_MIGRATE_DATABASE_URL", name), _url("EDS_DATABASE_URL", name)]
    short = ["--rounds", "1", "--warm-up", "1", "--seconds", "0.5", "--no-render", "--workers", "1"]
    try:
        done = subprocess.run(
            [sys.executable, "tests/benchmarks/bench.py", "--json", str(written), *on, *sizes, *short],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        _drop(f"{name}_many")
        _drop(name)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads(written.read_text())
    assert found["sizes"] == LITTLE
    lines = {line["what"]: line for line in found["lines"]}
    for page in PAGES:
        assert {"ms", "x"} == {
            line["unit"] for what, line in lines.items() if what.startswith(page) and "quer" not in what
        }
        memory = lines[f"{page} / as many bytes from memory"]
        assert memory["goal"] == 3
        assert memory["met"] is (memory["value"] <= 3)
        assert f"{page}, among 3 organisations x 5 years / alone" in lines
    assert lines["agreement board: queries"]["met"] is True
    assert lines["outcome page: queries"]["met"] is True
    told = "4 reviewers submit within 0.5 s: not told that it is saved"
    assert [lines[what]["value"] for what in (told, "saved, but no row", "rows doubled")] == [0, 0, 0]
    assert all(line["met"] is None for line in lines.values() if line["goal"] is None)
    for line in found["lines"]:
        assert line["what"] in done.stdout
