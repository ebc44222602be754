"""The disk is full, or the store out of reach: people are told, and what waits is done when there is room again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from . import filling
from .count import Count
from .disk import may_mount
from .stage import Stage


@pytest.mark.parametrize("round_", [filling.disk_full_on_upload, filling.disk_full_while_writing])
def test_the_disk_is_full(stage: Stage, round_: Callable[[Stage], Count]) -> None:
    count = round_(stage)
    assert count.amiss == []
    assert count.is_well


def test_the_store_is_out_of_reach(stage: Stage) -> None:
    for count in filling.store_away(stage):
        assert count.amiss == []
        assert count.is_well


def test_the_disk_is_a_disk_wherever_this_user_may_mount_one(stage: Stage) -> None:
    assert stage.house.disk.is_real == may_mount()
