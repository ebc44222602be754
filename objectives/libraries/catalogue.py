"""The libraries as they stand in the data files, read once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from objectives.months import Month, read_month

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class NationalItem:
    """One thing that a national plan or standard asks for. `confirmed` where its words follow an official text."""

    library: str
    code: str
    title: str
    confirmed: bool
    role: str = ""
    measures: tuple[str, ...] = ()
    due: Month | None = None

    @property
    def key(self) -> str:
        """Give what links name it by."""
        return f"{self.library}/{self.code}"

    def __str__(self) -> str:
        return self.title


@dataclass(frozen=True)
class ItemGroup:
    """Items of one kind. `must_be_answered` where one that nothing answers is pointed out."""

    name: str
    items: tuple[NationalItem, ...]
    must_be_answered: bool = False


@dataclass(frozen=True)
class Library:
    """A national plan or a list of standards."""

    code: str
    name: str
    source: str
    groups: tuple[ItemGroup, ...]


@cache
def libraries() -> tuple[Library, ...]:
    """Give all libraries, in the order of their files. Raises ValueError where a file is wrong."""
    found = tuple(_library(tomllib.loads(path.read_text(encoding="utf-8"))) for path in sorted(DATA.glob("*.toml")))
    keys = [item.key for library in found for group in library.groups for item in group.items]
    if len(keys) != len(set(keys)):
        raise ValueError("Two items of a library have the same code.")
    return found


@cache
def items() -> dict[str, NationalItem]:
    """Give every item by its key."""
    return {item.key: item for library in libraries() for group in library.groups for item in group.items}


def _library(data: dict[str, Any]) -> Library:
    groups = tuple(
        ItemGroup(
            group["name"],
            tuple(_item(data["code"], item) for item in group["items"]),
            group.get("must_be_answered", False),
        )
        for group in data["groups"]
    )
    return Library(data["code"], data["name"], data["source"], groups)


def _item(library: str, data: dict[str, Any]) -> NationalItem:
    due = read_month(data["due"]) if "due" in data else None
    if "due" in data and due is None:
        raise ValueError(f"{data['due']} is no month.")
    return NationalItem(
        library=library,
        code=data["code"],
        title=data["title"],
        confirmed=data["confirmed"],
        role=data.get("role", ""),
        measures=tuple(data.get("measures", ())),
        due=due,
    )
