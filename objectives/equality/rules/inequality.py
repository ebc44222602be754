"""What evidence says now, and did not say when an objective was last looked at: that people of a group fare worse."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

Moment = tuple[datetime.date, datetime.datetime]
"""The day on which something was decided, then the time at which it was recorded: the order of things."""
Group = tuple[str, str]
"""The code of a characteristic or group, and a category in it; either may be empty."""


@dataclass(frozen=True)
class Version:
    """A version of a piece of evidence: of which, when it was written, and who it says fares worse."""

    item: int
    key: int
    at: Moment
    worse: frozenset[Group]


@dataclass(frozen=True)
class NewWorse:
    """A group that a piece of evidence says fares worse; `version` is the one that first said so."""

    item: int
    version: int
    group: Group


def new_inequalities(versions: Iterable[Version], looked_at: Moment | None) -> list[NewWorse]:
    """Give what evidence says now and no evidence said at `looked_at` (None: never): that a group fares worse.

    The versions of an item come in their order. What an item says, at any time, is what its newest version then says: a
    finding that a correction took back is not said any more, and one that comes back after the last look is new again.
    """
    by_item: dict[int, list[Version]] = {}
    for each in versions:
        by_item.setdefault(each.item, []).append(each)
    known: set[Group] = set()
    if looked_at is not None:
        for rows in by_item.values():
            then = [each for each in rows if each.at <= looked_at]
            known |= then[-1].worse if then else set()
    found = []
    for item, rows in by_item.items():
        for group in sorted(rows[-1].worse - known):
            first = rows[-1]
            for each in reversed(rows):
                if group not in each.worse:
                    break
                first = each
            found.append(NewWorse(item, first.key, group))
    return found
