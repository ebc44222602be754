"""People do things at the same moment: ten rounds each of what has to end in one way only."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .count import Count
from .racing import RACES
from .stage import Stage


@pytest.mark.parametrize("race", RACES)
def test_ten_rounds(stage: Stage, race: Callable[[Stage], Count]) -> None:
    count = race(stage)
    for _ in range(9):
        count += race(stage)
    assert count.amiss == []
    assert count.is_well
    assert count.tries == 10
