"""What stands in one cell of a plan: items under each other, owners and dates in one; pure functions."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .dates import Due, looks_like_a_date, read_due, split_date

_BULLET = re.compile(r"^\s*(?:[·•▪◦‣*●○■\uf0b7]\s*|[-–—]\s*(?=\S)|\(?(?:\d{1,2}|[a-z])[.)]\s+)")


@dataclass(frozen=True)
class Item:
    """One objective or action of a cell, and how far down in the cell it begins (0 at the top, 1 at the end)."""

    text: str
    height: float


@dataclass(frozen=True)
class Who:
    """Who and when, as they stand in the cells of a row: names and dates with the line on which each stands."""

    owners: tuple[tuple[int, str], ...]
    dates: tuple[tuple[int, Due], ...]
    unread: tuple[str, ...] = ()
    """Lines that were meant to say when, and could not be read."""

    @property
    def names(self) -> list[str]:
        """Give each owner once, in the order of the cell."""
        return list(dict.fromkeys(name for _, name in self.owners))


def lines_of(text: str) -> list[str]:
    """Give the lines of a cell; odd spaces and line ends are made plain."""
    return [" ".join(line.split()) for line in re.split(r"\r\n|[\n\r\v\x0b\u2028]", text.replace("\xa0", " "))]


def items(text: str) -> list[Item]:
    """Split a cell into its items: a bullet or an empty line begins a new one, other lines go on with the last."""
    lines = lines_of(text)
    found: list[tuple[int, list[str]]] = []
    fresh = True
    for number, line in enumerate(lines):
        bare = _BULLET.sub("", line).strip()
        if not bare:
            fresh = True
            continue
        if fresh or bare != line:
            found.append((number, []))
        found[-1][1].append(bare)
        fresh = False
    total = max(len(lines), 1)
    return [Item(" ".join(words), number / total) for number, words in found]


def who_and_when(*cells: str) -> Who:
    """Separate owners from dates, in one cell or in one for each (R25). Nothing is thrown away."""
    owners: list[tuple[int, str]] = []
    dates: list[tuple[int, Due]] = []
    unread: list[str] = []
    number = 0
    for cell in cells:
        for line in lines_of(cell):
            number += 1
            bare = _BULLET.sub("", line).strip(" ;,")
            if not bare:
                continue
            if due := read_due(bare):
                dates.append((number, due))
                continue
            name, due = split_date(bare)
            if due:
                dates.append((number, due))
            elif looks_like_a_date(bare):
                unread.append(bare)
                continue
            owners.extend((number, each) for each in _names(name))
    return Who(tuple(owners), tuple(dates), tuple(unread))


def _names(line: str) -> list[str]:
    """Split "EDI Lead; Head of People" into names. A comma or "and" may be part of one, so neither splits."""
    return [name.strip() for name in line.split(";") if name.strip()]


def kind_of(owner: str) -> str:
    """Say what an owner's name most likely names: a network, a group or a role."""
    words = owner.lower()
    if "network" in words:
        return "network"
    if re.search(r"\b(group|team|committee|board|council|forum|teams|department|directorate)\b", words):
        return "group"
    return "role"
