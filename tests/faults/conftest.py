"""One house for all tests of this folder, which therefore run one after another."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "scripts"))

from .stage import Stage
from .stage import stage as set_stage


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("faults"))


@pytest.fixture(scope="package")
def standing() -> Iterator[Stage]:
    """The house with its people."""
    with set_stage() as made:
        yield made


@pytest.fixture
def stage(standing: Stage) -> Iterator[Stage]:
    """The house with everything up, before and after."""
    standing.all_up()
    yield standing
    standing.all_up()
