"""What `make test` prints at its end, with the very arguments that it hands to pytest."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from run_tests import ON_POSTGRESQL, ON_SQLITE

from tests.processes import ROOT

TESTS = """
import pytest

@pytest.mark.engine
@pytest.mark.parametrize("number", range(8))
def test_one(number):
    pass
"""


@pytest.mark.parametrize("arguments", [ON_SQLITE, ON_POSTGRESQL], ids=["SQLite", "PostgreSQL"])
def test_it_prints_the_seconds_of_each_group_and_the_ten_slowest(arguments: list[str], tmp_path: Path) -> None:
    """Of two groups of tests that need no database, with the summary of our own."""
    for group in ("grading", "files"):
        (tmp_path / "tests" / group).mkdir(parents=True)
        (tmp_path / "tests" / group / f"test_{group}.py").write_text(TESTS)
    (tmp_path / "conftest.py").write_text("from tests.conftest import pytest_terminal_summary\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = engine\n")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "tests", "-p", "no:cacheprovider", "--durations-min=0", *arguments],
        cwd=tmp_path,
        env=kept | {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "eds.project.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "16 passed" in done.stdout
    _, _, told = done.stdout.partition("seconds per group")
    assert sorted(re.findall(r"^ +\d+\.\d s  (\S+)$", told, re.MULTILINE)) == ["tests/files", "tests/grading"]
    assert "slowest 10 durations" in done.stdout
    assert len(re.findall(r"^\d+\.\d+s (?:call|setup|teardown) ", done.stdout, re.MULTILINE)) == 10
