"""Clocks that are stepped, and one that is wrong."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from . import deadline
from .count import Count
from .stage import Stage


@pytest.mark.parametrize("round_", [deadline.clock_stepped_over_a_deadline, deadline.one_clock_ahead])
def test_a_deadline_is_passed_when_the_database_says_so(stage: Stage, round_: Callable[[Stage], Count]) -> None:
    count = round_(stage)
    assert count.amiss == []
    assert count.is_well
