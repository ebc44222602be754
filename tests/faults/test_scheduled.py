"""Two schedulers at once: what they ask for is done once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from . import scheduling
from .count import Count
from .stage import Stage


@pytest.mark.parametrize("round_", [scheduling.scheduled_twice_at_once, scheduling.second_scheduler])
def test_what_two_schedulers_ask_for_is_done_once(stage: Stage, round_: Callable[[Stage], Count]) -> None:
    count = round_(stage)
    assert count.amiss == []
    assert count.is_well
